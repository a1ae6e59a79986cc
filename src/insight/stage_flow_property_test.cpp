// Random stage models over random facts: of every person and moment every rule is asked, the
// highest stage first.
#include <map>

#include "insight/question_property.hpp"
#include "insight/random_questions.hpp"
#include "insight/stage_flow.hpp"

namespace qiao::insight::property {
namespace {

// The rules of one to four stages, the lowest first, and the question of their flow.
std::string random_stages(Random& random) {
    std::string made = R"({"rules":[)";
    const auto stages = 1 + random.up_to(3);
    for (std::int64_t i = 0; i < stages; ++i)
        made += (i ? "," : "") + index::property::rule_text(random, 2);
    static const char* pers[] = {"day", "week", "month"};
    static const char* periods[] = {
        R"("within":"3d")",       R"("within":"14d")",
        R"("within":"60d")",      R"("within":"this_month")",
        R"("from":"2026-11-10")", R"("from":"2026-11-01","to":"2026-11-20T12:00:00+08:00")"};
    made += R"(],"question":{"model":"any","per":)" +
            index::property::in_quotes(random.pick(pers)) + "," + random.pick(periods);
    if (random.chance(25))
        made += R"(,"audience":)" + index::property::rule_text(random, 1);
    return made + "}}";
}

class StageFlowProperty : public QuestionProperty {
protected:
    using Stages = std::vector<std::set<ProfileId>>;  // by stage, and those in none

    // Where the person is at the moment: every rule looks back from it.
    static std::size_t stage_of(const StageRules& rules, const oracle::Person& person,
                                const oracle::World& world, std::int64_t moment_ms) {
        auto then = world;
        then.as_of = time_from_ms(moment_ms);
        for (auto stage = rules.size(); stage-- > 0;)
            if (oracle::holds(rules[stage], person, then))
                return stage;
        return rules.size();
    }
    std::string difference(const std::string& text, const oracle::World& world) {
        const auto asked = boost::json::parse(text).as_object();
        StageRules rules;
        for (const auto& rule : asked.at("rules").as_array())
            rules.push_back(*rule::resolve(*rule::parse(rule), names_));
        const auto question = parse_stages(asked.at("question"));
        if (!question)
            return question.error().detail + question.error().pointer;
        const auto interval = interval_of(question->frame, world);
        const auto units = units_of(interval, question->per, calendar_);
        const auto people = people_of(question->frame, world);
        const auto found = compute(rules, snapshot(), people, units, calendar_, how_);
        if (!found)
            return found.error().detail;
        if (found->points.size() != units.size())
            return "the points differ";
        const auto audience = audience_of(question->frame, world);
        std::vector<Stages> at;
        for (std::size_t i = 0; i < units.size(); ++i) {
            const auto last_ms = units[i].until_ms - 1;
            at.emplace_back(rules.size() + 1);
            for (const auto* person : audience)
                at[i][stage_of(rules, *person, world, last_ms)].insert(person->id);
            const auto& point = found->points[i];
            if (point.at != units[i].day || to_ms(point.moment) != last_ms)
                return "a moment differs";
            for (std::size_t stage = 0; stage <= rules.size(); ++stage)
                if (point.people.at(stage) != at[i][stage].size())
                    return "stage " + std::to_string(stage) + " of " + format_day(point.at) +
                           " differs";
        }
        return units.empty() ? "" : move_difference(rules, *found, at, units, people);
    }
    std::string move_difference(const StageRules& rules, const StageFlow& found,
                                const std::vector<Stages>& at, const std::vector<Unit>& units,
                                const index::People& people) {
        const auto behind = [&](std::size_t unit, std::optional<std::size_t> from,
                                std::optional<std::size_t> to) {
            return ids(*people_behind(rules, {units.front(), units[unit], from, to}, snapshot(),
                                      people, calendar_, how_));
        };
        const auto last = units.size() - 1;
        for (std::size_t from = 0; from <= rules.size(); ++from) {
            if (behind(last, from, std::nullopt) != at.front()[from])
                return "who left a stage differs";
            for (std::size_t to = 0; to <= rules.size(); ++to) {
                std::set<ProfileId> moved;
                for (const auto id : at.front()[from])
                    if (at.back()[to].contains(id))
                        moved.insert(id);
                if (found.flows.at(from).at(to) != moved.size())
                    return "a flow differs";
                if (behind(last, from, to) != moved)
                    return "who moved differs";
            }
        }
        for (std::size_t unit = 0; unit < std::min<std::size_t>(units.size(), 3); ++unit)
            for (std::size_t stage = 0; stage <= rules.size(); ++stage)
                if (behind(unit, std::nullopt, stage) != at[unit][stage])
                    return "the people of a stage differ";
        return {};
    }
};

TEST_F(StageFlowProperty, EngineAndOracleAgree) {
    run(60, 6, random_stages, [&](const std::string& text, const oracle::World& world) {
        return difference(text, world);
    });
}

}  // namespace
}  // namespace qiao::insight::property
