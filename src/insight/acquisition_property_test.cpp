// Random rules of steps and random origins over random facts, against looking at one person at a
// time: counts, costs, sums, and the people behind each count.
#include <map>

#include "insight/acquisition.hpp"
#include "insight/question_property.hpp"
#include "insight/random_products.hpp"

namespace qiao::insight::property {
namespace {

class AcquisitionProperty : public QuestionProperty {
protected:
    Ground ground_of(const Frame& frame, const oracle::World& world) {
        return {snapshot(), people_of(frame, world), interval_of(frame, world), world.as_of, how_,
                &calendar_};
    }
    // The first of all that the person did; null where it lies outside the period.
    const oracle::Event* first_of(const oracle::Person& person,
                                  const rule::Interval& interval) const {
        const oracle::Event* first = nullptr;
        for (const auto& event : person.events)
            if (is_behaviour(event.name) && (!first || event.time_ms < first->time_ms))
                first = &event;
        return first && is_inside(interval, *first) ? first : nullptr;
    }
    std::size_t steps_of(const oracle::Person& person, const StepRules& rules,
                         const oracle::World& world) const {
        std::size_t reached = 1;
        for (const auto& rule : rules) {
            if (!oracle::holds(rule, person, world))
                break;
            ++reached;
        }
        return reached;
    }

    std::string difference(const std::string& text, const oracle::World& world) {
        const auto json = boost::json::parse(text);
        const auto question = parse_acquisition(json.at("question"));
        if (!question)
            return question.error().detail + question.error().pointer;
        auto asked = *question;
        asked.by_type = *names_.tag(asked.by.name);
        AcquisitionRules texts;
        for (std::size_t i = 0; i < texts.size(); ++i)
            texts[i] = boost::json::serialize(json.at("rules").at(i));
        const auto rules = resolve(texts, names_, "");
        if (!rules)
            return rules.error().detail + rules.error().pointer;
        const auto ground = ground_of(asked.frame, world);
        const auto found = compute(asked, *rules, ground);
        if (!found)
            return found.error().detail;
        return compare(asked, *rules, ground, *found, world);
    }

    std::string compare(const AcquisitionQuestion& asked, const StepRules& rules,
                        const Ground& ground, const Acquisition& found,
                        const oracle::World& world) {
        std::map<std::string, AcquisitionCounts> wanted;
        std::map<std::pair<std::string, std::size_t>, std::set<ProfileId>> reached;
        std::map<std::string, Value> values;
        for (const auto* person : audience_of(asked.frame, world)) {
            if (!first_of(*person, ground.interval))
                continue;
            const auto origin = oracle::tag_of(*person, asked.by.name);
            const auto name = shown(origin);
            values[name] = origin;
            const auto steps = steps_of(*person, rules, world);
            for (std::size_t i = 0; i < steps; ++i) {
                wanted[name].people[i] += 1;
                reached[{name, i}].insert(person->id);
            }
        }
        if (found.origins.size() != wanted.size())
            return "there are other origins";
        AcquisitionCounts sum;
        for (const auto& origin : found.origins) {
            if (origin.counts != wanted[shown(origin.value)])
                return "origin " + shown(origin.value) + " differs";
            for (std::size_t i = 1; i < acquisition_steps; ++i)
                if (origin.counts.people[i] > origin.counts.people[i - 1])
                    return "a step counts more than the one before";
            sum += origin.counts;
        }
        if (sum != found.total)
            return "the origins do not add up to the total";
        const auto steps = people_by_step(asked, rules, ground);
        for (const auto& [name, value] : values)
            for (std::size_t i = 0; i < acquisition_steps; ++i) {
                const auto people = people_of_origin(asked, (*steps)[i], Group{value}, ground);
                if (ids(*people) != reached[{name, i}])
                    return "the people of origin " + name + " at step " + std::to_string(i) +
                           " differ";
            }
        return {};
    }
};

TEST_F(AcquisitionProperty, AgreesWithLookingAtEveryone) {
    run(
        20, 15,
        [](Random& random) {
            return random_acquisition(random, random.chance(60) ? "tag:level" : "tag:age");
        },
        [this](const std::string& text, const oracle::World& world) {
            return difference(text, world);
        });
}

AcquisitionCounts counts(std::uint64_t visitors) {
    AcquisitionCounts made;
    made.people.fill(visitors);
    return made;
}

TEST(AddSpending, GivesOriginsWithoutVisitorsARowAndAddsUp) {
    const auto calendar = *Calendar::of_zone("Asia/Shanghai");
    AcquisitionQuestion question;
    question.by = {By::Kind::tag, "origin"};
    question.by_type = ValueType::string;
    Acquisition acquisition;
    acquisition.origins = {{Value(std::string("ad")), counts(3)}, {Value(), counts(2)}};
    acquisition.total = counts(5);
    acquisition.interval = {to_ms(calendar.start_of(100)), to_ms(calendar.start_of(110))};
    const auto spent = [](const char* origin, const char* by, Day from, Day to, double amount) {
        Spending made;
        made.origin = origin;
        made.by = by;
        made.from = from;
        made.to = to;
        made.amount = *Decimal::from_double(amount);
        return made;
    };
    add_spending(
        acquisition, question,
        {spent("ad", "tag:origin", 95, 104, 100), spent("poster", "tag:origin", 100, 100, 7),
         spent("ad", "channel", 100, 109, 999), spent("ad", "tag:origin", 200, 201, 5)},
        calendar);
    ASSERT_EQ(acquisition.origins.size(), 3u);
    EXPECT_EQ(acquisition.origins[0].counts.spending, 50 * Decimal::scale);
    EXPECT_EQ(acquisition.origins[0].counts.cost_per(0), Decimal::from_scaled(166'667));
    EXPECT_EQ(acquisition.origins[2].value, Value(std::string("poster")));
    EXPECT_EQ(acquisition.origins[2].counts.cost_per(0), std::nullopt);
    EXPECT_EQ(acquisition.total.spending, 57 * Decimal::scale);
}

}  // namespace
}  // namespace qiao::insight::property
