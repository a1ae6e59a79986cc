// All SQL of the boards.
#pragma once

#include "insight/boards.hpp"

namespace qiao::insight::queries {

std::optional<Board> find(sql::Transaction& transaction, std::string_view id);
std::vector<Board> all(sql::Transaction& transaction);
void put(sql::Transaction& transaction, const Board& board);
void remove(sql::Transaction& transaction, std::string_view id);
// True where the mark was not there yet; it is now.
bool mark_seeded(sql::Transaction& transaction, std::string_view name, Time at);

}  // namespace qiao::insight::queries
