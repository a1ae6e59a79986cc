// POST /api/v1/insights/metric
#include "insight/metrics.hpp"

#include "api/insights.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;

json::value number_json(const std::optional<Decimal>& value) {
    return value ? to_json(Value(*value)) : json::value(nullptr);
}

json::object row_json(const insight::MetricRow& row, const std::vector<insight::Unit>& units) {
    json::array points;
    for (std::size_t i = 0; i < units.size(); ++i) {
        json::object point{{"at", format_day(units[i].day)}, {"value", number_json(row.values[i])}};
        if (!row.averages.empty())
            point["average"] = number_json(row.averages[i]);
        points.push_back(std::move(point));
    }
    return {{"points", std::move(points)}, {"total", number_json(row.total)}};
}

json::object table_json(const insight::MetricTable& table) {
    json::array list;
    for (const auto& row : table.rows) {
        auto made = row_json(row, table.units);
        made["group"] = group_json(row.group);
        list.push_back(std::move(made));
    }
    json::object made{{"series", std::move(list)}};
    if (table.rest)
        made["rest"] = row_json(*table.rest, table.units);
    if (table.everyone)
        made["everyone"] = row_json(*table.everyone, table.units);
    return made;
}

Result<Answer> answer(const InsightParts& parts, Call& call) {
    auto question = insight::parse_metric(call.body);
    if (!question)
        return fail(question.error());
    const auto answered = parts.metrics.ask(*question, "", call.who);
    if (!answered)
        return fail(answered.error());
    return Answer{200, metric_json(*answered)};
}

Result<audience::Evaluated> people(const InsightParts& parts, const json::value& asked,
                                   std::string_view pointer, Body& body,
                                   const access::Principal& who) {
    insight::PeopleQuestion question;
    auto parsed = insight::parse_metric(asked, pointer);
    if (!parsed)
        return fail(parsed.error());
    question.metric = std::move(*parsed);
    const auto at = day_of(body, "at");
    if (!at)
        return fail(at.error());
    const auto& metric = question.metric;
    const auto group = group_of(body, metric.split.empty() ? metric.by.size() : 1);
    if (!group)
        return fail(group.error());
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    question.at = *at;
    question.group = *group;
    return parts.metrics.people(question, pointer, who);
}

}  // namespace

json::object metric_json(const insight::MetricAnswer& answer) {
    auto made = table_json(answer.now);
    made["elapsed_ms"] = answer.elapsed_ms;
    made["data_version"] = answer.data_version;
    if (answer.kept_from)
        made["kept_from"] = format_time(*answer.kept_from);
    if (answer.now.left_out > 0)
        made["left_out"] = answer.now.left_out;
    if (answer.before)
        made["previous"] = table_json(*answer.before);
    return made;
}

const InsightKind metric_kind{
    "metric", "Ask for a number over time", "MetricQuestion", "MetricAnswer", answer, people};

}  // namespace qiao::api
