#include "api/shapes.hpp"

namespace qiao::api {
namespace {

// What every question has, and what every answer tells.
Schema question(Members members) {
    return extended(object_schema(members), {{"audience?", "Rule|null"},
                                             {"within?", "string"},
                                             {"from?", "string"},
                                             {"to?", "string"},
                                             {"as_of?", "time|null"},
                                             {"fresh?", "boolean|null"},
                                             {"kind?", "any"}});
}
Schema answer(const Schema& own) {
    return extended(
        own, {{"elapsed_ms", "number"}, {"data_version", "integer"}, {"kept_from?", "time"}});
}
Schema answer(Members members) { return answer(object_schema(members)); }

void define_metric(Endpoints& endpoints) {
    endpoints.define("AudienceSplit", object_schema({{"audiences", "string[]"}}));
    endpoints.define(
        "MetricPart",
        object_schema({{"event", "string"}, {"where?", "Where[]"}, {"measure?", "string|null"}}));
    // One event, or parts with a formula over them.
    endpoints.define("MetricQuestion",
                     question({{"event?", "string"},
                               {"where?", "Where[]"},
                               {"measure?", "string|null"},
                               {"parts?", "MetricPart[]|null"},
                               {"formula?", "string|null"},
                               {"per?", "'day'|'week'|'month'|'total'"},
                               {"by?", "string[]|AudienceSplit|null"},
                               {"top?", "integer|null"},
                               {"average?", "integer|null"},
                               {"compare?", "boolean|'period'|'week'|'year'|null"}}));
    // A group that lacks the property or the tag is null.
    endpoints.define("GroupKey", "string|number|boolean|null");
    endpoints.define(
        "MetricPoint",
        object_schema({{"at", "day"}, {"value", "number|null"}, {"average?", "number|null"}}));
    const auto row = object_schema({{"points", "MetricPoint[]"}, {"total", "number|null"}});
    endpoints.define("MetricRow", row);
    endpoints.define("MetricSeries", extended(row, {{"group", "GroupKey[]"}}));
    const auto table = object_schema(
        {{"series", "MetricSeries[]"}, {"rest?", "MetricRow"}, {"everyone?", "MetricRow"}});
    endpoints.define("MetricTable", table);
    endpoints.define(
        "MetricAnswer",
        answer(extended(table, {{"previous?", "MetricTable"}, {"left_out?", "integer"}})));
}

void define_funnel(Endpoints& endpoints) {
    endpoints.define(
        "Exclusion",
        object_schema({{"event", "string"}, {"where?", "Where[]"}, {"after", "integer"}}));
    endpoints.define("FunnelQuestion", question({{"steps", "Step[]"},
                                                 {"window?", "string|null"},
                                                 {"hold?", "string|null"},
                                                 {"exclude?", "Exclusion[]|null"},
                                                 {"by?", "string[]|AudienceSplit|null"},
                                                 {"per?", "'day'|'week'|'month'|null"}}));
    endpoints.define("StepCount", object_schema({{"count", "integer"}}));
    endpoints.define("FunnelStep",
                     object_schema({{"count", "integer"}, {"median_ms", "integer|null"}}));
    endpoints.define("FunnelGroup",
                     object_schema({{"group", "GroupKey[]"}, {"steps", "StepCount[]"}}));
    endpoints.define("FunnelPoint", object_schema({{"at", "day"}, {"steps", "StepCount[]"}}));
    endpoints.define("DurationCount",
                     object_schema({{"until_ms", "integer"}, {"count", "integer"}}));
    endpoints.define("FunnelAnswer", answer({{"total", "integer"},
                                             {"steps", "FunnelStep[]"},
                                             {"groups", "FunnelGroup[]"},
                                             {"left_out", "integer"},
                                             {"series", "FunnelPoint[]"},
                                             {"times", "DurationCount[]"},
                                             {"rules", "Rule[]|null"}}));
}

void define_retention(Endpoints& endpoints) {
    endpoints.define("RetentionQuestion", question({{"first", "Step"},
                                                    {"first_ever?", "boolean|null"},
                                                    {"then", "Step"},
                                                    {"unit?", "'day'|'week'|'month'|null"},
                                                    {"periods?", "integer|null"},
                                                    {"mode?", "'nth'|'unbounded'|null"},
                                                    {"by?", "string[]|AudienceSplit|null"}}));
    endpoints.define("Cohort", object_schema({{"start", "day"},
                                              {"size", "integer"},
                                              {"returned", "integer[]"},
                                              {"incomplete_from", "integer|null"}}));
    const auto total =
        object_schema({{"size", "integer"}, {"returned", "integer[]"}, {"base", "integer[]"}});
    endpoints.define("RetentionTotal", total);
    endpoints.define("RetentionGroup", extended(total, {{"group", "GroupKey[]"}}));
    endpoints.define("RetentionAnswer", answer({{"cohorts", "Cohort[]"},
                                                {"total", "RetentionTotal"},
                                                {"groups?", "RetentionGroup[]"},
                                                {"left_out?", "integer"}}));
    endpoints.define("LifecycleQuestion", question({{"event", "string"},
                                                    {"where?", "Where[]"},
                                                    {"unit?", "'day'|'week'|'month'|null"}}));
    endpoints.define("LifecyclePoint", object_schema({{"at", "day"},
                                                      {"new", "integer"},
                                                      {"current", "integer"},
                                                      {"resurrected", "integer"},
                                                      {"dormant", "integer"}}));
    endpoints.define("LifecycleAnswer", answer({{"points", "LifecyclePoint[]"}}));
}

void define_paths(Endpoints& endpoints) {
    endpoints.define("PathsQuestion", question({{"start?", "Step|null"},
                                                {"end?", "Step|null"},
                                                {"gap?", "string|null"},
                                                {"window?", "string|null"},
                                                {"hold?", "string|null"},
                                                {"steps?", "integer|null"},
                                                {"limit?", "integer|null"},
                                                {"only?", "string[]|null"},
                                                {"leave_out?", "string[]|null"}}));
    endpoints.define("Path", object_schema({{"events", "string[]"}, {"count", "integer"}}));
    endpoints.define("PathLink", object_schema({{"depth", "integer"},
                                                {"from", "string"},
                                                {"to", "string|null"},
                                                {"count", "integer"}}));
    // Parts of the drawing, counted from the start (or back from the end); null where it ended.
    endpoints.define("PathNode", object_schema({{"depth", "integer"}, {"event", "string|null"}}));
    endpoints.define(
        "PathStep",
        object_schema({{"depth", "integer"}, {"from", "string"}, {"to", "string|null"}}));
    endpoints.define("PathsAnswer", answer({{"paths", "Path[]"},
                                            {"links", "PathLink[]"},
                                            {"starts", "integer"},
                                            {"people", "integer"},
                                            {"left_out", "integer"}}));
}

void define_distribution(Endpoints& endpoints) {
    endpoints.define("DistributionQuestion", question({{"event", "string"},
                                                       {"where?", "Where[]"},
                                                       {"measure?", "string|null"},
                                                       {"buckets?", "number[]|null"}}));
    endpoints.define("DistributionBucket", object_schema({{"from", "number|null"},
                                                          {"to", "number|null"},
                                                          {"people", "integer"},
                                                          {"rows", "integer"}}));
    endpoints.define("DistributionAnswer", answer({{"buckets", "DistributionBucket[]"},
                                                   {"people", "integer"},
                                                   {"mean", "number|null"},
                                                   {"median", "number|null"},
                                                   {"p90", "number|null"}}));
}

void define_attribution(Endpoints& endpoints) {
    endpoints.define(
        "AttributionGoal",
        object_schema({{"event", "string"}, {"where?", "Where[]"}, {"value?", "string|null"}}));
    endpoints.define(
        "AttributionQuestion",
        question({{"goal", "AttributionGoal"},
                  {"touches", "Step[]"},
                  {"by?", "string|null"},
                  {"window?", "string|null"},
                  {"model?", "'first'|'last'|'linear'|'position'|'decay'|'shapley'|null"},
                  {"half_life?", "string|null"}}));
    endpoints.define("AttributionRow", object_schema({{"group", "GroupKey[]"},
                                                      {"conversions", "number"},
                                                      {"value", "number|null"},
                                                      {"touches", "integer"},
                                                      {"people", "integer"}}));
    endpoints.define("AttributionAnswer", answer({{"rows", "AttributionRow[]"},
                                                  {"left_out", "integer"},
                                                  {"conversions", "integer"},
                                                  {"unattributed", "integer"},
                                                  {"value", "number|null"}}));
    endpoints.define("IntervalQuestion",
                     question({{"first", "Step"}, {"then", "Step"}, {"window?", "string|null"}}));
    endpoints.define("IntervalAnswer", answer({{"buckets", "DurationCount[]"},
                                               {"pairs", "integer"},
                                               {"people", "integer"},
                                               {"median_ms", "integer|null"},
                                               {"p90_ms", "integer|null"},
                                               {"rule", "Rule|null"}}));
}

// Questions about one day, week or month.
Schema unit_question(Members members) {
    return extended(object_schema(members), {{"per?", "'day'|'week'|'month'"},
                                             {"at?", "day|null"},
                                             {"audience?", "Rule|null"},
                                             {"as_of?", "time|null"},
                                             {"fresh?", "boolean|null"}});
}
Schema unit_answer(Members members) {
    return extended(
        answer(members),
        {{"unit", "ComparedUnit"}, {"previous", "ComparedUnit"}, {"running", "boolean"}});
}

void define_leagues(Endpoints& endpoints) {
    endpoints.define(
        "ComparedUnit",
        object_schema({{"at", "day"}, {"from", "time"}, {"until", "time"}, {"days", "integer"}}));
    endpoints.define("Activity", object_schema({{"customers", "integer"},
                                                {"active", "integer"},
                                                {"active_days", "integer"},
                                                {"stickiness", "number|null"},
                                                {"transacting", "integer"},
                                                {"effective", "integer"},
                                                {"conversion", "number|null"},
                                                {"transactions", "integer"},
                                                {"value", "number"}}));
    endpoints.define("LeagueQuestion", unit_question({{"product", "string"},
                                                      {"units?", "'branch'|'outlet'|'manager'"},
                                                      {"below?", "string|null"},
                                                      {"measure?", "LeagueMeasure"}}));
    endpoints.define("LeaguePart", "'customers'|'active'|'inactive'|'transacting'|'effective'");
    endpoints.define("LeagueRow", object_schema({{"org", "string"},
                                                 {"name", "string"},
                                                 {"kind", "OrgKind"},
                                                 {"parent", "string|null"},
                                                 {"rank", "integer|null"},
                                                 {"previous_rank", "integer|null"},
                                                 {"now", "Activity"},
                                                 {"before", "Activity"},
                                                 {"target", "Target|null"}}));
    endpoints.define(
        "LeagueAnswer",
        unit_answer({{"rows", "LeagueRow[]"},
                     {"total", object_schema({{"now", "Activity"}, {"before", "Activity"}})}}));
    endpoints.define("ProductsQuestion", unit_question({{"measure?", "LeagueMeasure"}}));
    endpoints.define("ProductResult", object_schema({{"product", "Product"},
                                                     {"now", "Activity"},
                                                     {"before", "Activity"},
                                                     {"funnel", "integer[]"}}));
    endpoints.define("ProductsAnswer", unit_answer({{"products", "ProductResult[]"}}));
    endpoints.define("ActivityQuestion", question({{"product", "string"}}));
    endpoints.define(
        "ActivityPoint",
        object_schema({{"at", "day"}, {"dau", "integer"}, {"wau", "integer"}, {"mau", "integer"}}));
    endpoints.define("StageQuestion",
                     question({{"model", "string"}, {"per?", "'day'|'week'|'month'|null"}}));
    endpoints.define("StagePoint",
                     object_schema({{"at", "day"}, {"moment", "time"}, {"people", "integer[]"}}));
    // By stage, the lowest first; those in none at the end.
    endpoints.define("StageAnswer",
                     answer({{"points", "StagePoint[]"}, {"flows", list_schema("integer[]")}}));
    endpoints.define("ActivityAnswer", answer({{"points", "ActivityPoint[]"}}));
}

// Lists by step: visitor, user, customer, transacting, loyal. Money in CNY.
void define_acquisition(Endpoints& endpoints) {
    endpoints.define("AcquisitionQuestion",
                     question({{"by?", "string[]|null"}, {"limit?", "integer|null"}}));
    const auto counts = object_schema({{"people", "integer[]"},
                                       {"spending", "number"},
                                       {"contact_cost", "number"},
                                       {"cost_per", list_schema("number|null")}});
    endpoints.define("AcquisitionCounts", counts);
    endpoints.define("AcquisitionOrigin", extended(counts, {{"group", "GroupKey[]"}}));
    endpoints.define("AcquisitionAnswer", answer({{"origins", "AcquisitionOrigin[]"},
                                                  {"rest", "AcquisitionCounts|null"},
                                                  {"left_out", "integer"},
                                                  {"total", "AcquisitionCounts"},
                                                  {"has_spending", "boolean"}}));
}

// Money in CNY, as in a campaign's report.
void define_returns(Endpoints& endpoints) {
    endpoints.define("ReturnsQuestion", object_schema({{"campaign?", "string|null"},
                                                       {"limit?", "integer|null"},
                                                       {"within?", "string"},
                                                       {"from?", "string"},
                                                       {"to?", "string"},
                                                       {"as_of?", "time|null"},
                                                       {"fresh?", "boolean|null"},
                                                       {"kind?", "any"}}));
    endpoints.define("CampaignReturn", object_schema({{"campaign", "string"},
                                                      {"name", "string"},
                                                      {"state", "CampaignState"},
                                                      {"launched_at", "time|null"},
                                                      {"goal", "string|null"},
                                                      {"treated", "integer"},
                                                      {"delivered", "integer"},
                                                      {"converted", "integer"},
                                                      {"acquired", "integer|null"},
                                                      {"activated", "integer|null"},
                                                      {"returns", "Returns"}}));
    endpoints.define("ReturnsAnswer",
                     object_schema({{"campaigns", "CampaignReturn[]"}, {"left_out", "integer"}}));
}

// Questions that may compare a version of the app with the one before.
Schema version_question(Members members) {
    return extended(question(members), {{"clicks?", "Step|null"},
                                        {"version?", "string|null"},
                                        {"than?", "string|null"},
                                        {"version_by?", "string|null"}});
}

void define_screens(Endpoints& endpoints) {
    endpoints.define("ScreenQuestion", version_question({{"screen?", "string|null"}}));
    const auto count = object_schema({{"clicks", "integer"}, {"people", "integer"}});
    endpoints.define("ClickCount", count);
    endpoints.define("ClickedScreen", extended(count, {{"screen", "string"}}));
    endpoints.define("ClickedVersion",
                     extended(count, {{"version", "string"}, {"first_at", "time"}}));
    // Places are shares of the width of the window and of the height of the page.
    endpoints.define(
        "ElementClicks",
        extended(count, {{"share", "number|null"}, {"x", "number|null"}, {"y", "number|null"}}));
    endpoints.define("ClickedElement", object_schema({{"element", "string"},
                                                      {"label", "string|null"},
                                                      {"now", "ElementClicks"},
                                                      {"before?", "ElementClicks"}}));
    endpoints.define("ScreenAnswer", answer({{"screens", "ClickedScreen[]"},
                                             {"versions", "ClickedVersion[]"},
                                             {"elements", "ClickedElement[]"},
                                             {"left_out", "integer"},
                                             {"now", "ClickCount"},
                                             {"before?", "ClickCount"}}));
    endpoints.define("EffortQuestion", version_question({{"deep_from?", "integer|null"},
                                                         {"rare_percent?", "integer|null"}}));
    // Quartiles by nearest rank.
    endpoints.define("TapSpread", object_schema({{"count", "integer"},
                                                 {"low", "integer|null"},
                                                 {"median", "integer|null"},
                                                 {"high", "integer|null"}}));
    endpoints.define("FunctionFigures", object_schema({{"people", "integer"},
                                                       {"share", "number|null"},
                                                       {"rare", "boolean"},
                                                       {"taps", "TapSpread"},
                                                       {"own_taps", "TapSpread"}}));
    endpoints.define("FunctionEffort", object_schema({{"product", "Product"},
                                                      {"now", "FunctionFigures"},
                                                      {"before?", "FunctionFigures"}}));
    endpoints.define("DepthFigures", object_schema({{"visits", "integer"},
                                                    {"deep_visits", "integer"},
                                                    {"median", "integer|null"},
                                                    {"deep", "boolean"}}));
    endpoints.define("ScreenDepth", object_schema({{"screen", "string"},
                                                   {"now", "DepthFigures"},
                                                   {"before?", "DepthFigures"}}));
    endpoints.define("EffortTotal", object_schema({{"active", "integer"}, {"visits", "integer"}}));
    endpoints.define("EffortAnswer", answer({{"functions", "FunctionEffort[]"},
                                             {"screens", "ScreenDepth[]"},
                                             {"now", "EffortTotal"},
                                             {"before?", "EffortTotal"}}));
    endpoints.define("EntriesQuestion", question({{"product", "string"},
                                                  {"by", "string[]"},
                                                  {"exposures?", "Step|null"},
                                                  {"clicks?", "Step|null"},
                                                  {"window?", "string|null"}}));
    // People by step: exposure, click, start, done.
    endpoints.define("EntryRow", object_schema({{"entry", "GroupKey"},
                                                {"name", "string|null"},
                                                {"steps", "integer[]"},
                                                {"least", "boolean"}}));
    endpoints.define(
        "EntriesAnswer",
        answer({{"rows", "EntryRow[]"}, {"total", "integer[]"}, {"left_out", "integer"}}));
}

}  // namespace

void define_insights(Endpoints& endpoints) {
    define_metric(endpoints);
    define_funnel(endpoints);
    define_retention(endpoints);
    define_paths(endpoints);
    define_distribution(endpoints);
    define_attribution(endpoints);
    define_leagues(endpoints);
    define_acquisition(endpoints);
    define_returns(endpoints);
    define_screens(endpoints);
    // Exactly one question, and what selects of it.
    endpoints.define(
        "PeopleQuestion",
        body_schema({{"metric?", "MetricQuestion"},
                     {"funnel?", "FunnelQuestion"},
                     {"retention?", "RetentionQuestion"},
                     {"lifecycle?", "LifecycleQuestion"},
                     {"paths?", "PathsQuestion"},
                     {"distribution?", "DistributionQuestion"},
                     {"interval?", "IntervalQuestion"},
                     {"attribution?", "AttributionQuestion"},
                     {"league?", "LeagueQuestion"},
                     {"stages?", "StageQuestion"},
                     {"acquisition?", "AcquisitionQuestion"},
                     {"screen?", "ScreenQuestion"},
                     {"effort?", "EffortQuestion"},
                     {"entries?", "EntriesQuestion"},
                     {"activity?", "ActivityQuestion"},
                     {"returns?", "ReturnsQuestion"},
                     {"campaign?", "string"},
                     {"set?", "PeopleSet"},
                     {"span?", "'day'|'week'|'month'"},
                     {"element?", "string"},
                     {"release?", "'now'|'before'"},
                     {"product?", "string"},
                     {"page?", "string"},
                     {"what?", "'used'|'finished'|'met'|'met_deep'"},
                     {"entry?", "GroupKey"},
                     {"from_stage?", "string"},
                     {"to_stage?", "string"},
                     {"at?", "day"},
                     {"org?", "string"},
                     {"part?", "LeaguePart"},
                     {"group?", "GroupKey[]"},
                     {"step?", "integer"},
                     {"outcome?", "'reached'|'dropped'|'returned'|'lost'|'unattributed'"},
                     {"period?", "integer"},
                     {"stage?", "'new'|'current'|'resurrected'|'dormant'"},
                     {"events?", "string[]"},
                     {"node?", "PathNode"},
                     {"link?", "PathStep"},
                     {"bucket?", "integer"},
                     {"limit?", "integer"},
                     {"cursor?", "string"}}));
    endpoints.define("NewFixedAudience", body_schema({{"name", "string"},
                                                      {"description?", "string"},
                                                      {"people", "PeopleQuestion"}}));
}

}  // namespace qiao::api
