// Random metrics over random facts.
#include <map>

#include "index/plan.hpp"
#include "insight/metric_engine.hpp"
#include "insight/question_property.hpp"
#include "insight/random_questions.hpp"

namespace qiao::insight::property {
namespace {

class MetricProperty : public QuestionProperty {
protected:
    using Events = std::vector<const oracle::Event*>;

    static bool did(const Doing& doing, const oracle::Event& event) {
        return doing.subject == insight::Subject::event ? oracle::matches(doing.match, event)
                                                        : is_behaviour(event.name);
    }
    // The rows of a person that count. A new customer's group is ambiguous where several events
    // are the first at once; such people are no case of this test.
    std::optional<Events> rows_of(const Doing& doing, const oracle::Person& person,
                                  const rule::Interval& interval) const {
        Events rows;
        if (doing.subject != insight::Subject::new_customer) {
            for (const auto* event : events_of(person, interval))
                if (did(doing, *event))
                    rows.push_back(event);
            return rows;
        }
        for (const auto& event : person.events) {
            if (!did(doing, event))
                continue;
            if (!rows.empty() && event.time_ms < rows.front()->time_ms)
                rows.clear();
            if (rows.empty() || event.time_ms == rows.front()->time_ms)
                rows.push_back(&event);
        }
        if (rows.empty() || !is_inside(interval, *rows.front()))
            return Events{};
        if (rows.size() > 1)
            return std::nullopt;
        return rows;
    }
    static Group group_of(const std::vector<By>& by, const oracle::Person& person,
                          const oracle::Event& event) {
        Group group;
        for (const auto& one : by)
            group.push_back(one.kind == By::Kind::event ? Value(event.name)
                            : one.kind == By::Kind::tag ? oracle::tag_of(person, one.name)
                                                        : property_of(event, one.name));
        return group;
    }
    struct Told {
        std::vector<std::int64_t> values;
        std::set<ProfileId> people;
        std::uint64_t rows = 0;
    };
    static bool is_same(const Point& point, const Told& told) {
        __int128 sum = 0;
        for (const auto value : told.values)
            sum += value;
        const bool has_values = !told.values.empty();
        return point.rows == told.rows && point.people == told.people.size() &&
               point.values == told.values.size() && point.sum == sum &&
               (!has_values ||
                (point.low == *std::min_element(told.values.begin(), told.values.end()) &&
                 point.high == *std::max_element(told.values.begin(), told.values.end())));
    }
    std::string difference(const std::string& text, const oracle::World& world) {
        const auto question = parse_metric(boost::json::parse(text));
        if (!question)
            return question.error().detail + question.error().pointer;
        ResolvedMetric metric{*resolve(question->doing, names_), question->measure, question->by,
                              {}};
        for (const auto& by : question->by)
            metric.by_types.push_back(*type_of(by, question->doing, "", names_));
        const auto interval = interval_of(question->frame, world);
        const auto units = units_of(interval, question->per, calendar_);
        if (units.size() > most_units)
            return {};
        const auto people = people_of(question->frame, world);
        const auto found = compute(metric, snapshot(), people, units, how_);
        if (!found && found.error().reason == "insight.too_many_groups")
            return {};
        if (!found)
            return found.error().detail;
        std::map<std::string, std::map<Day, Told>> wanted;
        std::map<std::string, std::set<ProfileId>> members;
        for (const auto* person : audience_of(question->frame, world)) {
            const auto rows = rows_of(metric.doing, *person, interval);
            if (!rows)
                return {};
            for (const auto* event : *rows) {
                const auto group = shown(group_of(metric.by, *person, *event));
                const auto unit =
                    std::find_if(units.begin(), units.end(), [&](const Unit& one) {
                        return event->time_ms >= one.from_ms && event->time_ms < one.until_ms;
                    });
                auto& told = wanted[group][unit->day];
                ++told.rows;
                told.people.insert(person->id);
                members[group].insert(person->id);
                const auto value = property_of(*event, metric.measure.property);
                if (const auto* number = std::get_if<Decimal>(&value))
                    told.values.push_back(number->scaled());
            }
        }
        return compare(metric, *found, people, units, wanted, members);
    }
    std::string compare(const ResolvedMetric& metric, const Computed& found,
                        const index::People& people, const std::vector<Unit>& units,
                        std::map<std::string, std::map<Day, Told>>& wanted,
                        std::map<std::string, std::set<ProfileId>>& members) {
        const bool is_empty = metric.by.empty() && wanted.empty();
        if (found.series.size() + found.left_out != wanted.size() + is_empty)
            return "the number of groups differs";
        for (const auto& series : found.series) {
            const auto name = shown(series.group);
            if (series.points.size() != units.size())
                return "the units differ";
            for (std::size_t unit = 0; unit < units.size(); ++unit)
                if (!is_same(series.points[unit], wanted[name][units[unit].day]))
                    return "the group " + name + " differs on " + format_day(units[unit].day);
            const auto behind =
                people_behind(metric, snapshot(), people, units, series.group, how_);
            if (!behind || ids(*behind) != members[name])
                return "the people of " + name + " differ";
        }
        return {};
    }
};

TEST_F(MetricProperty, EngineAndOracleAgree) {
    run(60, 20, random_metric, [&](const std::string& text, const oracle::World& world) {
        return difference(text, world);
    });
}

}  // namespace
}  // namespace qiao::insight::property
