#include "insight/sql_desk_sql.hpp"

namespace qiao::insight::queries {
namespace {

constexpr std::string_view run_columns =
    "SELECT id, text, state, reason, row_count, elapsed_ms, started_at FROM insight_sql_runs ";
constexpr std::string_view kept_columns =
    "SELECT id, name, text, version, created_at, updated_at FROM insight_sql_queries ";

SqlRun run_of(const sql::Row& row) {
    SqlRun run;
    run.id = row.text(0);
    run.text = row.text(1);
    for (const auto state : {SqlState::done, SqlState::failed, SqlState::cancelled})
        if (name_of(state) == row.text(2))
            run.state = state;
    if (const auto reason = row.text(3); !reason.empty())
        run.error = history::SelectError{{ErrorCode::unprocessable, reason, {}, {}, 0}, {}};
    run.row_count = row.integer(4);
    run.elapsed_ms = row.integer(5);
    run.started_at = row.time(6);
    return run;
}

KeptQuery query_of(const sql::Row& row) {
    return {row.text(0), row.text(1), row.text(2), row.integer(3), row.time(4), row.time(5)};
}

}  // namespace

void add_run(sql::Transaction& transaction, const SqlRun& run, std::string_view owner) {
    transaction.execute(
        "INSERT INTO insight_sql_runs (id, owner, text, state, reason, row_count, elapsed_ms, "
        "started_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        {run.id, std::string(owner), run.text, std::string(name_of(run.state)),
         run.error ? run.error->error.reason : std::string(), run.row_count, run.elapsed_ms,
         sql::param(run.started_at)});
}

std::vector<SqlRun> runs_of(sql::Transaction& transaction, std::string_view owner) {
    std::vector<SqlRun> runs;
    for (const auto& row : transaction.query(
             std::string(run_columns) + "WHERE owner = $1 ORDER BY started_at DESC, id DESC",
             {std::string(owner)}))
        runs.push_back(run_of(row));
    return runs;
}

std::optional<SqlRun> find_run(sql::Transaction& transaction, std::string_view id,
                               std::string_view owner) {
    const auto row = transaction.query_one(
        std::string(run_columns) + "WHERE id = $1 AND owner = $2",
        {std::string(id), std::string(owner)});
    return row ? std::optional(run_of(*row)) : std::nullopt;
}

void trim_runs(sql::Transaction& transaction, std::string_view owner, std::size_t kept) {
    transaction.execute(
        "DELETE FROM insight_sql_runs WHERE owner = $1 AND id NOT IN (SELECT id FROM "
        "insight_sql_runs WHERE owner = $1 ORDER BY started_at DESC, id DESC LIMIT $2)",
        {std::string(owner), static_cast<std::int64_t>(kept)});
}

std::vector<KeptQuery> kept_of(sql::Transaction& transaction, std::string_view owner) {
    std::vector<KeptQuery> queries;
    for (const auto& row :
         transaction.query(std::string(kept_columns) + "WHERE owner = $1 ORDER BY name, id",
                           {std::string(owner)}))
        queries.push_back(query_of(row));
    return queries;
}

std::optional<KeptQuery> find_kept(sql::Transaction& transaction, std::string_view id,
                                   std::string_view owner) {
    const auto row = transaction.query_one(
        std::string(kept_columns) + "WHERE id = $1 AND owner = $2",
        {std::string(id), std::string(owner)});
    return row ? std::optional(query_of(*row)) : std::nullopt;
}

void put_kept(sql::Transaction& transaction, const KeptQuery& query, std::string_view owner) {
    transaction.execute(
        "INSERT INTO insight_sql_queries (id, owner, name, text, version, created_at, updated_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET name = excluded.name, "
        "text = excluded.text, version = excluded.version, updated_at = excluded.updated_at",
        {query.id, std::string(owner), query.name, query.text, query.version,
         sql::param(query.created_at), sql::param(query.updated_at)});
}

bool remove_kept(sql::Transaction& transaction, std::string_view id, std::string_view owner) {
    return transaction.execute("DELETE FROM insight_sql_queries WHERE id = $1 AND owner = $2",
                               {std::string(id), std::string(owner)}) > 0;
}

}  // namespace qiao::insight::queries
