// Random funnels over random facts: every chain of every person is tried.
#include <map>

#include "index/plan.hpp"
#include "insight/funnel.hpp"
#include "insight/question_property.hpp"
#include "insight/random_questions.hpp"

namespace qiao::insight::property {
namespace {

// What one person did: the longest chain, the latest start of one that long, and the earliest
// moment of each step from that start.
struct Chains {
    std::size_t steps = 0;
    std::int64_t start_ms = 0;
    std::map<std::pair<std::size_t, std::int64_t>, std::int64_t> earliest;  // (length, start)
};

// Every chain is tried, but no two that cannot differ: of the events of a moment that can be the
// same steps only the first unused one goes on a chain, and of the equally long chains of one
// start, value and moment, with the same events of that moment in use, only the first goes on.
class Search {
public:
    Search(const FunnelQuestion& question, std::vector<const oracle::Event*> events)
        : question_(question), events_(std::move(events)), used_(events_.size()) {
        for (const auto* event : events_) {
            std::string kind;
            for (const auto& step : question_.steps)
                kind += oracle::matches(step, *event) ? '1' : '0';
            if (!question_.hold.empty())
                kind += shown(property_of(*event, question_.hold));
            kinds_.push_back(kind.find('1') == kind.npos ? std::string() : kind);
        }
    }
    Chains run() {
        grow(0, 0, INT64_MIN, Value{});
        return found_;
    }

private:
    // A chain of `length` steps, the last at `last_ms`, that began at `start_ms` and holds `hold`.
    void grow(std::size_t length, std::int64_t start_ms, std::int64_t last_ms, const Value& hold) {
        if (length > 0)
            note(length, start_ms, last_ms);
        if (length == question_.steps.size() || was_here(length, start_ms, last_ms, hold))
            return;
        for (std::size_t i = 0; i < events_.size(); ++i) {
            const auto& event = *events_[i];
            if (used_[i] || event.time_ms < last_ms ||
                !oracle::matches(question_.steps[length], event) || has_unused_like(i))
                continue;
            const auto start = length == 0 ? event.time_ms : start_ms;
            if (event.time_ms - start > question_.window.count())
                continue;
            Value held;
            if (!question_.hold.empty()) {
                held = property_of(event, question_.hold);
                if (type_of(held) == ValueType::null || (length > 0 && held != hold))
                    continue;
            }
            if (length > 0 && is_broken(length, last_ms, event.time_ms, held))
                continue;
            used_[i] = true;
            grow(length + 1, start, event.time_ms, held);
            used_[i] = false;
        }
    }
    // Whether an unused event of this moment before it is of the same kind.
    bool has_unused_like(std::size_t i) const {
        for (std::size_t other = i; other-- > 0 && events_[other]->time_ms == events_[i]->time_ms;)
            if (!used_[other] && kinds_[other] == kinds_[i])
                return true;
        return false;
    }
    // Of the events that are used, only those of the last moment can still matter.
    bool was_here(std::size_t length, std::int64_t start_ms, std::int64_t last_ms,
                  const Value& hold) {
        std::string used;
        for (std::size_t i = 0; i < events_.size(); ++i)
            if (events_[i]->time_ms == last_ms)
                used += used_[i] ? '1' : '0';
        return !seen_.emplace(length, start_ms, last_ms, shown(hold), used).second;
    }
    bool is_broken(std::size_t length, std::int64_t after, std::int64_t before,
                   const Value& hold) const {
        for (const auto& exclude : question_.exclude) {
            if (exclude.after != length)
                continue;
            for (const auto* event : events_) {
                if (event->time_ms <= after || event->time_ms >= before ||
                    !oracle::matches(exclude.match, *event))
                    continue;
                const auto other =
                    question_.hold.empty() ? Value{} : property_of(*event, question_.hold);
                if (question_.hold.empty() || type_of(other) == ValueType::null || other == hold)
                    return true;
            }
        }
        return false;
    }
    void note(std::size_t length, std::int64_t start_ms, std::int64_t now) {
        if (length > found_.steps || (length == found_.steps && start_ms > found_.start_ms)) {
            found_.steps = length;
            found_.start_ms = start_ms;
        }
        const auto at = found_.earliest.try_emplace({length, start_ms}, now).first;
        at->second = std::min(at->second, now);
    }

    const FunnelQuestion& question_;
    std::vector<const oracle::Event*> events_;
    std::vector<bool> used_;
    std::vector<std::string> kinds_;  // the steps that an event can be, and the value it holds
    std::set<std::tuple<std::size_t, std::int64_t, std::int64_t, std::string, std::string>> seen_;
    Chains found_;
};

class FunnelProperty : public QuestionProperty {
protected:
    Value group_of(const FunnelQuestion& question, const oracle::Person& person,
                   const std::vector<const oracle::Event*>& events, std::int64_t start_ms) const {
        const auto& by = question.by[0];
        if (by.kind == By::Kind::tag)
            return oracle::tag_of(person, by.name);
        Value least;
        for (const auto* event : events)
            if (event->time_ms == start_ms && oracle::matches(question.steps[0], *event))
                if (const auto value = property_of(*event, by.name); is_less(value, least))
                    least = value;
        return least;
    }
    // Those that a person's chain counts in.
    std::vector<Value> groups_of(const FunnelQuestion& question, const oracle::Person& person,
                                 const std::vector<const oracle::Event*>& events,
                                 std::int64_t start_ms, const oracle::World& world) const {
        if (!question.by.empty())
            return {group_of(question, person, events, start_ms)};
        std::vector<Value> made;
        const auto& split = question.split;
        for (std::size_t i = 0; i < split.audiences.size(); ++i)
            if (oracle::holds(*split.rules[i], person, world))
                made.emplace_back(split.audiences[i]);
        if (!split.empty() && made.empty())
            made.emplace_back();
        return made;
    }
    std::string difference(const std::string& text, const oracle::World& world) {
        const auto parsed = parse_funnel(boost::json::parse(text));
        if (!parsed)
            return parsed.error().detail + parsed.error().pointer;
        const auto question = resolve(*parsed, names_, "");
        if (!question)
            return question.error().detail + question.error().pointer;
        const auto interval = interval_of(question->frame, world);
        const auto units =
            question->per ? units_of(interval, *question->per, calendar_) : std::vector<Unit>{};
        const auto people = people_of(question->frame, world);
        split_ = *people_by_group(question->split, snapshot(), world.as_of, calendar_, how_);
        const auto found = compute(*question, *snapshot(), people, interval, units, how_, split_);
        if (!found)
            return found.error().detail;
        return compare(*question, *found, people, units, world);
    }

    std::string compare(const FunnelQuestion& question, const Funnel& found,
                        const index::People& people, const std::vector<Unit>& units,
                        const oracle::World& world) {
        const auto interval = interval_of(question.frame, world);
        const auto length = question.steps.size();
        Funnel::Counts counts(length);
        std::vector<std::vector<std::int64_t>> spent(length);
        std::vector<std::set<ProfileId>> reached(length), dropped(length);
        std::map<std::string, Funnel::Counts> groups;
        std::map<Day, Funnel::Counts> series;
        for (std::size_t i = 0; i < question.split.groups(); ++i) {
            groups[shown(question.split.group(i))].resize(length);
            if (i >= found.groups.size() || found.groups[i].group != question.split.group(i))
                return "the groups of the split differ";
        }
        const auto audience = audience_of(question.frame, world);
        for (const auto* person : audience) {
            const auto events = events_of(*person, interval);
            const auto chains = Search(question, events).run();
            for (std::size_t step = 0; step < chains.steps; ++step) {
                ++counts[step];
                reached[step].insert(person->id);
                spent[step].push_back(chains.earliest.at({step + 1, chains.start_ms}) -
                                      chains.start_ms);
                for (const auto& value :
                     groups_of(question, *person, events, chains.start_ms, world)) {
                    auto& group = groups[shown(Group{value})];
                    group.resize(length);
                    ++group[step];
                }
                for (const auto& unit : units)
                    if (chains.start_ms >= unit.from_ms && chains.start_ms < unit.until_ms) {
                        series[unit.day].resize(length);
                        ++series[unit.day][step];
                    }
            }
            if (chains.steps > 0)
                dropped[chains.steps - 1].insert(person->id);
        }
        if (found.total != audience.size() || found.steps != counts)
            return "counts differ";
        for (std::size_t step = 1; step < length; ++step)
            if (found.median_ms[step] != quantile(spent[step], 0.5))
                return "the median of step " + std::to_string(step) + " differs";
        std::uint64_t in_times = 0;
        for (std::size_t i = 0; i < found.times.size(); ++i) {
            const auto above = i == 0 ? -1 : found.times[i - 1].until_ms;
            const auto wanted =
                std::count_if(spent.back().begin(), spent.back().end(),
                              [&](auto ms) { return ms > above && ms <= found.times[i].until_ms; });
            if (found.times[i].count != static_cast<std::uint64_t>(wanted))
                return "the times differ";
            in_times += found.times[i].count;
        }
        if (in_times != counts.back())
            return "the times leave people out";
        if (found.groups.size() + found.left_out != groups.size())
            return "the number of groups differs";
        for (const auto& part : found.groups)
            if (groups[shown(part.group)] != part.steps)
                return "the group " + shown(part.group) + " differs";
        if (found.series.size() != units.size())
            return "the units differ";
        for (auto& unit : found.series) {
            series[unit.at].resize(length);
            if (series[unit.at] != unit.steps)
                return "the unit " + format_day(unit.at) + " differs";
        }
        return people_difference(question, found, people, units, world, reached, dropped);
    }
    std::string people_difference(const FunnelQuestion& question, const Funnel& found,
                                  const index::People& people, const std::vector<Unit>& units,
                                  const oracle::World& world,
                                  const std::vector<std::set<ProfileId>>& reached,
                                  const std::vector<std::set<ProfileId>>& dropped) {
        const auto interval = interval_of(question.frame, world);
        const auto behind = [&](const FunnelPeople& which) {
            return *people_behind(question, which, *snapshot(), people, interval, units, how_,
                                  split_);
        };
        for (unsigned step = 1; step <= question.steps.size(); ++step) {
            if (ids(behind({step, false, {}, {}})) != reached[step - 1])
                return "who reached a step differs";
            if (ids(behind({step, true, {}, {}})) != dropped[step - 1])
                return "who dropped differs";
        }
        for (const auto& part : found.groups)
            if (behind({1, false, part.group, {}}).count() != part.steps[0])
                return "the people of a group differ";
        for (const auto& unit : found.series)
            if (behind({2, false, {}, unit.at}).count() != unit.steps[1])
                return "the people of a unit differ";
        return rule_difference(question, interval, world, dropped);
    }
    // The rules say the same as the numbers.
    std::string rule_difference(const FunnelQuestion& question, const rule::Interval& interval,
                                const oracle::World& world,
                                const std::vector<std::set<ProfileId>>& dropped) {
        const auto rules =
            funnel_rules(boost::json::parse(question.frame.text), question, interval);
        for (std::size_t i = 0; rules.is_array() && i < rules.get_array().size(); ++i) {
            const auto parsed = rule::parse(rules.get_array()[i]);
            if (!parsed)
                return "a rule is wrong: " + parsed.error().detail;
            const auto rule = *rule::resolve(*parsed, names_);
            const index::Plan plan(rule, snapshot(), world.as_of, calendar_);
            if (ids(*plan.evaluate({})) != dropped[i])
                return "a rule chooses others";
            // The rule tree's own oracle tries all long chains one by one.
            constexpr std::size_t most_tried = 4;
            for (const auto& person : world.people)
                if (question.steps.size() <= most_tried &&
                    oracle::holds(rule, person, world) != dropped[i].contains(person.id))
                    return "a rule means others";
        }
        return {};
    }

    SplitPeople split_;
};

TEST_F(FunnelProperty, EngineAndOracleAgree) {
    const auto make = [](Random& random) { return random_funnel(random, 10); };
    run(120, 20, make, [&](const std::string& text, const oracle::World& world) {
        return difference(text, world);
    });
}

}  // namespace
}  // namespace qiao::insight::property
