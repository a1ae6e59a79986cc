// What a thread says to its processor.
#pragma once

namespace qiao {

// Within a loop that waits for another thread: lets the processor do it at less cost.
inline void relax_processor() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

}  // namespace qiao
