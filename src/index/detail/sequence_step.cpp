// Sequences: the events of each customer that match a step, merged by time, and the longest chain.
#include <algorithm>
#include <span>

#include "base/check.hpp"
#include "index/detail/steps.hpp"

namespace qiao::index::detail {
namespace {

class SequenceStep final : public Step {
public:
    SequenceStep(const rule::SequenceTest& test, std::string pointer, const State& state, Time as_of,
                 const Calendar& calendar)
        : Step(std::move(pointer)), test_(test.test), length_(static_cast<unsigned>(test.steps.size())) {
        check(length_ >= 1 && length_ <= most_steps);
        if (test.window) window_ms_ = test.window->count();
        const auto interval = rule::interval_of(test.period, as_of, calendar);
        for (const auto& step : test.steps) steps_.emplace_back(step, interval, state);
        for (unsigned step = 0; step < length_; ++step)
            for (const auto& source : steps_[step].sources) lane_of(source.rows).push_back({step, &source});
        for (unsigned reached = 0; reached <= length_; ++reached) {
            passes_[reached] = passes_fraction(
                test_, static_cast<__int128>(reached) * Decimal::scale, 1);
            if (passes_[reached] && !least_) least_ = reached;
        }
    }

    double cost() const override {
        double rows = 0;
        for (const auto& step : steps_) rows += static_cast<double>(step.rows());
        return 2000 + rows / 20;
    }

    void block(Scratch& scratch, Dense block, const BlockBits& candidates,
               BlockBits& out) const override {
        out = BlockBits{};
        if (!least_) return;
        // Who lacks the event of a needed step cannot reach it; who lacks the first reaches nothing.
        BlockBits chosen = candidates;
        for (unsigned step = 0; step < std::max(1u, *least_); ++step) chosen &= present(step, block);
        if (passes_[0]) {
            out = candidates;
            out -= chosen;
        }
        if (scratch.found) *scratch.found = Decimal{};
        if (chosen.none()) return;
        gather(scratch, block, chosen);
        group(scratch);
        chosen.each([&](std::uint32_t local) {
            const auto begin = scratch.starts[local], end = scratch.starts[local + 1];
            const std::span hits(scratch.hits.data() + begin, end - begin);
            const auto earlier = [](const StepHit& a, const StepHit& b) { return a.time_ms < b.time_ms; };
            if (!std::is_sorted(hits.begin(), hits.end(), earlier))
                std::sort(hits.begin(), hits.end(), earlier);
            const unsigned reached = longest_chain(hits, length_, window_ms_);
            out.put(local, passes_[reached]);
            if (scratch.found) *scratch.found = *Decimal::from_int(reached);
        });
    }

private:
    BlockBits present(unsigned step, Dense block) const {
        BlockBits bits;
        for (const auto& source : steps_[step].sources) {
            const auto [first, last] = source.rows->runs_of(block);
            for (auto run = first; run < last; ++run)
                bits.set(source.rows->run_customer[run] % block_size);
        }
        return bits;
    }

    // An event that matches several steps is one hit with several bits, so rows are read by lane.
    void gather(Scratch& scratch, Dense block, const BlockBits& chosen) const {
        scratch.items.clear();
        for (const auto& [rows, users] : lanes_) {
            const auto visit = [&](std::uint32_t local, std::uint32_t begin, std::uint32_t end) {
                for (auto row = begin; row < end; ++row) {
                    std::uint32_t mask = 0;
                    for (const auto& user : users)
                        mask |= (Scan::passes(*user.source, row) ? 1u : 0u) << user.step;
                    if (mask != 0) scratch.items.push_back({local, {rows->time[row], mask}});
                }
            };
            steps_[0].each_run(*users.front().source, block, chosen, visit);
        }
    }

    // Puts the hits of each customer together: starts[local] … starts[local + 1].
    static void group(Scratch& scratch) {
        auto& starts = scratch.starts;
        starts.fill(0);
        for (const auto& item : scratch.items) ++starts[item.local + 1];
        for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
        scratch.hits.resize(scratch.items.size());
        std::copy(starts.begin(), starts.end() - 1, scratch.counts.begin());
        for (const auto& item : scratch.items) scratch.hits[scratch.counts[item.local]++] = item.hit;
    }

    struct User {
        unsigned step;
        const Source* source;
    };
    std::vector<User>& lane_of(const EventRows* rows) {
        for (auto& [known, users] : lanes_)
            if (known == rows) return users;
        return lanes_.emplace_back(rows, std::vector<User>{}).second;
    }

    rule::Test test_;
    unsigned length_;
    std::optional<std::int64_t> window_ms_;
    std::vector<Scan> steps_;
    std::vector<std::pair<const EventRows*, std::vector<User>>> lanes_;
    std::array<bool, most_steps + 1> passes_{};
    std::optional<unsigned> least_;  // the shortest length that passes
};

}  // namespace

StepPtr make_sequence_step(const rule::SequenceTest& test, std::string pointer, const State& state,
                           Time as_of, const Calendar& calendar) {
    return std::make_unique<SequenceStep>(test, std::move(pointer), state, as_of, calendar);
}

}  // namespace qiao::index::detail
