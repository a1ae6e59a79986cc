#include "runtime/clock.hpp"

namespace qiao {

Time SystemClock::now() const {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

}  // namespace qiao
