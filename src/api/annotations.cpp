#include "api/annotations.hpp"

#include "api/dated.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;

Result<insight::AnnotationChange> change_of(const json::value& value) {
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

json::object own_members(const insight::Annotation& one) {
    return {{"day", format_day(one.day)}, {"kind", one.kind}, {"text", one.text}};
}

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
    define_shapes(endpoints);
    add_dated<insight::Annotations, insight::Annotation, insight::AnnotationChange>(
        endpoints,
        {"/api/v1/annotations", "annotations", "Annotation", "AnnotationChange",
         "The notes on the days of a period", "Note something on a day", "Read an annotation",
         "Change an annotation", "Remove an annotation"},
        {annotations, std::move(name_of_person), change_of, own_members});
}

}  // namespace qiao::api
