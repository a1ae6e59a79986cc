// The migrations that cmake/migrations.cmake compiles in from `migrations/`.
#pragma once

#include <vector>

#include "sql/database.hpp"

namespace qiao::sql {

// By rising number.
const std::vector<Migration>& all_migrations();

}  // namespace qiao::sql
