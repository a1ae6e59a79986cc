#include "api/shapes.hpp"

namespace qiao::api {

namespace {

Schema campaign_audience() {
    return either({object_schema({{"id", "string"}}), object_schema({{"rule", "Rule"}})});
}

// A draft as an answer shows it, with what the request left out.
Schema draft() {
    return object_schema({{"name", "string"},
                          {"description", "string"},
                          {"audience", campaign_audience()},
                          {"channel", "ChannelKind"},
                          {"provider", "string"},
                          {"message", "Message"},
                          {"schedule", "Schedule"},
                          {"control_share", "number"},
                          {"goal", "Goal|null"},
                          {"priority", "integer"},
                          {"purpose", "Purpose"},
                          {"exempt", "boolean"}});
}

const std::vector<std::string_view> written_by_server = {
    "state",         "org",         "updated_by", "submitted_by", "approved_by",
    "reject_reason", "launched_at", "ended_at",   "progress",     "will_enter"};

void define_drafts(Endpoints& endpoints) {
    endpoints.define("Purpose", "'marketing'|'service'");
    endpoints.define("Message", object_schema({{"subject", "string"},
                                               {"title", "string"},
                                               {"body", "string"},
                                               {"link", "string"},
                                               {"language", "string"}}));
    endpoints.define("Schedule", object_schema({{"kind", "'now'|'at'|'daily'"},
                                                {"at?", "time"},
                                                {"time?", "string"},
                                                {"until?", "day"}}));
    endpoints.define("Goal", object_schema({{"event", "string"},
                                            {"where", "Where[]"},
                                            {"window", "string"},
                                            {"value", "string"},
                                            {"income_share", "number"}}));
    endpoints.define("MessageDraft", object_schema({{"subject?", "string|null"},
                                                    {"title?", "string|null"},
                                                    {"body?", "string|null"},
                                                    {"link?", "string|null"},
                                                    {"language?", "string|null"}}));
    endpoints.define("ScheduleDraft", object_schema({{"kind?", "'now'|'at'|'daily'"},
                                                     {"at?", "time|null"},
                                                     {"time?", "string|null"},
                                                     {"until?", "string|null"}}));
    endpoints.define("GoalDraft", object_schema({{"event", "string"},
                                                 {"where?", "Where[]"},
                                                 {"window?", "string|null"},
                                                 {"value?", "string|null"},
                                                 {"income_share?", "number|null"}}));
    const auto change = body_schema({{"name?", "string"},
                                     {"description?", "string"},
                                     {"audience?", campaign_audience()},
                                     {"channel?", "ChannelKind"},
                                     {"provider?", "string"},
                                     {"message?", "MessageDraft"},
                                     {"schedule?", "ScheduleDraft"},
                                     {"control_share?", "number"},
                                     {"goal?", "GoalDraft"},
                                     {"priority?", "integer"},
                                     {"purpose?", "Purpose"},
                                     {"exempt?", "boolean"}},
                                    written_by_server);
    endpoints.define("CampaignChange", change);
    auto whole = change.json();
    whole.as_object()["required"] = {"name", "audience"};
    endpoints.define("CampaignDraft", Schema(std::move(whole)));
}

void define_reports(Endpoints& endpoints) {
    endpoints.define(
        "Arm",
        object_schema({{"people", "integer"}, {"converted", "integer"}, {"rate", "number"}}));
    endpoints.define(
        "Lift", object_schema({{"treated", "Arm"},
                               {"control", "Arm"},
                               {"difference", "number"},
                               {"interval", tuple_schema({"number", "number"})},
                               {"p_value", "number"},
                               {"enough_data", "boolean"},
                               {"sentence", object_schema({{"zh", "string"}, {"en", "string"}})}}));
    endpoints.define("Suppressed", object_schema({{"reason", "string"}, {"count", "integer"}}));
    endpoints.define("ReportDay", object_schema({{"at", "day"},
                                                 {"sent", "integer"},
                                                 {"delivered", "integer"},
                                                 {"opened", "integer"},
                                                 {"converted", "integer"}}));
    // Money in CNY; nothing where nobody was reached, or the lift is not sure.
    endpoints.define("Returns", object_schema({{"cost", "number"},
                                               {"per_delivered", "number|null"},
                                               {"per_clicked", "number|null"},
                                               {"per_converted", "number|null"},
                                               {"per_acquired", "number|null"},
                                               {"per_activated", "number|null"},
                                               {"incremental", "number|null"},
                                               {"incremental_acquired", "number|null"},
                                               {"incremental_activated", "number|null"},
                                               {"per_incremental", "number|null"},
                                               {"income", "number|null"},
                                               {"incremental_income", "number|null"},
                                               {"gain", "number|null"}}));
    endpoints.define("CampaignReport", object_schema({{"eligible", "integer"},
                                                      {"held_out", "integer"},
                                                      {"treated", "integer"},
                                                      {"suppressed", "Suppressed[]"},
                                                      {"sent", "integer"},
                                                      {"delivered", "integer"},
                                                      {"failed", "integer"},
                                                      {"unknown", "integer"},
                                                      {"opened", "integer"},
                                                      {"clicked", "integer"},
                                                      {"complained", "integer"},
                                                      {"converted", "integer"},
                                                      {"acquired", "integer|null"},
                                                      {"activated", "integer|null"},
                                                      {"by_day", "ReportDay[]"},
                                                      {"lift", "Lift|null"},
                                                      {"holdout", "Arm"},
                                                      {"returns", "Returns"}}));
    endpoints.define("PeopleSet",
                     "'eligible'|'treated'|'control'|'holdout'|'held_out'|'suppressed'|'sent'|"
                     "'delivered'|'failed'|'unknown'|'opened'|'clicked'|'complained'|'converted'|"
                     "'control_converted'|'holdout_converted'|'acquired'|'activated'|"
                     "'control_acquired'|'control_activated'");
    endpoints.define("CountedMembers", object_schema({{"items", "Member[]"},
                                                      {"next_cursor", "string|null"},
                                                      {"total", "integer"}}));
}

void define_lint(Endpoints& endpoints) {
    // The audience may still be empty while someone writes.
    endpoints.define(
        "LintQuestion",
        body_schema({{"message?", "MessageDraft"},
                     {"audience?", object_schema({{"id?", "string"}, {"rule?", "Rule"}})},
                     {"channel?", "ChannelKind"}}));
    endpoints.define(
        "LintProblem",
        object_schema({{"pointer", "string"}, {"code", "string"}, {"detail", "string"}}));
    endpoints.define(
        "MessagePreview",
        object_schema({{"customer", "string"}, {"name", "string|null"}, {"message", "Message"}}));
    endpoints.define("CampaignLint", object_schema({{"problems", "LintProblem[]"},
                                                    {"previews", "MessagePreview[]"}}));
}

}  // namespace

void define_campaigns(Endpoints& endpoints) {
    endpoints.define("CampaignState",
                     "'draft'|'in_approval'|'approved'|'scheduled'|'running'|'paused'|"
                     "'completed'|'stopped'|'rejected'");
    endpoints.define("Progress", object_schema({{"planned", "integer"},
                                                {"sent", "integer"},
                                                {"suppressed", "integer"},
                                                {"failed", "integer"}}));
    define_drafts(endpoints);
    define_reports(endpoints);
    define_lint(endpoints);
    const auto campaign = extended(draft(), {{"id", "string"},
                                             {"state", "CampaignState"},
                                             {"progress", "Progress"},
                                             {"org", "string"},
                                             {"submitted_by", "string"},
                                             {"approved_by", "string"},
                                             {"reject_reason", "string"},
                                             {"launched_at", "time|null"},
                                             {"ended_at", "time|null"},
                                             {"version", "integer"},
                                             {"created_at", "time"},
                                             {"created_by", "string"},
                                             {"updated_at", "time"},
                                             {"updated_by", "string"}});
    endpoints.define("Campaign", campaign);
    endpoints.define("LaunchedCampaign", extended(campaign, {{"will_enter", "integer"}}));
    endpoints.define("Reject", body_schema({{"reason", "string"}}));
}

}  // namespace qiao::api
