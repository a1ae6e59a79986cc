#include "api/insights.hpp"

#include <memory>

#include "access/audit.hpp"
#include "api/audiences.hpp"
#include "api/resource.hpp"
#include "api/shapes.hpp"
#include "audience/people_cards.hpp"
#include "insight/metrics.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using access::Permission;

json::array series_json(const insight::Computed& computed, const std::vector<insight::Unit>& units,
                        insight::MeasureKind measure) {
    json::array list;
    for (const auto& series : computed.series) {
        json::array group, points;
        for (const auto& value : series.group)
            group.push_back(to_json(value));
        for (std::size_t i = 0; i < units.size(); ++i) {
            const auto value = series.points[i].value(measure);
            points.push_back(
                json::object{{"at", format_day(units[i].day)},
                             {"value", value ? to_json(Value(*value)) : json::value(nullptr)}});
        }
        list.push_back(json::object{{"group", std::move(group)}, {"points", std::move(points)}});
    }
    return list;
}

Result<Answer> metric(const InsightParts& parts, Call& call) {
    auto question = insight::parse_metric(call.body);
    if (!question)
        return fail(question.error());
    const auto answered = parts.metrics.ask(*question, "", call.who);
    if (!answered)
        return fail(answered.error());
    return Answer{200, metric_json(*answered)};
}

Result<insight::PeopleQuestion> people_question(const json::value& value, std::size_t& limit) {
    Body body(value);
    insight::PeopleQuestion question;
    const auto* asked = body.member("metric");
    const auto day = body.maybe_text("at");
    const auto* group = body.member("group");
    const auto wanted = body.maybe_integer("limit").value_or(50);
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (!asked)
        return fail(ErrorCode::invalid, "api.body", "The metric is missing.", "/metric");
    auto parsed = insight::parse_metric(*asked, "/metric");
    if (!parsed)
        return fail(parsed.error());
    question.metric = std::move(*parsed);
    if (wanted < 1 || wanted > 500)
        return fail(ErrorCode::invalid, "api.limit", "The limit is from 1 to 500.", "/limit");
    limit = static_cast<std::size_t>(wanted);
    if (day) {
        auto at = parse_day(*day);
        if (!at)
            return fail(ErrorCode::invalid, "api.body", "This is a day such as 2026-10-01.", "/at");
        question.at = *at;
    }
    if (!group || group->is_null())
        return question;
    if (!group->is_array() || group->get_array().size() != question.metric.by.size())
        return fail(ErrorCode::invalid, "api.body", "The group has a value for each \"by\".",
                    "/group");
    question.group.emplace();
    for (const auto& item : group->get_array()) {
        auto cell = item.is_null() ? Result<Value>(Value()) : value_from_json(item);
        if (!cell)
            return fail(cell.error());
        question.group->push_back(std::move(*cell));
    }
    return question;
}

Result<Answer> people(const InsightParts& parts, Call& call) {
    std::size_t limit = 0;
    auto question = people_question(call.body, limit);
    if (!question)
        return fail(question.error());
    const auto found = parts.metrics.people(*question, "/metric", call.who);
    if (!found)
        return fail(found.error());
    std::vector<ProfileId> profiles;
    found->members.each([&](index::Dense customer) {
        profiles.push_back(found->snapshot->profile(customer));
        return profiles.size() < limit;
    });
    parts.audit.add(call.who, {"insight.people_read", "", "people behind a number"});
    json::array items;
    for (const auto& card : parts.cards.cards(profiles, call.who))
        items.push_back(card_json(card));
    auto body = page_json(std::move(items), {}).as_object();
    body["total"] = found->members.count();
    return Answer{200, std::move(body)};
}

Result<Answer> not_built(const InsightParts&, Call&) {
    return fail(ErrorCode::unsupported, "insight.kind",
                "This kind of question is not built yet; ask a metric instead.");
}

}  // namespace

json::object metric_json(const insight::MetricAnswer& answer) {
    json::object made{{"series", series_json(answer.now, answer.units, answer.measure)},
                      {"elapsed_ms", answer.elapsed_ms},
                      {"data_version", answer.data_version}};
    if (answer.kept_from)
        made["kept_from"] = format_time(*answer.kept_from);
    if (answer.now.left_out > 0)
        made["left_out"] = answer.now.left_out;
    if (answer.before)
        made["previous"] = json::object{
            {"series", series_json(*answer.before, answer.units_before, answer.measure)}};
    return made;
}

void add_insights(Endpoints& endpoints, const InsightParts& given) {
    const auto parts = std::make_shared<const InsightParts>(given);
    using Action = Result<Answer> (*)(const InsightParts&, Call&);
    const auto add = [&](const char* path, Permission permission, Action action,
                         const char* summary, RequestShape question, AnswerShapes answers) {
        endpoints.add("POST", std::string("/api/v1/insights/") + path, permission,
                      [parts, action](Call& call) { return action(*parts, call); },
                      {summary, "insights", std::move(question), std::move(answers)});
    };
    define_insights(endpoints);
    add("metric", Permission::view, metric, "Ask for a number over time", "MetricQuestion",
        "MetricAnswer");
    add("people", Permission::view_customers, people, "The people behind a point", "PeopleQuestion",
        "CountedMembers");
    for (const auto* path : {"funnel", "retention", "paths", "distribution", "attribution"})
        add(path, Permission::view, not_built, "Not built yet", nullptr, "any");
}

}  // namespace qiao::api
