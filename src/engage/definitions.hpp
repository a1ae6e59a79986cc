// What Qiao's own facts mean: the events that begin with `$`, and their properties.
#pragma once

#include <vector>

#include "dictionary/definition.hpp"

namespace qiao::engage {

// Reviewed; declared at every start.
std::vector<dictionary::Definition> own_definitions();

}  // namespace qiao::engage
