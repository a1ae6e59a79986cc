#include "index/sequence.hpp"

#include <vector>

#include "base/check.hpp"

namespace qiao::index {
namespace {

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
            if (visited_[i] || !(hits_[i].steps >> step & 1u))
                continue;
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

}  // namespace

void Chain::take_together(std::span<const StepHit> hits) {
    const std::int64_t time = hits.front().time_ms;
    auto next = starts_;
    for (unsigned length = 0; length < steps_; ++length) {
        if (length > 0 && !is_open(length, time))
            continue;
        const std::int64_t start = length == 0 ? time : starts_[length];
        Assignment assignment(hits);
        for (unsigned step = length; step < steps_ && assignment.add(step); ++step)
            next[step + 1] = std::max(next[step + 1], start);
    }
    starts_ = next;
}

unsigned longest_chain(std::span<const StepHit> hits, unsigned steps,
                       std::optional<std::int64_t> window_ms) {
    check(steps >= 1 && steps <= most_steps);
    Chain chain(steps, window_ms);
    for (std::size_t begin = 0, end = 0; begin < hits.size(); begin = end) {
        end = begin + 1;
        while (end < hits.size() && hits[end].time_ms == hits[begin].time_ms)
            ++end;
        if (end - begin == 1)
            chain.take(hits[begin]);
        else
            chain.take_together(hits.subspan(begin, end - begin));
        if (chain.is_complete())
            return steps;
    }
    return chain.reached();
}

}  // namespace qiao::index
