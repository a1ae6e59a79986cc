#include "api/shapes.hpp"

namespace qiao::api {

namespace {

// What is known of a customer, piece by piece.
void define_parts(Endpoints& endpoints) {
    endpoints.define(
        "CustomerIdentity",
        object_schema(
            {{"kind", "string"}, {"value", "string"}, {"at", "time"}, {"source", "string"}}));
    endpoints.define("CustomerTag", object_schema({{"name", "string"},
                                                   {"value", "TagValue"},
                                                   {"source", "string"},
                                                   {"at", "time"},
                                                   {"by", "string|null"},
                                                   {"why", "string|null"}}));
    endpoints.define("TagChange", object_schema({{"at", "time"},
                                                 {"value", "TagValue|null"},
                                                 {"source", "string"},
                                                 {"by", "string|null"},
                                                 {"why", "string|null"}}));
    endpoints.define("Consent", object_schema({{"purpose", "string"},
                                               {"channel", "string"},
                                               {"granted", "boolean"},
                                               {"source", "string"},
                                               {"at", "time"}}));
    endpoints.define(
        "Merge",
        object_schema(
            {{"at", "time"}, {"from", "string"}, {"reason", "string"}, {"undone", "boolean"}}));
    endpoints.define(
        "ContactCounts",
        object_schema({{"day", "integer"}, {"week", "integer"}, {"month", "integer"}}));
    endpoints.define("TimelineEntry", object_schema({{"at", "time"},
                                                     {"event", "string"},
                                                     {"name_zh", "string|null"},
                                                     {"name_en", "string|null"},
                                                     {"source", "string"},
                                                     {"properties", map_schema("any")},
                                                     {"offset", "string"}}));
}

// Events before `kept_from` are no longer kept.
Schema timeline() { return extended(page_schema("TimelineEntry"), {{"kept_from?", "time"}}); }

void define_changes(Endpoints& endpoints) {
    endpoints.define("CustomerSearch",
                     body_schema({{"text?", "string"},
                                  {"identity?", map_schema("string")},  // one kind
                                  {"limit?", "integer"}}));
    endpoints.define("SetTag", body_schema({{"value", "TagValue"}, {"why", "string"}}));
    endpoints.define("SetConsent", body_schema({{"purpose", "string"},
                                                {"channel", "string"},
                                                {"granted", "boolean"},
                                                {"source?", "string"}}));
    endpoints.define("MergeCustomers", body_schema({{"other", "string"}, {"why", "string"}}));
    endpoints.define("MergedCustomer", object_schema({{"customer", "string"}}));
    endpoints.define(
        "UnbindIdentity",
        body_schema({{"identity", body_schema({{"kind", "string"}, {"value", "string"}})},
                     {"why", "string"}}));
    endpoints.define("EraseCustomer", body_schema({{"why", "string"}}));
}

}  // namespace

void define_customers(Endpoints& endpoints) {
    endpoints.define("TagValue", "string|number|boolean|string[]");
    endpoints.define("Identities", map_schema("string[]"));  // by kind
    endpoints.define("Member", object_schema({{"customer", "string"},
                                              {"name", "string|null"},
                                              {"identities", "Identities"},
                                              {"tags", map_schema("TagValue")}}));
    define_parts(endpoints);
    endpoints.define("InStage", object_schema({{"model", "string"},
                                               {"model_name", "string"},
                                               {"kind", "StageModelKind"},
                                               {"stage", "string"},
                                               {"stage_name", "string"}}));
    endpoints.define("Timeline", timeline());
    define_changes(endpoints);
    const auto customer = object_schema({{"customer", "string"},
                                         {"name", "string|null"},
                                         {"created_at", "time"},
                                         {"identities", "CustomerIdentity[]"},
                                         {"tags", "CustomerTag[]"},
                                         {"consents", "Consent[]"},
                                         {"merges", "Merge[]"},
                                         {"org", "string|null"},
                                         {"org_name", "string|null"},
                                         {"first_seen_at", "time|null"},
                                         {"last_seen_at", "time|null"},
                                         {"event_count", "integer"},
                                         {"audiences", "Named[]"},
                                         {"stages", "InStage[]"},
                                         {"contacts", "ContactCounts"}});
    endpoints.define("Customer", customer);
    endpoints.define("CustomerExport",
                     extended(customer, {{"tag_histories", map_schema("TagChange[]")},
                                         {"events", "TimelineEntry[]"}}));
}

}  // namespace qiao::api
