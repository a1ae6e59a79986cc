// The rule tree (docs/rules.md), in the form that base/rule_parse.cpp reads.
#include "api/shapes.hpp"

namespace qiao::api {

namespace {

Schema condition(std::string_view what) {
    return object_schema({{what, "string"}, {"op", "TagOp"}, {"value?", "RuleValue"}});
}

// The shape of an explained condition: the condition, and how it went.
Schema explained(const Schema& condition) {
    return extended(condition, {{"holds", "boolean"},
                                {"because", "string"},
                                {"because_zh", "string"},
                                {"because_en", "string"},
                                {"found?", "any"}});
}

Schema explained_group(std::string_view name, const char* parts) {
    return explained(object_schema({{name, parts}}));
}

void define_leaves(Endpoints& endpoints) {
    endpoints.define("Where", condition("property"));
    endpoints.define("TagRule", condition("tag"));
    endpoints.define("EventRule", object_schema({{"event", "string"},
                                                 {"where?", "Where[]"},
                                                 {"within?", "string"},
                                                 {"from?", "string"},
                                                 {"to?", "string"},
                                                 {"measure?", "string"},
                                                 {"op?", "CompareOp"},
                                                 {"value?", "RuleValue"}}));
    endpoints.define("Step", object_schema({{"event", "string"}, {"where?", "Where[]"}}));
    endpoints.define("SequenceRule", object_schema({{"sequence", "Step[]"},
                                                    {"within?", "string"},
                                                    {"from?", "string"},
                                                    {"to?", "string"},
                                                    {"window?", "string"},
                                                    {"reached?", "RuleValue"},
                                                    {"op?", "CompareOp"}}));
    endpoints.define("IdentityRule",
                     object_schema({{"identity", "string"}, {"op?", "'exists'|'missing'"}}));
    endpoints.define(
        "ScoreRule",
        object_schema({{"score", "string"}, {"op", "ScoreOp"}, {"value?", "RuleValue"}}));
    endpoints.define("AudienceRule", object_schema({{"audience", "string"}}));
    endpoints.define("OrgRule", object_schema({{"org", "string"}}));
    endpoints.define("ConsentRule", object_schema({{"consent", "string"}}));
}

void define_explained(Endpoints& endpoints) {
    const auto leaf = [&](const std::string& name) {
        endpoints.define("Explained" + name, explained(Schema(endpoints.shapes().at(name))));
    };
    for (const auto* name : {"TagRule", "EventRule", "SequenceRule", "IdentityRule", "ScoreRule",
                             "OrgRule", "ConsentRule"})
        leaf(name);
    endpoints.define(
        "ExplainedRule",
        either({explained_group("all", "ExplainedRule[]"),
                explained_group("any", "ExplainedRule[]"), explained_group("not", "ExplainedRule"),
                "ExplainedTagRule", "ExplainedEventRule", "ExplainedSequenceRule",
                "ExplainedIdentityRule", "ExplainedScoreRule", "ExplainedAudienceRule",
                "ExplainedOrgRule", "ExplainedConsentRule"}));
    // The parts of the rule of an audience that is referred to are told without their conditions.
    endpoints.define("ExplainedPart", object_schema({{"holds", "boolean"},
                                                     {"because", "string"},
                                                     {"because_zh", "string"},
                                                     {"because_en", "string"},
                                                     {"pointer", "string"},
                                                     {"found?", "any"},
                                                     {"parts?", "ExplainedPart[]"}}));
    endpoints.define("ExplainedAudienceRule",
                     extended(explained(Schema(endpoints.shapes().at("AudienceRule"))),
                              {{"parts?", "ExplainedPart[]"}}));
}

}  // namespace

void define_rules(Endpoints& endpoints) {
    endpoints.define("TagOp",
                     "'eq'|'ne'|'in'|'not_in'|'lt'|'lte'|'gt'|'gte'|'between'|'exists'|'missing'|"
                     "'contains'");
    endpoints.define("CompareOp", "'eq'|'ne'|'in'|'not_in'|'lt'|'lte'|'gt'|'gte'|'between'");
    endpoints.define("ScoreOp",
                     "'eq'|'ne'|'in'|'not_in'|'lt'|'lte'|'gt'|'gte'|'between'|'exists'|'missing'|"
                     "'top'");
    endpoints.define("Scalar", "string|number|boolean");
    endpoints.define("RuleValue", "Scalar|Scalar[]");
    define_leaves(endpoints);
    endpoints.define(
        "Rule", either({object_schema({{"all", "Rule[]"}}), object_schema({{"any", "Rule[]"}}),
                        object_schema({{"not", "Rule"}}), "TagRule", "EventRule", "SequenceRule",
                        "IdentityRule", "ScoreRule", "AudienceRule", "OrgRule", "ConsentRule"}));
    define_explained(endpoints);
}

}  // namespace qiao::api
