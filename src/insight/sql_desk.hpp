// The analysts' desk: queries in SQL over the history, asked, watched, stopped, kept.
//
// A query reads only what its asker may see (history/analysis.hpp) and changes nothing. Every one
// is in the audit log by the tables it could read; its text stays with its asker, for it may hold
// personal data. A person sees their own queries alone. Answers live in memory, the last few of
// each person; the texts of the last `most_past` runs in SQL. Thread-safe.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>

#include "access/audit.hpp"
#include "audience/evaluation.hpp"
#include "history/analysis.hpp"
#include "runtime/jobs.hpp"
#include "sql/database.hpp"

namespace qiao::insight {

enum class SqlState : std::uint8_t { running, done, failed, cancelled };
std::string_view name_of(SqlState state);

struct SqlAsk {
    std::string text;
    std::size_t rows = 1'000;
    std::chrono::seconds limit{30};
};
inline constexpr std::size_t most_sql_rows = 10'000, most_exported_rows = 1'000'000;
inline constexpr std::chrono::seconds most_sql_time{60}, most_export_time{120};

struct SqlRun {
    std::string id;  // "run_…"
    std::string text;
    SqlState state = SqlState::running;
    Time started_at{};
    std::int64_t elapsed_ms = 0;
    std::int64_t limit_ms = 0;
    std::int64_t row_count = 0;
    std::optional<history::SelectError> error = {};
    std::shared_ptr<const history::AnalysisTable> table = {};  // while it is remembered
};

struct KeptQuery {
    std::string id;  // "sql_…"
    std::string name, text;
    std::int64_t version = 1;
    Time created_at{}, updated_at{};
};

class SqlDesk {
public:
    struct Parts {
        sql::Database& database;
        history::DuckdbHistory* history;  // null where history is in another store
        const audience::Evaluation& evaluation;
        access::AuditLog& audit;
        const Clock& clock;
        std::string zone;  // of the institution, by its IANA name
    };
    explicit SqlDesk(Parts parts);

    // Answers as soon as it is done or `patience` is over. Errors: query.busy (two of one person
    // run already), query.limit, query.elsewhere, jobs.too_many. What is wrong with the query is in
    // the run.
    Result<SqlRun> start(const SqlAsk& ask, const access::Principal& who, Duration patience);
    // Error: query.run_not_found.
    Result<SqlRun> get(std::string_view id, const access::Principal& who, Duration patience);
    Result<void> cancel(std::string_view id, const access::Principal& who);
    // The newest first, without their answers; running ones too.
    std::vector<SqlRun> runs(const access::Principal& who) const;
    // The query of a run again, as a file that the caller removes. Errors: also those of Analysis.
    Result<std::filesystem::path> file(std::string_view id, history::AnalysisFormat format,
                                       const access::Principal& who);

    std::vector<KeptQuery> queries(const access::Principal& who) const;
    // Errors: query.name, query.too_long, query.not_found, query.too_many_queries.
    Result<KeptQuery> keep(std::string name, std::string text, const access::Principal& who);
    Result<KeptQuery> change(std::string_view id, std::optional<std::string> name,
                             std::optional<std::string> text, const access::Principal& who);
    Result<void> remove(std::string_view id, const access::Principal& who);

    static constexpr std::size_t most_kept = 200, most_past = 200, most_answers = 3;

private:
    struct Run {
        SqlRun shown;
        std::string owner;
        std::atomic<bool> is_stopped{false};
        std::chrono::steady_clock::time_point began;
    };
    SqlRun shown(const Run& run) const;  // under the lock
    SqlRun wait(const std::shared_ptr<Run>& run, Duration patience);
    std::shared_ptr<Run> find(std::string_view id, const access::Principal& who) const;
    history::SelectResult<history::AnalysisTable> answer(const Run& run, const SqlAsk& ask,
                                                         const access::Principal& who,
                                                         const Job& job) const;
    void finish(Run& run, history::SelectResult<history::AnalysisTable> answer);
    void forget_old(const std::string& owner);  // under the lock
    Result<history::VisibleCustomers> visible(const access::Principal& who) const;

    Parts parts_;
    mutable std::mutex mutex_;
    std::condition_variable finished_;
    std::map<std::string, std::shared_ptr<Run>, std::less<>> runs_;  // ids rise with time
    Jobs jobs_;
};

}  // namespace qiao::insight
