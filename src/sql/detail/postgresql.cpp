#include <postgresql/libpq-fe.h>

#include <charconv>
#include <cstring>
#include <list>
#include <unordered_map>

#include "base/check.hpp"
#include "sql/detail/engines.hpp"
#include "sql/detail/turns.hpp"

namespace qiao::sql::detail {

namespace {

constexpr int oldest_server = 150000;
constexpr std::size_t max_prepared = 200;

// Types of the catalogue (pg_type.dat); they never change.
constexpr Oid oid_bool = 16, oid_int8 = 20, oid_int2 = 21, oid_int4 = 23, oid_oid = 26;
constexpr Oid oid_float4 = 700, oid_float8 = 701, oid_numeric = 1700;
constexpr Oid oid_inferred = 0;

struct ResultDeleter {
    void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ResultDeleter>;

template <class Number>
std::optional<Number> number_of(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

double double_of(const char* text) { return std::strtod(text, nullptr); }

Param postgresql_cell(const PGresult* result, int row, int column) {
    if (PQgetisnull(result, row, column))
        return std::monostate{};
    const char* text = PQgetvalue(result, row, column);
    const std::string_view view(text, static_cast<std::size_t>(PQgetlength(result, row, column)));
    switch (PQftype(result, column)) {
        case oid_bool:
            return std::int64_t{view == "t"};
        case oid_int8:
        case oid_int2:
        case oid_int4:
        case oid_oid:
            return number_of<std::int64_t>(view).value();
        case oid_float4:
        case oid_float8:
            return double_of(text);
        case oid_numeric:  // sum() of integers: SQLite answers an integer
            if (const auto integer = number_of<std::int64_t>(view))
                return *integer;
            return double_of(text);
        default:
            return std::string(view);
    }
}

// Parameters as libpq takes them. Integers and doubles carry their type, because PostgreSQL would
// take `x - $1` for four bytes; text and null take the type of the place where they stand.
struct WireParams {
    explicit WireParams(const std::vector<Param>& params) {
        texts.reserve(params.size());
        for (const auto& param : params)
            add(param);
        for (std::size_t at = 0; at < texts.size(); ++at)
            values.push_back(texts[at] ? texts[at]->c_str() : nullptr);
    }
    void add(const Param& param) {
        if (const auto* integer = std::get_if<std::int64_t>(&param)) {
            types.push_back(oid_int8);
            texts.emplace_back(std::to_string(*integer));
        } else if (const auto* real = std::get_if<double>(&param)) {
            char buffer[32];
            const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, *real);
            check(error == std::errc());
            types.push_back(oid_float8);
            texts.emplace_back(std::string(buffer, end));
        } else if (const auto* text = std::get_if<std::string>(&param)) {
            types.push_back(oid_inferred);
            texts.emplace_back(*text);
        } else {
            types.push_back(oid_inferred);
            texts.emplace_back(std::nullopt);
        }
    }
    int size() const { return static_cast<int>(types.size()); }

    std::vector<Oid> types;
    std::vector<std::optional<std::string>> texts;
    std::vector<const char*> values;
};

// One connection with its prepared statements. Used by one thread at a time.
class PostgresqlConnection {
public:
    explicit PostgresqlConnection(const std::string& url) : handle_(PQconnectdb(url.c_str())) {
        if (PQstatus(handle_) != CONNECTION_OK) {
            const std::string text = PQerrorMessage(handle_);
            PQfinish(handle_);
            throw Fault("connecting to PostgreSQL: " + text);
        }
        PQsetNoticeProcessor(
            handle_, [](void*, const char*) {}, nullptr);
        try {
            run("SET client_encoding = 'UTF8'; SET lock_timeout = '30s'; "
                "SET idle_in_transaction_session_timeout = '10min'");
        } catch (...) {
            PQfinish(handle_);
            throw;
        }
    }
    PostgresqlConnection(const PostgresqlConnection&) = delete;
    PostgresqlConnection& operator=(const PostgresqlConnection&) = delete;
    ~PostgresqlConnection() { PQfinish(handle_); }

    int server_version() const { return PQserverVersion(handle_); }
    bool in_transaction() const { return PQtransactionStatus(handle_) != PQTRANS_IDLE; }
    bool usable() const { return PQstatus(handle_) == CONNECTION_OK; }

    void run(const std::string& sql) { checked(ResultPtr(PQexec(handle_, sql.c_str()))); }

    ResultPtr run(std::string_view sql, const std::vector<Param>& params) {
        const WireParams wire(params);
        const auto& name = prepare(sql, wire);
        return checked(ResultPtr(PQexecPrepared(handle_, name.c_str(), wire.size(),
                                                wire.values.data(), nullptr, nullptr, 0)));
    }

private:
    struct Prepared {
        std::string key, name;
    };

    ResultPtr checked(ResultPtr result) {
        const auto status = PQresultStatus(result.get());
        if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY)
            return result;
        const std::string text = std::string("PostgreSQL: ") + PQerrorMessage(handle_);
        const char* state = result ? PQresultErrorField(result.get(), PG_DIAG_SQLSTATE) : nullptr;
        // Class 23 of the standard: integrity constraint violation.
        if (state != nullptr && std::strncmp(state, "23", 2) == 0)
            throw Constraint(text);
        throw Fault(text);
    }

    const std::string& prepare(std::string_view sql, const WireParams& wire) {
        std::string key(sql);
        for (const auto type : wire.types)
            key += type == oid_int8 ? 'i' : type ? 'd' : 't';
        if (const auto found = by_key_.find(key); found != by_key_.end()) {
            by_age_.splice(by_age_.begin(), by_age_, found->second);
            return found->second->name;
        }
        if (by_age_.size() >= max_prepared)
            forget_oldest();
        auto name = "q" + std::to_string(++prepared_count_);
        checked(ResultPtr(PQprepare(handle_, name.c_str(), std::string(sql).c_str(), wire.size(),
                                    wire.types.data())));
        by_age_.push_front({std::move(key), std::move(name)});
        by_key_.emplace(by_age_.front().key, by_age_.begin());
        return by_age_.front().name;
    }
    void forget_oldest() {
        run("DEALLOCATE " + by_age_.back().name);
        by_key_.erase(by_age_.back().key);
        by_age_.pop_back();
    }

    PGconn* handle_;
    std::uint64_t prepared_count_ = 0;
    std::list<Prepared> by_age_;  // newest use first; owns the keys of by_key_
    std::unordered_map<std::string_view, std::list<Prepared>::iterator> by_key_;
};

// `give_back` takes the connection (null where it broke) and, for a writer, returns the turn.
class PostgresqlTransaction final : public EngineTransaction {
public:
    using GiveBack = std::function<void(std::unique_ptr<PostgresqlConnection>)>;

    PostgresqlTransaction(std::unique_ptr<PostgresqlConnection> connection, GiveBack give_back,
                          bool writes)
        : EngineTransaction(writes),
          connection_(std::move(connection)),
          give_back_(std::move(give_back)) {
        try {
            connection_->run(writes ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        } catch (...) {
            give_back_(nullptr);
            throw;
        }
    }
    ~PostgresqlTransaction() override {
        if (!connection_)
            return;
        try {
            if (connection_->in_transaction())
                connection_->run("ROLLBACK");
        } catch (const Fault&) {
            // The server rolls back when the connection closes.
        }
        return_connection();
    }

    Rows query(std::string_view sql, const std::vector<Param>& params) override {
        const auto result = guarded(params, [&] { return connection_->run(sql, params); });
        Rows rows(static_cast<std::size_t>(PQntuples(result.get())));
        const int columns = PQnfields(result.get());
        for (std::size_t row = 0; row < rows.size(); ++row)
            for (int column = 0; column < columns; ++column)
                rows[row].cells_.push_back(
                    postgresql_cell(result.get(), static_cast<int>(row), column));
        return rows;
    }
    std::int64_t execute(std::string_view sql, const std::vector<Param>& params) override {
        const auto result = guarded(params, [&] { return connection_->run(sql, params); });
        return number_of<std::int64_t>(PQcmdTuples(result.get())).value_or(0);
    }
    void script(std::string_view sql) override {
        guarded({}, [&] {
            connection_->run(std::string(sql));
            return 0;
        });
    }
    void commit() override {
        join();
        guarded({}, [&] {
            connection_->run("COMMIT");
            return 0;
        });
        end();
        run_commit_hooks();
        return_connection();
    }

private:
    void return_connection() {
        const bool sound = connection_->usable() && !connection_->in_transaction();
        if (!sound)
            connection_.reset();
        give_back_(std::move(connection_));
    }

    std::unique_ptr<PostgresqlConnection> connection_;
    GiveBack give_back_;
};

// One process writes, so a turn within it orders the writers; the server's locks are never
// contended.
class PostgresqlDatabase final : public Database {
public:
    explicit PostgresqlDatabase(std::string url)
        : url_(std::move(url)),
          writer_(std::make_unique<PostgresqlConnection>(url_)),
          readers_(max_readers, [this] { return std::make_unique<PostgresqlConnection>(url_); }) {}

    int server_version() const { return writer_->server_version(); }

    std::unique_ptr<Transaction> begin() override {
        turn_.take();
        try {
            if (!writer_ || !writer_->usable())
                writer_ = std::make_unique<PostgresqlConnection>(url_);
        } catch (...) {
            turn_.give_back();
            throw;
        }
        const auto give_back = [this](std::unique_ptr<PostgresqlConnection> connection) {
            writer_ = std::move(connection);
            turn_.give_back();
        };
        return std::make_unique<PostgresqlTransaction>(std::move(writer_), give_back, true);
    }

    std::unique_ptr<Transaction> read() override {
        const auto give_back = [this](std::unique_ptr<PostgresqlConnection> connection) {
            readers_.give_back(std::move(connection));
        };
        return std::make_unique<PostgresqlTransaction>(readers_.take(), give_back, false);
    }

    bool is_postgresql() const override { return true; }

    Result<void> copy_to(const std::string&) override {
        return fail(ErrorCode::unsupported, "sql.copy",
                    "a PostgreSQL database is copied by pg_dump, not by Qiao");
    }

private:
    std::string url_;
    WriterTurn turn_;
    std::unique_ptr<PostgresqlConnection> writer_;
    Pool<PostgresqlConnection> readers_;
};

}  // namespace

Result<std::unique_ptr<Database>> open_postgresql(const std::string& url) {
    try {
        auto database = std::make_unique<PostgresqlDatabase>(url);
        if (database->server_version() < oldest_server)
            return fail(ErrorCode::unsupported, "sql.unsupported_server",
                        "the PostgreSQL server is older than 15; use a newer one");
        return database;
    } catch (const Fault& fault) {
        return fail(ErrorCode::unavailable, "sql.open", fault.what());
    }
}

}  // namespace qiao::sql::detail
