#include <algorithm>
#include <unordered_map>

#include "index/blocks.hpp"
#include "insight/detail/visit_scan.hpp"
#include "insight/effort.hpp"

namespace qiao::insight {
namespace {

using detail::Visit;
using detail::VisitScan;
using index::BlockBits;
using index::Cell;
using index::Dense;

// How often each small number occurred.
class Histogram {
public:
    void add(std::uint64_t number) {
        if (number >= counts_.size())
            counts_.resize(number + 1);
        ++counts_[number];
        ++total_;
    }
    void add(const Histogram& other) {
        counts_.resize(std::max(counts_.size(), other.counts_.size()));
        for (std::size_t i = 0; i < other.counts_.size(); ++i)
            counts_[i] += other.counts_[i];
        total_ += other.total_;
    }
    std::uint64_t total() const { return total_; }
    std::uint64_t from(std::uint64_t number) const {
        std::uint64_t sum = 0;
        for (auto i = number; i < counts_.size(); ++i)
            sum += counts_[i];
        return sum;
    }
    // The ⌈quarters / 4 · n⌉-th smallest; nothing of nothing.
    std::optional<std::uint64_t> quartile(std::uint64_t quarters) const {
        if (total_ == 0)
            return std::nullopt;
        auto rank = (total_ * quarters + 3) / 4;
        std::uint64_t number = 0;
        while (rank > counts_[number])
            rank -= counts_[number++];
        return number;
    }
    Spread spread() const { return {total_, quartile(1), quartile(2), quartile(3)}; }

private:
    std::vector<std::uint64_t> counts_;
    std::uint64_t total_ = 0;
};

bool is_of(const VersionCells& versions, Release release, const Visit& visit) {
    if (visit.versions.empty())
        return versions.is_of(release, index::missing);
    return std::any_of(visit.versions.begin(), visit.versions.end(),
                       [&](Cell version) { return versions.is_of(release, version); });
}

// Who did one of some events, told apart by the version that the rows carry.
class Doers {
public:
    // The versions outlive them.
    explicit Doers(const VersionCells& versions) : versions_(&versions) {}
    void add(index::Scan scan) { scans_.push_back(std::move(scan)); }

    BlockBits block(Dense block, const BlockBits& people, Release release) const {
        BlockBits made;
        for (const auto& scan : scans_)
            for (const auto& source : scan.sources) {
                const auto* version = versions_->in(*source.rows);
                scan.each_row(source, block, people, [&](std::uint32_t local, std::uint32_t row) {
                    if (versions_->is_of(release, version ? version->at(row) : index::missing))
                        made.set(local);
                });
            }
        return made;
    }

private:
    const VersionCells* versions_;
    std::vector<index::Scan> scans_;
};

Doers doers_of(const ProductUse& function, const VersionCells& versions, const index::State& state,
               const rule::Interval& interval) {
    Doers made(versions);
    for (const auto* list : {&function.uses, &function.transactions})
        for (const auto& match : *list)
            made.add({match, interval, state});
    return made;
}

Doers active_of(const VersionCells& versions, const index::State& state,
                const rule::Interval& interval) {
    index::Scan any({}, interval, state);
    any.sources = detail::own_doing(interval, state);
    Doers made(versions);
    made.add(std::move(any));
    return made;
}

struct FunctionTally {
    std::uint64_t people = 0;
    Histogram taps, own_taps;
};
// What one thread has counted, of one side.
struct Tally {
    EffortTotal total;
    std::vector<FunctionTally> functions;
    std::unordered_map<Cell, Histogram> screens;

    void add(const Visit& visit) {
        ++total.visits;
        for (const auto& done : visit.transactions) {
            auto& function = functions[done.function];
            const auto after_ms = visit.last_transaction(done.time_ms);
            function.taps.add(visit.taps(after_ms, done.time_ms));
            if (const auto use = visit.first_use(done.function, after_ms, done.time_ms))
                function.own_taps.add(visit.taps(*use - 1, done.time_ms));
        }
        for (const auto& met : visit.screens)
            screens[met.screen].add(visit.depth(met));
    }
    void add(const Tally& other) {
        total.active += other.total.active;
        total.visits += other.total.visits;
        for (std::size_t i = 0; i < functions.size(); ++i) {
            functions[i].people += other.functions[i].people;
            functions[i].taps.add(other.functions[i].taps);
            functions[i].own_taps.add(other.functions[i].own_taps);
        }
        for (const auto& [screen, depths] : other.screens)
            screens[screen].add(depths);
    }
};

class Count {
public:
    Count(const EffortQuestion& question, const std::vector<ProductUse>& functions,
          const index::State& state, const rule::Interval& interval, unsigned workers)
        : question_(question),
          strings_(*state.strings),
          versions_(question.versions, state),
          visits_(question, functions, state, interval),
          active_(active_of(versions_, state, interval)),
          scratches_(workers),
          tallies_(workers) {
        for (const auto& function : functions)
            doers_.push_back(doers_of(function, versions_, state, interval));
        for (auto& by_side : tallies_)
            for (auto& tally : by_side)
                tally.functions.resize(functions.size());
    }
    void block(unsigned worker, Dense block, const BlockBits& people) {
        auto& by_side = tallies_[worker];
        for (const auto release : releases()) {
            auto& tally = by_side[static_cast<std::size_t>(release)];
            tally.total.active += active_.block(block, people, release).count();
            for (std::size_t i = 0; i < doers_.size(); ++i)
                tally.functions[i].people += doers_[i].block(block, people, release).count();
        }
        visits_.block(scratches_[worker], block, people, [&](std::uint32_t, const Visit& visit) {
            for (const auto release : releases())
                if (is_of(versions_, release, visit))
                    by_side[static_cast<std::size_t>(release)].add(visit);
        });
    }
    Effort result() {
        for (std::size_t worker = 1; worker < tallies_.size(); ++worker)
            for (std::size_t side = 0; side < sides; ++side)
                tallies_[0][side].add(tallies_[worker][side]);
        Effort made;
        made.functions.resize(doers_.size());
        std::unordered_map<Cell, BySide<ScreenDepth>> screens;
        for (std::size_t side = 0; side < sides; ++side) {
            const auto& tally = tallies_[0][side];
            made.totals[side] = tally.total;
            for (std::size_t i = 0; i < doers_.size(); ++i)
                made.functions[i][side] = {tally.functions[i].people,
                                           tally.functions[i].taps.spread(),
                                           tally.functions[i].own_taps.spread()};
            for (const auto& [screen, depths] : tally.screens)
                screens[screen][side] = {depths.total(), depths.from(question_.deep_from),
                                         depths.quartile(2)};
        }
        for (const auto& [screen, of] : screens)
            made.screens.push_back({strings_.text(static_cast<index::Code>(screen)), of});
        arrange(made);
        return made;
    }

private:
    std::span<const Release> releases() const {
        static constexpr Release both[] = {Release::now, Release::before};
        return std::span(both).first(question_.versions.are_compared() ? 2 : 1);
    }

    const EffortQuestion& question_;
    const index::Strings& strings_;
    VersionCells versions_;
    VisitScan visits_;
    Doers active_;
    std::vector<Doers> doers_;  // by function
    std::vector<VisitScan::Scratch> scratches_;
    std::vector<BySide<Tally>> tallies_;
};

}  // namespace

void arrange(Effort& effort) {
    auto& screens = effort.screens;
    std::sort(screens.begin(), screens.end(), [](const auto& a, const auto& b) {
        for (std::size_t side = 0; side < sides; ++side)
            if (a.of[side].visits != b.of[side].visits)
                return a.of[side].visits > b.of[side].visits;
        return a.screen < b.screen;
    });
    if (screens.size() > most_screens)
        screens.resize(most_screens);
}

bool is_rare(const FunctionEffort& function, const EffortTotal& total, std::uint64_t percent) {
    return function.people * 100 < total.active * percent;
}

bool is_deep(const ScreenDepth& screen) { return screen.deep_visits * 2 > screen.visits; }

Result<Effort> compute(const EffortQuestion& question, const std::vector<ProductUse>& functions,
                       const index::State& state, const index::People& people,
                       const rule::Interval& interval, const index::Execution& how) {
    Count count(question, functions, state, interval, how.workers());
    auto done = index::each_block(index::block_count(state.customers), how,
                                  [&](unsigned worker, Dense block) -> Result<void> {
                                      count.block(worker, block, index::block_of(people, block));
                                      return {};
                                  });
    if (!done)
        return fail(done.error());
    return count.result();
}

// `functions` holds the one that is meant, or none where a screen is.
Result<index::People> people_behind(const EffortQuestion& question, const EffortPeople& which,
                                    const std::vector<ProductUse>& functions,
                                    const index::State& state, const index::People& people,
                                    const rule::Interval& interval, const index::Execution& how) {
    using What = EffortPeople::What;
    const VersionCells versions(question.versions, state);
    const VisitScan visits(question, functions, state, interval);
    const auto screen = state.strings->find(which.screen);
    const auto fits = [&](const Visit& visit) {
        if (!is_of(versions, which.release, visit))
            return false;
        if (which.what == What::finished)
            return !visit.transactions.empty();
        return std::any_of(visit.screens.begin(), visit.screens.end(), [&](const auto& met) {
            return screen && met.screen == Cell{*screen} &&
                   (which.what == What::met || visit.depth(met) >= question.deep_from);
        });
    };
    std::optional<Doers> doers;
    if (which.what == What::used)
        doers = doers_of(functions.at(0), versions, state, interval);
    index::People found(state.customers);
    std::vector<VisitScan::Scratch> scratches(how.workers());
    const auto task = [&](unsigned worker, Dense block) -> Result<void> {
        const auto bits = index::block_of(people, block);
        const auto add = [&](std::uint32_t local) { found.add(block * index::block_size + local); };
        if (doers)
            doers->block(block, bits, which.release).each(add);
        else
            visits.block(scratches[worker], block, bits,
                         [&](std::uint32_t local, const Visit& visit) {
                             if (fits(visit))
                                 add(local);
                         });
        return {};
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    return found;
}

}  // namespace qiao::insight
