// Answers as texts, to compare those of two engines.
#pragma once

#include <boost/json.hpp>
#include <cmath>
#include <sstream>

#include "insight/stage_flow.hpp"
#include "twin/ask.hpp"

namespace qiao::twin::property {

inline std::string text_of(const insight::Group& group) {
    std::string made;
    for (const auto& value : group)
        made += boost::json::serialize(to_json(value)) + ";";
    return made;
}
template <class Number>
std::string text_of(const std::vector<Number>& numbers) {
    std::ostringstream out;
    for (const auto number : numbers)
        out << number << ' ';
    return out.str();
}
template <class Number>
std::string text_of(const std::optional<Number>& number) {
    std::ostringstream out;
    if constexpr (std::is_same_v<Number, Decimal>)
        out << (number ? number->text() : "~");
    else if (number)
        out << *number;
    else
        out << '~';
    return out.str();
}

inline std::string text_of(const insight::Funnel& funnel) {
    std::ostringstream out;
    out << "total " << funnel.total << " steps " << text_of(funnel.steps) << "\nmedians ";
    for (const auto& median : funnel.median_ms)
        out << text_of(median) << ' ';
    for (const auto& part : funnel.groups)
        out << "\ngroup " << text_of(part.group) << ' ' << text_of(part.steps);
    out << "\nleft out " << funnel.left_out;
    for (const auto& unit : funnel.series)
        out << "\nunit " << format_day(unit.at) << ' ' << text_of(unit.steps);
    for (const auto& within : funnel.times)
        out << "\nwithin " << within.until_ms << ' ' << within.count;
    return out.str();
}
inline std::string text_of(const insight::Retention::Total& total) {
    return text_of(total.group) + " size " + std::to_string(total.size) + " of " +
           text_of(total.base) + "came " + text_of(total.returned);
}
inline std::string text_of(const insight::Retention& retention) {
    std::ostringstream out;
    for (const auto& cohort : retention.cohorts)
        out << "cohort " << format_day(cohort.start) << ' ' << cohort.size << ": "
            << text_of(cohort.returned) << "from " << text_of(cohort.incomplete_from) << '\n';
    out << "total " << text_of(retention.total) << '\n';
    for (const auto& group : retention.groups)
        out << "group " << text_of(group) << '\n';
    out << "left out " << retention.left_out;
    return out.str();
}
inline std::string text_of(const insight::Lifecycle& lifecycle) {
    std::ostringstream out;
    for (const auto& point : lifecycle.points) {
        out << format_day(point.at);
        for (const auto people : point.people)
            out << ' ' << people;
        out << '\n';
    }
    return out.str();
}
inline std::string text_of(const insight::Paths& paths) {
    std::ostringstream out;
    out << "starts " << paths.starts << " people " << paths.people << " left out " << paths.left_out
        << '\n';
    for (const auto& path : paths.paths) {
        for (const auto& event : path.events)
            out << event << " > ";
        out << path.count << '\n';
    }
    for (const auto& link : paths.links)
        out << link.depth << ' ' << link.from << " > " << link.to << ' ' << link.count << '\n';
    return out.str();
}
inline std::string text_of(const insight::Distribution& distribution) {
    std::ostringstream out;
    out << "people " << distribution.people << " mean " << text_of(distribution.mean) << " median "
        << text_of(distribution.median) << " p90 " << text_of(distribution.p90);
    for (const auto& bucket : distribution.buckets)
        out << '\n'
            << text_of(bucket.from) << " to " << text_of(bucket.to) << ": " << bucket.people << ' '
            << bucket.rows;
    return out.str();
}
inline std::string text_of(const insight::Intervals& intervals) {
    std::ostringstream out;
    out << "pairs " << intervals.pairs << " people " << intervals.people << " median "
        << text_of(intervals.median_ms) << " p90 " << text_of(intervals.p90_ms);
    for (const auto& bucket : intervals.buckets)
        out << '\n' << bucket.until_ms << ' ' << bucket.count;
    return out.str();
}
// Order and shares to six digits: equal shares may differ in their last bits.
inline std::string text_of(const insight::Attribution& attribution) {
    std::ostringstream out;
    const auto rounded = [](double number) { return std::llround(number * 1e6); };
    out << "conversions " << attribution.conversions << " unattributed " << attribution.unattributed
        << " left out " << attribution.left_out << " value ";
    if (attribution.value)
        out << rounded(*attribution.value);
    std::vector<std::string> rows;
    for (const auto& row : attribution.rows)
        rows.push_back(text_of(row.group) + " touches " + std::to_string(row.touches) + " people " +
                       std::to_string(row.people) + " part " +
                       std::to_string(rounded(row.conversions)) + " value " +
                       (row.value ? std::to_string(rounded(*row.value)) : "~"));
    std::sort(rows.begin(), rows.end());
    for (const auto& row : rows)
        out << '\n' << row;
    return out.str();
}
inline std::string text_of(const insight::Point& point) {
    std::ostringstream out;
    out << " [" << point.rows << ' ' << point.people << ' ' << point.values << ' '
        << static_cast<std::int64_t>(point.sum) << ' ' << (point.values ? point.low : 0) << ' '
        << (point.values ? point.high : 0) << ']';
    return out.str();
}
inline std::string text_of(const insight::Series& series) {
    std::string made = text_of(series.group);
    for (const auto& point : series.points)
        made += text_of(point);
    return made + " whole" + text_of(series.whole);
}
inline std::string text_of(const insight::Entries& entries) {
    std::ostringstream out;
    out << "total " << text_of(entries.total) << "left out " << entries.left_out << " least "
        << text_of(entries.least);
    for (const auto& row : entries.rows)
        out << '\n'
            << text_of(insight::Group{row.entry}) << ' ' << row.name << ' ' << text_of(row.steps);
    return out.str();
}
inline std::string text_of(const insight::AcquisitionCounts& counts) {
    std::ostringstream out;
    for (const auto people : counts.people)
        out << people << ' ';
    out << "cost " << static_cast<std::int64_t>(counts.contact_cost);
    return out.str();
}
inline std::string text_of(const insight::Acquisition& acquisition) {
    std::ostringstream out;
    out << "total " << text_of(acquisition.total) << " from " << acquisition.interval.from_ms
        << " until " << acquisition.interval.until_ms;
    for (const auto& origin : acquisition.origins)
        out << '\n' << text_of(insight::Group{origin.value}) << ' ' << text_of(origin.counts);
    return out.str();
}
inline std::string text_of(const insight::ActivityByOrg& activity) {
    std::ostringstream out;
    for (const auto& [org, own] : activity)
        out << "unit " << org << ' ' << own.customers << ' ' << own.active << ' ' << own.active_days
            << ' ' << own.transacting << ' ' << own.effective << ' ' << own.transactions << ' '
            << static_cast<std::int64_t>(own.value) << '\n';
    return out.str();
}
inline std::string text_of(const std::vector<insight::ActivityPoint>& points) {
    std::ostringstream out;
    for (const auto& point : points)
        out << format_day(point.at) << ' ' << point.day << ' ' << point.week << ' ' << point.month
            << '\n';
    return out.str();
}
inline std::string text_of(const insight::Screen::Count& count) {
    return std::to_string(count.clicks) + " by " + std::to_string(count.people);
}
inline std::string text_of(const insight::Screen& screen) {
    std::ostringstream out;
    for (const auto& one : screen.screens)
        out << "screen " << one.screen << ' ' << text_of(one.count) << '\n';
    for (const auto& one : screen.versions)
        out << "version " << one.version << " from " << one.first_ms << ' ' << text_of(one.count)
            << '\n';
    for (const auto& one : screen.elements) {
        out << "element " << one.element << " as " << one.label;
        for (const auto& side : one.of)
            out << ", " << text_of(side.count) << " at " << side.place.clicks << ' '
                << static_cast<std::int64_t>(side.place.x) << ' '
                << static_cast<std::int64_t>(side.place.y);
        out << '\n';
    }
    for (const auto& total : screen.totals)
        out << "total " << text_of(total) << ' ';
    out << "left out " << screen.left_out;
    return out.str();
}
inline std::string text_of(const insight::StageFlow& flow) {
    std::ostringstream out;
    for (const auto& point : flow.points)
        out << format_day(point.at) << ' ' << format_time(point.moment) << ": "
            << text_of(point.people) << '\n';
    for (const auto& from : flow.flows)
        out << "moved " << text_of(from) << '\n';
    return out.str();
}
inline std::string text_of(const insight::Spread& spread) {
    return std::to_string(spread.count) + " (" + text_of(spread.low) + ' ' +
           text_of(spread.median) + ' ' + text_of(spread.high) + ')';
}
inline std::string text_of(const insight::Effort& effort) {
    std::ostringstream out;
    for (std::size_t side = 0; side < insight::sides; ++side) {
        const auto& total = effort.totals[side];
        out << "active " << total.active << " visits " << total.visits << '\n';
        for (const auto& function : effort.functions)
            out << "function by " << function[side].people << " taps "
                << text_of(function[side].taps) << " own " << text_of(function[side].own_taps)
                << '\n';
        for (const auto& screen : effort.screens)
            out << "screen " << screen.screen << ' ' << screen.of[side].visits << " deep "
                << screen.of[side].deep_visits << ' ' << text_of(screen.of[side].median) << '\n';
    }
    return out.str();
}
inline std::string text_of(const insight::Computed& computed) {
    std::string made = "everyone" + text_of(computed.everyone);
    for (const auto& series : computed.series)
        made += "\n" + text_of(series);
    return made;
}

}  // namespace qiao::twin::property
