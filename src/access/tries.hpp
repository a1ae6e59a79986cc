// How often a password may be tried: the rule alone, without clock or store.
#pragma once

#include <optional>

#include "base/time.hpp"

namespace qiao::access {

inline constexpr int max_wrong_tries = 10;
inline constexpr Duration tries_window = std::chrono::minutes(15);
inline constexpr Duration first_lock = std::chrono::minutes(5);
inline constexpr Duration longest_lock = std::chrono::hours(4);
// Without a wrong try for so long, a login starts afresh.
inline constexpr Duration tries_forgotten = std::chrono::hours(24);

struct Tries {
    int wrong = 0;  // since window_start
    Time window_start{};
    int locks = 0;  // how often it was locked in a row
    Time locked_until{};
    Time last_at{};
};

bool is_locked(const Tries& tries, Time now);
// What follows from one more wrong password: the tenth within the window locks the login, for twice
// as long each time.
Tries after_wrong_try(Tries tries, Time now);

}  // namespace qiao::access
