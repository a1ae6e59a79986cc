#include "audience/detail/chain.hpp"

#include <algorithm>
#include <vector>

namespace qiao::audience::detail {
namespace {

using Events = std::span<const KeptEvent* const>;

// Gives consecutive steps to different events of one moment, as many as can be: for each further step
// an augmenting path, which may hand earlier steps to other events (Kuhn's algorithm).
class Moment {
public:
    Moment(Events events, const Serves& serves)
        : events_(events), serves_(serves), taken_(events.size(), none) {}

    bool give(std::size_t step) {
        std::vector<bool> tried(events_.size(), false);
        return give(step, tried);
    }

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    bool give(std::size_t step, std::vector<bool>& tried) {
        for (std::size_t i = 0; i < events_.size(); ++i) {
            if (tried[i] || !serves_(step, *events_[i])) continue;
            tried[i] = true;
            if (taken_[i] == none || give(taken_[i], tried)) {
                taken_[i] = step;
                return true;
            }
        }
        return false;
    }

    Events events_;
    const Serves& serves_;
    std::vector<std::size_t> taken_;
};

std::size_t advance(Events moment, std::size_t reached, std::size_t steps, const Serves& serves) {
    Moment matching(moment, serves);
    while (reached < steps && matching.give(reached)) ++reached;
    return reached;
}

// Having done more steps is never worse later on (leave out what is done already), so each moment
// takes as many steps as it can.
std::size_t chain_from(const std::vector<Events>& moments, std::size_t start, std::size_t steps,
                       const std::optional<Duration>& window, const Serves& serves) {
    const Time begin = moments[start].front()->time;
    std::size_t reached = 0;
    for (std::size_t i = start; i < moments.size() && reached < steps; ++i) {
        if (window && moments[i].front()->time - begin > *window) break;
        reached = advance(moments[i], reached, steps, serves);
        if (reached == 0) break;
    }
    return reached;
}

std::vector<Events> moments_of(Events events) {
    std::vector<Events> moments;
    for (std::size_t i = 0; i < events.size();) {
        std::size_t end = i + 1;
        while (end < events.size() && events[end]->time == events[i]->time) ++end;
        moments.push_back(events.subspan(i, end - i));
        i = end;
    }
    return moments;
}

}  // namespace

std::size_t longest_chain(Events events, std::size_t steps, const std::optional<Duration>& window,
                          const Serves& serves) {
    const auto moments = moments_of(events);
    std::size_t longest = 0;
    for (std::size_t i = 0; i < moments.size() && longest < steps; ++i) {
        const auto reached = chain_from(moments, i, steps, window, serves);
        longest = std::max(longest, reached);
        // Without a window the earliest start serves every later one.
        if (!window && reached > 0) break;
    }
    return longest;
}

}  // namespace qiao::audience::detail
