#include "clickhouse/schema.hpp"

namespace qiao::clickhouse {
namespace {

// Retried batches are recognised by their token among so many of the latest.
constexpr const char* deduplication_window = "1000";

constexpr const char* event_columns = R"(
    profile UInt64,
    time_ms Int64 CODEC(DoubleDelta, ZSTD),
    received_ms Int64 CODEC(DoubleDelta, ZSTD),
    event LowCardinality(String),
    source LowCardinality(String),
    message_id String,
    shard UInt16,
    journal_offset UInt64,
    ordinal UInt32,
    feed_seq UInt64,
    numbers Map(LowCardinality(String), Int64),
    texts Map(LowCardinality(String), String),
    items Map(LowCardinality(String), Array(String)),
    properties String CODEC(ZSTD))";

constexpr const char* profile_columns = R"(
    profile UInt64,
    winner UInt64,
    root UInt64,
    since UInt64,
    version UInt64)";

constexpr const char* attribute_columns = R"(
    space LowCardinality(String),
    name LowCardinality(String),
    profile UInt64,
    is_set UInt8,
    number Int64,
    text String,
    items Array(String),
    version UInt64)";

constexpr const char* position_columns = R"(
    shard UInt16,
    next_seq UInt64)";

constexpr const char* meta_columns = R"(
    key String,
    value Int64)";

class Schema {
public:
    explicit Schema(const SchemaOptions& options) : options_(options) {}

    std::vector<std::string> statements() {
        const std::string month = "toYYYYMM(fromUnixTimestamp64Milli(time_ms, 'UTC'))";
        std::string events = " PARTITION BY " + month + " ORDER BY (profile, time_ms)";
        if (options_.keep_months)
            events += " TTL toDateTime(intDiv(time_ms, 1000), 'UTC') + toIntervalMonth(" +
                      std::to_string(*options_.keep_months) + ")";
        events +=
            std::string(" SETTINGS ") +
            (is_one() ? "non_replicated_deduplication_window" : "replicated_deduplication_window") +
            " = " + deduplication_window;
        table("events", event_columns, "MergeTree", "", events, "profile");
        table("profiles", profile_columns, "ReplacingMergeTree", "version", " ORDER BY profile",
              "profile");
        table("attributes", attribute_columns, "ReplacingMergeTree", "version",
              " ORDER BY (space, name, profile)", "profile");
        table("positions", position_columns, "ReplacingMergeTree", "next_seq", " ORDER BY shard",
              "shard");
        table("meta", meta_columns, "ReplacingMergeTree", "value", " ORDER BY key",
              "cityHash64(key)");
        view("facts",
             "SELECT standing.root AS person, facts.* FROM events AS facts INNER JOIN (SELECT "
             "profile, "
             "root FROM profiles FINAL WHERE root != 0) AS standing ON facts.profile = "
             "standing.profile");
        view("people", "SELECT profile AS person FROM profiles FINAL WHERE root = profile");
        view("traits",
             "SELECT known.profile AS person, space, name, number, text, items FROM (SELECT * FROM "
             "attributes FINAL) AS known INNER JOIN (SELECT profile, since FROM profiles FINAL "
             "WHERE root = profile) AS living ON known.profile = living.profile WHERE is_set = 1 "
             "AND "
             "version > since");
        return std::move(statements_);
    }

private:
    bool is_one() const { return options_.cluster.empty(); }
    std::string everywhere() const {
        return is_one() ? "" : " ON CLUSTER `" + options_.cluster + "`";
    }
    // On a cluster the rows lie in `name_local` on each shard, and `name` reads and writes them
    // all. State and events of a customer lie on one shard only by chance (a merge joins
    // customers), so that joins between them ask all shards.
    void table(const std::string& name, const char* columns, const std::string& engine,
               const std::string& version, const std::string& rest, const std::string& spread_by) {
        const std::string head = "CREATE TABLE IF NOT EXISTS ";
        if (is_one()) {
            statements_.push_back(head + name + " (" + columns + ") ENGINE = " + engine + "(" +
                                  version + ")" + rest);
            return;
        }
        const std::string path =
            "'/clickhouse/tables/{database}/" + name + "/{shard}', '{replica}'";
        statements_.push_back(head + name + "_local" + everywhere() + " (" + columns +
                              ") ENGINE = Replicated" + engine + "(" + path +
                              (version.empty() ? "" : ", " + version) + ")" + rest);
        statements_.push_back(head + name + everywhere() + " AS " + name +
                              "_local ENGINE = Distributed(`" + options_.cluster +
                              "`, currentDatabase(), " + name + "_local, " + spread_by + ")");
    }
    void view(const std::string& name, const std::string& select) {
        statements_.push_back("CREATE VIEW IF NOT EXISTS " + name + everywhere() + " AS " + select);
    }

    const SchemaOptions& options_;
    std::vector<std::string> statements_;
};

}  // namespace

std::vector<std::string> schema(const SchemaOptions& options) {
    return Schema(options).statements();
}

}  // namespace qiao::clickhouse
