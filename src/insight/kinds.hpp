// The kinds of questions by their names, for who keeps questions of any kind, as boards do.
#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

#include "insight/question.hpp"

namespace qiao::insight {

// Checks the form of a question of the kind, and answers what every question has. Errors:
// insight.kind (unsupported), insight.invalid, rule.*, with pointers.
Result<Frame> parse_question(std::string_view kind, const boost::json::value& question,
                             std::string_view at);

}  // namespace qiao::insight
