// The one door to SQL: SQLite (WAL) by default, PostgreSQL by its URL. One SQL text for both.
//
// Parameters are written $1, $2, … in the text. Types: 64-bit integers, doubles, text, booleans
// (kept as integers 0/1), null; blobs as text in hex or base64. Times are kept as integer
// milliseconds. A lost or full database throws sql::Fault, caught at the edge of a request or a
// job. A broken uniqueness rule throws Constraint: where a twin is an outcome, write `ON CONFLICT …
// DO NOTHING` and look at the number of rows changed. After any throw a transaction is lost: it
// only rolls back. Text is UTF-8 without a zero character, which PostgreSQL cannot keep (Fault on
// both engines).
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace qiao::sql {

struct Fault : std::runtime_error {
    using std::runtime_error::runtime_error;
};
// A uniqueness or foreign-key rule refused the statement; the transaction is lost.
struct Constraint : Fault {
    using Fault::Fault;
};

using Param = std::variant<std::monostate, std::int64_t, double, std::string>;
inline Param param(Time time) { return to_ms(time); }
inline Param param(bool value) { return static_cast<std::int64_t>(value); }

class Row {
public:
    bool is_null(std::size_t column) const { return cells_[column].index() == 0; }
    std::int64_t integer(std::size_t column) const;
    double real(std::size_t column) const;
    const std::string& text(std::size_t column) const;
    std::string text_or(std::size_t column, std::string_view otherwise) const;
    bool boolean(std::size_t column) const { return integer(column) != 0; }
    Time time(std::size_t column) const { return time_from_ms(integer(column)); }
    std::optional<Time> maybe_time(std::size_t column) const;
    std::size_t size() const { return cells_.size(); }

    std::vector<Param> cells_;
};
using Rows = std::vector<Row>;

// Rolls back when it dies uncommitted. One thread at a time.
class Transaction {
public:
    Transaction() = default;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    virtual ~Transaction() = default;
    virtual Rows query(std::string_view sql, const std::vector<Param>& params = {}) = 0;
    // Returns the number of rows changed.
    virtual std::int64_t execute(std::string_view sql, const std::vector<Param>& params = {}) = 0;
    // Several statements without parameters, separated by semicolons (migrations).
    virtual void script(std::string_view sql) = 0;
    virtual void commit() = 0;
    std::optional<Row> query_one(std::string_view sql, const std::vector<Param>& params = {});

    // Called once the commit is durable, in order of registration, before the next writer gets its
    // turn: snapshots in memory follow the database's order. A hook may read() but not begin(), and
    // must not throw.
    void on_commit(std::function<void()> hook) { hooks_.push_back(std::move(hook)); }

protected:
    void join_before_commit();  // for write transactions, see JoinNextCommit
    void run_commit_hooks();

private:
    std::vector<std::function<void()>> hooks_;
    bool joined_ = false;
};

// While it lives, the next write transaction that its thread commits runs `work` first, so that the
// rows of `work` commit with an effect whose code knows nothing of them. At most one per thread.
class JoinNextCommit {
public:
    explicit JoinNextCommit(std::function<void(Transaction&)> work);
    ~JoinNextCommit();
    JoinNextCommit(const JoinNextCommit&) = delete;
    JoinNextCommit& operator=(const JoinNextCommit&) = delete;
    bool joined() const { return joined_; }  // it has committed

private:
    friend class Transaction;
    std::function<void(Transaction&)> work_;
    bool joined_ = false;
};

class Database {
public:
    // "sqlite:PATH" or "postgresql://…" (server 15 or newer). Errors: sql.open,
    // sql.unsupported_server.
    static Result<std::unique_ptr<Database>> open(const std::string& url);
    virtual ~Database() = default;

    // A write transaction: one at a time per database; waits its turn (30 s, then Fault). A thread
    // that holds one already gets a Fault at once.
    virtual std::unique_ptr<Transaction> begin() = 0;
    // A read snapshot, taken at its first query: never waits for a writer. At most eight at a time;
    // the next waits its turn (30 s, then Fault). Writing through it throws Fault.
    virtual std::unique_ptr<Transaction> read() = 0;

    virtual bool is_postgresql() const = 0;
    // A consistent copy of the whole database into a file (SQLite: VACUUM INTO). PostgreSQL:
    // unsupported.
    virtual Result<void> copy_to(const std::string& path) = 0;

    // Shorthand for one statement in its own transaction.
    std::int64_t execute(std::string_view sql, const std::vector<Param>& params = {});
    Rows query(std::string_view sql, const std::vector<Param>& params = {});
    std::optional<Row> query_one(std::string_view sql, const std::vector<Param>& params = {});
};

// A migration NNNN_module_what.sql of `migrations/`, compiled into the binary.
struct Migration {
    int number;
    std::string_view name;
    std::string_view sql;  // portable; {{autoincrement}}-free: ids are text or given integers
};
// Applies those not yet applied, in order, each in its own transaction. Error: sql.newer_schema.
Result<void> migrate(Database& database, const std::vector<Migration>& migrations, Time now);

}  // namespace qiao::sql
