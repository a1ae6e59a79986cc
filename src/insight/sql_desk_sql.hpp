// All SQL of the analysts' desk.
#pragma once

#include "insight/sql_desk.hpp"

namespace qiao::insight::queries {

void add_run(sql::Transaction& transaction, const SqlRun& run, std::string_view owner);
// The newest first.
std::vector<SqlRun> runs_of(sql::Transaction& transaction, std::string_view owner);
std::optional<SqlRun> find_run(sql::Transaction& transaction, std::string_view id,
                               std::string_view owner);
// Keeps the newest `kept` of the owner.
void trim_runs(sql::Transaction& transaction, std::string_view owner, std::size_t kept);

std::vector<KeptQuery> kept_of(sql::Transaction& transaction, std::string_view owner);
std::optional<KeptQuery> find_kept(sql::Transaction& transaction, std::string_view id,
                                   std::string_view owner);
void put_kept(sql::Transaction& transaction, const KeptQuery& query, std::string_view owner);
bool remove_kept(sql::Transaction& transaction, std::string_view id, std::string_view owner);

}  // namespace qiao::insight::queries
