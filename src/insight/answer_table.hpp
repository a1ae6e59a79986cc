// An answer of any kind as rows of text: for files and messages, where no chart is.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "insight/metrics.hpp"

namespace qiao::audience {
class Audiences;
class StageModels;
}  // namespace qiao::audience

namespace qiao::insight {

class AcquisitionBook;
class Products;
class ReturnTables;
class SpendingBook;

struct AnswerTable {
    struct Heading {
        std::string zh, en;
    };
    std::vector<Heading> head;
    std::vector<std::vector<std::string>> rows;  // as long as the head
    std::uint64_t base = 0;                      // how many people or cases the answer rests on
};

// What questions of every kind are asked of.
struct TableSources {
    const Asking& asking;
    const Metrics& metrics;
    const Products& products;
    const audience::StageModels& stage_models;
    const audience::Audiences& audiences;
    const AcquisitionBook& acquisition_steps;
    const SpendingBook& spending;
    const ReturnTables& returns;
};
// Asks the question within what `who` may see. Shares are percents with one decimal, times whole
// minutes; names of events are those of the dictionary, of audiences their own. Errors: those of
// the kind.
Result<AnswerTable> ask_table(const TableSources& sources, std::string_view kind,
                              const boost::json::value& question, std::string_view at,
                              const access::Principal& who);

// RFC 4180, in UTF-8 with its mark, as spreadsheets expect. A text that a spreadsheet would take
// for a formula gets an apostrophe before it.
std::string csv_of(const AnswerTable& table);
// An HTML table of the first `most` rows, with both languages in its head.
std::string html_of(const AnswerTable& table, std::size_t most);
std::string escape_html(std::string_view text);

}  // namespace qiao::insight
