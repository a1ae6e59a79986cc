#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <list>
#include <unordered_map>

#include "base/check.hpp"
#include "sql/detail/engines.hpp"
#include "sql/detail/turns.hpp"

namespace qiao::sql::detail {

namespace {

constexpr int busy_timeout_ms = 30'000;
constexpr std::size_t max_cached_statements = 200;

enum class SqliteRole : std::uint8_t { writer, reader };

[[noreturn]] void throw_sqlite(sqlite3* handle, std::string_view doing) {
    const auto text = std::string(doing) + ": " + sqlite3_errmsg(handle);
    if (sqlite3_errcode(handle) == SQLITE_CONSTRAINT)
        throw Constraint(text);
    throw Fault(text);
}

// One connection with its prepared statements. Used by one thread at a time.
class SqliteConnection {
public:
    SqliteConnection(const std::string& path, SqliteRole role) {
        const auto flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
        if (sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
            const std::string text = handle_ ? sqlite3_errmsg(handle_) : "out of memory";
            sqlite3_close(handle_);
            throw Fault("opening the database: " + text);
        }
        sqlite3_busy_timeout(handle_, busy_timeout_ms);
        try {
            run("PRAGMA journal_mode=WAL");
            run("PRAGMA synchronous=FULL");
            run("PRAGMA foreign_keys=ON");
            if (role == SqliteRole::reader)
                run("PRAGMA query_only=ON");
        } catch (...) {
            sqlite3_close(handle_);
            throw;
        }
    }
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;
    ~SqliteConnection() {
        for (auto& [sql, statement] : by_age_)
            sqlite3_finalize(statement);
        sqlite3_close(handle_);
    }

    void run(const std::string& sql) {
        if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
            throw_sqlite(handle_, "running a statement");
    }
    bool in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

    Rows query(std::string_view sql, const std::vector<Param>& params) {
        auto* statement = prepare(sql);
        Rows rows;
        with_bound(statement, params, [&] { rows.push_back(row_of(statement)); });
        return rows;
    }

    std::int64_t execute(std::string_view sql, const std::vector<Param>& params) {
        auto* statement = prepare(sql);
        const auto before = sqlite3_total_changes64(handle_);
        with_bound(statement, params, [] {});
        return sqlite3_total_changes64(handle_) == before ? 0 : sqlite3_changes64(handle_);
    }

private:
    using Cached = std::pair<std::string, sqlite3_stmt*>;

    sqlite3_stmt* prepare(std::string_view sql) {
        if (const auto found = by_text_.find(sql); found != by_text_.end()) {
            by_age_.splice(by_age_.begin(), by_age_, found->second);
            return found->second->second;
        }
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                               SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
            throw_sqlite(handle_, "preparing a statement");
        check(statement != nullptr);
        by_age_.emplace_front(std::string(sql), statement);
        by_text_.emplace(by_age_.front().first, by_age_.begin());
        if (by_age_.size() > max_cached_statements) {
            by_text_.erase(by_age_.back().first);
            sqlite3_finalize(by_age_.back().second);
            by_age_.pop_back();
        }
        return statement;
    }

    template <class OnRow>
    void with_bound(sqlite3_stmt* statement, const std::vector<Param>& params, OnRow on_row) {
        bind(statement, params);
        int code;
        while ((code = sqlite3_step(statement)) == SQLITE_ROW)
            on_row();
        if (code != SQLITE_DONE) {
            try {
                throw_sqlite(handle_, "running a statement");
            } catch (...) {
                sqlite3_reset(statement);
                throw;
            }
        }
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
    }

    // SQLite numbers "$2" by its first appearance in the text, so each is found by its name.
    void bind(sqlite3_stmt* statement, const std::vector<Param>& params) {
        const int count = sqlite3_bind_parameter_count(statement);
        for (int at = 1; at <= count; ++at) {
            const char* name = sqlite3_bind_parameter_name(statement, at);
            check(name != nullptr && name[0] == '$');
            const auto number = static_cast<std::size_t>(std::atoi(name + 1));
            check(number >= 1 && number <= params.size());
            bind_one(statement, at, params[number - 1]);
        }
    }

    void bind_one(sqlite3_stmt* statement, int at, const Param& param) {
        int code = SQLITE_OK;
        if (const auto* integer = std::get_if<std::int64_t>(&param))
            code = sqlite3_bind_int64(statement, at, *integer);
        else if (const auto* real = std::get_if<double>(&param))
            code = sqlite3_bind_double(statement, at, *real);
        else if (const auto* text = std::get_if<std::string>(&param))
            code = sqlite3_bind_text64(statement, at, text->data(), text->size(), SQLITE_STATIC,
                                       SQLITE_UTF8);
        else
            code = sqlite3_bind_null(statement, at);
        if (code != SQLITE_OK)
            throw_sqlite(handle_, "binding a parameter");
    }

    static Row row_of(sqlite3_stmt* statement) {
        Row row;
        const int columns = sqlite3_column_count(statement);
        row.cells_.reserve(static_cast<std::size_t>(columns));
        for (int column = 0; column < columns; ++column)
            row.cells_.push_back(cell(statement, column));
        return row;
    }

    static Param cell(sqlite3_stmt* statement, int column) {
        switch (sqlite3_column_type(statement, column)) {
            case SQLITE_INTEGER:
                return std::int64_t{sqlite3_column_int64(statement, column)};
            case SQLITE_FLOAT:
                return sqlite3_column_double(statement, column);
            case SQLITE_NULL:
                return std::monostate{};
            default: {
                const auto* text =
                    reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
                const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
                return text ? std::string(text, size) : std::string();
            }
        }
    }

    sqlite3* handle_ = nullptr;
    std::list<Cached> by_age_;  // newest use first; owns the keys of by_text_
    std::unordered_map<std::string_view, std::list<Cached>::iterator> by_text_;
};

using SqlitePool = Pool<SqliteConnection>;

// `give_back` returns the connection and, for a writer, the turn.
class SqliteTransaction final : public EngineTransaction {
public:
    SqliteTransaction(SqliteConnection& connection, std::function<void()> give_back,
                      SqliteRole role)
        : EngineTransaction(role == SqliteRole::writer),
          connection_(connection),
          give_back_(std::move(give_back)) {
        try {
            if (connection_.in_transaction())
                connection_.run("ROLLBACK");  // an earlier one failed
            connection_.run(role == SqliteRole::writer ? "BEGIN IMMEDIATE" : "BEGIN");
        } catch (...) {
            give_back_();
            throw;
        }
    }
    ~SqliteTransaction() override {
        if (!give_back_)
            return;  // the connection is another transaction's by now
        try {
            if (connection_.in_transaction())
                connection_.run("ROLLBACK");
        } catch (const Fault&) {
            // SQLite rolls an unfinished transaction back when its file is opened next.
        }
        give_back_();
    }

    Rows query(std::string_view sql, const std::vector<Param>& params) override {
        return guarded(params, [&] { return connection_.query(sql, params); });
    }
    std::int64_t execute(std::string_view sql, const std::vector<Param>& params) override {
        return guarded(params, [&] { return connection_.execute(sql, params); });
    }
    void script(std::string_view sql) override {
        guarded({}, [&] {
            connection_.run(std::string(sql));
            return 0;
        });
    }
    void commit() override {
        join();
        guarded({}, [&] {
            connection_.run("COMMIT");
            return 0;
        });
        end();
        run_commit_hooks();
        std::exchange(give_back_, nullptr)();
    }

private:
    SqliteConnection& connection_;
    std::function<void()> give_back_;
};

// A reader keeps the connection that the pool lent it.
class SqliteDatabase final : public Database {
public:
    explicit SqliteDatabase(std::string path)
        : path_(std::move(path)), writer_(path_, SqliteRole::writer), readers_(max_readers, [this] {
              return std::make_unique<SqliteConnection>(path_, SqliteRole::reader);
          }) {}

    std::unique_ptr<Transaction> begin() override {
        turn_.take();
        return std::make_unique<SqliteTransaction>(
            writer_, [this] { turn_.give_back(); }, SqliteRole::writer);
    }

    std::unique_ptr<Transaction> read() override {
        auto connection = std::make_shared<std::unique_ptr<SqliteConnection>>(readers_.take());
        return std::make_unique<SqliteTransaction>(
            **connection, [this, connection] { readers_.give_back(std::move(*connection)); },
            SqliteRole::reader);
    }

    bool is_postgresql() const override { return false; }

    Result<void> copy_to(const std::string& path) override {
        if (std::filesystem::exists(path))
            return fail(ErrorCode::conflict, "sql.copy", "the file of the copy exists already");
        SqliteConnection connection(path_, SqliteRole::writer);
        connection.query("VACUUM INTO $1", {path});
        const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        const bool synced = file >= 0 && ::fsync(file) == 0;
        if (file >= 0)
            ::close(file);
        if (!synced)
            throw Fault("the copy of the database cannot be brought to disk");
        return {};
    }

private:
    std::string path_;
    WriterTurn turn_;
    SqliteConnection writer_;
    SqlitePool readers_;
};

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite(const std::string& path) {
    if (path.empty() || path == ":memory:")
        return fail(ErrorCode::invalid, "sql.open", "sqlite: needs the path of a file");
    try {
        return std::make_unique<SqliteDatabase>(path);
    } catch (const Fault& fault) {
        return fail(ErrorCode::unavailable, "sql.open",
                    std::string("the database file cannot be opened: ") + fault.what());
    }
}

}  // namespace qiao::sql::detail
