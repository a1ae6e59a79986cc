// The answers of questions that have a page of their own, as tables: leagues, entries, stages.
#pragma once

#include "insight/answer_table.hpp"

namespace qiao::insight::detail {

Result<AnswerTable> league_table(const TableSources& sources, const boost::json::value& question,
                                 std::string_view at, const access::Principal& who);
Result<AnswerTable> entries_table(const TableSources& sources, const boost::json::value& question,
                                  std::string_view at, const access::Principal& who);
Result<AnswerTable> stages_table(const TableSources& sources, const boost::json::value& question,
                                 std::string_view at, const access::Principal& who);

}  // namespace qiao::insight::detail
