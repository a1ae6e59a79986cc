// The random facts of index/random_facts.hpp in ClickHouse's tables, for property tests: the same
// engine in the test's process, or the server that QIAO_TEST_CLICKHOUSE names.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json.hpp>

#include "clickhouse/http_connection.hpp"
#include "clickhouse/schema.hpp"
#include "clickhouse/testing/chdb_of_tests.hpp"
#include "index/random_facts.hpp"

namespace qiao::twin::property {

namespace json = boost::json;
namespace oracle = index::oracle;
using clickhouse::Connection;
using index::property::Model;

// A database of its own on a server; gone with the process.
class ScratchDatabase {
public:
    explicit ScratchDatabase(const std::string& server)
        : name_("qiao_twin_" + std::to_string(::getpid())),
          connection_(*clickhouse::parse_address(server + "/" + name_)) {
        if (auto made = connection_.prepare(); !made)
            throw std::runtime_error(made.error().detail);
    }
    ~ScratchDatabase() { connection_.execute("DROP DATABASE IF EXISTS " + name_); }
    ScratchDatabase(const ScratchDatabase&) = delete;
    ScratchDatabase& operator=(const ScratchDatabase&) = delete;
    Connection& connection() { return connection_; }

private:
    std::string name_;
    clickhouse::HttpConnection connection_;
};

inline Connection* open_bare_engine(std::string& why) {
    if (const char* server = std::getenv("QIAO_TEST_CLICKHOUSE")) {
        static ScratchDatabase database(server);
        return &database.connection();
    }
    auto* engine = clickhouse::testing::chdb_of_tests(why);
    static bool is_made = false;
    if (engine && !std::exchange(is_made, true))
        for (const char* statement : {"CREATE DATABASE twin", "USE twin"})
            if (auto done = engine->execute(statement); !done)
                throw std::runtime_error(done.error().detail);
    return engine;
}

// One engine for all tests of the process, with empty tables; null where there is none, and then
// `why` says so.
inline Connection* open_engine(std::string& why) {
    auto* engine = open_bare_engine(why);
    static bool is_ready = false;
    if (!engine || std::exchange(is_ready, true))
        return engine;
    for (const auto& statement : clickhouse::schema({}))
        if (auto done = engine->execute(statement); !done)
            throw std::runtime_error(done.error().detail + "\n" + statement);
    return engine;
}

// A value in the columns for numbers, texts or items.
struct Placed {
    json::object numbers, texts, items;
    void put(const std::string& name, const Value& value) {
        if (const auto* flag = std::get_if<bool>(&value))
            numbers[name] = *flag ? 1 : 0;
        else if (const auto* number = std::get_if<Decimal>(&value))
            numbers[name] = number->scaled();
        else if (const auto* time = std::get_if<Time>(&value))
            numbers[name] = to_ms(*time);
        else if (const auto* text = std::get_if<std::string>(&value))
            texts[name] = *text;
        else if (const auto* set = std::get_if<StringSet>(&value))
            items[name] = json::value_from(*set);
    }
};

class Loader {
public:
    explicit Loader(Connection& connection) : connection_(connection) {}

    void load(const Model& model, const oracle::World& world) {
        for (const char* table : {"events", "profiles", "attributes"})
            ran(connection_.execute(std::string("TRUNCATE TABLE ") + table));
        std::set<ProfileId> profiles;
        std::string events, standing, attributes;
        for (const auto& [profile, event] : model.rows()) {
            profiles.insert(profile);
            Placed placed;
            for (const auto& [name, value] : event.properties)
                placed.put(name, value);
            line(events, {{"profile", static_cast<std::uint64_t>(profile)},
                          {"time_ms", event.time_ms},
                          {"event", event.name},
                          {"numbers", placed.numbers},
                          {"texts", placed.texts},
                          {"items", placed.items}});
        }
        for (const auto& person : world.people) {
            profiles.insert(person.id);
            for (const auto& [name, value] : person.tags)
                attribute(attributes, "tag", name, person.id, value);
            for (const auto& kind : person.identities)
                attribute(attributes, "identity", kind, person.id, Value(std::string("known")));
            for (const auto& consent : person.consents)
                attribute(attributes, "consent", consent, person.id, Value(true));
        }
        for (const auto profile : profiles)
            line(standing, {{"profile", static_cast<std::uint64_t>(profile)},
                            {"root", static_cast<std::uint64_t>(model.root_of(profile))}});
        insert("events", events);
        insert("profiles", standing);
        insert("attributes", attributes);
    }

private:
    static void line(std::string& lines, const json::object& object) {
        lines += json::serialize(object) + "\n";
    }
    static void attribute(std::string& lines, const char* space, const std::string& name,
                          ProfileId profile, const Value& value) {
        Placed placed;
        placed.put("it", value);
        const auto of = [](const json::object& values, json::value otherwise) {
            const auto* found = values.if_contains("it");
            return found ? *found : otherwise;
        };
        line(lines, {{"space", space},
                     {"name", name},
                     {"profile", static_cast<std::uint64_t>(profile)},
                     {"is_set", 1},
                     {"number", of(placed.numbers, 0)},
                     {"text", of(placed.texts, "")},
                     {"items", of(placed.items, json::array())},
                     {"version", 1}});
    }
    void insert(const char* table, const std::string& lines) {
        if (!lines.empty())
            ran(connection_.insert(table, lines, "world-" + std::to_string(++inserts_)));
    }
    static void ran(const Result<void>& done) {
        if (!done)
            throw std::runtime_error(done.error().detail);
    }
    Connection& connection_;
    int inserts_ = 0;
};

}  // namespace qiao::twin::property
