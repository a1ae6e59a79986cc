#include "insight/detail/rows.hpp"

#include <algorithm>
#include <set>

namespace qiao::insight::detail {

std::vector<index::Source> own_doing(const rule::Interval& period, const index::State& state) {
    std::set<index::Code> codes;
    for (const auto& segment : state.segments)
        for (const auto& rows : segment->events())
            codes.insert(rows.event);
    std::vector<index::Source> made;
    for (const auto code : codes) {
        const auto name = state.strings->text(code);
        if (!is_behaviour(name))
            continue;
        index::Scan scan({name, {}, {}}, period, state);
        for (auto& source : scan.sources)
            made.push_back(std::move(source));
    }
    return made;
}

std::vector<index::Source> sources_of(const Doing& doing, const rule::Interval& period,
                                      const index::State& state) {
    if (doing.subject == Subject::event)
        return index::Scan(doing.match, period, state).sources;
    return own_doing(period, state);
}

ByColumn::ByColumn(const By& by, ValueType type, const index::State& state)
    : by_(by), type_(type), strings_(state.strings) {
    if (by.kind == By::Kind::tag)
        tag_ = state.attribute(index::Space::tag, by.name, type);
    if (const auto code = state.strings->find(by.name); code && by.kind == By::Kind::property)
        key_ = index::ColumnKey{*code, type};
}

const index::Column* ByColumn::in(const index::EventRows& rows) const {
    return key_ ? rows.find(*key_) : nullptr;
}

Value ByColumn::value(index::Cell cell) const {
    if (cell == index::missing)
        return {};
    if (by_.kind == By::Kind::event)
        return strings_->text(static_cast<index::Code>(cell));
    return strings_->value(cell, type_);
}

index::Cell value_at(const std::vector<index::Source>& sources, const ByColumn& by,
                     index::Dense customer, std::int64_t time_ms) {
    index::Cell least = index::missing;
    for (const auto& source : sources) {
        const auto* column = by.in(*source.rows);
        if (!column)
            continue;
        const auto [begin, end] = source.rows->rows_of(customer);
        const auto* time = source.rows->time;
        auto row =
            static_cast<std::uint32_t>(std::lower_bound(time + begin, time + end, time_ms) - time);
        for (; row < end && time[row] == time_ms; ++row) {
            const auto cell = column->at(row);
            if (cell == index::missing || cell == least || !index::Scan::passes(source, row))
                continue;
            if (least == index::missing || is_less(by.value(cell), by.value(least)))
                least = cell;
        }
    }
    return least;
}

}  // namespace qiao::insight::detail
