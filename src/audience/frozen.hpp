// A rule together with everything that its names stood for, as text: what a control fact carries,
// so that a shard resolves the rule the same way at any later time. Format:
// docs/formats/audience.md.
#pragma once

#include <string>
#include <string_view>

#include "audience/vocabulary.hpp"

namespace qiao::audience {

// The audiences that it refers to are written out in their places. Errors: rule.*, rule.cycle.
Result<std::string> freeze(std::string_view rule_text, const Vocabulary& vocabulary);
// Error: audience.definition (a text that freeze() did not make).
Result<rule::Node> thaw(std::string_view frozen);

}  // namespace qiao::audience
