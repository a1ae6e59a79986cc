// Conditions on the events of one name: counts and other measures of the matching rows.
#include <algorithm>

#include "base/check.hpp"
#include "index/detail/steps.hpp"

namespace qiao::index::detail {
namespace {

using rule::MeasureKind;

// A sum over several currencies has no meaning, so the first row of a second currency fails the
// query.
class CurrencyWatch {
public:
    CurrencyWatch(Evaluation& evaluation, const std::string& pointer)
        : evaluation_(evaluation), pointer_(pointer) {}

    void see(const Source& source, std::uint32_t row) {
        if (!source.currency)
            return;
        const Cell cell = source.currency->at(row);
        if (cell == missing || cell == seen_)
            return;
        if (seen_ == missing) {
            seen_ = cell;
            return;
        }
        fail();
    }
    // Blocks must agree too.
    void settle(std::atomic<Cell>& common) {
        if (seen_ == missing)
            return;
        Cell expected = missing;
        if (!common.compare_exchange_strong(expected, seen_) && expected != seen_)
            fail();
    }

private:
    void fail() {
        evaluation_.fail({ErrorCode::unprocessable, "rule.mixed_currencies",
                          "The amounts are in several currencies; add a condition on the currency.",
                          pointer_ + "/measure", 0});
    }
    Evaluation& evaluation_;
    const std::string& pointer_;
    Cell seen_ = missing;
};

class EventStep final : public Step {
public:
    EventStep(const rule::EventTest& test, std::string pointer, const State& state, Time as_of,
              const Calendar& calendar)
        : Step(std::move(pointer)),
          scan_(test.match, rule::interval_of(test.period, as_of, calendar), state),
          kind_(test.measure.kind),
          test_(test.test),
          as_of_ms_(to_ms(as_of)),
          days_(days_of(calendar)),
          turns_(turns()) {
        const bool has_zero = kind_ == MeasureKind::count || kind_ == MeasureKind::sum;
        zero_passes_ = has_zero && passes_fraction(test_, 0, 1);
        if (test.measure.property.empty())
            return;
        const auto name = state.strings->find(test.measure.property);
        if (!name)
            return;
        scan_.measure({*name, test.measure.type});
        watch_currency(test.measure.property, state);
    }

    std::uint64_t bytes() const override {
        return scan_.bytes(kind_ == MeasureKind::days || kind_ == MeasureKind::first ||
                           kind_ == MeasureKind::last);
    }
    double cost() const override { return 1000 + static_cast<double>(scan_.rows()) / 100; }

    void block(Scratch& scratch, Dense block, const BlockBits& candidates,
               BlockBits& out) const override {
        out = BlockBits{};
        if (zero_passes_)
            out = candidates;
        switch (kind_) {
            case MeasureKind::count:
                count(scratch, block, candidates, out);
                break;
            case MeasureKind::sum:
            case MeasureKind::avg:
                sum(scratch, block, candidates, out);
                break;
            case MeasureKind::min:
            case MeasureKind::max:
                extreme(scratch, block, candidates, out);
                break;
            case MeasureKind::first:
            case MeasureKind::last:
                age(scratch, block, candidates, out);
                break;
            case MeasureKind::days:
            case MeasureKind::distinct:
                distinct(scratch, block, candidates, out);
                break;
        }
    }

private:
    Days days_of(const Calendar& calendar) const {
        std::int64_t first = INT64_MAX, last = INT64_MIN;
        if (kind_ == MeasureKind::days) {
            for (const auto& source : scan_.sources) {
                first = std::min(first, std::max(source.rows->first_ms, scan_.interval.from_ms));
                last = std::max(last, std::min(source.rows->last_ms, scan_.interval.until_ms - 1));
            }
        }
        return Days(calendar, first, last);
    }

    // "amount" is in the currency that "currency" names, "price.amount" in "price.currency".
    void watch_currency(const std::string& property, const State& state) {
        constexpr std::string_view amount = "amount";
        if (kind_ == MeasureKind::distinct || !property.ends_with(amount))
            return;
        std::string sibling = property.substr(0, property.size() - amount.size());
        if (!sibling.empty() && sibling.back() != '.')
            return;
        sibling += "currency";
        if (const auto name = state.strings->find(sibling))
            scan_.watch_currency({*name, ValueType::string});
    }

    void judge(Scratch& scratch, BlockBits& out, std::uint32_t local, __int128 numerator,
               std::int64_t denominator) const {
        out.put(local, passes_fraction(test_, numerator, denominator));
        if (!scratch.found)
            return;
        const auto scaled = numerator / denominator;
        if (scaled >= INT64_MIN && scaled <= INT64_MAX)
            *scratch.found = Decimal::from_scaled(static_cast<std::int64_t>(scaled));
    }
    static __int128 scaled(std::int64_t whole) {
        return static_cast<__int128>(whole) * Decimal::scale;
    }

    void count(Scratch& scratch, Dense block, const BlockBits& candidates, BlockBits& out) const {
        scratch.counts.fill(0);
        for (const auto& source : scan_.sources) {
            if (source.tests.empty()) {
                scan_.each_run(source, block, candidates, [&](auto local, auto begin, auto end) {
                    scratch.counts[local] += end - begin;
                });
            } else {
                scan_.each_row(source, block, candidates,
                               [&](auto local, auto) { ++scratch.counts[local]; });
            }
        }
        if (scratch.found)
            *scratch.found = Decimal{};
        candidates.each([&](std::uint32_t local) {
            if (scratch.counts[local] > 0)
                judge(scratch, out, local, scaled(scratch.counts[local]), 1);
        });
    }

    void sum(Scratch& scratch, Dense block, const BlockBits& candidates, BlockBits& out) const {
        scratch.counts.fill(0);
        scratch.sums.assign(block_size, 0);
        BlockBits touched;
        CurrencyWatch watch(scratch.evaluation, pointer());
        for (const auto& source : scan_.sources) {
            scan_.each_row(source, block, candidates, [&](auto local, auto row) {
                touched.set(local);
                const Cell cell = source.measured ? source.measured->at(row) : missing;
                if (cell == missing)
                    return;
                watch.see(source, row);
                scratch.sums[local] += cell;
                ++scratch.counts[local];
            });
        }
        watch.settle(currency_);
        if (scratch.found && kind_ == MeasureKind::sum)
            *scratch.found = Decimal{};
        touched.each([&](std::uint32_t local) {
            if (kind_ == MeasureKind::sum)
                judge(scratch, out, local, scratch.sums[local], 1);
            else if (scratch.counts[local] > 0)
                judge(scratch, out, local, scratch.sums[local], scratch.counts[local]);
        });
    }

    void extreme(Scratch& scratch, Dense block, const BlockBits& candidates, BlockBits& out) const {
        const bool least = kind_ == MeasureKind::min;
        scratch.lows.fill(missing);
        CurrencyWatch watch(scratch.evaluation, pointer());
        for (const auto& source : scan_.sources) {
            if (!source.measured)
                continue;
            scan_.each_row(source, block, candidates, [&](auto local, auto row) {
                const Cell cell = source.measured->at(row);
                if (cell == missing)
                    return;
                watch.see(source, row);
                Cell& known = scratch.lows[local];
                known = known == missing ? cell
                        : least          ? std::min(known, cell)
                                         : std::max(known, cell);
            });
        }
        watch.settle(currency_);
        candidates.each([&](std::uint32_t local) {
            if (scratch.lows[local] != missing)
                judge(scratch, out, local, scratch.lows[local], 1);
        });
    }

    // The sources whose rows decide first come first; behind them, those that only hold rows beyond
    // all of these have nothing to say of whoever was met.
    struct InTurn {
        std::size_t source = 0;
        bool is_beyond = false;
    };
    std::vector<InTurn> turns() const {
        if (kind_ != MeasureKind::first && kind_ != MeasureKind::last)
            return {};
        const bool first = kind_ == MeasureKind::first;
        // What counts is small: of the first row its time, of the last one how long ago it was.
        const auto near = [&](std::size_t source) {
            const auto& rows = *scan_.sources[source].rows;
            return first ? rows.first_ms : -rows.last_ms;
        };
        const auto far = [&](std::size_t source) {
            const auto& rows = *scan_.sources[source].rows;
            return first ? rows.last_ms : -rows.first_ms;
        };
        std::vector<InTurn> made(scan_.sources.size());
        for (std::size_t i = 0; i < made.size(); ++i)
            made[i].source = i;
        std::sort(made.begin(), made.end(),
                  [&](const InTurn& a, const InTurn& b) { return far(a.source) < far(b.source); });
        for (std::size_t i = 1; i < made.size(); ++i)
            made[i].is_beyond = near(made[i].source) >= far(made[i - 1].source);
        return made;
    }

    void age(Scratch& scratch, Dense block, const BlockBits& candidates, BlockBits& out) const {
        const bool first = kind_ == MeasureKind::first;
        BlockBits met;
        for (const auto& turn : turns_) {
            const auto& source = scan_.sources[turn.source];
            BlockBits open = candidates;
            if (turn.is_beyond)
                open -= met;
            scan_.each_run(source, block, open, [&](auto local, auto begin, auto end) {
                while (begin < end && !Scan::passes(source, first ? begin : end - 1))
                    first ? ++begin : --end;
                if (begin == end)
                    return;
                const std::int64_t time = source.rows->time[first ? begin : end - 1];
                Cell& known = scratch.lows[local];
                known = !met.has(local) ? time
                        : first         ? std::min(known, time)
                                        : std::max(known, time);
                met.set(local);
            });
        }
        met.each([&](std::uint32_t local) {
            judge(scratch, out, local, scaled(as_of_ms_ - scratch.lows[local]), 1);
        });
    }

    // Days or values that differ. Customers with rows in one segment alone, which are nearly all,
    // are counted run by run; the keys of the others are gathered over the segments first.
    void distinct(Scratch& scratch, Dense block, const BlockBits& candidates,
                  BlockBits& out) const {
        BlockBits once, twice, touched;
        for (const auto& source : scan_.sources) {
            const auto [first, last] = source.rows->runs_of(block);
            for (auto run = first; run < last; ++run) {
                const auto local = source.rows->run_customer[run] % block_size;
                if (once.has(local))
                    twice.set(local);
                once.set(local);
            }
        }
        scratch.counts.fill(0);
        auto& keys = scratch.keys;
        keys.clear();
        for (const auto& source : scan_.sources) {
            scan_.each_run(source, block, candidates, [&](auto local, auto begin, auto end) {
                auto& cells = scratch.cells;
                cells.clear();
                if (gather(source, begin, end, cells))
                    touched.set(local);
                if (!twice.has(local)) {
                    scratch.counts[local] = static_cast<std::uint32_t>(cells.size());
                    return;
                }
                for (const Cell cell : cells)
                    keys.emplace_back(local, cell);
            });
        }
        std::sort(keys.begin(), keys.end());
        keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
        for (const auto& [local, key] : keys)
            ++scratch.counts[local];
        touched.each([&](std::uint32_t local) {
            judge(scratch, out, local, scaled(scratch.counts[local]), 1);
        });
    }

    // The distinct keys of a run; answers whether a row matched at all.
    bool gather(const Source& source, std::uint32_t begin, std::uint32_t end,
                std::vector<Cell>& cells) const {
        bool any = false;
        const std::int64_t* time = source.rows->time;
        std::int64_t day_end = INT64_MIN;
        for (auto row = begin; row < end; ++row) {
            if (!Scan::passes(source, row))
                continue;
            any = true;
            if (kind_ == MeasureKind::days) {
                if (time[row] < day_end)
                    continue;  // times ascend, so days do
                const auto day = days_.of(time[row]);
                day_end = days_.end_of(day);
                cells.push_back(static_cast<Cell>(day));
                continue;
            }
            const Cell cell = source.measured ? source.measured->at(row) : missing;
            if (cell != missing)
                cells.push_back(cell);
        }
        if (kind_ == MeasureKind::distinct) {
            std::sort(cells.begin(), cells.end());
            cells.erase(std::unique(cells.begin(), cells.end()), cells.end());
        }
        return any;
    }

    Scan scan_;
    MeasureKind kind_;
    rule::Test test_;
    std::int64_t as_of_ms_;
    Days days_;
    std::vector<InTurn> turns_;
    bool zero_passes_ = false;
    mutable std::atomic<Cell> currency_{missing};
};

}  // namespace

StepPtr make_event_step(const rule::EventTest& test, std::string pointer, const State& state,
                        Time as_of, const Calendar& calendar) {
    return std::make_unique<EventStep>(test, std::move(pointer), state, as_of, calendar);
}

}  // namespace qiao::index::detail
