// When a provider is spared: a circuit breaker, a rate limit and the pauses between tries. Pure.
#pragma once

#include <algorithm>
#include <chrono>
#include <string_view>

#include "base/time.hpp"

namespace qiao::engage {

// Monotonic time: what protects a provider follows real time, also under a test clock.
using SteadyTime = std::chrono::steady_clock::time_point;

// Closed: messages pass. `failures_to_open` failures in a row open it: nothing passes for
// `open_for`. Then half open: one trial passes; its success closes the breaker, its failure opens
// it for twice as long, at most `open_for_at_most` (M. Nygard, "Release It!", 2nd ed., 5.2).
class Breaker {
public:
    enum class State { closed, open, half_open };
    static constexpr int failures_to_open = 5;
    static constexpr std::chrono::seconds open_for{10};
    static constexpr std::chrono::seconds open_for_at_most{300};

    State state(SteadyTime now) const {
        if (failures_ < failures_to_open)
            return State::closed;
        return now < opens_until_ ? State::open : State::half_open;
    }
    // How many messages may be tried now.
    std::size_t admits(SteadyTime now, std::size_t wanted) const {
        switch (state(now)) {
            case State::closed:
                return wanted;
            case State::half_open:
                return is_on_trial_ ? 0 : std::min<std::size_t>(1, wanted);
            case State::open:
                break;
        }
        return 0;
    }
    void started(SteadyTime now) { is_on_trial_ = state(now) == State::half_open; }
    void succeeded() {
        failures_ = 0;
        is_on_trial_ = false;
        pause_ = open_for;
    }
    // A failure of a message that had started before the breaker opened does not prolong it.
    void failed(SteadyTime now) {
        const bool was_trial = is_on_trial_;
        is_on_trial_ = false;
        if (++failures_ == failures_to_open) {
            opens_until_ = now + pause_;
        } else if (was_trial) {
            pause_ = std::min<std::chrono::seconds>(pause_ * 2, open_for_at_most);
            opens_until_ = now + pause_;
        }
    }

private:
    int failures_ = 0;
    bool is_on_trial_ = false;
    SteadyTime opens_until_{};
    std::chrono::seconds pause_ = open_for;
};

inline constexpr std::string_view name_of(Breaker::State state) {
    switch (state) {
        case Breaker::State::closed:
            return "closed";
        case Breaker::State::open:
            return "open";
        case Breaker::State::half_open:
            return "half_open";
    }
    return "";
}

// `rate` tokens a second, saved up for at most one second (at least one token). Rate 0: no limit.
class TokenBucket {
public:
    std::size_t take(SteadyTime now, double rate, std::size_t wanted) {
        if (rate <= 0)
            return wanted;
        const double most = std::max(1.0, rate);
        const double gained = std::chrono::duration<double>(now - filled_at_).count() * rate;
        tokens_ = filled_at_ == SteadyTime{} ? most : std::min(most, tokens_ + gained);
        filled_at_ = now;
        const auto taken = std::min(wanted, static_cast<std::size_t>(tokens_));
        tokens_ -= static_cast<double>(taken);
        return taken;
    }
    void give_back(std::size_t tokens) { tokens_ += static_cast<double>(tokens); }

private:
    double tokens_ = 0;
    SteadyTime filled_at_{};
};

// Only what definitely did not leave is tried again: at most `most_tries` times, and not after
// `longest_life`; a message that late is worth less than the surprise.
inline constexpr int most_tries = 8;
inline constexpr std::chrono::hours longest_life{24};

inline Duration pause_after(int tries) {
    const auto pause = std::chrono::seconds(2) * (1 << std::clamp(tries - 1, 0, 8));
    return std::min<Duration>(pause, std::chrono::minutes(5));
}

inline bool may_try_again(int tries, Time created_at, Time now) {
    return tries < most_tries && now - created_at < longest_life;
}

}  // namespace qiao::engage
