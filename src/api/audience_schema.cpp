#include "api/shapes.hpp"

namespace qiao::api {

namespace {

void define_vocabulary(Endpoints& endpoints) {
    const auto named = object_schema(
        {{"name", "string"}, {"name_zh", "string"}, {"name_en", "string"}, {"meaning", "string"}});
    endpoints.define(
        "VocabularyValue",
        extended(named, {{"type", "ValueType"}, {"unit", "string"}, {"values", "string[]"}}));
    endpoints.define("VocabularyEvent", extended(named, {{"properties", "VocabularyValue[]"}}));
    endpoints.define(
        "VocabularyWord",
        object_schema({{"name", "string"}, {"name_zh", "string"}, {"name_en", "string"}}));
    endpoints.define("Vocabulary", object_schema({{"tags", "VocabularyValue[]"},
                                                  {"events", "VocabularyEvent[]"},
                                                  {"orgs", "VocabularyOrg[]"},
                                                  {"consents", "VocabularyWord[]"},
                                                  {"identities", "VocabularyWord[]"},
                                                  {"audiences", "Named[]"}}));
    endpoints.define("VocabularyOrg", object_schema({{"code", "string"},
                                                     {"name", "string"},
                                                     {"parent", "string|null"},
                                                     {"kind", "OrgKind"}}));
}

void define_preview(Endpoints& endpoints) {
    endpoints.define("AudienceQuestion", body_schema({{"rule", "Rule"},
                                                      {"as_of?", "time"},
                                                      {"fresh?", "boolean"},
                                                      {"parts?", "boolean"},
                                                      {"sample_size?", "integer"}}));
    endpoints.define(
        "PreviewPart",
        object_schema({{"pointer", "string"}, {"count", "integer"}, {"removes", "integer"}}));
    endpoints.define("AudiencePreview",
                     object_schema({{"count", "integer"},
                                    {"total", "integer"},
                                    {"share", "number"},
                                    {"reachable", object_schema({{"sms", "integer"},
                                                                 {"email", "integer"},
                                                                 {"inbox", "integer"},
                                                                 {"webhook", "integer"}})},
                                    {"sample", "Member[]"},
                                    {"parts?", "PreviewPart[]"},
                                    {"elapsed_ms", "number"},
                                    {"data_version", "integer"},
                                    {"kept_from?", "time"}}));
}

}  // namespace

void define_audiences(Endpoints& endpoints) {
    define_rules(endpoints);
    define_vocabulary(endpoints);
    define_preview(endpoints);
    endpoints.define("Refresh", "'realtime'|'hourly'|'daily'|'manual'");
    endpoints.define("AudienceState", "'active'|'archived'");
    endpoints.define("Named", object_schema({{"id", "string"}, {"name", "string"}}));
    endpoints.define("AudienceUser", object_schema({{"kind", "'audience'|'board'|'campaign'|'tag'"},
                                                    {"id", "string"},
                                                    {"name", "string"}}));
    // The people of a question at one moment; "done" of them are written so far.
    endpoints.define("FixedAudience",
                     object_schema({{"at", "time"},
                                    {"question", "PeopleQuestion"},
                                    {"people", "integer"},
                                    {"done", "integer"},
                                    {"status", "'filling'|'done'|'failed'|'cancelled'"},
                                    {"message", "string"},
                                    {"job_id", "string|null"}}));
    endpoints.define("Audience", object_schema({{"id", "string"},
                                                {"name", "string"},
                                                {"description", "string"},
                                                {"rule", "Rule"},
                                                {"refresh", "Refresh"},
                                                {"state", "AudienceState"},
                                                {"count", "integer|null"},
                                                {"share", "number|null"},
                                                {"computed_at", "time|null"},
                                                {"version", "integer"},
                                                {"used_by", "AudienceUser[]"},
                                                {"fixed?", "FixedAudience"},
                                                {"created_at", "time"},
                                                {"created_by", "string"},
                                                {"updated_at", "time"},
                                                {"updated_by", "string"}}));
    endpoints.define("NewAudience",
                     body_schema({{"name", "string"},
                                  {"description?", "string"},
                                  {"rule", "Rule"},
                                  {"refresh?", "Refresh"}},
                                 {"state", "count", "share", "computed_at", "used_by", "fixed"}));
    endpoints.define("AudienceChange", body_schema({{"name?", "string"},
                                                    {"description?", "string"},
                                                    {"rule?", "Rule"},
                                                    {"refresh?", "Refresh"},
                                                    {"state?", "AudienceState"}},
                                                   {"count", "share", "computed_at", "used_by",
                                                    "fixed", "updated_by"}));
    endpoints.define("NewName", body_schema({{"name?", "string"}}));
    endpoints.define("AudienceVersion", object_schema({{"version", "integer"},
                                                       {"at", "time"},
                                                       {"by", "string"},
                                                       {"by_name", "string"},
                                                       {"change", "string"},
                                                       {"name", "string"},
                                                       {"description", "string"},
                                                       {"rule", "Rule"},
                                                       {"refresh", "Refresh"},
                                                       {"state", "AudienceState"}}));
    endpoints.define("CountPoint",
                     object_schema({{"at", "time"}, {"count", "integer"}, {"total", "integer"}}));
    endpoints.define("MemberLine",
                     object_schema({{"customer", "string"}, {"identities", "Identities"}}));
    endpoints.define(
        "Explanation",
        object_schema({{"member", "boolean"}, {"audience", "Named"}, {"rule", "ExplainedRule"}}));
}

}  // namespace qiao::api
