#include "history/analysis.hpp"

#include <algorithm>

#include "history/detail/query.hpp"

namespace qiao::history {
namespace {

// No filter passes a LIMIT on its way down: this one keeps the query's own conditions away from
// rows that its asker may not see.
constexpr const char* barrier = " LIMIT 9223372036854775807";

// In one statement: DuckDB takes no settings any more.
constexpr const char* merged =
    "CREATE TEMP TABLE qiao_people AS WITH RECURSIVE family(id, customer) AS ("
    "SELECT loser, winner FROM aliases WHERE winner NOT IN (SELECT loser FROM aliases) "
    "UNION ALL SELECT a.loser, f.customer FROM aliases a JOIN family f ON a.winner = f.id) "
    "SELECT id, customer FROM family";
constexpr const char* visible_family =
    "CREATE TEMP TABLE qiao_people AS WITH RECURSIVE family(id, customer) AS ("
    "SELECT customer, customer FROM qiao_customers UNION ALL "
    "SELECT a.loser, f.customer FROM aliases a JOIN family f ON a.winner = f.id) "
    "SELECT id, customer FROM family";

// "cus_" and 13 characters of Crockford base 32, as format_profile() writes it.
std::string id_text(const std::string& number) {
    std::string made = "'cus_'";
    for (int shift = 60; shift >= 0; shift -= 5)
        made += " || substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', ((" + number + " >> " +
                std::to_string(shift) + ") & 31)::INTEGER + 1, 1)";
    return "(" + made + ")";
}

std::string civil(const std::string& column, const std::string& zone) {
    return "timezone('" + zone + "', timezone('UTC', " + column + "::TIMESTAMP))";
}

// `catalog`: the name of the history's own, for a view of the same name hides its table.
std::string events_view(bool is_everyone, const std::string& zone, const std::string& catalog) {
    const std::string customer = is_everyone ? "coalesce(p.customer, e.profile)" : "p.customer";
    return "CREATE TEMP VIEW events AS SELECT " + customer + " AS customer, " + id_text(customer) +
           " AS customer_id, " + civil("e.time", zone) +
           " AS time, e.time::TIMESTAMP AS time_utc, " + civil("e.received_at", zone) +
           " AS received_at, e.event, e.source, "
           "CASE WHEN contains(e.properties, '\"sealed\":') THEN regexp_replace(e.properties, "
           "'\\{\"sealed\":\"[^\"]*\",\"ciphertext\":\"[^\"]*\"\\}', '\"•••\"', 'g') "
           "ELSE e.properties END AS properties FROM " +
           catalog + ".main.events e " +
           (is_everyone ? "LEFT JOIN temp.qiao_people p ON p.id = e.profile"
                        : std::string("JOIN temp.qiao_people p ON p.id = e.profile") + barrier);
}

SelectError failed(const char* reason, std::string detail) {
    return {{ErrorCode::unprocessable, reason, std::move(detail), "/text", 0},
            {}};
}

bool is_cancelled(const AnalysisLimits& limits) {
    return limits.is_cancelled && limits.is_cancelled();
}

bool is_over(const AnalysisLimits& limits) {
    return is_cancelled(limits) || std::chrono::steady_clock::now() >= limits.until;
}

SelectError stopped(const AnalysisLimits& limits) {
    if (is_cancelled(limits))
        return failed("query.cancelled", "The query was stopped.");
    return failed("query.too_slow",
                  "The query took longer than it may; narrow it down, for example to a shorter "
                  "period.");
}

// What stopped a query while it ran. DuckDB's sentence may quote a value of any row, so it is not
// shown.
SelectError of_run(std::string_view why) {
    if (why.starts_with("Out of Memory"))
        return failed("query.memory",
                      "The query needs more memory than it may use; narrow it down.");
    if (why.starts_with("Conversion") || why.starts_with("Out of Range") ||
        why.starts_with("Invalid Input"))
        return failed("query.value",
                      "A value does not fit the type or function that it is given to; TRY_CAST and "
                      "TRY() give NULL instead.");
    return failed("query.failed", "The query stopped while it ran; change it and try again.");
}

// "…\n\nLINE 3: SELECT foo\n               ^": the place, in a text that begins on line 2.
std::optional<TextPlace> place_in(std::string_view why, std::string_view text) {
    const auto line = why.rfind("\nLINE ");
    if (line == std::string_view::npos)
        return {};
    const auto excerpt = why.substr(line + 1);
    const auto colon = excerpt.find(": ");
    const auto end = excerpt.find('\n');
    const auto caret = excerpt.find('^', end == std::string_view::npos ? 0 : end);
    if (colon == std::string_view::npos || end == std::string_view::npos ||
        caret == std::string_view::npos)
        return {};
    TextPlace place;
    place.line = std::max<std::int64_t>(std::atoll(std::string(excerpt.substr(5)).c_str()) - 1, 1);
    auto shown = excerpt.substr(colon + 2, end - colon - 2);
    const auto column = caret - end - 1 - (colon + 2);
    // Of a long line only a part is shown, with dots where it was cut.
    std::size_t begin = 0;
    for (std::int64_t at = 1; at < place.line && begin != std::string_view::npos; ++at)
        begin = text.find('\n', begin) == std::string_view::npos ? std::string_view::npos
                                                                 : text.find('\n', begin) + 1;
    const bool is_cut = shown.starts_with("...");
    if (is_cut && begin != std::string_view::npos) {
        auto part = shown.substr(3);
        if (part.ends_with("..."))
            part.remove_suffix(3);
        const auto found = text.find(part, begin);
        if (found != std::string_view::npos) {
            place.column = static_cast<std::int64_t>(found - begin + column) - 3 + 1;
            return place;
        }
    }
    place.column = static_cast<std::int64_t>(column) + 1;
    return place;
}

SelectError of_names(const std::string& why, const std::string& text) {
    const auto end = why.find("\n\nLINE ");
    auto made = failed("query.names", why.substr(0, end));
    if (const auto colon = made.error.detail.find(" Error: "); colon != std::string::npos)
        made.error.detail.erase(0, colon + 8);
    made.place = place_in(why, text);
    return made;
}

struct Statement {
    duckdb_prepared_statement prepared = nullptr;
    duckdb_pending_result pending = nullptr;
    ~Statement() {
        duckdb_destroy_pending(&pending);
        duckdb_destroy_prepare(&prepared);
    }
};

void append_text(duckdb_appender appender, std::string_view text) {
    duckdb_append_varchar_length(appender, text.data(), text.size());
}

}  // namespace

Analysis::Analysis(DuckdbHistory& history, std::string calendar_zone)
    : history_(history), zone_(std::move(calendar_zone)) {
    duckdb_connect(history_.database_, &connection_);
    detail::Answer answer;
    detail::query(connection_, "SELECT current_database()", answer);
    detail::for_each_chunk(answer, [&](const detail::ChunkReader& chunk, idx_t) {
        catalog_ = detail::quoted_name(chunk.text(0, 0));
        return false;
    });
}

Analysis::~Analysis() { duckdb_disconnect(&connection_); }

// In steps, between which a deadline or a wish to stop is seen.
SelectResult<void> Analysis::run(const std::string& sql, const AnalysisLimits& limits,
                                 duckdb_result* result) {
    Statement statement;
    if (duckdb_prepare(connection_, sql.c_str(), &statement.prepared) == DuckDBError)
        return tl::unexpected(of_run(duckdb_prepare_error(statement.prepared)));
    if (duckdb_pending_prepared(statement.prepared, &statement.pending) == DuckDBError)
        return tl::unexpected(of_run(duckdb_pending_error(statement.pending)));
    for (;;) {
        const auto state = duckdb_pending_execute_task(statement.pending);
        if (state == DUCKDB_PENDING_ERROR)
            return tl::unexpected(of_run(duckdb_pending_error(statement.pending)));
        if (duckdb_pending_execution_is_finished(state))
            break;
        if (!is_over(limits))
            continue;
        duckdb_interrupt(connection_);
        return tl::unexpected(stopped(limits));
    }
    detail::Answer ignored;
    if (duckdb_execute_pending(statement.pending, result ? result : &ignored.result) == DuckDBError)
        return tl::unexpected(
            of_run(duckdb_result_error(result ? result : &ignored.result)));
    return {};
}

SelectResult<void> Analysis::fill(const char* table, const AnalysisLimits& limits,
                                  const Write& write) {
    duckdb_appender appender = nullptr;
    if (duckdb_appender_create_ext(connection_, "temp", nullptr, table, &appender) == DuckDBError) {
        duckdb_appender_destroy(&appender);
        return tl::unexpected(failed("query.failed", "The customers could not be listed."));
    }
    bool is_late = false;
    std::size_t rows = 0;
    const auto goes_on = [&] {
        duckdb_appender_end_row(appender);
        if (++rows % 4'096 == 0)
            is_late = is_over(limits);
        return !is_late;
    };
    write(appender, goes_on);
    const bool is_written = duckdb_appender_close(appender) != DuckDBError;
    duckdb_appender_destroy(&appender);
    if (is_late)
        return tl::unexpected(stopped(limits));
    if (!is_written)
        return tl::unexpected(of_run("Out of Memory"));
    return {};
}

SelectResult<void> Analysis::make_customers(const VisibleCustomers& visible,
                                            const AnalysisLimits& limits) {
    if (auto done = run("CREATE TEMP TABLE qiao_customers (customer UBIGINT, org VARCHAR)", limits);
        !done)
        return done;
    const auto write = [&](duckdb_appender to, const GoesOn& goes_on) {
        visible.each_customer([&](ProfileId customer, std::string_view org) {
            duckdb_append_uint64(to, static_cast<std::uint64_t>(customer));
            if (org.empty())
                duckdb_append_null(to);
            else
                append_text(to, org);
            return goes_on();
        });
    };
    if (auto done = fill("qiao_customers", limits, write); !done)
        return done;
    return run("CREATE TEMP VIEW customers AS SELECT customer, " + id_text("customer") +
                   " AS customer_id, org FROM temp.qiao_customers",
               limits);
}

SelectResult<void> Analysis::make_tags(const VisibleCustomers& visible,
                                       const AnalysisLimits& limits) {
    if (auto done = run("CREATE TEMP TABLE tags (customer UBIGINT, tag VARCHAR, value VARCHAR)",
                        limits);
        !done)
        return done;
    return fill("tags", limits, [&](duckdb_appender to, const GoesOn& goes_on) {
        visible.each_tag([&](ProfileId customer, std::string_view tag, std::string_view value) {
            duckdb_append_uint64(to, static_cast<std::uint64_t>(customer));
            append_text(to, tag);
            append_text(to, value);
            return goes_on();
        });
    });
}

SelectResult<void> Analysis::make_views(const std::set<std::string>& used,
                                        const VisibleCustomers& visible,
                                        const AnalysisLimits& limits) {
    const bool needs_events = used.contains("events");
    if (used.contains("customers") || (needs_events && !visible.is_everyone))
        if (auto done = make_customers(visible, limits); !done)
            return done;
    if (used.contains("tags"))
        if (auto done = make_tags(visible, limits); !done)
            return done;
    if (!needs_events)
        return {};
    if (auto done = run(visible.is_everyone ? merged : visible_family, limits); !done)
        return done;
    return run(events_view(visible.is_everyone, zone_, catalog_), limits);
}

SelectResult<void> Analysis::prepare(const std::string& text, const VisibleCustomers& visible,
                                     const AnalysisLimits& limits) {
    std::vector<std::string_view> names;
    for (const auto& view : analysis_views())
        names.emplace_back(view.name);
    const auto used = check_select(connection_, text, names);
    if (!used)
        return tl::unexpected(used.error());
    if (auto made = make_views(*used, visible, limits); !made)
        return made;
    // As a view it is bound and not yet run; what it returns is asked of the view.
    detail::Answer answer;
    const auto sql = "CREATE TEMP VIEW qiao_answer AS\n" + text;
    if (duckdb_query(connection_, sql.c_str(), &answer.result) == DuckDBError)
        return tl::unexpected(of_names(duckdb_result_error(&answer.result), text));
    return {};
}

SelectResult<AnalysisTable> Analysis::rows(const AnalysisLimits& limits) {
    AnalysisTable table;
    detail::Answer columns, rows;
    if (auto done = run("SELECT column_name, column_type FROM (DESCRIBE temp.qiao_answer)", limits,
                        &columns.result);
        !done)
        return tl::unexpected(done.error());
    detail::for_each_chunk(columns, [&](const detail::ChunkReader& chunk, idx_t count) {
        for (idx_t at = 0; at < count; ++at)
            table.columns.push_back({chunk.text(0, at), chunk.text(1, at)});
        return true;
    });
    if (auto done = run("SELECT COLUMNS(*)::VARCHAR FROM temp.qiao_answer LIMIT " +
                            std::to_string(limits.rows + 1),
                        limits, &rows.result);
        !done)
        return tl::unexpected(done.error());
    detail::for_each_chunk(rows, [&](const detail::ChunkReader& chunk, idx_t count) {
        for (idx_t at = 0; at < count; ++at) {
            auto& row = table.rows.emplace_back();
            for (idx_t column = 0; column < table.columns.size(); ++column)
                row.push_back(chunk.is_null(column, at)
                                  ? std::optional<std::string>()
                                  : std::optional(chunk.text(column, at)));
        }
        return true;
    });
    table.is_cut = table.rows.size() > limits.rows;
    if (table.is_cut)
        table.rows.resize(limits.rows);
    return table;
}

SelectResult<std::filesystem::path> Analysis::file(AnalysisFormat format,
                                                   const AnalysisLimits& limits) {
    const bool is_csv = format == AnalysisFormat::csv;
    auto path = history_.outbox() / (random_token(16) + (is_csv ? ".csv" : ".parquet"));
    const auto written =
        run("COPY (SELECT * FROM temp.qiao_answer LIMIT " + std::to_string(limits.rows) + ") TO '" +
                path.string() + (is_csv ? "' (FORMAT csv, HEADER)" : "' (FORMAT parquet)"),
            limits);
    if (written)
        return path;
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    return tl::unexpected(written.error());
}

}  // namespace qiao::history
