// The league table of the demo bank agrees with a count made by plain SQL over the history.
#include <duckdb.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>

#include "access/roles.hpp"
#include "app/server.hpp"
#include "base/check.hpp"
#include "insight/league.hpp"

namespace qiao::app {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

struct Counted {
    std::int64_t customers = 0, active = 0, active_days = 0, transacting = 0, effective = 0;
    std::int64_t transactions = 0, value_fen = 0;
    friend bool operator==(const Counted&, const Counted&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Counted& one) {
        return out << one.customers << " customers, " << one.active << " active on "
                   << one.active_days << " days, " << one.transacting << " transacting, "
                   << one.effective << " effective, " << one.transactions << " transactions of "
                   << one.value_fen;
    }
};
using CountedByUnit = std::map<std::string, Counted>;

// What one who knows nothing of Qiao's engines would write. Merged visitors count for whom they
// became; a unit's code begins with that of the unit above it.
constexpr const char* plain_sql = R"(
    WITH RECURSIVE chain(id, customer) AS (
        SELECT loser, winner FROM aliases
        UNION ALL
        SELECT chain.id, aliases.winner FROM chain JOIN aliases ON aliases.loser = chain.customer),
    owner AS (
        SELECT id, customer FROM chain WHERE customer NOT IN (SELECT loser FROM aliases)),
    facts AS (
        SELECT coalesce(owner.customer, events.profile) AS customer, events.event, events.time,
               events.properties
        FROM events LEFT JOIN owner ON owner.id = events.profile),
    keeper AS (
        SELECT customer, arg_max(json_extract_string(properties, '$.org'), time) AS org
        FROM facts WHERE event = '$profile_set' GROUP BY customer),
    done AS (
        SELECT customer, (time + INTERVAL 8 HOUR)::DATE AS day,
               event IN ('fund_purchase', 'deposit_purchase', 'bill_payment', 'transfer_done')
                   AS transacts,
               CAST(round(json_extract(properties, '$.amount')::DOUBLE * 100) AS BIGINT) AS fen
        FROM facts
        WHERE event IN ('app_open', 'login', 'fund_purchase', 'deposit_purchase', 'bill_payment',
                        'transfer_done')
          AND time >= make_timestamp_ms($1) AND time < make_timestamp_ms($2)),
    people AS (
        SELECT keeper.customer, keeper.org, count(DISTINCT done.day) AS days,
               count(*) FILTER (done.transacts) AS transactions,
               coalesce(sum(done.fen) FILTER (done.transacts), 0) AS fen
        FROM keeper LEFT JOIN done ON done.customer = keeper.customer
        GROUP BY keeper.customer, keeper.org)
    SELECT substr(org, 1, $3) AS unit, count(*), count(*) FILTER (days > 0), sum(days)::BIGINT,
           count(*) FILTER (transactions > 0),
           count(*) FILTER (transactions >= 2 AND fen >= 50000),
           sum(transactions)::BIGINT, sum(fen)::BIGINT
    FROM people WHERE length(org) >= $3 GROUP BY unit)";

class Sql {
public:
    explicit Sql(const fs::path& file) {
        check(duckdb_open(file.c_str(), &database_) == DuckDBSuccess);
        check(duckdb_connect(database_, &connection_) == DuckDBSuccess);
    }
    ~Sql() {
        duckdb_disconnect(&connection_);
        duckdb_close(&database_);
    }
    CountedByUnit count(const insight::Unit& unit, int code_length) {
        duckdb_prepared_statement statement = nullptr;
        EXPECT_EQ(duckdb_prepare(connection_, plain_sql, &statement), DuckDBSuccess)
            << duckdb_prepare_error(statement);
        duckdb_bind_int64(statement, 1, unit.from_ms);
        duckdb_bind_int64(statement, 2, unit.until_ms);
        duckdb_bind_int64(statement, 3, code_length);
        duckdb_result result;
        EXPECT_EQ(duckdb_execute_prepared(statement, &result), DuckDBSuccess)
            << duckdb_result_error(&result);
        CountedByUnit made;
        for (idx_t row = 0; row < duckdb_row_count(&result); ++row) {
            const auto number = [&](idx_t column) {
                return duckdb_value_int64(&result, column, row);
            };
            char* name = duckdb_value_varchar(&result, 0, row);
            made[name] = {number(1), number(2), number(3), number(4),
                          number(5), number(6), number(7)};
            duckdb_free(name);
        }
        duckdb_destroy_result(&result);
        duckdb_destroy_prepare(&statement);
        return made;
    }

private:
    duckdb_database database_ = nullptr;
    duckdb_connection connection_ = nullptr;
};

using When = insight::Activity insight::League::Row::*;
// SQL has no row of a unit that keeps nobody.
CountedByUnit told_by(const insight::League& league, When when) {
    CountedByUnit made;
    for (const auto& row : league.rows) {
        const auto& one = row.*when;
        if (one.customers == 0)
            continue;
        const auto whole = [](std::uint64_t count) { return static_cast<std::int64_t>(count); };
        made[row.org] = {whole(one.customers),    whole(one.active),
                         whole(one.active_days),  whole(one.transacting),
                         whole(one.effective),    whole(one.transactions),
                         static_cast<std::int64_t>(one.value / 100)};
    }
    return made;
}

class DemoLeague : public testing::Test {
protected:
    DemoLeague() : directory_(fs::temp_directory_path() / ("qiao-league-" + random_token(6))) {
        fs::create_directories(directory_);
        ServeOptions options;
        options.data_dir = directory_ / "data";
        options.port = 0;
        options.is_port_given = true;
        options.demo_customers = 250;
        auto stores = Stores::open(options);
        check(stores.has_value());
        server_ = std::make_unique<Server>(options, std::move(*stores));
        check(server_->start().has_value());
        // What "the demo bank is ready" waits for; it does not live on, so that nothing moves.
        server_->demo_bank->describe();
        server_->demo_bank->fill(server_->clock.now(), [](int) { return true; });
        check(server_->wait_fresh(60s));
    }
    ~DemoLeague() override {
        server_.reset();
        fs::remove_all(directory_);
    }
    insight::League league(const std::string& kind, Day at) {
        const auto text = demo::products().front();  // the app
        const auto draft = insight::parse_product(boost::json::parse(std::string(text)));
        const auto product = server_->products.create(*draft, access::system_principal());
        check(product.has_value());
        insight::LeagueQuestion question;
        question.product = product->id;
        question.kind = kind;
        question.at = at;
        question.frame.period.within = 24h;
        const auto answered = insight::ask(server_->asking, server_->products, question, "",
                                           access::system_principal());
        EXPECT_TRUE(answered) << answered.error().detail;
        return *answered->result;
    }

    fs::path directory_;
    std::unique_ptr<Server> server_;
};

TEST_F(DemoLeague, AgreesWithPlainSqlOverTheHistory) {
    const Day today = server_->calendar.day_of(server_->clock.now());
    const Day last_month = insight::unit_start(insight::unit_start(today, insight::Per::month) - 1,
                                               insight::Per::month);
    const struct {
        const char* kind;
        int code_length;
        Day at;
    } tables[] = {{"branch", 2, last_month}, {"outlet", 4, last_month}, {"manager", 6, last_month},
                  {"branch", 2, today}};
    std::vector<insight::League> leagues;
    for (const auto& table : tables)
        leagues.push_back(league(table.kind, table.at));
    const auto file = directory_ / "data" / "history.duckdb";
    server_->stop();
    server_.reset();

    Sql sql(file);
    for (std::size_t i = 0; i < leagues.size(); ++i) {
        const auto& found = leagues[i];
        const auto now = told_by(found, &insight::League::Row::now);
        EXPECT_EQ(now, sql.count(found.units.now, tables[i].code_length)) << tables[i].kind;
        EXPECT_EQ(told_by(found, &insight::League::Row::before),
                  sql.count(found.units.before, tables[i].code_length))
            << tables[i].kind;
        std::int64_t active = 0;
        for (const auto& [unit, counted] : now)
            active += counted.active;
        EXPECT_GT(active, 0) << tables[i].kind;
    }
}

}  // namespace

}  // namespace qiao::app
