// POST /api/v1/insights/{retention,lifecycle}
#include "api/insights.hpp"
#include "insight/lifecycle.hpp"
#include "insight/retention.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;

json::array numbers_json(const std::vector<std::uint64_t>& numbers) {
    json::array made;
    for (const auto number : numbers)
        made.push_back(number);
    return made;
}

json::object total_json(const insight::Retention::Total& total) {
    return {{"size", total.size},
            {"returned", numbers_json(total.returned)},
            {"base", numbers_json(total.base)}};
}

bool is_split(const insight::RetentionQuestion& question) {
    return !question.by.empty() || !question.split.empty();
}

json::object retention_json(const insight::Retention& retention,
                            const insight::RetentionQuestion& question) {
    json::array cohorts, groups;
    for (const auto& cohort : retention.cohorts)
        cohorts.push_back(json::object{{"start", format_day(cohort.start)},
                                       {"size", cohort.size},
                                       {"returned", numbers_json(cohort.returned)},
                                       {"incomplete_from", maybe_json(cohort.incomplete_from)}});
    for (const auto& group : retention.groups) {
        auto one = total_json(group);
        one["group"] = group_json(group.group);
        groups.push_back(std::move(one));
    }
    json::object made{{"cohorts", std::move(cohorts)}, {"total", total_json(retention.total)}};
    if (is_split(question)) {
        made["groups"] = std::move(groups);
        made["left_out"] = retention.left_out;
    }
    return made;
}

Result<insight::RetentionPeople> which_of(Body& body, const insight::RetentionQuestion& question) {
    const auto period = body.maybe_integer("period").value_or(0);
    const auto outcome = body.maybe_text("outcome").value_or("returned");
    const auto at = day_of(body, "at");
    if (!at)
        return fail(at.error());
    const auto group = group_of(body, is_split(question) ? 1 : 0);
    if (!group)
        return fail(group.error());
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (period < 0 || period > static_cast<std::int64_t>(question.periods))
        return fail(ErrorCode::invalid, "api.body", "The question has no such period.", "/period");
    if (outcome != "returned" && outcome != "lost")
        return fail(ErrorCode::invalid, "api.body", "The outcome is returned or lost.", "/outcome");
    return insight::RetentionPeople{*at, static_cast<unsigned>(period), outcome == "lost",
                                    is_split(question) ? *group : std::nullopt};
}

constexpr std::array<const char*, insight::stage_count> stages = {"new", "current", "resurrected",
                                                                  "dormant"};

json::object lifecycle_json(const insight::Lifecycle& lifecycle,
                            const insight::LifecycleQuestion&) {
    json::array points;
    for (const auto& point : lifecycle.points) {
        json::object one{{"at", format_day(point.at)}};
        for (std::size_t stage = 0; stage < stages.size(); ++stage)
            one[stages[stage]] = point.people[stage];
        points.push_back(std::move(one));
    }
    return {{"points", std::move(points)}};
}

Result<insight::LifecyclePeople> stage_of(Body& body, const insight::LifecycleQuestion&) {
    const auto name = body.maybe_text("stage").value_or("");
    const auto at = day_of(body, "at");
    if (!at)
        return fail(at.error());
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (!*at)
        return fail(ErrorCode::invalid, "api.body", "Name the unit by its first day.", "/at");
    for (std::size_t stage = 0; stage < stages.size(); ++stage)
        if (name == stages[stage])
            return insight::LifecyclePeople{**at, static_cast<insight::Stage>(stage)};
    return fail(ErrorCode::invalid, "api.body",
                "The stage is new, current, resurrected or dormant.", "/stage");
}

}  // namespace

const InsightKind retention_kind{"retention",
                                 "Who comes back in the units after",
                                 "RetentionQuestion",
                                 "RetentionAnswer",
                                 answered<insight::parse_retention, retention_json>,
                                 people_of<insight::parse_retention, which_of>};
const InsightKind lifecycle_kind{"lifecycle",
                                 "New, current, returned and quiet people",
                                 "LifecycleQuestion",
                                 "LifecycleAnswer",
                                 answered<insight::parse_lifecycle, lifecycle_json>,
                                 people_of<insight::parse_lifecycle, stage_of>};

}  // namespace qiao::api
