#include "app/tools.hpp"

#include <boost/json.hpp>
#include <cstdio>

#include "access/roles.hpp"
#include "app/backup.hpp"
#include "app/history_place.hpp"
#include "app/import_command.hpp"
#include "app/move_history.hpp"
#include "app/server.hpp"
#include "sql/migrations.hpp"

namespace qiao::app {

namespace json = boost::json;

namespace {

// The part of the server that the registry commands need: it opens SQL and nothing else.
struct Registry {
    access::AuditLog& audit;
    access::Access& access;
    access::WriteKeys& write_keys;
    const Clock& clock;
};

std::string text_of(const json::object& call, std::string_view name) {
    const auto* value = call.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string{};
}

Result<std::string> create_token(Registry registry, const json::object& call) {
    const auto lifetime = Duration(call.at("expires_ms").to_number<std::int64_t>());
    const auto name = text_of(call, "name");
    return registry.access
        .create_token(access::system_principal(), name.empty() ? "command line" : name,
                      text_of(call, "role"), text_of(call, "org"), registry.clock.now() + lifetime)
        .map([](const access::ApiTokenWithSecret& made) { return made.secret; });
}

Result<std::string> create_key(Registry registry, const json::object& call) {
    return registry.write_keys.create(access::system_principal(), text_of(call, "name"), "segment")
        .map([](const access::WriteKey& key) { return key.value; });
}

Result<std::string> create_person(Registry registry, const json::object& call) {
    access::NewPerson person;
    person.login = text_of(call, "login");
    person.name = text_of(call, "name");
    person.role = text_of(call, "role");
    person.org = text_of(call, "org");
    return registry.access.create_person(access::system_principal(), person)
        .map([](const access::PersonWithLink& made) { return "/sign-in?link=" + made.link_token; });
}

Result<std::string> reset_person(Registry registry, const json::object& call) {
    const auto login = text_of(call, "login");
    for (const auto& person : registry.access.people(access::system_principal(), {}, 100'000)) {
        if (person.login != login)
            continue;
        return registry.access.reset_person(access::system_principal(), person.id)
            .map([](const access::PersonWithLink& made) {
                return "/sign-in?link=" + made.link_token;
            });
    }
    return fail(ErrorCode::not_found, "access.person_not_found", "nobody has this login");
}

Result<std::string> verify_audit(Registry registry) {
    const auto verdict = registry.audit.verify();
    if (!verdict.ok)
        return fail(ErrorCode::unprocessable, "access.audit_broken",
                    "the audit log was changed: entry " + std::to_string(verdict.broken_at) +
                        " does not fit the chain");
    return "The audit log is whole: " + std::to_string(verdict.entries) + " entries, head " +
           verdict.head;
}

Result<std::string> answer(Registry registry, const json::object& call) {
    const auto command = text_of(call, "command");
    if (command == "token create")
        return create_token(registry, call);
    if (command == "key create")
        return create_key(registry, call);
    if (command == "person create")
        return create_person(registry, call);
    if (command == "person reset")
        return reset_person(registry, call);
    if (command == "audit verify")
        return verify_audit(registry);
    return fail(ErrorCode::not_found, "control.unknown", "there is no command \"" + command + "\"");
}

json::object call_of(const ToolOptions& options) {
    std::string command;
    for (const auto& word : options.words)
        command += (command.empty() ? "" : " ") + word;
    json::object call{{"command", command},         {"role", options.role},
                      {"name", options.name},       {"login", options.login},
                      {"org", options.org},         {"expires_ms", options.expires.count()},
                      {"mapping", options.mapping}, {"id_prefix", options.id_prefix}};
    if (!options.file.empty())
        call["file"] = std::filesystem::absolute(options.file).string();
    if (!options.directory.empty())
        call["directory"] = std::filesystem::absolute(options.directory).string();
    return call;
}

void tell(std::string_view text) {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
}

Result<void> check_history_of(Stores& stores) {
    Metrics metrics;
    journal::Journal journal(*stores.store, *stores.clock, metrics, {});
    const shard::Shards shards(*stores.store, journal, *stores.clock, metrics, {}, 1);
    return check_history(*stores.history, *stores.vault, shards);
}

Result<std::string> back_up_alone(const ToolOptions& options) {
    ServeOptions serve;
    serve.data_dir = options.data_dir;
    serve.database = options.database;
    const bool is_elsewhere = !place_used(options.data_dir).empty();
    auto stores = Stores::open(
        serve, !is_elsewhere || std::filesystem::exists(options.data_dir / "history.duckdb"));
    if (!stores)
        return fail(stores.error());
    if (stores->history) {
        const auto fits = check_history_of(*stores);
        // Moved back from elsewhere, the file is the history; of before a move there, it is old.
        if (!fits && is_elsewhere)
            stores->history.reset();
        else if (!fits)
            return fail(fits.error().code, fits.error().reason,
                        "nothing was backed up: history.duckdb is not the history that the server "
                        "used, or not whole. Start the server once with its --history, so that it "
                        "is known where history is, and stop it again");
    }
    std::mutex trimming;
    return back_up({*stores, options.data_dir, trimming},
                   std::filesystem::absolute(options.directory), tell);
}

// Where no server runs: import needs one, backup opens all stores, the other commands SQL alone.
Result<std::string> answer_alone(const ToolOptions& options, const json::object& call) {
    const auto command = text_of(call, "command");
    if (command == "import" || command == "index rebuild")
        return fail(
            ErrorCode::unsupported, "control.needs_server",
            "start the server of " + options.data_dir.string() + " first, then " +
                (command == "import" ? "import" : "rebuild; it rebuilds a lost index by itself"));
    const auto url = options.database.empty()
                         ? "sqlite:" + (options.data_dir / "registry.sqlite").string()
                         : options.database;
    if (options.database.empty() && !std::filesystem::exists(options.data_dir / "registry.sqlite"))
        return fail(ErrorCode::not_found, "control.no_data",
                    "there is no data in " + options.data_dir.string() +
                        "; start the server first, or name its --data-dir");
    if (command == "backup")
        return back_up_alone(options);
    SystemClock clock;
    auto database = sql::Database::open(url);
    if (!database)
        return fail(database.error());
    if (auto migrated = sql::migrate(**database, sql::all_migrations(), clock.now()); !migrated)
        return fail(migrated.error());
    access::AuditLog audit(**database, clock);
    access::Orgs orgs(**database, clock, audit);
    access::Access access(**database, clock, audit, orgs);
    access::WriteKeys write_keys(**database, clock, audit);
    return answer({audit, access, write_keys, clock}, call);
}

}  // namespace

ControlHandler control_handler(Server& server) {
    return [&server](const json::object& call, const Progress& progress) -> Result<std::string> {
        const auto command = text_of(call, "command");
        if (command == "import")
            return import_file(server, call, progress);
        if (command == "backup") {
            const auto directory = text_of(call, "directory");
            server.audit.add(access::system_principal(),
                             {"backup.started", directory, "backup of all stores"});
            return back_up(
                {server.stores, server.options.data_dir, server.trimming, &server.shards},
                directory, progress);
        }
        if (command == "index rebuild") {
            server.audit.add(access::system_principal(),
                             {"index.rebuild", "index", "rebuild of the index from history"});
            return server.index_keeper.rebuild(progress);
        }
        return answer({server.audit, server.access, server.write_keys, server.clock}, call);
    };
}

int run_tool(const ToolOptions& options) {
    const auto call = call_of(options);
    const auto is = [&](const char* word) {
        return options.words == std::vector<std::string>{word};
    };
    auto result = is("restore")        ? restore(std::filesystem::absolute(options.directory),
                                                 std::filesystem::absolute(options.data_dir), tell)
                  : is("move-history") ? move_history(options.from, options.to, tell)
                                       : call_server(options.data_dir, call, tell);
    if (!result && result.error().reason == "control.no_server")
        result = answer_alone(options, call);
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().detail.c_str());
        return 1;
    }
    std::printf("%s\n", result->c_str());
    return 0;
}

}  // namespace qiao::app
