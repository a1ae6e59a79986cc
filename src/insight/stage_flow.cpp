#include "insight/stage_flow.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "index/kept.hpp"
#include "index/plan.hpp"

namespace qiao::insight {
namespace {

namespace json = boost::json;

using People = index::People;

// The last moment that belongs to the unit: windows reach back from it.
Time moment_of(const Unit& unit) { return time_from_ms(unit.until_ms - 1); }

StageFlow::Counts counts_of(const std::vector<People>& stages) {
    StageFlow::Counts counts;
    for (const auto& people : stages)
        counts.push_back(people.count());
    return counts;
}

std::vector<StageFlow::Counts> flows_between(const std::vector<People>& first,
                                             const std::vector<People>& last) {
    std::vector<StageFlow::Counts> flows;
    for (const auto& from : first) {
        auto& counts = flows.emplace_back();
        for (const auto& to : last) {
            auto both = from;
            both &= to;
            counts.push_back(both.count());
        }
    }
    return flows;
}

// How many people were in which stages at these moments.
Result<StagesTogether> stages_at(const std::vector<Time>& moments, const StageRules& rules,
                                 const Ground& ground) {
    for (const auto moment : moments)
        for (const auto& rule : rules)
            if (auto kept = index::check_kept(ground.kept_from, rule, moment, *ground.calendar);
                !kept)
                return fail(kept.error());
    return ground.history->answer(ground, rules, moments);
}

struct Known {
    audience::StageModel model;
    StageRules rules;
};
Result<Known> known(const Asking& asking, const audience::StageModels& models, std::string_view id,
                    std::string_view at) {
    auto model = models.get(id);
    if (!model) {
        auto error = model.error();
        error.code = ErrorCode::unprocessable;
        error.pointer = std::string(at) + "/model";
        return fail(std::move(error));
    }
    Known made{std::move(*model), {}};
    for (const auto& stage : made.model.stages) {
        auto parsed = audience::parse_rule(stage.rule, std::string(at) + "/model");
        if (!parsed)
            return fail(parsed.error());
        auto resolved = rule::resolve(*parsed, asking.vocabulary());
        if (!resolved)
            return fail(resolved.error());
        made.rules.push_back(std::move(*resolved));
    }
    return made;
}

Result<std::vector<Unit>> units_of(const StageQuestion& question, const Ground& ground,
                                   std::string_view at) {
    auto units =
        limited_units(ground.interval, question.per, *ground.calendar, std::string(at) + "/per");
    if (units && units->size() > most_stage_points)
        return fail(ErrorCode::too_large, "insight.too_many_units",
                    "Stages are shown at 60 moments at most; choose weeks or months, or a shorter "
                    "period.",
                    std::string(at) + "/per");
    return units;
}

// The place of a stage among the people by stage; those in none come last.
Result<std::optional<std::size_t>> place_of(const audience::StageModel& model, std::string_view key,
                                            std::string pointer) {
    if (key.empty())
        return std::optional<std::size_t>{};
    if (key == no_stage)
        return std::optional(model.stages.size());
    const auto* stage = model.find(key);
    if (!stage)
        return fail(ErrorCode::unprocessable, "insight.no_such_stage",
                    "The model has no such stage.", std::move(pointer));
    return std::optional(static_cast<std::size_t>(stage - model.stages.data()));
}

}  // namespace

Result<StageQuestion> parse_stages(const json::value& value, std::string_view at) {
    Form form(value, at);
    StageQuestion made;
    made.model = form.text("model");
    if (made.model.empty())
        form.refuse(form.pointer("model"), "Name the stage model.");
    made.per = static_cast<Per>(form.choice("per", {"day", "week", "month"}, "week"));
    made.frame = form.frame();
    form.member("kind");
    if (auto sound = form.finish(); !sound)
        return fail(sound.error());
    return made;
}

Result<std::vector<People>> people_by_stage(const StageRules& rules,
                                            const index::Snapshot& snapshot, const People& people,
                                            Time moment, const Calendar& calendar,
                                            const index::Execution& how) {
    std::vector<People> stages(rules.size() + 1);
    People rest = people;
    for (std::size_t i = rules.size(); i-- > 0;) {
        if (auto kept = index::check_kept(*snapshot, rules[i], moment, calendar); !kept)
            return fail(kept.error());
        auto fitting = index::Plan(rules[i], snapshot, moment, calendar).evaluate(how);
        if (!fitting)
            return fail(fitting.error());
        *fitting &= rest;
        rest -= *fitting;
        stages[i] = std::move(*fitting);
    }
    stages.back() = std::move(rest);
    return stages;
}

Result<StageFlow> compute(const StageRules& rules, const index::Snapshot& snapshot,
                          const People& people, const std::vector<Unit>& units,
                          const Calendar& calendar, const index::Execution& how) {
    StageFlow flow;
    std::vector<People> first, last;
    for (const auto& unit : units) {
        auto stages = people_by_stage(rules, snapshot, people, moment_of(unit), calendar, how);
        if (!stages)
            return fail(stages.error());
        flow.points.push_back({unit.day, moment_of(unit), counts_of(*stages)});
        last = std::move(*stages);
        if (first.empty())
            first = last;
    }
    if (!first.empty())
        flow.flows = flows_between(first, last);
    return flow;
}

Result<People> people_behind(const StageRules& rules, const StageMove& move,
                             const index::Snapshot& snapshot, const People& people,
                             const Calendar& calendar, const index::Execution& how) {
    People found = people;
    const auto keep = [&](const Unit& of, std::size_t place) -> Result<void> {
        auto stages = people_by_stage(rules, snapshot, found, moment_of(of), calendar, how);
        if (!stages)
            return fail(stages.error());
        found = std::move((*stages)[place]);
        return {};
    };
    if (move.from)
        if (auto kept = keep(move.first, *move.from); !kept)
            return fail(kept.error());
    if (move.to)
        if (auto kept = keep(move.unit, *move.to); !kept)
            return fail(kept.error());
    return found;
}

Result<StageFlow> compute(const StageRules& rules, const Ground& ground,
                          const std::vector<Unit>& units) {
    if (!ground.history)
        return compute(rules, ground.snapshot, ground.people, units, *ground.calendar, ground.how);
    const StageFlow::Counts nobody(rules.size() + 1);
    StageFlow flow;
    for (const auto& unit : units) {
        const auto at = stages_at({moment_of(unit)}, rules, ground);
        if (!at)
            return fail(at.error());
        flow.points.push_back({unit.day, moment_of(unit), nobody});
        for (const auto& [stages, people] : *at)
            flow.points.back().people.at(stages.front()) = people;
    }
    if (units.empty())
        return flow;
    const auto moves =
        stages_at({moment_of(units.front()), moment_of(units.back())}, rules, ground);
    if (!moves)
        return fail(moves.error());
    flow.flows.assign(rules.size() + 1, nobody);
    for (const auto& [stages, people] : *moves)
        flow.flows.at(stages.front()).at(stages.back()) = people;
    return flow;
}

Result<Answered<StageFlow>> ask(const Asking& asking, const audience::StageModels& models,
                                const StageQuestion& question, std::string_view at,
                                const access::Principal& who) {
    const auto found = known(asking, models, question.model, at);
    if (!found)
        return fail(found.error());
    const std::string kind =
        "stages " + found->model.id + ' ' + std::to_string(found->model.version);
    return asking.answer<StageFlow>(
        kind, question.frame, at, who,
        [&](const Ground& ground) -> Result<StageFlow> {
            const auto units = units_of(question, ground, at);
            if (!units)
                return fail(units.error());
            return compute(found->rules, ground, *units);
        },
        asking.history());
}

Result<audience::Evaluated> people(const Asking& asking, const audience::StageModels& models,
                                   const StageQuestion& question, const StagePeople& which,
                                   std::string_view at, const access::Principal& who) {
    const auto found = known(asking, models, question.model, at);
    if (!found)
        return fail(found.error());
    const auto from = place_of(found->model, which.from, "/from_stage");
    if (!from)
        return fail(from.error());
    const auto to = place_of(found->model, which.to, "/to_stage");
    if (!to)
        return fail(to.error());
    return asking.people(question.frame, at, who, [&](const Ground& ground) -> Result<People> {
        const auto units = units_of(question, ground, at);
        if (!units)
            return fail(units.error());
        const auto unit = std::find_if(units->begin(), units->end(), [&](const Unit& one) {
            return which.at ? one.day == *which.at : &one == &units->back();
        });
        if (unit == units->end())
            return fail(ErrorCode::unprocessable, "insight.no_such_point",
                        "The period has no unit that begins on this day.", "/at");
        return people_behind(found->rules, {units->front(), *unit, *from, *to}, ground.snapshot,
                             ground.people, *ground.calendar, ground.how);
    });
}

}  // namespace qiao::insight
