// The rule tree said as plainly as possible, for tests: one person at a time, every event looked
// at, nothing shared with the engines but the tree, its periods and its comparison of single
// values.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/rule.hpp"

namespace qiao::index::oracle {

struct Event {
    std::string name;
    std::int64_t time_ms = 0;
    Properties properties;
};

struct Person {
    ProfileId id = ProfileId::none;
    std::vector<Event> events;          // in any order
    std::map<std::string, Value> tags;  // scores are tags "score:<name>", the unit is the tag "org"
    std::set<std::string> identities;   // kinds
    std::set<std::string> consents;     // granted ones
};

struct World {
    std::vector<Person> people;
    Time as_of{};
    const Calendar* calendar = nullptr;
};

inline Value tag_of(const Person& person, const std::string& name) {
    const auto found = person.tags.find(name);
    return found == person.tags.end() ? Value{} : found->second;
}

inline bool matches(const rule::EventMatch& match, const Event& event) {
    if (event.name != match.event)
        return false;
    for (const auto& condition : match.where) {
        const Value* value = find(event.properties, condition.property);
        if (!rule::holds(condition.test, value ? *value : Value{}))
            return false;
    }
    return true;
}

inline bool inside(const rule::Period& period, const Event& event, const World& world) {
    const auto interval = rule::interval_of(period, world.as_of, *world.calendar);
    return event.time_ms >= interval.from_ms && event.time_ms < interval.until_ms;
}

// Compares the fraction above / below with the constants of a test.
inline bool compares(const rule::Test& test, __int128 above, __int128 below) {
    std::vector<int> signs;
    for (const auto& constant : test.values) {
        const __int128 other = static_cast<__int128>(std::get<Decimal>(constant).scaled()) * below;
        signs.push_back(above < other ? -1 : above > other ? 1 : 0);
    }
    const bool equal = std::count(signs.begin(), signs.end(), 0) > 0;
    switch (test.op) {
        case rule::Op::eq:
        case rule::Op::in:
            return equal;
        case rule::Op::ne:
        case rule::Op::not_in:
            return !equal;
        case rule::Op::lt:
            return signs[0] < 0;
        case rule::Op::lte:
            return signs[0] <= 0;
        case rule::Op::gt:
            return signs[0] > 0;
        case rule::Op::gte:
            return signs[0] >= 0;
        case rule::Op::between:
            return signs[0] >= 0 && signs[1] <= 0;
        default:
            return false;
    }
}

inline bool event_holds(const rule::EventTest& test, const Person& person, const World& world) {
    using Kind = rule::MeasureKind;
    constexpr __int128 unit = Decimal::scale;
    std::vector<const Event*> found;
    std::set<Day> days;
    std::vector<Value> values;
    for (const auto& event : person.events) {
        if (!matches(test.match, event) || !inside(test.period, event, world))
            continue;
        found.push_back(&event);
        days.insert(world.calendar->day_of(time_from_ms(event.time_ms)));
        const Value* value = find(event.properties, test.measure.property);
        if (value && type_of(*value) != ValueType::null)
            values.push_back(*value);
    }
    const auto by_time = [](const Event* a, const Event* b) { return a->time_ms < b->time_ms; };
    const auto age = [&](const Event* event) {
        return unit * (to_ms(world.as_of) - event->time_ms);
    };
    const auto number = [](const Value& value) { return std::get<Decimal>(value).scaled(); };
    __int128 sum = 0;
    std::vector<std::int64_t> numbers;
    if (test.measure.kind != Kind::distinct) {
        for (const auto& value : values) {
            numbers.push_back(number(value));
            sum += numbers.back();
        }
    }
    const auto total = static_cast<std::int64_t>(found.size());
    if (test.measure.kind == Kind::count)
        return compares(test.test, unit * total, 1);
    if (test.measure.kind == Kind::sum)
        return compares(test.test, sum, 1);
    if (found.empty())
        return false;
    switch (test.measure.kind) {
        case Kind::days:
            return compares(test.test, unit * static_cast<std::int64_t>(days.size()), 1);
        case Kind::first:
            return compares(test.test, age(*std::min_element(found.begin(), found.end(), by_time)),
                            1);
        case Kind::last:
            return compares(test.test, age(*std::max_element(found.begin(), found.end(), by_time)),
                            1);
        case Kind::distinct: {
            std::vector<Value> unlike;
            for (const auto& value : values)
                if (std::find(unlike.begin(), unlike.end(), value) == unlike.end())
                    unlike.push_back(value);
            return compares(test.test, unit * static_cast<std::int64_t>(unlike.size()), 1);
        }
        default:
            break;
    }
    if (numbers.empty())
        return false;
    if (test.measure.kind == Kind::avg)
        return compares(test.test, sum, static_cast<std::int64_t>(numbers.size()));
    return compares(test.test,
                    test.measure.kind == Kind::min
                        ? *std::min_element(numbers.begin(), numbers.end())
                        : *std::max_element(numbers.begin(), numbers.end()),
                    1);
}

// Tries every way to go on from a chain of `length` steps whose last event is at `last_ms`.
inline std::size_t longest_from(const rule::SequenceTest& test,
                                const std::vector<const Event*>& events, std::vector<bool>& used,
                                std::size_t length, std::int64_t first_ms, std::int64_t last_ms) {
    std::size_t best = length;
    if (length == test.steps.size())
        return best;
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (used[i] || events[i]->time_ms < last_ms || !matches(test.steps[length], *events[i]))
            continue;
        const std::int64_t start = length == 0 ? events[i]->time_ms : first_ms;
        if (test.window && events[i]->time_ms - start > test.window->count())
            continue;
        used[i] = true;
        best =
            std::max(best, longest_from(test, events, used, length + 1, start, events[i]->time_ms));
        used[i] = false;
    }
    return best;
}

inline std::size_t longest_chain(const rule::SequenceTest& test, const Person& person,
                                 const World& world) {
    std::vector<const Event*> events;
    for (const auto& event : person.events)
        if (inside(test.period, event, world))
            events.push_back(&event);
    std::vector<bool> used(events.size());
    return longest_from(test, events, used, 0, 0, INT64_MIN);
}

inline bool in_top(const std::string& tag, Decimal share, const Person& person,
                   const World& world) {
    std::vector<std::pair<std::int64_t, ProfileId>> scored;
    for (const auto& other : world.people)
        if (const Value score = tag_of(other, tag); type_of(score) == ValueType::number)
            scored.emplace_back(-std::get<Decimal>(score).scaled(), other.id);
    std::sort(scored.begin(), scored.end());
    const __int128 exact = static_cast<__int128>(scored.size()) * share.scaled();
    const auto taken =
        static_cast<std::size_t>(exact / Decimal::scale + (exact % Decimal::scale ? 1 : 0));
    for (std::size_t i = 0; i < taken; ++i)
        if (scored[i].second == person.id)
            return true;
    return false;
}

inline bool holds(const rule::Node& node, const Person& person, const World& world) {
    const auto inner = [&](const rule::Node& child) { return holds(child, person, world); };
    const auto& what = node.what;
    if (const auto* all = std::get_if<rule::All>(&what))
        return std::all_of(all->nodes.begin(), all->nodes.end(), inner);
    if (const auto* any = std::get_if<rule::Any>(&what))
        return std::any_of(any->nodes.begin(), any->nodes.end(), inner);
    if (const auto* negation = std::get_if<rule::Not>(&what))
        return !inner(*negation->node);
    if (const auto* tag = std::get_if<rule::TagTest>(&what))
        return rule::holds(tag->test, tag_of(person, tag->tag));
    if (const auto* event = std::get_if<rule::EventTest>(&what))
        return event_holds(*event, person, world);
    if (const auto* sequence = std::get_if<rule::SequenceTest>(&what)) {
        const auto reached = static_cast<std::int64_t>(longest_chain(*sequence, person, world));
        return compares(sequence->test, static_cast<__int128>(reached) * Decimal::scale, 1);
    }
    if (const auto* identity = std::get_if<rule::IdentityTest>(&what))
        return person.identities.contains(identity->kind) == identity->exists;
    if (const auto* score = std::get_if<rule::ScoreTest>(&what)) {
        const std::string tag = "score:" + score->score;
        if (score->test.op == rule::Op::top)
            return in_top(tag, std::get<Decimal>(score->test.values[0]), person, world);
        return rule::holds(score->test, tag_of(person, tag));
    }
    if (const auto* audience = std::get_if<rule::AudienceTest>(&what))
        return inner(*audience->rule);
    if (const auto* org = std::get_if<rule::OrgTest>(&what)) {
        const Value unit = tag_of(person, "org");
        const auto* code = std::get_if<std::string>(&unit);
        return code && std::count(org->codes.begin(), org->codes.end(), *code) > 0;
    }
    return person.consents.contains(std::get<rule::ConsentTest>(what).name);
}

}  // namespace qiao::index::oracle
