#include <algorithm>
#include <unordered_map>

#include "index/blocks.hpp"
#include "index/scan.hpp"
#include "insight/metric_engine.hpp"
#include "insight/screen.hpp"

namespace qiao::insight {
namespace {

using index::Cell;
using index::Dense;

// A click of the question that has a screen and an element.
struct Click {
    std::int64_t time_ms = 0;
    Cell screen = index::missing, element = index::missing, label = index::missing;
    Cell version = index::missing, x = index::missing, y = index::missing;
};

class ClickScan {
public:
    ClickScan(const ScreenQuestion& question, const index::State& state,
              const rule::Interval& interval)
        : scan_(question.clicks, interval, state), versions_(question.versions, state) {
        const auto& names = question.names;
        const auto key = [&](const std::string& name, ValueType type) {
            const auto code = state.strings->find(name);
            return code ? std::optional(index::ColumnKey{*code, type}) : std::nullopt;
        };
        page_ = key(names.page, ValueType::string);
        element_ = key(names.element, ValueType::string);
        label_ = key(names.label, ValueType::string);
        x_ = key(names.x, ValueType::number);
        y_ = key(names.y, ValueType::number);
        if (const auto code = state.strings->find(question.screen);
            code && !question.screen.empty())
            screen_ = Cell{*code};
    }
    const VersionCells& versions() const { return versions_; }
    // Missing where the question names none, or nobody clicked there.
    Cell screen() const { return screen_; }

    // visit(local customer, click).
    template <class Visit>
    void block(Dense block, const index::BlockBits& people, Visit&& visit) const {
        for (const auto& source : scan_.sources) {
            const auto& rows = *source.rows;
            const auto column = [&](const std::optional<index::ColumnKey>& key) {
                return key ? rows.find(*key) : nullptr;
            };
            const auto *page = column(page_), *element = column(element_), *label = column(label_),
                       *x = column(x_), *y = column(y_), *version = versions_.in(rows);
            if (!page || !element)
                continue;
            const auto at = [](const index::Column* of, std::uint32_t row) {
                return of ? of->at(row) : index::missing;
            };
            scan_.each_row(source, block, people, [&](std::uint32_t local, std::uint32_t row) {
                const Click click{rows.time[row],   at(page, row), at(element, row), at(label, row),
                                  at(version, row), at(x, row),    at(y, row)};
                if (click.screen != index::missing && click.element != index::missing)
                    visit(local, click);
            });
        }
    }

private:
    index::Scan scan_;
    VersionCells versions_;
    std::optional<index::ColumnKey> page_, element_, label_, x_, y_;
    Cell screen_ = index::missing;
};

struct ElementTally {
    std::array<Screen::Side, sides> of;
    std::int64_t label_ms = INT64_MIN;
    Cell label = index::missing;
};
struct VersionTally {
    Screen::Count count;
    std::int64_t first_ms = INT64_MAX;
};
// What one thread has counted.
struct Tally {
    // Whom a count has met in the block, told apart by the count's place in memory: maps of nodes
    // never move what they hold.
    using Seen = std::pair<Screen::Count*, std::uint32_t>;
    std::vector<Seen> seen;
    std::unordered_map<Cell, Screen::Count> screens;
    std::unordered_map<Cell, VersionTally> versions;
    std::unordered_map<Cell, ElementTally> elements;
    std::array<Screen::Count, sides> totals;

    void note(Screen::Count& count, std::uint32_t local) {
        ++count.clicks;
        seen.emplace_back(&count, local);
    }
    void end_block() {
        std::sort(seen.begin(), seen.end());
        seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
        for (const auto& [count, local] : seen)
            ++count->people;
        seen.clear();
    }
};

class Count {
public:
    Count(const ScreenQuestion& question, const index::State& state, const rule::Interval& interval,
          unsigned workers)
        : question_(question),
          strings_(*state.strings),
          scan_(question, state, interval),
          tallies_(workers) {}

    void block(unsigned worker, Dense block, const index::BlockBits& people) {
        auto& tally = tallies_[worker];
        scan_.block(block, people, [&](std::uint32_t local, const Click& click) {
            tally.note(tally.screens[click.screen], local);
            const bool is_here = click.screen == scan_.screen();
            if (click.version != index::missing && (is_here || question_.screen.empty())) {
                auto& version = tally.versions[click.version];
                tally.note(version.count, local);
                version.first_ms = std::min(version.first_ms, click.time_ms);
            }
            if (is_here)
                add(tally, local, click);
        });
        tally.end_block();
    }
    // How many screens, versions and elements a thread has met.
    std::size_t size(unsigned worker) const {
        const auto& tally = tallies_[worker];
        return tally.screens.size() + tally.versions.size() + tally.elements.size();
    }
    Screen result() {
        for (std::size_t worker = 1; worker < tallies_.size(); ++worker)
            merge(tallies_[0], tallies_[worker]);
        auto& all = tallies_[0];
        Screen made;
        made.totals = all.totals;
        for (const auto& [cell, count] : all.screens)
            made.screens.push_back({text(cell), count});
        for (const auto& [cell, version] : all.versions)
            made.versions.push_back({text(cell), version.first_ms, version.count});
        for (const auto& [cell, element] : all.elements)
            made.elements.push_back({text(cell), text(element.label), element.of});
        arrange(made);
        return made;
    }

private:
    std::string text(Cell cell) const {
        return cell == index::missing ? std::string()
                                      : strings_.text(static_cast<index::Code>(cell));
    }
    void add(Tally& tally, std::uint32_t local, const Click& click) const {
        for (const auto release : {Release::now, Release::before}) {
            if (!scan_.versions().is_of(release, click.version))
                continue;
            const auto side = static_cast<std::size_t>(release);
            auto& element = tally.elements[click.element];
            auto& of = element.of[side];
            tally.note(tally.totals[side], local);
            tally.note(of.count, local);
            if (click.x != index::missing && click.y != index::missing) {
                ++of.place.clicks;
                of.place.x += click.x;
                of.place.y += click.y;
            }
            name(element, click.label, click.time_ms);
        }
    }
    // The latest label stands; of several at one moment the first in order.
    void name(ElementTally& element, Cell label, std::int64_t time_ms) const {
        if (label == index::missing || time_ms < element.label_ms)
            return;
        if (time_ms == element.label_ms && label != element.label &&
            text(element.label) < text(label))
            return;
        element.label = label;
        element.label_ms = time_ms;
    }
    static void add(Screen::Count& to, const Screen::Count& count) {
        to.clicks += count.clicks;
        to.people += count.people;
    }
    void merge(Tally& to, const Tally& from) const {
        for (std::size_t side = 0; side < sides; ++side)
            add(to.totals[side], from.totals[side]);
        for (const auto& [cell, count] : from.screens)
            add(to.screens[cell], count);
        for (const auto& [cell, version] : from.versions) {
            auto& own = to.versions[cell];
            add(own.count, version.count);
            own.first_ms = std::min(own.first_ms, version.first_ms);
        }
        for (const auto& [cell, element] : from.elements) {
            auto& own = to.elements[cell];
            name(own, element.label, element.label_ms);
            for (std::size_t side = 0; side < sides; ++side) {
                add(own.of[side].count, element.of[side].count);
                own.of[side].place.clicks += element.of[side].place.clicks;
                own.of[side].place.x += element.of[side].place.x;
                own.of[side].place.y += element.of[side].place.y;
            }
        }
    }

    const ScreenQuestion& question_;
    const index::Strings& strings_;
    ClickScan scan_;
    std::vector<Tally> tallies_;
};

}  // namespace

void arrange(Screen& screen) {
    std::sort(screen.screens.begin(), screen.screens.end(), [](const auto& a, const auto& b) {
        return a.count.clicks != b.count.clicks ? a.count.clicks > b.count.clicks
                                                : a.screen < b.screen;
    });
    std::sort(screen.versions.begin(), screen.versions.end(), [](const auto& a, const auto& b) {
        return a.first_ms != b.first_ms ? a.first_ms > b.first_ms : a.version > b.version;
    });
    std::sort(screen.elements.begin(), screen.elements.end(), [](const auto& a, const auto& b) {
        for (std::size_t side = 0; side < sides; ++side)
            if (a.of[side].count.clicks != b.of[side].count.clicks)
                return a.of[side].count.clicks > b.of[side].count.clicks;
        return a.element < b.element;
    });
    if (screen.screens.size() > most_screens)
        screen.screens.resize(most_screens);
    if (screen.versions.size() > most_screens)
        screen.versions.resize(most_screens);
    if (screen.elements.size() > most_elements) {
        screen.left_out = screen.elements.size() - most_elements;
        screen.elements.resize(most_elements);
    }
}

Result<Screen> compute(const ScreenQuestion& question, const index::State& state,
                       const index::People& people, const rule::Interval& interval,
                       const index::Execution& how) {
    Count count(question, state, interval, how.workers());
    auto done = index::each_block(index::block_count(state.customers), how,
                                  [&](unsigned worker, Dense block) -> Result<void> {
                                      count.block(worker, block, index::block_of(people, block));
                                      if (count.size(worker) > most_groups)
                                          return too_many_groups();
                                      return {};
                                  });
    if (!done)
        return fail(done.error());
    return count.result();
}

Result<index::People> people_behind(const ScreenQuestion& question, const ScreenPeople& which,
                                    const index::State& state, const index::People& people,
                                    const rule::Interval& interval, const index::Execution& how) {
    const ClickScan scan(question, state, interval);
    index::People found(state.customers);
    const auto code = state.strings->find(which.element);
    if (scan.screen() == index::missing || (!which.element.empty() && !code))
        return found;
    const auto task = [&](unsigned, Dense block) -> Result<void> {
        scan.block(block, index::block_of(people, block),
                   [&](std::uint32_t local, const Click& click) {
                       if (click.screen == scan.screen() &&
                           (which.element.empty() || click.element == Cell{*code}) &&
                           scan.versions().is_of(which.release, click.version))
                           found.add(block * index::block_size + local);
                   });
        return {};
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    return found;
}

}  // namespace qiao::insight
