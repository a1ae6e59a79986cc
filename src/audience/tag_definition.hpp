// How a computed tag comes to its value: a rule (true where it holds, else missing), or a formula
// over events.
//
// As JSON in the dictionary's `definition`: a rule tree, or {"rule": tree}; a formula is
// {"event", "where"?, "within" | "from","to"?, "measure"} where measure is count, days, sum:p,
// min:p, max:p, avg:p, distinct:p, first, last (times), first:p, last:p, most_frequent:p,
// days_since_first or days_since_last.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "audience/vocabulary.hpp"
#include "base/rule.hpp"
#include "dictionary/definition.hpp"

namespace qiao::audience {

enum class FormulaKind : std::uint8_t {
    count,
    days,
    sum,
    min,
    max,
    avg,
    distinct,  // as the measures of rules
    first_time,
    last_time,
    first_value,
    last_value,
    most_frequent,
    days_since_first,
    days_since_last,
};

struct Formula {
    rule::EventMatch match;
    rule::Period period;
    FormulaKind kind = FormulaKind::count;
    std::string property;
};

struct TagRule {
    std::string text;  // the rule tree as JSON
};

using TagDefinition = std::variant<TagRule, Formula>;

// Errors: rule.*, tag.definition (neither rule nor formula), with pointers that begin with `at`.
Result<TagDefinition> parse_tag_definition(std::string_view definition, std::string_view at);

// The whole check of a computed tag, for who keeps definitions: names known, types right, real time
// possible, and the tag not built on itself. Answers the type of its values. Errors: those above,
// audience.not_realtime, tag.cycle.
Result<ValueType> check_tag_definition(std::string_view tag, std::string_view definition,
                                       std::string_view refresh, const Vocabulary& vocabulary,
                                       std::string_view at = "/definition");

// The rule text of a real-time rule tag that is in use.
std::optional<std::string> realtime_rule_of(const dictionary::Definition& tag);
bool is_computed(const dictionary::Definition& tag);

}  // namespace qiao::audience
