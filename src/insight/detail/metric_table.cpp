#include "insight/detail/metric_table.hpp"

#include <algorithm>
#include <map>

#include "index/kept.hpp"

namespace qiao::insight::detail {
namespace {

// A group's series of every part.
using Parts = std::vector<const Series*>;

struct GroupOrder {
    bool operator()(const Group& a, const Group& b) const { return is_before(a, b); }
};

std::uint64_t rows_of(const Parts& parts) {
    std::uint64_t rows = 0;
    for (const auto* part : parts)
        rows += part ? part->whole.rows : 0;
    return rows;
}

// The whole units that a moving average looks at, and the parts' numbers in them.
struct Past {
    std::vector<Unit> units;
    std::vector<Computed> parts;
    std::vector<Series> rest;
};

class TableMaker {
public:
    explicit TableMaker(const MetricGround& from) : from_(from) {}

    Result<MetricTable> make(const std::vector<MetricRow>* groups) {
        auto units = limited_units(from_.interval, question().per, *from_.ground.calendar,
                                   std::string(from_.at) + "/per");
        if (!units)
            return fail(units.error());
        made_.units = std::move(*units);
        if (auto done = compute_parts(); !done)
            return fail(done.error());
        choose_groups(groups);
        if (auto done = compute_rests(); !done)
            return fail(done.error());
        if (auto done = add_rows(); !done)
            return fail(done.error());
        return std::move(made_);
    }

private:
    const MetricQuestion& question() const { return from_.question; }

    // One part after the other, the question has no more time than one.
    Result<Computed> compute_part(const ResolvedMetric& part,
                                  const std::vector<Unit>& units) const {
        const auto& ground = from_.ground;
        if (auto timely = in_time(from_.ground); !timely)
            return fail(timely.error());
        if (ground.history)
            return ground.history->answer(ground, part, units);
        return compute(part, ground.snapshot, ground.people, units, ground.how, from_.split);
    }
    Result<Series> compute_rest_of(const ResolvedMetric& part,
                                   const std::vector<Unit>& units) const {
        const auto& ground = from_.ground;
        if (auto timely = in_time(from_.ground); !timely)
            return fail(timely.error());
        if (ground.history)
            return ground.history->answer_rest(ground, part, units, groups_);
        return compute_rest(part, ground.snapshot, ground.people, units, groups_, ground.how);
    }

    Result<std::vector<Computed>> compute_in(const std::vector<Unit>& units) const {
        std::vector<Computed> made;
        for (const auto& part : from_.parts) {
            auto computed = compute_part(part, units);
            if (!computed)
                return fail(computed.error());
            made.push_back(std::move(*computed));
        }
        return made;
    }

    Result<void> compute_parts() {
        auto parts = compute_in(made_.units);
        if (!parts)
            return fail(parts.error());
        parts_ = std::move(*parts);
        for (const auto& part : parts_)
            made_.base += part.everyone.whole.rows;
        if (!question().average || question().per == Per::total)
            return {};
        past_.units = past_units();
        auto past = compute_in(past_.units);
        if (!past)
            return fail(past.error());
        past_.parts = std::move(*past);
        return {};
    }

    // Every whole unit from those before the period on whose events are still kept.
    std::vector<Unit> past_units() const {
        std::vector<Unit> units;
        if (made_.units.empty())
            return units;
        const auto& calendar = *from_.ground.calendar;
        const auto kept_from = from_.ground.kept_from;
        Day first = made_.units.front().day;
        for (std::size_t i = 1; i < *question().average; ++i)
            first = unit_start(first - 1, question().per);
        for (Day day = first; day <= made_.units.back().day;) {
            const Day next = next_unit(day, question().per);
            const Time begin = calendar.start_of(day), end = calendar.start_of(next);
            if (end <= from_.ground.as_of && (!kept_from || begin >= *kept_from))
                units.push_back({day, to_ms(begin), to_ms(end)});
            day = next;
        }
        return units;
    }

    void choose_groups(const std::vector<MetricRow>* given) {
        std::map<Group, Parts, GroupOrder> known;
        for (std::size_t part = 0; part < parts_.size(); ++part)
            for (const auto& series : parts_[part].series) {
                auto& of_group = known[series.group];
                of_group.resize(parts_.size());
                of_group[part] = &series;
            }
        std::vector<std::pair<Group, Parts>> order(known.begin(), known.end());
        std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
            return rows_of(a.second) > rows_of(b.second);
        });
        const auto most = question().top.value_or(most_series);
        const auto& split = question().split;
        if (!split.empty()) {
            for (std::size_t i = 0; i < split.groups(); ++i)
                groups_.push_back(split.group(i));
        } else if (!given) {
            for (std::size_t i = 0; i < std::min(order.size(), most); ++i)
                groups_.push_back(order[i].first);
        } else {
            for (const auto& row : *given)
                groups_.push_back(row.group);
        }
        made_.left_out = static_cast<std::size_t>(
            std::count_if(order.begin(), order.end(), [&](const auto& one) {
                return std::find(groups_.begin(), groups_.end(), one.first) == groups_.end();
            }));
    }

    Result<void> compute_rests() {
        if (!question().top || made_.left_out == 0)
            return {};
        const auto rests_in = [&](const std::vector<Unit>& units,
                                  std::vector<Series>& to) -> Result<void> {
            for (const auto& part : from_.parts) {
                auto rest = compute_rest_of(part, units);
                if (!rest)
                    return fail(rest.error());
                to.push_back(std::move(*rest));
            }
            return {};
        };
        if (auto done = rests_in(made_.units, rests_); !done)
            return done;
        return past_.parts.empty() ? Result<void>{} : rests_in(past_.units, past_.rest);
    }

    static const Series* find(const Computed& computed, const Group& group) {
        const auto at = std::find_if(computed.series.begin(), computed.series.end(),
                                     [&](const Series& one) { return one.group == group; });
        return at == computed.series.end() ? nullptr : &*at;
    }

    Result<void> add_rows() {
        for (const auto& group : groups_) {
            if (auto timely = in_time(from_.ground); !timely)
                return timely;
            Parts now, past;
            for (const auto& part : parts_)
                now.push_back(find(part, group));
            for (const auto& part : past_.parts)
                past.push_back(find(part, group));
            made_.rows.push_back(row(group, now, past));
        }
        Parts now, past;
        for (const auto& rest : rests_)
            now.push_back(&rest);
        for (const auto& rest : past_.rest)
            past.push_back(&rest);
        if (!now.empty())
            made_.rest = row({}, now, past);
        if (question().by.empty() && question().split.empty())
            return {};
        now.clear();
        past.clear();
        for (const auto& part : parts_)
            now.push_back(&part.everyone);
        for (const auto& part : past_.parts)
            past.push_back(&part.everyone);
        made_.everyone = row({}, now, past);
        return {};
    }

    MetricRow row(const Group& group, const Parts& now, const Parts& past) const {
        MetricRow made{group, {}, {}, {}};
        const auto shown = [&](auto&& number_of) -> std::optional<Decimal> {
            std::vector<std::optional<Exact>> numbers;
            for (std::size_t part = 0; part < now.size(); ++part)
                numbers.push_back(number_of(part, question().parts[part].measure.kind));
            const auto value = question().formula.value(numbers);
            return value ? rounded(*value) : std::nullopt;
        };
        for (std::size_t unit = 0; unit < made_.units.size(); ++unit)
            made.values.push_back(shown([&](std::size_t part, MeasureKind kind) {
                return (now[part] ? now[part]->points[unit] : Point{}).value(kind);
            }));
        made.total = shown([&](std::size_t part, MeasureKind kind) {
            return (now[part] ? now[part]->whole : Point{}).value(kind);
        });
        for (std::size_t unit = 0; !past.empty() && unit < made_.units.size(); ++unit) {
            const auto [first, last] = window(made_.units[unit].day);
            made.averages.push_back(shown([&](std::size_t part, MeasureKind kind) {
                if (past[part])
                    return mean(std::span(past[part]->points).subspan(first, last - first), kind);
                return mean(std::vector<Point>(last - first), kind);
            }));
        }
        return made;
    }

    // Which of the past's units the average at this unit looks at.
    std::pair<std::size_t, std::size_t> window(Day day) const {
        Day first = day;
        for (std::size_t i = 1; i < *question().average; ++i)
            first = unit_start(first - 1, question().per);
        const auto place = [&](Day until) {
            return static_cast<std::size_t>(
                std::partition_point(past_.units.begin(), past_.units.end(),
                                     [&](const Unit& unit) { return unit.day < until; }) -
                past_.units.begin());
        };
        return {place(first), place(day + 1)};
    }

    const MetricGround& from_;
    MetricTable made_;
    std::vector<Computed> parts_;
    std::vector<Group> groups_;
    std::vector<Series> rests_;  // of every part, where there is a rest
    Past past_;
};

}  // namespace

Result<MetricTable> metric_table(const MetricGround& from, const std::vector<MetricRow>* groups) {
    return TableMaker(from).make(groups);
}

}  // namespace qiao::insight::detail
