// The boards that every bank begins with.
#pragma once

#include <vector>

#include "insight/boards.hpp"

namespace qiao::insight {

// Name and tiles only.
std::vector<Board> ready_made_boards();

}  // namespace qiao::insight
