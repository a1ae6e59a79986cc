// POST /api/v1/insights/acquisition
#include <algorithm>

#include "api/insights.hpp"
#include "insight/acquisition.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;

json::value money_json(__int128 scaled) {
    if (scaled > INT64_MAX)
        return nullptr;  // more money than there is
    return to_json(Value(Decimal::from_scaled(static_cast<std::int64_t>(scaled))));
}

json::object counts_json(const insight::AcquisitionCounts& counts) {
    json::array people(counts.people.begin(), counts.people.end()), cost_per;
    for (std::size_t step = 0; step < counts.people.size(); ++step) {
        const auto cost = counts.cost_per(step);
        cost_per.push_back(cost ? to_json(Value(*cost)) : json::value(nullptr));
    }
    return {{"people", std::move(people)},
            {"spending", money_json(counts.spending)},
            {"contact_cost", money_json(counts.contact_cost)},
            {"cost_per", std::move(cost_per)}};
}

insight::AcquisitionParts parts_of(const InsightParts& parts) {
    return {parts.asking, parts.acquisition_steps, parts.spending};
}

Result<Answer> answer(const InsightParts& parts, Call& call) {
    const auto question = insight::parse_acquisition(call.body);
    if (!question)
        return fail(question.error());
    const auto answered = insight::ask(parts_of(parts), *question, "", call.who);
    if (!answered)
        return fail(answered.error());
    const auto& origins = answered->acquisition.origins;
    const auto shown = std::min(question->limit, origins.size());
    json::array rows;
    for (std::size_t i = 0; i < shown; ++i) {
        auto row = counts_json(origins[i].counts);
        row["group"] = group_json({origins[i].value});
        rows.push_back(std::move(row));
    }
    insight::AcquisitionCounts rest;
    for (std::size_t i = shown; i < origins.size(); ++i)
        rest += origins[i].counts;
    const auto left_out = origins.size() - shown;
    json::object made{
        {"origins", std::move(rows)},
        {"rest", left_out > 0 ? json::value(counts_json(rest)) : json::value(nullptr)},
        {"left_out", left_out},
        {"total", counts_json(answered->acquisition.total)},
        {"has_spending", answered->has_spending}};
    tell_source(made, *answered);
    return Answer{200, std::move(made)};
}

Result<audience::Evaluated> people(const InsightParts& parts, const json::value& asked,
                                   std::string_view at, Body& body, const access::Principal& who) {
    const auto question = insight::parse_acquisition(asked, at);
    if (!question)
        return fail(question.error());
    const auto step = body.maybe_integer("step").value_or(1);
    const auto outcome = body.maybe_text("outcome").value_or("reached");
    const auto group = group_of(body, 1);
    if (!group)
        return fail(group.error());
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    const bool has_stopped = outcome == "dropped";
    constexpr auto last = static_cast<std::int64_t>(insight::acquisition_steps);
    if (step < 1 || step > (has_stopped ? last - 1 : last))
        return fail(ErrorCode::invalid, "api.body",
                    "The steps are 1 (visitors) to 5 (loyal), where nobody stops.", "/step");
    if (!has_stopped && outcome != "reached")
        return fail(ErrorCode::invalid, "api.body", "The outcome is reached or dropped.",
                    "/outcome");
    return insight::people(parts_of(parts), *question,
                           {static_cast<std::size_t>(step - 1), has_stopped, *group}, at, who);
}

}  // namespace

const InsightKind acquisition_kind{"acquisition",
                                   "People first seen in a period by origin, and how far they came",
                                   "AcquisitionQuestion",
                                   "AcquisitionAnswer",
                                   answer,
                                   people};

}  // namespace qiao::api
