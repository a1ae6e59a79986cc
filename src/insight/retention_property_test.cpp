// Random retention and lifecycle questions over random facts.
#include <map>

#include "index/plan.hpp"
#include "insight/lifecycle.hpp"
#include "insight/question_property.hpp"
#include "insight/random_questions.hpp"
#include "insight/retention.hpp"

namespace qiao::insight::property {
namespace {

bool did(const Doing& doing, const oracle::Event& event) {
    return doing.subject == insight::Subject::event ? oracle::matches(doing.match, event)
                                                    : is_behaviour(event.name);
}

class RetentionProperty : public QuestionProperty {
protected:
    std::int64_t unit_number(std::int64_t time_ms, Per per) const {
        const Day day = unit_start(calendar_.day_of(time_from_ms(time_ms)), per);
        if (per == Per::day)
            return day;
        if (per == Per::week)
            return (day + 4) / 7 - (day + 4 < 0);
        const auto text = format_day(day);
        return std::stoi(text.substr(0, 4)) * 12 + std::stoi(text.substr(5, 2));
    }
    struct Person {
        const oracle::Person* who;
        Day cohort = 0;
        std::int64_t cohort_number = 0;
        std::vector<Value> groups;
        std::set<std::int64_t> returned;  // units after the first
    };
    std::optional<Person> follow(const RetentionQuestion& question, const oracle::Person& person,
                                 const rule::Interval& interval, const oracle::World& world) const {
        const oracle::Event* first = nullptr;
        for (const auto& event : person.events) {
            const bool is_ever =
                question.is_first_ever || question.first.subject == insight::Subject::new_customer;
            if (!did(question.first, event) || (!is_ever && !is_inside(interval, event)))
                continue;
            if (!first || event.time_ms < first->time_ms)
                first = &event;
        }
        if (!first || !is_inside(interval, *first))
            return std::nullopt;
        Person made{&person,
                    unit_start(calendar_.day_of(time_from_ms(first->time_ms)), question.unit),
                    unit_number(first->time_ms, question.unit),
                    {},
                    {}};
        for (const auto& event : person.events)
            if (did(question.then, event) && event.time_ms >= first->time_ms &&
                event.time_ms <= to_ms(world.as_of))
                made.returned.insert(unit_number(event.time_ms, question.unit) -
                                     made.cohort_number);
        const auto& split = question.split;
        for (std::size_t i = 0; i < split.audiences.size(); ++i)
            if (oracle::holds(*split.rules[i], person, world))
                made.groups.emplace_back(split.audiences[i]);
        if (!split.empty() && made.groups.empty())
            made.groups.emplace_back();
        if (question.by.empty())
            return made;
        auto& group = made.groups.emplace_back();
        if (question.by[0].kind == By::Kind::tag)
            group = oracle::tag_of(person, question.by[0].name);
        else
            for (const auto& event : person.events)
                if (event.time_ms == first->time_ms && did(question.first, event))
                    if (const auto value = property_of(event, question.by[0].name);
                        is_less(value, group))
                        group = value;
        return made;
    }
    bool came_back(const RetentionQuestion& question, const Person& person, std::int64_t k) const {
        if (!question.is_unbounded)
            return person.returned.contains(k);
        return person.returned.lower_bound(k) != person.returned.end();
    }
    bool is_over(const RetentionQuestion& question, Day cohort, std::int64_t k,
                 const oracle::World& world) const {
        Day end = cohort;
        for (std::int64_t i = 0; i <= k; ++i)
            end = next_unit(end, question.unit);
        return to_ms(calendar_.start_of(end)) <= to_ms(world.as_of) + 1;
    }
    using Total = Retention::Total;
    std::string total_difference(const RetentionQuestion& question, const Total& total,
                                 const std::vector<Person>& people, const oracle::World& world) {
        std::uint64_t size = 0;
        Retention::Counts base(question.periods + 1), returned(question.periods + 1);
        for (const auto& person : people) {
            const auto is_of = [&](const Value& group) {
                return shown(group) == shown(total.group[0]);
            };
            if (!total.group.empty() &&
                std::none_of(person.groups.begin(), person.groups.end(), is_of))
                continue;
            ++size;
            for (std::size_t k = 0; k <= question.periods; ++k) {
                if (!is_over(question, person.cohort, static_cast<std::int64_t>(k), world))
                    continue;
                ++base[k];
                returned[k] += came_back(question, person, static_cast<std::int64_t>(k));
            }
        }
        if (total.size != size)
            return "a size differs";
        return total.base == base && total.returned == returned ? "" : "a total differs";
    }
    std::string difference(const std::string& text, const oracle::World& world) {
        const auto parsed = parse_retention(boost::json::parse(text));
        if (!parsed)
            return parsed.error().detail + parsed.error().pointer;
        const auto question = resolve(*parsed, names_, "");
        if (!question)
            return question.error().detail + question.error().pointer;
        const auto interval = interval_of(question->frame, world);
        const RetentionTime time{interval, world.as_of, &calendar_};
        const auto audience = people_of(question->frame, world);
        split_ = *people_by_group(question->split, snapshot(), world.as_of, calendar_, how_);
        const auto found = compute(*question, *snapshot(), audience, time, how_, split_);
        if (!found)
            return found.error().detail;
        std::vector<Person> people;
        for (const auto* person : audience_of(question->frame, world))
            if (auto one = follow(*question, *person, interval, world))
                people.push_back(std::move(*one));
        std::uint64_t members = 0;
        for (const auto& cohort : found->cohorts) {
            for (std::size_t k = 0; k <= question->periods; ++k) {
                const auto wanted =
                    std::count_if(people.begin(), people.end(), [&](const Person& person) {
                        return person.cohort == cohort.start &&
                               came_back(*question, person, static_cast<std::int64_t>(k));
                    });
                if (cohort.returned[k] != static_cast<std::uint64_t>(wanted))
                    return "unit " + std::to_string(k) + " of " + format_day(cohort.start) +
                           " differs";
                const bool over =
                    is_over(*question, cohort.start, static_cast<std::int64_t>(k), world);
                const bool told = !cohort.incomplete_from ||
                                  static_cast<std::int64_t>(k) < *cohort.incomplete_from;
                if (over != told)
                    return "what is over differs";
            }
            members += cohort.size;
        }
        if (members != people.size())
            return "the cohorts leave people out";
        if (auto why = total_difference(*question, found->total, people, world); !why.empty())
            return why;
        for (const auto& group : found->groups)
            if (auto why = total_difference(*question, group, people, world); !why.empty())
                return "group: " + why;
        if (auto why = groups_difference(*question, *found, people); !why.empty())
            return why;
        return people_difference(*question, *found, people, audience, time, world);
    }
    // None is missing.
    std::string groups_difference(const RetentionQuestion& question, const Retention& found,
                                  const std::vector<Person>& people) {
        std::set<std::string> wanted;
        for (const auto& person : people)
            for (const auto& group : person.groups)
                wanted.insert(shown(group));
        for (std::size_t i = 0; i < question.split.groups(); ++i) {
            wanted.insert(shown(question.split.group(i)[0]));
            if (i >= found.groups.size() || found.groups[i].group != question.split.group(i))
                return "the groups of the split differ";
        }
        return found.groups.size() + found.left_out == wanted.size() ? "" : "a group is missing";
    }
    std::string people_difference(const RetentionQuestion& question, const Retention& found,
                                  const std::vector<Person>& people, const index::People& audience,
                                  const RetentionTime& time, const oracle::World& world) {
        for (unsigned k : {0u, 1u}) {
            for (const bool lost : {false, true}) {
                std::set<ProfileId> wanted;
                for (const auto& person : people)
                    if (is_over(question, person.cohort, k, world) &&
                        came_back(question, person, k) != lost)
                        wanted.insert(person.who->id);
                if (ids(*people_behind(question, {{}, k, lost, {}}, *snapshot(), audience, time,
                                       how_, split_)) != wanted)
                    return "the people differ";
            }
            for (const auto& group : found.groups)
                if (people_behind(question, {{}, k, false, group.group}, *snapshot(), audience,
                                  time, how_, split_)
                        ->count() != group.returned[k])
                    return "the people of a group differ";
            for (const auto& cohort : found.cohorts)
                if (people_behind(question, {cohort.start, k, false, {}}, *snapshot(), audience,
                                  time, how_)
                        ->count() != cohort.returned[k])
                    return "the people of a cohort differ";
        }
        return {};
    }
    SplitPeople split_;

    std::string lifecycle_difference(const std::string& text, const oracle::World& world) {
        const auto parsed = parse_lifecycle(boost::json::parse(text));
        if (!parsed)
            return parsed.error().detail + parsed.error().pointer;
        const auto question = resolve(*parsed, names_);
        if (!question)
            return question.error().detail + question.error().pointer;
        const auto interval = interval_of(question->frame, world);
        const auto units = lifecycle_units(*question, interval, calendar_);
        if (!units)
            return units.error().detail;
        const auto audience = people_of(question->frame, world);
        const auto found = compute(*question, *snapshot(), audience, *units, how_);
        if (!found)
            return found.error().detail;
        for (const auto& point : found->points) {
            std::set<ProfileId> stages[stage_count];
            const auto unit = unit_number(to_ms(calendar_.start_of(point.at)), question->unit);
            for (const auto* person : audience_of(question->frame, world)) {
                bool now = false, before = false, ever = false;
                for (const auto& event : person->events) {
                    if (!did(question->doing, event) || event.time_ms >= interval.until_ms)
                        continue;
                    const auto at = unit_number(event.time_ms, question->unit);
                    now = now || at == unit;
                    before = before || at == unit - 1;
                    ever = ever || at < unit;
                }
                const bool is_stage[stage_count] = {now && !ever, now && before,
                                                    now && ever && !before, before && !now};
                for (std::size_t stage = 0; stage < stage_count; ++stage)
                    if (is_stage[stage])
                        stages[stage].insert(person->id);
            }
            for (std::size_t stage = 0; stage < stage_count; ++stage) {
                if (point.people[stage] != stages[stage].size())
                    return "a stage of " + format_day(point.at) + " differs";
                if (ids(*people_behind(*question, {point.at, static_cast<Stage>(stage)},
                                       *snapshot(), audience, *units, how_)) != stages[stage])
                    return "the people of a stage differ";
            }
        }
        return {};
    }
};

TEST_F(RetentionProperty, EngineAndOracleAgree) {
    run(60, 15, random_retention, [&](const std::string& text, const oracle::World& world) {
        return difference(text, world);
    });
}

TEST_F(RetentionProperty, LifecycleAgrees) {
    run(60, 15, random_lifecycle, [&](const std::string& text, const oracle::World& world) {
        return lifecycle_difference(text, world);
    });
}

}  // namespace
}  // namespace qiao::insight::property
