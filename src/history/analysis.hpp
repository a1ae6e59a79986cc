// A question in SQL to the history: one checked SELECT over views of what the asker may see.
//
// Each has a connection of its own with views in front of the tables (analysis_views); sealed
// values are masked in them. Where only some customers may be seen, nothing of a query runs before
// the rows of all others are gone, so that no filter, cast or error can tell of them.
// The database itself reaches no file but its own and its outbox (DuckdbHistory::open), and its
// settings
// are locked. One thread uses an Analysis.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>

#include "base/id.hpp"
#include "base/time.hpp"
#include "history/duckdb_history.hpp"
#include "history/select_check.hpp"

namespace qiao::history {

// What the index knows of customers, for the views "customers" and "tags". `visit` returns false
// to stop. All of them are visible to the asker.
struct VisibleCustomers {
    using VisitCustomer = std::function<bool(ProfileId, std::string_view org)>;
    using VisitTag = std::function<bool(ProfileId, std::string_view tag, std::string_view value)>;
    bool is_everyone = false;  // of the whole bank: no row of history is hidden
    std::function<void(const VisitCustomer&)> each_customer;
    std::function<void(const VisitTag&)> each_tag;
};

struct AnalysisLimits {
    std::chrono::steady_clock::time_point until;
    std::size_t rows = 1'000;
    std::function<bool()> is_cancelled;
};

struct AnalysisTable {
    struct Column {
        std::string name, type;  // DuckDB's name of the type
    };
    std::vector<Column> columns;
    std::vector<std::vector<std::optional<std::string>>> rows;  // as text; nothing: NULL
    bool is_cut = false;                                        // there were more
};

enum class AnalysisFormat : std::uint8_t { csv, parquet };

class Analysis {
public:
    // `calendar_zone` is the IANA name of the institution's time zone.
    Analysis(DuckdbHistory& history, std::string calendar_zone);
    ~Analysis();
    Analysis(const Analysis&) = delete;
    Analysis& operator=(const Analysis&) = delete;

    // Checks the text and binds it to the views; to be called first. Errors: those of
    // check_select, query.names (with the place), and query.too_slow, query.cancelled.
    SelectResult<void> prepare(const std::string& text, const VisibleCustomers& visible,
                               const AnalysisLimits& limits);
    // Errors: query.too_slow, query.cancelled, query.memory, query.value, query.failed: none quotes
    // a value.
    SelectResult<AnalysisTable> rows(const AnalysisLimits& limits);
    // Into a file of the outbox, which the caller removes; returns it. Rows beyond the limit are
    // left out.
    SelectResult<std::filesystem::path> file(AnalysisFormat format, const AnalysisLimits& limits);

    // For tests of what the database itself refuses.
    duckdb_connection connection() const { return connection_; }

private:
    using GoesOn = std::function<bool()>;  // ends a row; false: no more of them
    using Write = std::function<void(duckdb_appender, const GoesOn&)>;

    SelectResult<void> run(const std::string& sql, const AnalysisLimits& limits,
                           duckdb_result* result = nullptr);
    SelectResult<void> make_views(const std::set<std::string>& used,
                                  const VisibleCustomers& visible, const AnalysisLimits& limits);
    SelectResult<void> make_customers(const VisibleCustomers& visible,
                                      const AnalysisLimits& limits);
    SelectResult<void> make_tags(const VisibleCustomers& visible, const AnalysisLimits& limits);
    SelectResult<void> fill(const char* table, const AnalysisLimits& limits, const Write& write);

    DuckdbHistory& history_;
    std::string zone_, catalog_;
    duckdb_connection connection_ = nullptr;
};

// What stands beside the editor.
struct AnalysisView {
    struct Column {
        const char* name;
        const char* type;
        const char* about_en;
        const char* about_zh;
    };
    const char* name;
    const char* about_en;
    const char* about_zh;
    std::vector<Column> columns;
};
const std::vector<AnalysisView>& analysis_views();

}  // namespace qiao::history
