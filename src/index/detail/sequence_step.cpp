// Sequences: the events of each customer that match a step, merged by time, and the longest chain.
#include <algorithm>
#include <span>
#include <tuple>

#include "base/check.hpp"
#include "index/detail/steps.hpp"

namespace qiao::index::detail {
namespace {

class SequenceStep final : public Step {
public:
    SequenceStep(const rule::SequenceTest& test, std::string pointer, const State& state,
                 Time as_of, const Calendar& calendar)
        : Step(std::move(pointer)),
          test_(test.test),
          length_(static_cast<unsigned>(test.steps.size())) {
        check(length_ >= 1 && length_ <= most_steps);
        if (test.window)
            window_ms_ = test.window->count();
        interval_ = rule::interval_of(test.period, as_of, calendar);
        for (const auto& step : test.steps)
            steps_.emplace_back(step, interval_, state);
        for (unsigned step = 0; step < length_; ++step)
            for (const auto& source : steps_[step].sources)
                use(step, source);
        first_lanes_ = steps_[0].sources.size();
        for (unsigned reached = 0; reached <= length_; ++reached) {
            passes_[reached] =
                passes_fraction(test_, static_cast<__int128>(reached) * Decimal::scale, 1);
            if (passes_[reached] && !least_)
                least_ = reached;
        }
    }

    std::uint64_t bytes() const override {
        std::uint64_t total = 0;
        for (const auto& step : steps_)
            total += step.bytes(true);
        return total;
    }
    double cost() const override {
        double rows = 0;
        for (const auto& step : steps_)
            rows += static_cast<double>(step.rows());
        return 2000 + rows / 20;
    }

    void block(Scratch& scratch, Dense block, const BlockBits& candidates,
               BlockBits& out) const override {
        out = BlockBits{};
        if (!least_)
            return;
        // Who lacks the event of a needed step cannot reach it; who lacks the first reaches
        // nothing.
        BlockBits chosen = candidates;
        const unsigned needed = scratch.found ? 1 : std::max(1u, *least_);
        for (unsigned step = 0; step < needed; ++step)
            chosen &= present(step, block);
        if (passes_[0]) {
            out = candidates;
            out -= chosen;
        }
        if (scratch.found)
            *scratch.found = Decimal{};
        if (chosen.none())
            return;
        auto& lanes = scratch.lanes;
        lanes.clear();
        for (const auto& lane : lanes_) {
            const auto [first, last] = lane.rows->runs_of(block);
            lanes.push_back({first, last, 0, 0});
        }
        const std::uint32_t needed_steps = needed >= 32 ? ~0u : (1u << needed) - 1;
        chosen.each([&](std::uint32_t local) {
            const std::uint32_t there = find_rows(lanes, block * block_size + local);
            const bool hopeless = (there & needed_steps) != needed_steps;
            const unsigned reached = hopeless ? 0 : chain(scratch, lanes);
            // A hopeless customer stays below every length that passes but, perhaps, zero.
            out.put(local, hopeless ? passes_[0] : passes_[reached]);
            if (scratch.found)
                *scratch.found = *Decimal::from_int(reached);
        });
    }

private:
    using Lane = Scratch::Lane;

    BlockBits present(unsigned step, Dense block) const {
        BlockBits bits;
        for (const auto& source : steps_[step].sources) {
            const auto [first, last] = source.rows->runs_of(block);
            for (auto run = first; run < last; ++run)
                bits.set(source.rows->run_customer[run] % block_size);
        }
        return bits;
    }

    // Sets the rows of each lane that can matter for this customer; answers the steps that have
    // some. A chain lies between the first step's first row and its last row plus the window.
    std::uint32_t find_rows(std::vector<Lane>& lanes, Dense customer) const {
        std::uint32_t there = 0;
        rule::Interval bounds = interval_;
        std::int64_t first = INT64_MAX, last = INT64_MIN;
        for (std::size_t i = 0; i < lanes.size(); ++i) {
            auto& lane = lanes[i];
            const auto& source = *lanes_[i].users.front().source;
            lane.row = lane.end = 0;
            const auto* customers = source.rows->run_customer;
            while (lane.run < lane.last_run && customers[lane.run] < customer)
                ++lane.run;
            if (lane.run == lane.last_run || customers[lane.run] != customer)
                continue;
            std::tie(lane.row, lane.end) = Scan::within(source, bounds, lane.run, false);
            if (lane.row == lane.end)
                continue;
            there |= lanes_[i].steps;
            if (lanes_[i].steps & 1u) {
                first = std::min(first, source.rows->time[lane.row]);
                last = std::max(last, source.rows->time[lane.end - 1]);
            }
            // Lanes of the first step stand first, so the bounds hold for all that follow.
            if (i + 1 == first_lanes_) {
                if (first > last)
                    return 0;
                bounds.from_ms = std::max(bounds.from_ms, first);
                if (window_ms_ && last <= INT64_MAX - *window_ms_ - 1)
                    bounds.until_ms = std::min(bounds.until_ms, last + *window_ms_ + 1);
            }
        }
        return there;
    }

    // Merges the lanes by time. Few lanes have rows, so the next one is found by looking at each.
    unsigned chain(Scratch& scratch, std::vector<Lane>& lanes) const {
        Chain made(length_, window_ms_);
        auto& together = scratch.hits;
        while (true) {
            std::int64_t next = INT64_MAX;
            std::size_t from = lanes.size(), equals = 0;
            for (std::size_t i = 0; i < lanes.size(); ++i) {
                if (lanes[i].row == lanes[i].end)
                    continue;
                const std::int64_t time = lanes_[i].rows->time[lanes[i].row];
                equals = time < next ? 1 : equals + (time == next);
                if (time < next) {
                    next = time;
                    from = i;
                }
            }
            if (from == lanes.size())
                return made.reached();
            auto& lane = lanes[from];
            const auto* times = lanes_[from].rows->time;
            const bool alone =
                equals == 1 && (lane.row + 1 == lane.end || times[lane.row + 1] != next);
            if (alone) {
                const std::uint32_t steps = steps_of(lanes_[from], lane.row++);
                if (steps != 0)
                    made.take({next, steps});
            } else {
                together.clear();
                for (std::size_t i = 0; i < lanes.size(); ++i) {
                    auto& other = lanes[i];
                    for (; other.row < other.end && lanes_[i].rows->time[other.row] == next;
                         ++other.row)
                        if (const auto steps = steps_of(lanes_[i], other.row); steps != 0)
                            together.push_back({next, steps});
                }
                if (together.size() == 1)
                    made.take(together.front());
                else if (!together.empty())
                    made.take_together(together);
            }
            if (made.is_complete())
                return length_;
        }
    }

    // The rows of one event in one segment, for all steps that it can be.
    struct User {
        unsigned step;
        const Source* source;
    };
    struct Rows {
        const EventRows* rows = nullptr;
        std::uint32_t steps = 0;
        std::vector<User> users;
    };
    void use(unsigned step, const Source& source) {
        auto place = std::find_if(lanes_.begin(), lanes_.end(),
                                  [&](const Rows& lane) { return lane.rows == source.rows; });
        if (place == lanes_.end())
            place = lanes_.insert(place, Rows{source.rows, 0, {}});
        place->steps |= 1u << step;
        place->users.push_back({step, &source});
    }
    // An event that matches several steps is one hit with several bits.
    static std::uint32_t steps_of(const Rows& lane, std::uint32_t row) {
        std::uint32_t steps = 0;
        for (const auto& user : lane.users)
            steps |= (Scan::passes(*user.source, row) ? 1u : 0u) << user.step;
        return steps;
    }

    rule::Test test_;
    unsigned length_;
    std::optional<std::int64_t> window_ms_;
    std::vector<Scan> steps_;
    std::vector<Rows> lanes_;  // those of the first step first
    std::size_t first_lanes_ = 0;
    rule::Interval interval_;
    std::array<bool, most_steps + 1> passes_{};
    std::optional<unsigned> least_;  // the shortest length that passes
};

}  // namespace

StepPtr make_sequence_step(const rule::SequenceTest& test, std::string pointer, const State& state,
                           Time as_of, const Calendar& calendar) {
    return std::make_unique<SequenceStep>(test, std::move(pointer), state, as_of, calendar);
}

}  // namespace qiao::index::detail
