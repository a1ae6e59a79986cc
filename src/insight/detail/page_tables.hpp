// The answers of questions that have a page of their own, as tables: leagues, entries, stages,
// acquisition, returns of campaigns, products, activity.
#pragma once

#include "insight/answer_table.hpp"

namespace qiao::insight::detail {

using AskTable = Result<AnswerTable> (*)(const TableSources& sources,
                                         const boost::json::value& question, std::string_view at,
                                         const access::Principal& who);
// Null where no page asks questions of this kind.
AskTable page_table(std::string_view kind);

}  // namespace qiao::insight::detail
