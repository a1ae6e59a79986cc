#include "insight/sql_desk.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/id.hpp"
#include "insight/sql_desk_sql.hpp"

namespace qiao::insight {
namespace {

using std::chrono::steady_clock;

constexpr unsigned running_at_once = 2;
constexpr std::size_t most_waiting = 20, most_of_one = 2;
constexpr std::string_view hidden = "•••";

std::int64_t ms_since(steady_clock::time_point began) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - began)
        .count();
}

tl::unexpected<Error> run_not_found() {
    return fail(ErrorCode::not_found, "query.run_not_found",
                "There is no such query of yours; only the latest are remembered.");
}

tl::unexpected<Error> query_not_found() {
    return fail(ErrorCode::not_found, "query.not_found", "There is no such query of yours.");
}

std::string text_of(const Value& value) {
    const auto json = to_json(value);
    return json.is_string() ? std::string(json.get_string()) : boost::json::serialize(json);
}

Result<void> check_kept(const KeptQuery& query) {
    if (query.name.find_first_not_of(" \t\r\n") == std::string::npos || query.name.size() > 200)
        return fail(ErrorCode::invalid, "query.name", "Give the query a name of at most 200 bytes.",
                    "/name");
    if (query.text.size() > history::most_select_bytes)
        return fail(ErrorCode::too_large, "query.too_long",
                    "A query has at most 100,000 bytes of text.", "/text");
    return {};
}

}  // namespace

std::string_view name_of(SqlState state) {
    switch (state) {
        case SqlState::running:
            return "running";
        case SqlState::done:
            return "done";
        case SqlState::failed:
            return "failed";
        case SqlState::cancelled:
            return "cancelled";
    }
    return {};
}

SqlDesk::SqlDesk(Parts parts)
    : parts_(std::move(parts)), jobs_(parts_.clock, running_at_once, most_waiting) {}

// ---- what the asker may see ----

Result<history::VisibleCustomers> SqlDesk::visible(const access::Principal& who) const {
    const auto snapshot = parts_.evaluation.snapshot();
    auto everyone = parts_.evaluation.everyone(snapshot, who);
    if (!everyone)
        return fail(everyone.error());
    const auto people = std::make_shared<const index::People>(std::move(*everyone));
    history::VisibleCustomers made;
    made.is_everyone = who.org.empty();
    made.each_customer = [snapshot, people](const auto& visit) {
        const auto org = snapshot->attribute(index::Space::tag, "org", ValueType::string);
        people->each([&](index::Dense customer) {
            const auto cell = org ? org->at(customer) : index::missing;
            return visit(snapshot->profile(customer),
                         cell == index::missing
                             ? std::string()
                             : text_of(snapshot->strings->value(cell, ValueType::string)));
        });
    };
    made.each_tag = [snapshot, people](const auto& visit) {
        for (const auto& [key, attribute] : *snapshot->attributes) {
            if (key.space != index::Space::tag)
                continue;
            const auto tag = snapshot->strings->text(key.column.name);
            bool goes_on = true;
            people->each([&](index::Dense customer) {
                const auto cell = attribute->at(customer);
                if (cell == index::missing)
                    return true;
                goes_on = visit(snapshot->profile(customer), tag,
                                key.column.type == ValueType::sealed
                                    ? std::string(hidden)
                                    : text_of(snapshot->strings->value(cell, key.column.type)));
                return goes_on;
            });
            if (!goes_on)
                return;
        }
    };
    return made;
}

// ---- runs ----

Result<SqlRun> SqlDesk::start(const SqlAsk& ask, const access::Principal& who, Duration patience) {
    if (!parts_.history)
        return fail(ErrorCode::unsupported, "query.elsewhere",
                    "History is in ClickHouse; ask its own tools, or move history to a file.");
    if (ask.rows < 1 || ask.rows > most_sql_rows)
        return fail(ErrorCode::invalid, "query.limit", "The page shows 1 to 10,000 rows.", "/rows");
    if (ask.limit.count() < 1 || ask.limit > most_sql_time)
        return fail(ErrorCode::invalid, "query.limit", "A query may take 1 to 60 seconds.",
                    "/seconds");
    auto run = std::make_shared<Run>();
    run->owner = who.id;
    run->began = steady_clock::now();
    run->shown.id = new_id("run", parts_.clock.now());
    run->shown.text = ask.text;
    run->shown.started_at = parts_.clock.now();
    run->shown.limit_ms = ask.limit.count() * 1'000;
    {
        std::lock_guard lock(mutex_);
        const auto of_one = std::count_if(runs_.begin(), runs_.end(), [&](const auto& known) {
            return known.second->owner == who.id &&
                   known.second->shown.state == SqlState::running;
        });
        if (static_cast<std::size_t>(of_one) >= most_of_one)
            return fail(ErrorCode::conflict, "query.busy",
                        "Two of your queries are running; wait for one or stop it.");
        runs_[run->shown.id] = run;
    }
    parts_.audit.add(who, {"query.asked", run->shown.id, "a query over the history"});
    auto job = jobs_.start("sql", [this, run, ask, who](Job& running) -> Result<std::string> {
        try {
            finish(*run, answer(*run, ask, who, running));
        } catch (const std::exception&) {
            finish(*run, tl::unexpected(history::SelectError{
                             {ErrorCode::unavailable, "query.failed",
                              "The history could not be read; try again later.", "/text", 0},
                             {}}));
            throw;
        }
        return "{}";
    });
    if (!job) {
        std::lock_guard lock(mutex_);
        runs_.erase(run->shown.id);
        return fail(job.error());
    }
    return wait(run, patience);
}

history::SelectResult<history::AnalysisTable> SqlDesk::answer(const Run& run, const SqlAsk& ask,
                                                              const access::Principal& who,
                                                              const Job& job) const {
    const history::AnalysisLimits limits{
        steady_clock::now() + ask.limit, ask.rows,
        [&] { return run.is_stopped.load() || job.is_cancelled(); }};
    auto seen = visible(who);
    if (!seen)
        return tl::unexpected(history::SelectError{seen.error(), {}});
    history::Analysis analysis(*parts_.history, parts_.zone);
    if (auto ready = analysis.prepare(ask.text, *seen, limits); !ready)
        return tl::unexpected(ready.error());
    return analysis.rows(limits);
}

void SqlDesk::finish(Run& run, history::SelectResult<history::AnalysisTable> answer) {
    std::lock_guard lock(mutex_);
    auto& shown = run.shown;
    if (shown.state != SqlState::running)
        return;
    shown.elapsed_ms = ms_since(run.began);
    if (answer) {
        shown.state = SqlState::done;
        shown.row_count = static_cast<std::int64_t>(answer->rows.size());
        shown.table = std::make_shared<const history::AnalysisTable>(std::move(*answer));
    } else {
        shown.state = run.is_stopped ? SqlState::cancelled : SqlState::failed;
        shown.error = std::move(answer.error());
    }
    auto transaction = parts_.database.begin();
    queries::add_run(*transaction, shown, run.owner);
    queries::trim_runs(*transaction, run.owner, most_past);
    transaction->commit();
    forget_old(run.owner);
    finished_.notify_all();
}

void SqlDesk::forget_old(const std::string& owner) {
    std::size_t kept = 0;
    for (auto at = runs_.end(); at != runs_.begin();) {
        --at;
        if (at->second->owner != owner || at->second->shown.state == SqlState::running)
            continue;
        if (++kept > most_answers)
            at = runs_.erase(at);
    }
}

SqlRun SqlDesk::shown(const Run& run) const {
    auto made = run.shown;
    if (made.state == SqlState::running)
        made.elapsed_ms = ms_since(run.began);
    return made;
}

SqlRun SqlDesk::wait(const std::shared_ptr<Run>& run, Duration patience) {
    std::unique_lock lock(mutex_);
    finished_.wait_for(lock, patience, [&] { return run->shown.state != SqlState::running; });
    return shown(*run);
}

std::shared_ptr<SqlDesk::Run> SqlDesk::find(std::string_view id,
                                            const access::Principal& who) const {
    std::lock_guard lock(mutex_);
    const auto found = runs_.find(id);
    return found == runs_.end() || found->second->owner != who.id ? nullptr : found->second;
}

Result<SqlRun> SqlDesk::get(std::string_view id, const access::Principal& who, Duration patience) {
    if (const auto run = find(id, who))
        return wait(run, patience);
    if (auto past = queries::find_run(*parts_.database.read(), id, who.id))
        return std::move(*past);
    return run_not_found();
}

Result<void> SqlDesk::cancel(std::string_view id, const access::Principal& who) {
    const auto run = find(id, who);
    if (!run)
        return run_not_found();
    run->is_stopped = true;
    finish(*run, tl::unexpected(history::SelectError{
                     {ErrorCode::conflict, "query.cancelled", "The query was stopped.", "/text", 0},
                     {}}));
    return {};
}

std::vector<SqlRun> SqlDesk::runs(const access::Principal& who) const {
    std::vector<SqlRun> made;
    {
        std::lock_guard lock(mutex_);
        for (auto at = runs_.rbegin(); at != runs_.rend(); ++at)
            if (at->second->owner == who.id && at->second->shown.state == SqlState::running)
                made.push_back(shown(*at->second));
    }
    for (auto& past : queries::runs_of(*parts_.database.read(), who.id))
        made.push_back(std::move(past));
    return made;
}

Result<std::filesystem::path> SqlDesk::file(std::string_view id, history::AnalysisFormat format,
                                            const access::Principal& who) {
    const auto run = get(id, who, Duration{0});
    if (!run)
        return fail(run.error());
    auto seen = visible(who);
    if (!seen)
        return fail(seen.error());
    parts_.audit.add(who, {"query.exported", run->id,
                           format == history::AnalysisFormat::csv ? "as CSV" : "as Parquet"});
    const history::AnalysisLimits limits{steady_clock::now() + most_export_time,
                                         most_exported_rows, nullptr};
    history::Analysis analysis(*parts_.history, parts_.zone);
    if (auto ready = analysis.prepare(run->text, *seen, limits); !ready)
        return fail(ready.error().error);
    auto made = analysis.file(format, limits);
    if (!made)
        return fail(made.error().error);
    return std::move(*made);
}

// ---- kept queries ----

std::vector<KeptQuery> SqlDesk::queries(const access::Principal& who) const {
    return queries::kept_of(*parts_.database.read(), who.id);
}

Result<KeptQuery> SqlDesk::keep(std::string name, std::string text, const access::Principal& who) {
    const Time now = parts_.clock.now();
    KeptQuery made{new_id("sql", now), std::move(name), std::move(text), 1, now, now};
    if (auto fine = check_kept(made); !fine)
        return fail(fine.error());
    auto transaction = parts_.database.begin();
    if (queries::kept_of(*transaction, who.id).size() >= most_kept)
        return fail(ErrorCode::conflict, "query.too_many_queries",
                    "You keep 200 queries already; remove one first.");
    queries::put_kept(*transaction, made, who.id);
    transaction->commit();
    return made;
}

Result<KeptQuery> SqlDesk::change(std::string_view id, std::optional<std::string> name,
                                  std::optional<std::string> text, const access::Principal& who) {
    auto transaction = parts_.database.begin();
    auto known = queries::find_kept(*transaction, id, who.id);
    if (!known)
        return query_not_found();
    if (name)
        known->name = std::move(*name);
    if (text)
        known->text = std::move(*text);
    if (auto fine = check_kept(*known); !fine)
        return fail(fine.error());
    known->version += 1;
    known->updated_at = parts_.clock.now();
    queries::put_kept(*transaction, *known, who.id);
    transaction->commit();
    return std::move(*known);
}

Result<void> SqlDesk::remove(std::string_view id, const access::Principal& who) {
    auto transaction = parts_.database.begin();
    if (!queries::remove_kept(*transaction, id, who.id))
        return query_not_found();
    transaction->commit();
    return {};
}

}  // namespace qiao::insight
