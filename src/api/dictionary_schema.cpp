#include "api/shapes.hpp"

namespace qiao::api {

namespace {

// What an answer holds and a change may send back without effect.
const std::vector<std::string_view> measured = {"name",      "first_seen_at", "last_seen_at",
                                                "volume_7d", "volume_total",  "values",
                                                "events",    "null_rate"};

Schema definition() {
    return object_schema({{"id", "string"},
                          {"name", "string"},
                          {"name_zh", "string"},
                          {"name_en", "string"},
                          {"meaning", "string"},
                          {"owner", "string"},
                          {"source", "string"},
                          {"update_frequency", "string"},
                          {"remarks", "string"},
                          {"example", "string"},
                          {"status", "ReviewStatus"},
                          {"first_seen_at", "time|null"},
                          {"last_seen_at", "time|null"},
                          {"volume_7d", "integer[]"},
                          {"volume_total", "integer"},
                          {"version", "integer"},
                          {"created_at", "time"},
                          {"updated_at", "time"},
                          {"created_by", "string"}});
}

Schema change() {
    return body_schema({{"name_zh?", "string"},
                        {"name_en?", "string"},
                        {"meaning?", "string"},
                        {"owner?", "string"},
                        {"source?", "string"},
                        {"update_frequency?", "string"},
                        {"remarks?", "string"},
                        {"example?", "string"},
                        {"status?", "ReviewStatus"}},
                       measured);
}

void define_tags(Endpoints& endpoints, const Schema& valued, const Schema& valued_change) {
    endpoints.define("TagKind", "'imported'|'staff'|'rule'|'formula'|'system'");
    endpoints.define("TagFormula", object_schema({{"event", "string"},
                                                  {"where?", "Where[]"},
                                                  {"within?", "string"},
                                                  {"from?", "string"},
                                                  {"to?", "string"},
                                                  {"measure", "string"}}));
    endpoints.define("WrappedRule", object_schema({{"rule", "Rule"}}));
    endpoints.define("WrappedFormula", object_schema({{"formula", "TagFormula"}}));
    endpoints.define("ComputedTag", "TagFormula|Rule|WrappedRule|WrappedFormula");
    endpoints.define("TagDefinition", extended(valued, {{"kind", "TagKind"},
                                                        {"identity_kind", "string|null"},
                                                        {"definition", "ComputedTag|null"},
                                                        {"refresh", "Refresh|null"}}));
    const auto tag_change = extended(valued_change, {{"kind?", "TagKind|null"},
                                                     {"identity_kind?", "string|null"},
                                                     {"definition?", "ComputedTag|null"},
                                                     {"refresh?", "Refresh|null"}});
    endpoints.define("TagDefinitionChange", tag_change);
    endpoints.define("NewTagDefinition", extended(tag_change, {{"name", "string"}}));
}

}  // namespace

void define_dictionary(Endpoints& endpoints) {
    endpoints.define("ReviewStatus", "'unreviewed'|'reviewed'|'blocked'");
    endpoints.define("DataClass", "'C1'|'C2'|'C3'");
    endpoints.define("ValueType",
                     "'null'|'boolean'|'number'|'string'|'time'|'string_set'|'sealed'");
    endpoints.define("ValueCount", object_schema({{"value", "string"}, {"count", "integer"}}));
    endpoints.define("EventDefinition", definition());
    endpoints.define("EventDefinitionChange", change());

    const auto valued = extended(definition(), {{"type", "ValueType"},
                                                {"unit", "string"},
                                                {"class", "DataClass"},
                                                {"values", "ValueCount[]"}});
    const auto valued_change = extended(
        change(),
        {{"type?", "ValueType|null"}, {"unit?", "string|null"}, {"class?", "DataClass|null"}});
    endpoints.define("PropertyDefinition",
                     extended(valued, {{"events", "string[]"}, {"null_rate", "number|null"}}));
    endpoints.define("PropertyDefinitionChange", valued_change);
    define_tags(endpoints, valued, valued_change);
}

}  // namespace qiao::api
