// Random attribution and interval questions over random facts.
#include <bit>
#include <cmath>
#include <map>

#include "index/plan.hpp"
#include "insight/attribution.hpp"
#include "insight/interval.hpp"
#include "insight/question_property.hpp"
#include "insight/random_questions.hpp"

namespace qiao::insight::property {
namespace {

using Events = std::vector<const oracle::Event*>;

// What each touch of a goal gets, said per touch.
double share_of(const AttributionQuestion& question, const Events& touches, std::size_t which,
                const std::function<std::string(const oracle::Event&)>& group) {
    const auto n = static_cast<double>(touches.size());
    const auto time = [&](std::size_t i) { return touches[i]->time_ms; };
    double firsts = 0, lasts = 0, weights = 0;
    const auto weight = [&](std::size_t i) {
        return std::exp2(-static_cast<double>(touches.back()->time_ms - time(i)) /
                         static_cast<double>(question.half_life.count()));
    };
    for (std::size_t i = 0; i < touches.size(); ++i) {
        firsts += time(i) == time(0);
        lasts += time(i) == touches.back()->time_ms;
        weights += weight(i);
    }
    const bool is_first = time(which) == time(0);
    const bool is_last = time(which) == touches.back()->time_ms;
    const double rest = n - firsts - lasts;
    switch (question.model) {
        case Model::first:
            return is_first ? 1 / firsts : 0;
        case Model::last:
            return is_last ? 1 / lasts : 0;
        case Model::linear:
            return 1 / n;
        case Model::position:
            if (is_first && is_last)
                return 1 / n;
            if (is_first)
                return (rest > 0 ? 0.4 : 0.5) / firsts;
            return is_last ? (rest > 0 ? 0.4 : 0.5) / lasts : 0.2 / rest;
        case Model::decay:
            return weight(which) / weights;
        case Model::shapley:
            break;
    }
    // The definition: over all sets of the other groups, weighted by the orders in which they may
    // come first, what this group adds to the set's worth. A set is worth the goal if it needs no
    // group outside of it.
    std::set<std::string> groups;
    double mine = 0;
    for (const auto* touch : touches) {
        groups.insert(group(*touch));
        mine += group(*touch) == group(*touches[which]);
    }
    const auto own = static_cast<std::size_t>(
        std::distance(groups.begin(), groups.find(group(*touches[which]))));
    const auto worth = [&](std::size_t set) { return set + 1 == std::size_t{1} << groups.size(); };
    double adds = 0;
    for (std::size_t set = 0; set < std::size_t{1} << groups.size(); ++set) {
        if (set >> own & 1u)
            continue;
        const auto size = static_cast<double>(std::popcount(set));
        const auto orders = std::tgamma(size + 1) *
                            std::tgamma(static_cast<double>(groups.size()) - size) /
                            std::tgamma(static_cast<double>(groups.size()) + 1);
        adds += orders * (worth(set | std::size_t{1} << own) - worth(set));
    }
    return adds / mine;
}

class AttributionProperty : public QuestionProperty {
protected:
    struct Sum {
        double conversions = 0, value = 0;
        std::uint64_t touches = 0;
        std::set<ProfileId> people;
    };
    static bool is_touch(const AttributionQuestion& question, const oracle::Event& event) {
        return std::any_of(question.touches.begin(), question.touches.end(),
                           [&](const auto& match) { return oracle::matches(match, event); });
    }
    static std::string group_of(const AttributionQuestion& question, const oracle::Event& event) {
        return question.by.kind == By::Kind::event ? shown(Value(event.name))
                                                   : shown(property_of(event, question.by.name));
    }
    struct Reached {
        std::set<ProfileId> goal, unattributed;
    };
    void follow(const AttributionQuestion& question, const oracle::Person& person,
                const rule::Interval& interval, std::map<std::string, Sum>& sums,
                Attribution& total, Reached& reached) const {
        const auto group = [&](const oracle::Event& event) { return group_of(question, event); };
        for (const auto* goal : events_of(person, interval)) {
            if (!oracle::matches(question.goal, *goal))
                continue;
            ++total.conversions;
            const auto value = property_of(*goal, question.value);
            const auto* number = std::get_if<Decimal>(&value);
            Events touches;
            for (const auto& event : person.events)
                if (&event != goal && is_touch(question, event) && event.time_ms <= goal->time_ms &&
                    event.time_ms >= goal->time_ms - question.window.count())
                    touches.push_back(&event);
            std::stable_sort(touches.begin(), touches.end(),
                             [](const auto* a, const auto* b) { return a->time_ms < b->time_ms; });
            total.unattributed += touches.empty();
            reached.goal.insert(person.id);
            if (touches.empty())
                reached.unattributed.insert(person.id);
            total.value = total.value.value_or(0) + (number ? number->to_double() : 0);
            for (std::size_t i = 0; i < touches.size(); ++i) {
                auto& sum = sums[group(*touches[i])];
                const auto share = share_of(question, touches, i, group);
                sum.conversions += share;
                sum.value += number ? number->to_double() * share : 0;
                ++sum.touches;
                sum.people.insert(person.id);
            }
        }
    }
    std::string difference(const std::string& text, const oracle::World& world) {
        const auto parsed = parse_attribution(boost::json::parse(text));
        if (!parsed)
            return parsed.error().detail + parsed.error().pointer;
        const auto question = resolve(*parsed, names_, "");
        if (!question)
            return question.error().detail + question.error().pointer;
        const auto interval = interval_of(question->frame, world);
        const auto people = people_of(question->frame, world);
        const auto found = compute(*question, *snapshot(), people, interval, how_);
        if (!found)
            return found.error().detail;
        std::map<std::string, Sum> sums;
        Attribution total;
        Reached reached;
        for (const auto* person : audience_of(question->frame, world))
            follow(*question, *person, interval, sums, total, reached);
        const auto behind = [&](const AttributionPeople& which) {
            return ids(*people_behind(*question, which, *snapshot(), people, interval, how_));
        };
        if (behind({}) != reached.goal || behind({{}, true}) != reached.unattributed)
            return "who reached the goal differs";
        if (found->conversions != total.conversions || found->unattributed != total.unattributed)
            return "the goals differ";
        const auto is_near = [](double a, double b) {
            return std::abs(a - b) <= 1e-5 * std::max(1.0, std::abs(b));
        };
        if (found->value.has_value() != !question->value.empty() ||
            (found->value && !is_near(*found->value, total.value.value_or(0))))
            return "the value differs";
        if (found->rows.size() != sums.size())
            return "the number of rows differs";
        for (const auto& row : found->rows) {
            const auto& sum = sums[shown(row.group[0])];
            if (!is_near(row.conversions, sum.conversions) ||
                (row.value && !is_near(*row.value, sum.value)))
                return "the row " + shown(row.group) + " differs";
            if (row.touches != sum.touches || row.people != sum.people.size())
                return "the touches of " + shown(row.group) + " differ";
            if (behind({row.group, false}) != sum.people)
                return "the people of " + shown(row.group) + " differ";
        }
        return behind({Group{Value(std::string("nobody's"))}, false}).empty()
                   ? ""
                   : "there are people of a group that is not there";
    }
    std::string interval_difference(const std::string& text, const oracle::World& world) {
        const auto parsed = parse_interval(boost::json::parse(text));
        if (!parsed)
            return parsed.error().detail + parsed.error().pointer;
        const auto question = resolve(*parsed, names_);
        if (!question)
            return question.error().detail + question.error().pointer;
        const auto interval = interval_of(question->frame, world);
        const auto found =
            compute(*question, *snapshot(), people_of(question->frame, world), interval, how_);
        if (!found)
            return found.error().detail;
        Spent spent;
        for (const auto* person : audience_of(question->frame, world)) {
            auto own = spent_by(*question, *person, interval);
            if (!own.empty())
                spent[person->id] = std::move(own);
        }
        std::vector<std::int64_t> all;
        for (const auto& [id, own] : spent)
            all.insert(all.end(), own.begin(), own.end());
        if (found->pairs != all.size() || found->people != spent.size())
            return "the pairs differ";
        if (found->median_ms != quantile(all, 0.5) || found->p90_ms != quantile(all, 0.9))
            return "a rank differs";
        return bucket_difference(*question, *found, spent, world);
    }
    // The lengths of the pairs of each person who has any.
    using Spent = std::map<ProfileId, std::vector<std::int64_t>>;
    static std::vector<std::int64_t> spent_by(const IntervalQuestion& question,
                                              const oracle::Person& person,
                                              const rule::Interval& interval) {
        std::vector<std::int64_t> made;
        const auto events = events_of(person, interval);
        for (const auto* first : events) {
            if (!oracle::matches(question.first, *first))
                continue;
            std::optional<std::int64_t> next;
            for (const auto* then : events) {
                const auto apart = then->time_ms - first->time_ms;
                if (!oracle::matches(question.then, *then) || apart < 0 ||
                    (apart == 0 && oracle::matches(question.first, *then)))
                    continue;
                next = std::min(next.value_or(apart), apart);
            }
            if (next && *next <= question.window.count())
                made.push_back(*next);
        }
        return made;
    }
    std::string bucket_difference(const IntervalQuestion& question, const Intervals& found,
                                  const Spent& spent, const oracle::World& world) {
        const auto audience = people_of(question.frame, world);
        const auto behind = [&](std::optional<std::size_t> bucket) {
            return people_behind(question, bucket, *snapshot(), audience, found.interval, how_);
        };
        std::int64_t above = -1;
        for (std::size_t i = 0; i < found.buckets.size(); ++i) {
            const auto& bucket = found.buckets[i];
            std::uint64_t pairs = 0;
            std::set<ProfileId> people;
            for (const auto& [id, own] : spent)
                for (const auto ms : own)
                    if (ms > above && ms <= bucket.until_ms) {
                        ++pairs;
                        people.insert(id);
                    }
            if (bucket.count != pairs)
                return "a bucket differs";
            if (ids(*behind(i)) != people)
                return "the people of a bucket differ";
            above = bucket.until_ms;
        }
        if (behind(found.buckets.size()))
            return "there is a bucket after the last";
        std::set<ProfileId> people;
        for (const auto& [id, own] : spent)
            people.insert(id);
        if (ids(*behind(std::nullopt)) != people)
            return "the people with a pair differ";
        return rule_difference(question, found.interval, people, world);
    }
    // The rule says the same as the number.
    std::string rule_difference(const IntervalQuestion& question, const rule::Interval& interval,
                                const std::set<ProfileId>& people, const oracle::World& world) {
        const auto json =
            interval_rule(boost::json::parse(question.frame.text), question, interval);
        if (json.is_null())
            return {};
        const auto parsed = rule::parse(json);
        if (!parsed)
            return "the rule is wrong: " + parsed.error().detail;
        const auto rule = *rule::resolve(*parsed, names_);
        std::set<ProfileId> chosen;
        for (const auto& person : world.people)
            if (oracle::holds(rule, person, world))
                chosen.insert(person.id);
        return chosen == people ? "" : "the rule chooses others";
    }
};

TEST_F(AttributionProperty, EngineAndOracleAgree) {
    run(40, 20, random_attribution, [&](const std::string& text, const oracle::World& world) {
        return difference(text, world);
    });
}

TEST_F(AttributionProperty, IntervalsAgree) {
    run(80, 20, random_interval, [&](const std::string& text, const oracle::World& world) {
        return interval_difference(text, world);
    });
}

}  // namespace
}  // namespace qiao::insight::property
