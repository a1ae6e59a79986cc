// The longest chain of steps: the one meaning of sequences and funnels.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <span>

namespace qiao::index {

inline constexpr unsigned most_steps = 20;

// One event of a customer: bit k of `steps` says that it matches step k (from 0).
struct StepHit {
    std::int64_t time_ms = 0;
    std::uint32_t steps = 0;
};

// A chain that grows as hits come in ascending order of time.
class Chain {
public:
    // `steps` from 1 to most_steps; `window_ms` as in longest_chain.
    Chain(unsigned steps, std::optional<std::int64_t> window_ms)
        : steps_(steps), window_ms_(window_ms ? *window_ms : INT64_MAX) {
        std::fill_n(starts_.begin(), steps + 1, no_start);
    }
    // A hit whose time no other hit has.
    void take(const StepHit& hit) {
        // From the longest down, so that the hit extends only chains that it is not in yet.
        for (std::uint32_t left = hit.steps; left != 0;) {
            const unsigned step = 31u - static_cast<unsigned>(std::countl_zero(left));
            left &= ~(1u << step);
            if (step == 0)
                starts_[1] = hit.time_ms;
            else if (is_open(step, hit.time_ms))
                starts_[step + 1] = std::max(starts_[step + 1], starts_[step]);
        }
    }
    // All hits of one time: they may be taken in any order.
    void take_together(std::span<const StepHit> hits);
    // The latest time at which a chain of this length (from 1) began, or `no_start`.
    std::int64_t start_of(unsigned length) const { return starts_[length]; }
    // What is known of a length from elsewhere; `no_start` forgets its chains.
    void set_start(unsigned length, std::int64_t start) { starts_[length] = start; }
    bool is_complete() const { return starts_[steps_] != no_start; }
    unsigned reached() const {
        unsigned length = 0;
        while (length < steps_ && starts_[length + 1] != no_start)
            ++length;
        return length;
    }

    static constexpr std::int64_t no_start = INT64_MIN;

private:
    bool is_open(unsigned length, std::int64_t time) const {
        return starts_[length] != no_start && time - starts_[length] <= window_ms_;
    }

    unsigned steps_;
    std::int64_t window_ms_;
    // starts_[k]: the latest time at which a chain of length k began. A later start can be extended
    // at least as far as an earlier one, so only the latest matters.
    std::array<std::int64_t, most_steps + 1> starts_;
};

// How many of `steps` steps the longest chain reaches: each step after or at the time of the one
// before, all within `window_ms` of the first (inclusive; nothing: no limit), one event for at most
// one step, and events of equal time in whichever order makes the chain longer. `hits` ascend by
// time.
unsigned longest_chain(std::span<const StepHit> hits, unsigned steps,
                       std::optional<std::int64_t> window_ms);

}  // namespace qiao::index
