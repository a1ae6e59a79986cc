#include "index/scan.hpp"

#include <algorithm>

namespace qiao::index {

Scan::Scan(const rule::EventMatch& match, rule::Interval period, const State& state)
    : interval(period) {
    const auto event = state.strings->find(match.event);
    if (!event || period.from_ms >= period.until_ms)
        return;
    for (const auto& segment : state.segments) {
        const EventRows* rows = segment->find(*event, period.from_ms, period.until_ms);
        if (!rows)
            continue;
        Source source;
        source.rows = rows;
        source.whole = rows->first_ms >= period.from_ms && rows->last_ms < period.until_ms;
        bool possible = true;
        for (const auto& condition : match.where) {
            const Predicate predicate = compile(condition.test, *state.strings);
            const auto name = state.strings->find(condition.property);
            const Column* column = name ? rows->find({*name, condition.test.type}) : nullptr;
            if (!column) {
                possible = possible && predicate(missing);
                continue;
            }
            BoundTest test(*column, predicate);
            possible = possible && !test.never();
            if (!test.always())
                source.tests.push_back(std::move(test));
        }
        if (possible)
            sources.push_back(std::move(source));
    }
}

std::uint64_t Scan::rows() const {
    std::uint64_t total = 0;
    for (const auto& source : sources)
        total += source.rows->rows;
    return total;
}

std::uint64_t Scan::bytes(bool reads_times) const {
    std::uint64_t total = 0;
    for (const auto& source : sources) {
        const auto& rows = *source.rows;
        std::uint64_t per_row = reads_times || !source.whole ? sizeof(std::int64_t) : 0;
        for (const auto& test : source.tests)
            per_row += test.width();
        for (const Column* column : {source.measured, source.currency})
            per_row += column ? column->width() : 0;
        total += rows.runs * 2ull * sizeof(Dense) + rows.rows * per_row;
    }
    return total;
}

void Scan::measure(const ColumnKey& key) {
    for (auto& source : sources)
        source.measured = source.rows->find(key);
}

// Where all rows have one currency, and dictionaries tell, nothing has to be watched.
void Scan::watch_currency(const ColumnKey& key) {
    std::vector<Cell> seen;
    bool unknown = false;
    for (auto& source : sources) {
        source.currency = source.rows->find(key);
        if (!source.currency)
            continue;
        unknown = unknown || source.currency->encoding > Encoding::dict16;
        for (const Cell cell : source.currency->dictionary)
            if (cell != missing)
                seen.push_back(cell);
    }
    std::sort(seen.begin(), seen.end());
    seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
    if (seen.size() <= 1 && !unknown)
        for (auto& source : sources)
            source.currency = nullptr;
}

std::pair<std::uint32_t, std::uint32_t> Scan::search(const std::int64_t* time, std::uint32_t begin,
                                                     std::uint32_t end,
                                                     const rule::Interval& interval) {
    const auto* first = std::lower_bound(time + begin, time + end, interval.from_ms);
    const auto* last = std::lower_bound(first, time + end, interval.until_ms);
    return {static_cast<std::uint32_t>(first - time), static_cast<std::uint32_t>(last - time)};
}

Days::Days(const Calendar& calendar, std::int64_t first_ms, std::int64_t last_ms) {
    if (first_ms > last_ms)
        return;
    const Day first = calendar.day_of(time_from_ms(first_ms));
    const Day last = calendar.day_of(time_from_ms(last_ms));
    for (Day day = first; day <= last + 1; ++day)
        starts_.push_back(to_ms(calendar.start_of(day)));
    for (std::size_t i = 1; i < starts_.size(); ++i)
        even_ = even_ && starts_[i] - starts_[i - 1] == 86'400'000;
}

std::size_t Days::of(std::int64_t time_ms) const {
    if (even_)
        return static_cast<std::size_t>((time_ms - starts_.front()) / 86'400'000);
    return static_cast<std::size_t>(std::upper_bound(starts_.begin(), starts_.end(), time_ms) -
                                    starts_.begin()) -
           1;
}

}  // namespace qiao::index
