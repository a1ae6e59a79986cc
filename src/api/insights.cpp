#include "api/insights.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include "api/people_behind.hpp"
#include "api/shapes.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using access::Permission;

constexpr std::array<const InsightKind*, 17> kinds = {
    &metric_kind,       &funnel_kind,   &retention_kind,   &lifecycle_kind, &paths_kind,
    &distribution_kind, &interval_kind, &attribution_kind, &league_kind,    &products_kind,
    &activity_kind,     &stages_kind,   &acquisition_kind, &screen_kind,    &effort_kind,
    &entries_kind,      &returns_kind};

}  // namespace

std::span<const InsightKind* const> insight_kinds() { return kinds; }

Result<std::optional<insight::Group>> group_of(Body& body, std::size_t values) {
    const auto* group = body.member("group");
    if (!group || group->is_null())
        return std::optional<insight::Group>{};
    const auto* list = group->if_array();
    if (!list || list->size() != values)
        return fail(ErrorCode::invalid, "api.body", "The group has a value for each \"by\".",
                    "/group");
    insight::Group made;
    for (const auto& item : *list) {
        auto value = item.is_null() ? Result<Value>(Value()) : value_from_json(item);
        if (!value)
            return fail(value.error());
        made.push_back(std::move(*value));
    }
    return std::optional(std::move(made));
}

namespace {

Result<Day> day_from(std::string_view text, std::string_view name) {
    const auto day = parse_day(text);
    if (!day)
        return fail(ErrorCode::invalid, "api.body", "This is a day such as 2026-10-01.",
                    "/" + std::string(name));
    return *day;
}

}  // namespace

Result<std::optional<Day>> day_of(Body& body, std::string_view name) {
    const auto text = body.maybe_text(name);
    if (!text)
        return std::optional<Day>{};
    const auto day = day_from(*text, name);
    if (!day)
        return fail(day.error());
    return std::optional<Day>(*day);
}

Result<Day> day_in(const Call& call, std::string_view name, Day otherwise) {
    const auto text = call.query(name);
    return text.empty() ? Result<Day>(otherwise) : day_from(text, name);
}

json::array group_json(const insight::Group& group) {
    json::array made;
    for (const auto& value : group)
        made.push_back(to_json(value));
    return made;
}

json::value maybe_json(const std::optional<std::int64_t>& number) {
    return number ? json::value(*number) : json::value(nullptr);
}

EndpointHandler watched(const insight::Asking& asking, EndpointHandler handler) {
    return [&asking, handler = std::move(handler)](Call& call) -> Result<Answer> {
        constexpr std::size_t longest = 64;
        const auto id = call.request.header("x-question-id");
        const auto is_plain = [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                   c == '-' || c == '_';
        };
        if (id.size() > longest || !std::all_of(id.begin(), id.end(), is_plain))
            return fail(ErrorCode::invalid, "api.question_id",
                        "The header X-Question-Id has at most 64 letters, digits, - and _.");
        const insight::Watched::Watch watch(asking.watched(), call.who.id, std::string(id));
        return handler(call);
    };
}

namespace {

Result<Answer> progress(const InsightParts& parts, Call& call) {
    const auto far = parts.asking.watched().how_far(call.who.id, std::string(call.id()));
    if (!far)
        return fail(ErrorCode::not_found, "insight.no_such_question",
                    "You ask no question of this id now: it is answered, or was never asked.");
    return Answer{200, json::object{{"done", far->done},
                                    {"elapsed_ms", far->elapsed.count()},
                                    {"left_ms", far->left ? json::value(far->left->count())
                                                          : json::value(nullptr)}}};
}

}  // namespace

void add_insights(Endpoints& endpoints, const InsightParts& given) {
    const auto parts = std::make_shared<const InsightParts>(given);
    using Action = Result<Answer> (*)(const InsightParts&, Call&);
    const auto add = [&](const char* path, Permission permission, Action action,
                         const char* summary, RequestShape question, AnswerShapes answers) {
        endpoints.add(
            "POST", std::string("/api/v1/insights/") + path, permission,
            watched(parts->asking, [parts, action](Call& call) { return action(*parts, call); }),
            {summary, "insights", std::move(question), std::move(answers)});
    };
    define_insights(endpoints);
    for (const auto* kind : kinds)
        add(kind->name, Permission::view, kind->answer, kind->summary, kind->request_shape,
            kind->answer_shape);
    add_people_behind(endpoints, given);
    endpoints.define("QuestionProgress", object_schema({{"done", "number"},
                                                        {"elapsed_ms", "integer"},
                                                        {"left_ms", "integer|null"}}));
    endpoints.add("GET", "/api/v1/questions/{id}/progress", Permission::view,
                  [parts](Call& call) { return progress(*parts, call); },
                  {"How far a question of one's own is", "insights", nullptr, "QuestionProgress"});
}

}  // namespace qiao::api
