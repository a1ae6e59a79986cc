// The rebuild of an index from a history of bank size: rebuild_bench [--customers N] [--events N]
// [--threads N] [--directory DIR]. The first run makes the data (customers through the shards,
// history by SQL); a directory that exists is used again.
//
// Forty kinds of events, a few common and many rare, with an amount, a channel, a city and a page;
// eight tags, two identities and a consent for each customer.
#include <duckdb.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include "history/duckdb_history.hpp"
#include "index/rebuild.hpp"
#include "shard/shards.hpp"

namespace {

using namespace qiao;
using SteadyClock = std::chrono::steady_clock;

struct Settings {
    std::uint64_t customers = 2'000'000;
    std::uint64_t events = 100'000'000;
    unsigned threads = 2;
    std::filesystem::path directory = "build/bench-rebuild";
};

Settings read_settings(int argc, char** argv) {
    Settings settings;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        if (name == "--customers")
            settings.customers = std::stoull(argv[i + 1]);
        if (name == "--events")
            settings.events = std::stoull(argv[i + 1]);
        if (name == "--threads")
            settings.threads = static_cast<unsigned>(std::stoul(argv[i + 1]));
        if (name == "--directory")
            settings.directory = argv[i + 1];
    }
    return settings;
}

double seconds_since(SteadyClock::time_point start) {
    return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

// Of all threads of this process: what a busy machine does not change much.
double cpu_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

// The shards with their customers, as a server would open them.
struct Bank {
    explicit Bank(const std::filesystem::path& directory)
        : store(std::move(*journal::Store::open(directory / "journal", {}, clock))),
          journal(*store, clock, metrics),
          shards(*store, journal, clock, metrics, {&customers}, 2) {
        shards.start();
    }
    SystemClock clock;
    Metrics metrics;
    std::unique_ptr<journal::Store> store;
    journal::Journal journal;
    customer::Customers customers;
    shard::Shards shards;
};

void make_customers(Bank& bank, std::uint64_t count) {
    std::vector<Fact> facts;
    for (std::uint64_t n = 0; n < count; ++n) {
        Fact fact;
        fact.kind = FactKind::profile_set;
        fact.source = "bench";
        fact.message_id = "p" + std::to_string(n);
        fact.time = fact.received_at = bank.clock.now();
        fact.identities = {{"user_id", "u-" + std::to_string(n), {}}};
        fact.properties = {
            {"level", "level " + std::to_string(n % 5)},
            {"city", "city " + std::to_string(n % 300)},
            {"org", std::to_string(3300 + n % 80)},
            {"age", Decimal::from_scaled(static_cast<std::int64_t>(n % 70) * 10'000)},
            {"assets", Decimal::from_scaled(static_cast<std::int64_t>(n * 7919))},
            {"vip", n % 11 == 0},
            {"since", time_from_ms(1'600'000'000'000 + static_cast<int>(n))},
            {"channel", std::string(n % 3 ? "app" : "branch")}};
        facts.push_back(std::move(fact));
        if (facts.size() < 5'000 && n + 1 < count)
            continue;
        if (!bank.journal.append_and_wait(std::move(facts)))
            throw std::runtime_error("the journal refuses");
        facts.clear();
        if (n % 200'000 < 5'000)
            bank.shards.wait_applied(std::chrono::minutes(5));
    }
    bank.shards.wait_applied(std::chrono::minutes(5));
}

std::vector<ProfileId> profiles_of(Bank& bank) {
    std::vector<ProfileId> profiles;
    for (ShardId shard = 0; shard < shard_count; ++shard) {
        const std::function<bool(shard::ShardContext&)> ask = [&](shard::ShardContext& context) {
            bank.customers.each(context, [&](const customer::Customer& customer) {
                profiles.push_back(customer.id);
                return true;
            });
            return true;
        };
        bank.shards.ask(shard, ask).get();
    }
    return profiles;
}

void run(duckdb_connection connection, const std::string& sql) {
    duckdb_result result;
    if (duckdb_query(connection, sql.c_str(), &result) == DuckDBError)
        throw std::runtime_error(duckdb_result_error(&result));
    duckdb_destroy_result(&result);
}

// Made by SQL, because the feeder would take half an hour for it.
void make_history(const std::filesystem::path& file, const std::vector<ProfileId>& profiles,
                  std::uint64_t events, const shard::Shards& shards) {
    { auto made = history::DuckdbHistory::open(file, {}); }
    duckdb_database database = nullptr;
    duckdb_connection connection = nullptr;
    duckdb_open(file.c_str(), &database);
    duckdb_connect(database, &connection);
    run(connection, "SET threads = 2; SET preserve_insertion_order = false");
    run(connection, "CREATE TEMP TABLE people (n UBIGINT, id UBIGINT)");
    duckdb_appender appender = nullptr;
    duckdb_appender_create(connection, nullptr, "people", &appender);
    for (std::size_t n = 0; n < profiles.size(); ++n) {
        duckdb_append_uint64(appender, n);
        duckdb_append_uint64(appender, static_cast<std::uint64_t>(profiles[n]));
        duckdb_appender_end_row(appender);
    }
    duckdb_appender_destroy(&appender);
    constexpr std::uint64_t step = 5'000'000;
    for (std::uint64_t from = 0; from < events; from += step) {
        const auto until = std::min(events, from + step);
        run(connection,
            "INSERT INTO events SELECT p.id, make_timestamp(1785000000000000 + i * 77760), "
            "make_timestamp(1785000000000000 + i * 77760), 'event_' || (least(39, floor(40 * pow("
            "(hash(i, 3) % 1000000) / 1000000.0, 3)))::INT), 'key_1', 'm' || i, p.id % 64, i, 0, "
            "'{\"amount\":' || ((hash(i, 5) % 1000000) / 100.0) || ',\"channel\":\"' || "
            "['app', 'web', 'branch'][1 + (hash(i, 6) % 3)::BIGINT] || '\",\"city\":\"city ' || "
            "(hash(i, 7) % 300) || '\",\"page\":\"/page/' || (hash(i, 8) % 2000) || '\"}' "
            "FROM range(" +
                std::to_string(from) + ", " + std::to_string(until) +
                ") r(i) JOIN people p ON p.n = hash(i, 9) % " + std::to_string(profiles.size()));
    }
    for (ShardId shard = 0; shard < shard_count; ++shard)
        run(connection, "INSERT INTO positions VALUES (" + std::to_string(shard) + ", " +
                            std::to_string(shards.feed_end(shard)) + ")");
    run(connection, "CHECKPOINT");
    duckdb_disconnect(&connection);
    duckdb_close(&database);
}

}  // namespace

int main(int argc, char** argv) {
    const auto settings = read_settings(argc, argv);
    const auto file = settings.directory / "history.duckdb";
    std::filesystem::create_directories(settings.directory);
    Bank bank(settings.directory);
    if (!std::filesystem::exists(file)) {
        auto start = SteadyClock::now();
        make_customers(bank, settings.customers);
        const auto profiles = profiles_of(bank);
        std::printf("%zu customers made in %.0f s\n", profiles.size(), seconds_since(start));
        start = SteadyClock::now();
        make_history(file, profiles, settings.events, bank.shards);
        std::printf("%.1f M events made in %.0f s\n", static_cast<double>(settings.events) / 1e6,
                    seconds_since(start));
    }
    const auto history = std::move(*history::DuckdbHistory::open(file, {}));
    index::RebuildOptions options;
    options.index.directory = settings.directory / "index";
    options.threads = settings.threads;
    const auto start = SteadyClock::now();
    double rows_began = 0, rows_ended = 0, cpu_began = 0, cpu_ended = 0;
    const auto made =
        index::rebuild({*history, bank.shards, bank.customers, bank.journal,
                        [](std::string_view, std::string_view) { return false; }},
                       options, [&](const index::RebuildProgress& at) {
                           if (at.phase == index::RebuildPhase::rows && rows_began == 0) {
                               rows_began = seconds_since(start);
                               cpu_began = cpu_seconds();
                           }
                           if (at.phase == index::RebuildPhase::feed && rows_ended == 0) {
                               rows_ended = seconds_since(start);
                               cpu_ended = cpu_seconds();
                           }
                           return true;
                       });
    const auto state = (*made)->snapshot();
    const auto rows = static_cast<double>(state->rows());
    const auto wall = rows_ended - rows_began, cpu = cpu_ended - cpu_began;
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    std::printf("customers: %.2f M in %.1f s\n", state->customers / 1e6, rows_began);
    std::printf(
        "rows: %.1f M in %.1f s, %.2f M/s; %.1f s of CPU: %.2f M/s on two cores of our own\n",
        rows / 1e6, wall, rows / wall / 1e6, cpu, rows / cpu * 2 / 1e6);
    std::printf("all: %.1f s, %zu segments, process at most %ld MB\n", seconds_since(start),
                state->segments.size(), used.ru_maxrss / 1024);
    return 0;
}
