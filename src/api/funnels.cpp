// POST /api/v1/insights/funnel
#include "api/insights.hpp"
#include "insight/funnel.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;

json::array counts_json(const insight::Funnel::Counts& counts) {
    json::array made;
    for (const auto count : counts)
        made.push_back(json::object{{"count", count}});
    return made;
}

json::object funnel_json(const insight::Funnel& funnel) {
    auto steps = counts_json(funnel.steps);
    for (std::size_t i = 0; i < steps.size(); ++i)
        steps[i].as_object()["median_ms"] = maybe_json(funnel.median_ms[i]);
    json::array groups, series, times;
    for (const auto& part : funnel.groups)
        groups.push_back(
            json::object{{"group", group_json(part.group)}, {"steps", counts_json(part.steps)}});
    for (const auto& unit : funnel.series)
        series.push_back(
            json::object{{"at", format_day(unit.at)}, {"steps", counts_json(unit.steps)}});
    for (const auto& within : funnel.times)
        times.push_back(json::object{{"until_ms", within.until_ms}, {"count", within.count}});
    return {{"total", funnel.total},       {"steps", std::move(steps)},
            {"groups", std::move(groups)}, {"left_out", funnel.left_out},
            {"series", std::move(series)}, {"times", std::move(times)}};
}

// The rules of its steps are made from the question as it came.
Result<Answer> answer(const InsightParts& parts, Call& call) {
    const auto question = insight::parse_funnel(call.body);
    if (!question)
        return fail(question.error());
    const auto answered = insight::ask(parts.asking, *question, "", call.who);
    if (!answered)
        return fail(answered.error());
    auto made = funnel_json(*answered->result);
    made["rules"] = insight::funnel_rules(call.body, *question, answered->result->interval);
    tell_source(made, *answered);
    return Answer{200, std::move(made)};
}

Result<insight::FunnelPeople> which_of(Body& body, const insight::FunnelQuestion& question) {
    insight::FunnelPeople made;
    const auto step = body.maybe_integer("step").value_or(1);
    const auto outcome = body.maybe_text("outcome").value_or("reached");
    const auto at = day_of(body, "at");
    if (!at)
        return fail(at.error());
    const bool is_split = !question.by.empty() || !question.split.empty();
    const auto group = group_of(body, is_split ? 1 : 0);
    if (!group)
        return fail(group.error());
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (step < 1 || step > static_cast<std::int64_t>(question.steps.size()))
        return fail(ErrorCode::invalid, "api.body", "The funnel has no such step.", "/step");
    if (outcome != "reached" && outcome != "dropped")
        return fail(ErrorCode::invalid, "api.body", "The outcome is reached or dropped.",
                    "/outcome");
    if (*at && !question.per)
        return fail(ErrorCode::invalid, "api.body", "The funnel has no units; give it \"per\".",
                    "/at");
    made.step = static_cast<unsigned>(step);
    made.dropped = outcome == "dropped";
    made.at = *at;
    if (is_split)
        made.group = *group;
    return made;
}

}  // namespace

const InsightKind funnel_kind{"funnel",         "How far people get along steps",
                              "FunnelQuestion", "FunnelAnswer",
                              answer,           people_of<insight::parse_funnel, which_of>};

}  // namespace qiao::api
