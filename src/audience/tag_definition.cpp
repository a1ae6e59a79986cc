#include "audience/tag_definition.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <set>

#include "audience/realtime_rules.hpp"

namespace qiao::audience {
namespace {

namespace json = boost::json;

struct KnownFormula {
    std::string_view name;
    FormulaKind kind;
    bool takes_property;
};

constexpr std::array<KnownFormula, 14> formulas = {{
    {"count", FormulaKind::count, false},
    {"days", FormulaKind::days, false},
    {"sum", FormulaKind::sum, true},
    {"min", FormulaKind::min, true},
    {"max", FormulaKind::max, true},
    {"avg", FormulaKind::avg, true},
    {"distinct", FormulaKind::distinct, true},
    {"first", FormulaKind::first_time, false},
    {"last", FormulaKind::last_time, false},
    {"first", FormulaKind::first_value, true},
    {"last", FormulaKind::last_value, true},
    {"most_frequent", FormulaKind::most_frequent, true},
    {"days_since_first", FormulaKind::days_since_first, false},
    {"days_since_last", FormulaKind::days_since_last, false},
}};

tl::unexpected<Error> bad(std::string detail, std::string pointer) {
    return fail(ErrorCode::unprocessable, "tag.definition", std::move(detail), std::move(pointer));
}

Result<Formula> parse_formula(const json::object& object, const std::string& at) {
    auto match = rule::parse_event_match(object, at);
    if (!match)
        return fail(match.error());
    auto period = rule::parse_period(object, at);
    if (!period)
        return fail(period.error());
    const auto* measure = object.if_contains("measure");
    const auto* text = measure ? measure->if_string() : nullptr;
    const std::string whole = text ? std::string(*text) : std::string();
    const auto colon = whole.find(':');
    const bool has_property = colon != std::string::npos && colon + 1 < whole.size();
    for (const auto& formula : formulas)
        if (formula.name == whole.substr(0, colon) && formula.takes_property == has_property)
            return Formula{std::move(*match), *period, formula.kind,
                           has_property ? whole.substr(colon + 1) : std::string()};
    return bad(
        "The measure of a formula is count, days, first, last, days_since_first, "
        "days_since_last, or one of sum, min, max, avg, distinct, first, last, most_frequent "
        "with a property, such as \"sum:amount\".",
        at + "/measure");
}

bool is_numeric(FormulaKind kind) {
    return kind == FormulaKind::sum || kind == FormulaKind::min || kind == FormulaKind::max ||
           kind == FormulaKind::avg;
}

Result<ValueType> check_formula(const Formula& formula, const Vocabulary& vocabulary,
                                const std::string& at) {
    if (auto resolved = rule::resolve(formula.match, vocabulary); !resolved)
        return fail(resolved.error());
    if (formula.kind == FormulaKind::first_time || formula.kind == FormulaKind::last_time)
        return ValueType::time;
    if (formula.property.empty())
        return ValueType::number;
    const auto type = vocabulary.property(formula.match.event, formula.property);
    if (!type)
        return fail(ErrorCode::unprocessable, "rule.unknown",
                    "There is no property \"" + formula.property + "\".", at + "/measure");
    if (is_numeric(formula.kind) && *type != ValueType::number)
        return fail(ErrorCode::unprocessable, "rule.type",
                    "\"" + formula.property + "\" holds no numbers.", at + "/measure");
    if (*type == ValueType::sealed)
        return fail(ErrorCode::unprocessable, "rule.type",
                    "\"" + formula.property + "\" is personal data and cannot become a tag.",
                    at + "/measure");
    return is_numeric(formula.kind) || formula.kind == FormulaKind::distinct ? ValueType::number
                                                                             : *type;
}

// The tags that a tag's rule names, through the rule tags among them and through audiences.
bool builds_on(std::string_view target, const rule::Node& node, const Vocabulary& vocabulary,
               std::set<std::string>& seen) {
    const auto references = rule::references_of(node);
    for (const auto& audience : references.audiences) {
        const auto* rule = vocabulary.audience(audience);
        if (rule && seen.insert("audience " + audience).second &&
            builds_on(target, *rule, vocabulary, seen))
            return true;
    }
    for (const auto& tag : references.tags) {
        if (tag == target)
            return true;
        const auto* definition = vocabulary.dictionary().tag(tag);
        if (!definition || definition->tag_kind != "rule" || !seen.insert("tag " + tag).second)
            continue;
        auto parsed = parse_tag_definition(definition->definition, "");
        const auto* rule = parsed ? std::get_if<TagRule>(&*parsed) : nullptr;
        if (!rule)
            continue;
        if (auto inner = parse_rule(rule->text, "");
            inner && builds_on(target, *inner, vocabulary, seen))
            return true;
    }
    return false;
}

}  // namespace

Result<TagDefinition> parse_tag_definition(std::string_view definition, std::string_view at) {
    json::error_code error;
    const auto whole = json::parse(json::string_view(definition.data(), definition.size()), error);
    const auto* object = error ? nullptr : whole.if_object();
    if (!object || object->empty())
        return bad("A computed tag is defined by a rule or by a formula over an event.",
                   std::string(at));
    if (const auto* formula = object->if_contains("formula"); formula && formula->is_object()) {
        auto parsed = parse_formula(formula->get_object(), std::string(at) + "/formula");
        if (!parsed)
            return fail(parsed.error());
        return TagDefinition(std::move(*parsed));
    }
    if (object->contains("event") && object->contains("measure") && !object->contains("op")) {
        auto parsed = parse_formula(*object, std::string(at));
        if (!parsed)
            return fail(parsed.error());
        return TagDefinition(std::move(*parsed));
    }
    const auto* wrapped = object->if_contains("rule");
    const auto place = std::string(at) + (wrapped ? "/rule" : "");
    const auto& tree = wrapped ? *wrapped : whole;
    if (auto parsed = rule::parse(tree, place); !parsed)
        return fail(parsed.error());
    return TagDefinition(TagRule{json::serialize(tree)});
}

Result<ValueType> check_tag_definition(std::string_view tag, std::string_view definition,
                                       std::string_view refresh, const Vocabulary& vocabulary,
                                       std::string_view at) {
    auto parsed = parse_tag_definition(definition, at);
    if (!parsed)
        return fail(parsed.error());
    const bool realtime = refresh == "realtime";
    if (const auto* formula = std::get_if<Formula>(&*parsed)) {
        if (realtime)
            return fail(ErrorCode::unprocessable, "audience.not_realtime",
                        "A formula is computed hourly or daily. Choose hourly.", "/refresh");
        return check_formula(*formula, vocabulary, std::string(at));
    }
    auto tree = parse_rule(std::get<TagRule>(*parsed).text, at);
    if (!tree)
        return fail(tree.error());
    auto resolved = rule::resolve(*tree, vocabulary);
    if (!resolved)
        return fail(resolved.error());
    std::set<std::string> seen;
    if (builds_on(tag, *tree, vocabulary, seen))
        return fail(ErrorCode::unprocessable, "tag.cycle",
                    "The tag would be built on itself; take it out of its own rule.",
                    std::string(at));
    if (realtime)
        if (auto fine = check_realtime(*resolved); !fine)
            return fail(fine.error());
    return ValueType::boolean;
}

bool is_computed(const dictionary::Definition& tag) {
    return (tag.tag_kind == "rule" || tag.tag_kind == "formula") && !tag.definition.empty() &&
           tag.status != dictionary::Status::blocked;
}

std::optional<std::string> realtime_rule_of(const dictionary::Definition& tag) {
    if (!is_computed(tag) || tag.refresh != "realtime")
        return std::nullopt;
    auto parsed = parse_tag_definition(tag.definition, "");
    if (!parsed)
        return std::nullopt;
    const auto* rule = std::get_if<TagRule>(&*parsed);
    if (!rule)
        return std::nullopt;
    return rule->text;
}

}  // namespace qiao::audience
