#include "api/annotations.hpp"

#include <memory>

#include "api/insights.hpp"
#include "api/resource.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using access::Permission;

class AnnotationsApi {
public:
    AnnotationsApi(insight::Annotations& annotations,
                   std::function<std::string(std::string_view)> name_of_person)
        : annotations_(annotations), name_of_person_(std::move(name_of_person)) {}

    Result<Answer> list(Call& call) const {
        const auto from = day_in(call, "from", INT32_MIN), to = day_in(call, "to", INT32_MAX);
        if (!from)
            return fail(from.error());
        if (!to)
            return fail(to.error());
        json::array items;
        for (const auto& one : annotations_.list(*from, *to))
            items.push_back(annotation_json(one));
        return Answer{200, page_json(std::move(items), {})};
    }
    Result<Answer> get(Call& call) const { return answer(call, annotations_.get(call.id()), 200); }
    Result<Answer> create(Call& call) {
        const auto change = change_of(call.body);
        if (!change)
            return fail(change.error());
        return answer(call, annotations_.create(*change, call.who), 201);
    }
    Result<Answer> update(Call& call) {
        const auto change = change_of(call.body);
        if (!change)
            return fail(change.error());
        const auto version = expected_version(call);
        if (!version)
            return fail(version.error());
        return answer(call, annotations_.change(call.id(), *change, *version, call.who), 200);
    }
    Result<Answer> remove(Call& call) {
        if (auto done = annotations_.remove(call.id(), call.who); !done)
            return fail(done.error());
        return Answer{204, nullptr};
    }

private:
    static Result<Day> day_in(const Call& call, std::string_view name, Day otherwise) {
        const auto text = call.query(name);
        if (text.empty())
            return otherwise;
        const auto day = parse_day(text);
        if (!day)
            return fail(ErrorCode::invalid, "api.body", "This is a day such as 2026-10-01.",
                        "/" + std::string(name));
        return *day;
    }
    static Result<insight::AnnotationChange> change_of(const json::value& value) {
        Body body(value);
        insight::AnnotationChange change;
        const auto day = day_of(body, "day");
        change.kind = body.maybe_text("kind");
        change.text = body.maybe_text("text");
        body.ignore({"author", "updated_by"});
        if (auto sound = body.finish(); !sound)
            return fail(sound.error());
        if (!day)
            return fail(day.error());
        change.day = *day;
        return change;
    }
    json::object annotation_json(const insight::Annotation& one) const {
        return {{"id", one.id},
                {"day", format_day(one.day)},
                {"kind", one.kind},
                {"text", one.text},
                {"author", name_of_person_(one.created_by)},
                {"version", one.version},
                {"created_at", format_time(one.created_at)},
                {"created_by", one.created_by},
                {"updated_at", format_time(one.updated_at)},
                {"updated_by", one.updated_by}};
    }
    Result<Answer> answer(Call& call, const Result<insight::Annotation>& made, int status) const {
        if (!made)
            return fail(made.error());
        set_etag(call, made->version);
        return Answer{status, annotation_json(*made)};
    }

    insight::Annotations& annotations_;
    std::function<std::string(std::string_view)> name_of_person_;
};

void define_shapes(Endpoints& endpoints) {
    endpoints.define("AnnotationKind", "'release'|'holiday'|'campaign'|'incident'|'other'");
    endpoints.define("Annotation", object_schema({{"id", "string"},
                                                  {"day", "day"},
                                                  {"kind", "AnnotationKind"},
                                                  {"text", "string"},
                                                  {"author", "string"},
                                                  {"version", "integer"},
                                                  {"created_at", "time"},
                                                  {"created_by", "string"},
                                                  {"updated_at", "time"},
                                                  {"updated_by", "string"}}));
    endpoints.define(
        "AnnotationChange",
        body_schema({{"day?", "day"}, {"kind?", "AnnotationKind"}, {"text?", "string"}},
                    {"author", "updated_by"}));
}

}  // namespace

void add_annotations(Endpoints& endpoints, insight::Annotations& annotations,
                     std::function<std::string(std::string_view id)> name_of_person) {
    const auto api = std::make_shared<AnnotationsApi>(annotations, std::move(name_of_person));
    const std::string path = "/api/v1/annotations", one = path + "/{id}";
    define_shapes(endpoints);
    endpoints.add("GET", path, Permission::view, [api](Call& call) { return api->list(call); },
                  {"The notes on the days of a period",
                   "annotations",
                   nullptr,
                   page_schema("Annotation"),
                   {"from", "to"}});
    endpoints.add(
        "POST", path, Permission::edit_boards, [api](Call& call) { return api->create(call); },
        {"Note something on a day", "annotations", "AnnotationChange", created("Annotation")});
    endpoints.add("GET", one, Permission::view, [api](Call& call) { return api->get(call); },
                  {"Read an annotation", "annotations", nullptr, "Annotation"});
    for (const auto* method : {"PATCH", "PUT"})
        endpoints.add(method, one, Permission::edit_boards,
                      [api](Call& call) { return api->update(call); },
                      {"Change an annotation", "annotations", "AnnotationChange", "Annotation"});
    endpoints.add("DELETE", one, Permission::edit_boards,
                  [api](Call& call) { return api->remove(call); },
                  {"Remove an annotation", "annotations", nullptr, no_content()});
}

}  // namespace qiao::api
