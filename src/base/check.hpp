// check(): our own reasoning broke. On in release builds; unreachable from outside input.
#pragma once

#include <source_location>

namespace qiao {

[[noreturn]] void check_failed(std::source_location where);

inline void check(bool holds, std::source_location where = std::source_location::current()) {
    if (!holds) [[unlikely]]
        check_failed(where);
}

}  // namespace qiao
