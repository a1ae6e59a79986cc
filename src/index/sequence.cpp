#include "index/sequence.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/check.hpp"

namespace qiao::index {
namespace {

constexpr std::int64_t no_start = INT64_MIN;
// starts[k]: the latest time at which a chain of length k began (k from 1). A later start can be
// extended at least as far as an earlier one, so only the latest matters.
using Starts = std::array<std::int64_t, most_steps + 1>;

struct Chain {
    unsigned steps;
    std::optional<std::int64_t> window_ms;
    Starts starts;

    bool open(unsigned length, std::int64_t time) const {
        return starts[length] != no_start && (!window_ms || time - starts[length] <= *window_ms);
    }

    // From the longest down, so that the event extends only chains that it is not in yet.
    void take(const StepHit& hit) {
        for (unsigned length = steps - 1; length >= 1; --length) {
            if ((hit.steps >> length & 1u) && open(length, hit.time_ms))
                starts[length + 1] = std::max(starts[length + 1], starts[length]);
        }
        if (hit.steps & 1u) starts[1] = std::max(starts[1], hit.time_ms);
    }

    void take_together(std::span<const StepHit> hits);
};

// Gives each of the steps `from` … a different one of the hits (augmenting paths); answers how many
// consecutive steps get one.
class Assignment {
public:
    Assignment(std::span<const StepHit> hits) : hits_(hits), step_of_(hits.size(), none) {}

    bool add(unsigned step) {
        visited_.assign(hits_.size(), false);
        return place(step);
    }

private:
    static constexpr unsigned none = UINT32_MAX;

    bool place(unsigned step) {
        for (std::size_t i = 0; i < hits_.size(); ++i) {
            if (visited_[i] || !(hits_[i].steps >> step & 1u)) continue;
            visited_[i] = true;
            if (step_of_[i] == none || place(step_of_[i])) {
                step_of_[i] = step;
                return true;
            }
        }
        return false;
    }

    std::span<const StepHit> hits_;
    std::vector<unsigned> step_of_;
    std::vector<bool> visited_;
};

void Chain::take_together(std::span<const StepHit> hits) {
    const std::int64_t time = hits.front().time_ms;
    Starts next = starts;
    for (unsigned length = 0; length < steps; ++length) {
        if (length > 0 && !open(length, time)) continue;
        const std::int64_t start = length == 0 ? time : starts[length];
        Assignment assignment(hits);
        for (unsigned step = length; step < steps && assignment.add(step); ++step)
            next[step + 1] = std::max(next[step + 1], start);
    }
    starts = next;
}

}  // namespace

unsigned longest_chain(std::span<const StepHit> hits, unsigned steps,
                       std::optional<std::int64_t> window_ms) {
    check(steps >= 1 && steps <= most_steps);
    Chain chain{steps, window_ms, {}};
    chain.starts.fill(no_start);
    for (std::size_t begin = 0, end = 0; begin < hits.size(); begin = end) {
        end = begin + 1;
        while (end < hits.size() && hits[end].time_ms == hits[begin].time_ms) ++end;
        if (end - begin == 1) chain.take(hits[begin]);
        else chain.take_together(hits.subspan(begin, end - begin));
        if (chain.starts[steps] != no_start) return steps;
    }
    unsigned reached = 0;
    while (reached < steps && chain.starts[reached + 1] != no_start) ++reached;
    return reached;
}

}  // namespace qiao::index
