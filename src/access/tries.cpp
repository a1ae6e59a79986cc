#include "access/tries.hpp"

#include <algorithm>

namespace qiao::access {

bool is_locked(const Tries& tries, Time now) { return now < tries.locked_until; }

Tries after_wrong_try(Tries tries, Time now) {
    if (now - tries.last_at >= tries_forgotten)
        tries = Tries{};
    if (tries.wrong == 0 || now - tries.window_start >= tries_window) {
        tries.wrong = 0;
        tries.window_start = now;
    }
    tries.last_at = now;
    if (++tries.wrong < max_wrong_tries)
        return tries;

    const auto doubled = first_lock * (1 << std::min(tries.locks, 10));
    tries.locked_until = now + std::min<Duration>(doubled, longest_lock);
    ++tries.locks;
    tries.wrong = 0;
    return tries;
}

}  // namespace qiao::access
