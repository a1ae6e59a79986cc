#include "api/alerts.hpp"

#include <memory>

#include "api/resource.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using access::Permission;

std::string time_of_day(int minute) {
    const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    return two(minute / 60) + ":" + two(minute % 60);
}

// "08:30"; −1 where it is no time of day.
int minute_of(std::string_view text) {
    const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
    if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4))
        return -1;
    const int hour = (text[0] - '0') * 10 + text[1] - '0';
    const int minute = (text[3] - '0') * 10 + text[4] - '0';
    return hour < 24 && minute < 60 ? hour * 60 + minute : -1;
}

json::value number_json(const std::optional<Decimal>& number) {
    return number ? to_json(Value(*number)) : json::value(nullptr);
}

json::object check_json(const insight::AlertCheck& check) {
    return {{"at", format_day(check.unit)},          {"value", number_json(check.value)},
            {"low", number_json(check.verdict.low)}, {"high", number_json(check.verdict.high)},
            {"known", check.verdict.is_known},       {"out", check.verdict.is_out}};
}

json::object alert_json(const AlertParts& parts, const insight::Alert& alert) {
    json::array recipients(alert.recipients.begin(), alert.recipients.end());
    return {{"id", alert.id},
            {"name", alert.name},
            {"metric", json::parse(alert.metric)},
            {"rule", json::parse(alert.rule)},
            {"at", time_of_day(alert.minute)},
            {"recipients", std::move(recipients)},
            {"assignee", alert.assignee},
            {"opens_item", alert.opens_item},
            {"active", alert.active},
            {"state", insight::name_of(alert.state)},
            {"since", time_json(alert.since)},
            {"acknowledged_by",
             alert.acknowledged_by.empty() ? "" : parts.name_of_person(alert.acknowledged_by)},
            {"checked_at", time_json(alert.checked_at)},
            {"problem", alert.problem},
            {"owner", parts.name_of_person(alert.created_by)},
            {"version", alert.version},
            {"created_at", format_time(alert.created_at)},
            {"created_by", alert.created_by},
            {"updated_at", format_time(alert.updated_at)},
            {"updated_by", alert.updated_by}};
}

std::optional<std::string> text_of(const json::value* value) {
    if (!value || value->is_null())
        return std::nullopt;
    return json::serialize(*value);
}

Result<insight::AlertChange> change_of(const json::value& value) {
    Body body(value);
    insight::AlertChange change;
    change.name = body.maybe_text("name");
    change.metric = text_of(body.member("metric"));
    change.rule = text_of(body.member("rule"));
    change.assignee = body.maybe_text("assignee");
    change.opens_item = body.maybe_flag("opens_item");
    change.active = body.maybe_flag("active");
    if (const auto at = body.maybe_text("at"))
        change.minute = minute_of(*at);
    const auto* recipients = body.member("recipients");
    body.ignore(
        {"state", "since", "acknowledged_by", "checked_at", "problem", "owner", "updated_by"});
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (!recipients || recipients->is_null())
        return change;
    change.recipients.emplace();
    const auto* list = recipients->if_array();
    for (std::size_t i = 0; list && i < list->size(); ++i)
        if (const auto* id = (*list)[i].if_string())
            change.recipients->emplace_back(*id);
    if (!list || list->size() != change.recipients->size())
        return fail(ErrorCode::invalid, "api.body", "This is a list of people's ids.",
                    "/recipients");
    return change;
}

Result<Answer> answer(const AlertParts& parts, Call& call, const Result<insight::Alert>& made,
                      int status) {
    if (!made)
        return fail(made.error());
    set_etag(call, made->version);
    return Answer{status, alert_json(parts, *made)};
}

Result<Answer> list(const AlertParts& parts, Call& call) {
    json::array items;
    for (const auto& alert : parts.alerts.list(call.who))
        items.push_back(alert_json(parts, alert));
    return Answer{200, page_json(std::move(items), {})};
}

Result<Answer> create(const AlertParts& parts, Call& call) {
    const auto change = change_of(call.body);
    if (!change)
        return fail(change.error());
    return answer(parts, call, parts.alerts.create(*change, call.who), 201);
}

Result<Answer> get(const AlertParts& parts, Call& call) {
    return answer(parts, call, parts.alerts.get(call.id(), call.who), 200);
}

Result<Answer> update(const AlertParts& parts, Call& call) {
    const auto change = change_of(call.body);
    if (!change)
        return fail(change.error());
    const auto version = expected_version(call);
    if (!version)
        return fail(version.error());
    return answer(parts, call, parts.alerts.change(call.id(), *change, *version, call.who), 200);
}

Result<Answer> remove(const AlertParts& parts, Call& call) {
    if (auto done = parts.alerts.remove(call.id(), call.who); !done)
        return fail(done.error());
    return Answer{204, nullptr};
}

Result<Answer> acknowledge(const AlertParts& parts, Call& call) {
    return answer(parts, call, parts.alerts.acknowledge(call.id(), call.who), 200);
}

Result<Answer> checks(const AlertParts& parts, Call& call) {
    const auto found = parts.alerts.checks(call.id(), call.who);
    if (!found)
        return fail(found.error());
    json::array items;
    for (const auto& check : *found)
        items.push_back(check_json(check));
    return Answer{200, page_json(std::move(items), {})};
}

Result<Answer> preview(const AlertParts& parts, Call& call) {
    Body body(call.body);
    const auto metric = text_of(body.member("metric")), rule = text_of(body.member("rule"));
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    const auto made = parts.alerts.preview(metric.value_or(""), rule.value_or(""), call.who);
    if (!made)
        return fail(made.error());
    json::array points;
    for (const auto& check : made->checks)
        points.push_back(check_json(check));
    return Answer{200, json::object{{"checks", std::move(points)}, {"episodes", made->episodes}}};
}

void define_shapes(Endpoints& endpoints) {
    endpoints.define("AlertRule",
                     either({object_schema({{"kind", "'above'|'below'"}, {"threshold", "number"}}),
                             object_schema({{"kind", "'season'"},
                                            {"seasons?", "integer"},
                                            {"spread?", "'percent'|'deviations'"},
                                            {"tolerance", "number"},
                                            {"side?", "'both'|'above'|'below'"}})}));
    endpoints.define("Alert", object_schema({{"id", "string"},
                                             {"name", "string"},
                                             {"metric", "MetricQuestion"},
                                             {"rule", "AlertRule"},
                                             {"at", "string"},
                                             {"recipients", "string[]"},
                                             {"assignee", "string"},
                                             {"opens_item", "boolean"},
                                             {"active", "boolean"},
                                             {"state", "'ok'|'firing'|'acknowledged'"},
                                             {"since", "time|null"},
                                             {"acknowledged_by", "string"},
                                             {"checked_at", "time|null"},
                                             {"problem", "string"},
                                             {"owner", "string"},
                                             {"version", "integer"},
                                             {"created_at", "time"},
                                             {"created_by", "string"},
                                             {"updated_at", "time"},
                                             {"updated_by", "string"}}));
    endpoints.define("AlertChange", body_schema({{"name?", "string"},
                                                 {"metric?", "MetricQuestion"},
                                                 {"rule?", "AlertRule"},
                                                 {"at?", "string"},
                                                 {"recipients?", "string[]"},
                                                 {"assignee?", "string"},
                                                 {"opens_item?", "boolean"},
                                                 {"active?", "boolean"}},
                                                {"state", "since", "acknowledged_by", "checked_at",
                                                 "problem", "owner", "updated_by"}));
    endpoints.define("AlertCheck", object_schema({{"at", "day"},
                                                  {"value", "number|null"},
                                                  {"low", "number|null"},
                                                  {"high", "number|null"},
                                                  {"known", "boolean"},
                                                  {"out", "boolean"}}));
    endpoints.define("AlertDraft",
                     body_schema({{"metric", "MetricQuestion"}, {"rule", "AlertRule"}}));
    endpoints.define("AlertPreview",
                     object_schema({{"checks", "AlertCheck[]"}, {"episodes", "integer"}}));
}

}  // namespace

void add_alerts(Endpoints& endpoints, const AlertParts& given) {
    const auto parts = std::make_shared<const AlertParts>(given);
    using Action = Result<Answer> (*)(const AlertParts&, Call&);
    const auto as = [&](Action action) {
        return [parts, action](Call& call) { return action(*parts, call); };
    };
    const std::string path = "/api/v1/alerts", one = path + "/{id}";
    define_shapes(endpoints);
    endpoints.add("GET", path, Permission::view, as(list),
                  {"The metrics that are watched", "alerts", nullptr, page_schema("Alert")});
    endpoints.add("POST", path, Permission::edit_boards, as(create),
                  {"Watch a metric", "alerts", "AlertChange", created("Alert")});
    endpoints.add("POST", path + "/preview", Permission::view, as(preview),
                  {"How often an alert would have fired", "alerts", "AlertDraft", "AlertPreview"});
    endpoints.add("GET", one, Permission::view, as(get),
                  {"Read an alert", "alerts", nullptr, "Alert"});
    for (const auto* method : {"PATCH", "PUT"})
        endpoints.add(method, one, Permission::edit_boards, as(update),
                      {"Change an alert", "alerts", "AlertChange", "Alert"});
    endpoints.add("DELETE", one, Permission::edit_boards, as(remove),
                  {"Remove an alert", "alerts", nullptr, no_content()});
    endpoints.add("GET", one + "/checks", Permission::view, as(checks),
                  {"What an alert saw", "alerts", nullptr, page_schema("AlertCheck")});
    endpoints.add("POST", one + "/acknowledge", Permission::view, as(acknowledge),
                  {"Say that somebody looks after it", "alerts", nullptr, "Alert"});
}

}  // namespace qiao::api
