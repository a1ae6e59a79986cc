// POST /api/v1/insights/metric
#include "insight/metrics.hpp"

#include "api/insights.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;

json::array series_json(const insight::Computed& computed, const std::vector<insight::Unit>& units,
                        insight::MeasureKind measure) {
    json::array list;
    for (const auto& series : computed.series) {
        json::array points;
        for (std::size_t i = 0; i < units.size(); ++i) {
            const auto value = series.points[i].value(measure);
            points.push_back(
                json::object{{"at", format_day(units[i].day)},
                             {"value", value ? to_json(Value(*value)) : json::value(nullptr)}});
        }
        list.push_back(
            json::object{{"group", group_json(series.group)}, {"points", std::move(points)}});
    }
    return list;
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
    const auto group = group_of(body, question.metric.by.size());
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

const InsightKind metric_kind{"metric",       "Ask for a number over time", "MetricQuestion",
                              "MetricAnswer", answer,                       people};

}  // namespace qiao::api
