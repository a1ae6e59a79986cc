#include <malloc.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "app/openapi_command.hpp"
#include "app/options.hpp"
#include "app/serve.hpp"
#include "app/tools.hpp"

namespace {

using qiao::app::ServeOptions;
using qiao::app::ToolOptions;

void add_serve_options(CLI::App& app, ServeOptions& options) {
    app.add_option("--data-dir", options.data_dir, "where everything is kept")
        ->capture_default_str();
    app.add_option("--address", options.address, "address to listen on")->capture_default_str();
    app.add_option("--port", options.port, "port to listen on; 0 takes a free one")
        ->capture_default_str();
    app.add_option("--database", options.database,
                   "postgresql://… instead of SQLite in the data directory");
    app.add_option("--history", options.history,
                   "clickhouse://user:password@host:port/database instead of DuckDB in the data "
                   "directory");
    app.add_option_function<std::string>(
           "--questions-from",
           [&options](const std::string& from) { options.asks_history = from == "history"; },
           "where questions are answered: index, or history in ClickHouse")
        ->check(CLI::IsMember({"index", "history"}))
        ->default_str("index");
    app.add_option("--web-dir", options.web_dir, "the built console");
    app.add_option("--demo-customers", options.demo_customers, "size of the demo bank")
        ->capture_default_str();
    app.add_flag("!--no-demo", options.has_demo, "start with an empty bank");
    app.add_flag("--test-clock", options.has_test_clock, "a clock that POST /test/advance moves");
    app.add_option("--shard-threads", options.shard_threads)->capture_default_str();
    app.add_option("--worker-threads", options.worker_threads)->capture_default_str();
    app.add_option("--question-threads", options.question_threads,
                   "for questions, previews and exports, beside the worker threads")
        ->check(CLI::Range(1, 1'000))
        ->capture_default_str();
    app.add_option("--io-threads", options.io_threads)->capture_default_str();
    app.add_option("--history-memory-mb", options.history_memory_mb, "memory limit of DuckDB")
        ->capture_default_str();
    app.add_option("--question-memory-mb", options.question_memory_mb, "memory limit of a question")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    app.add_option("--tls-certificate", options.certificate_file, "PEM file; with --tls-key");
    app.add_option("--tls-key", options.key_file, "PEM file");
}

// Options that every tool has; each subcommand fills `words` when it is chosen.
CLI::App* add_tool(CLI::App& parent, ToolOptions& options, std::vector<std::string> words,
                   const char* help) {
    auto* tool = parent.add_subcommand(words.back(), help);
    tool->add_option("--data-dir", options.data_dir, "the data directory")->capture_default_str();
    tool->add_option("--database", options.database, "postgresql://… where the server uses it");
    tool->callback([&options, words] { options.words = words; });
    return tool;
}

void add_tools(CLI::App& app, ToolOptions& options, std::string& expires) {
    auto* token = app.add_subcommand("token", "API tokens for scripts")->require_subcommand(1);
    auto* create = add_tool(*token, options, {"token", "create"},
                            "print a bearer token, alone on the last line");
    create->add_option("--role", options.role,
                       "administrator, operator, approver, branch, analyst or viewer");
    create->add_option("--org", options.org, "limit it to this unit and those below");
    create->add_option("--name", options.name);
    create->add_option("--expires", expires, "how long it holds, such as 24h or 30d")
        ->capture_default_str();

    auto* key = app.add_subcommand("key", "write keys for SDKs")->require_subcommand(1);
    add_tool(*key, options, {"key", "create"}, "print a write key, alone on the last line")
        ->add_option("--name", options.name)
        ->required();

    auto* person = app.add_subcommand("person", "people who sign in")->require_subcommand(1);
    for (const char* verb : {"create", "reset"}) {
        auto* tool = add_tool(*person, options, {"person", verb},
                              "print a one-time sign-in link, alone on the last line");
        tool->add_option("--login", options.login)->required();
        if (std::string_view(verb) != "create")
            continue;
        tool->add_option("--name", options.name)->required();
        tool->add_option("--role", options.role);
        tool->add_option("--org", options.org);
    }

    auto* import = add_tool(app, options, {"import"}, "import a CSV, NDJSON or Parquet file");
    import->add_option("file", options.file)->required()->check(CLI::ExistingFile);
    import->add_option("--mapping", options.mapping, "JSON; default: what the preview suggests");
    import->add_option("--id-prefix", options.id_prefix,
                       "a file without ids: the user ids are this and the row's number");
    add_tool(app, options, {"backup"},
             "write one consistent copy of all stores, without the master key")
        ->add_option("directory", options.directory)
        ->required();
    auto* restore =
        add_tool(app, options, {"restore"},
                 "make the data directory --data-dir, which must be new, from a backup");
    restore->add_option("directory", options.directory)->required();
    restore->get_option("--data-dir")->required();
    auto* move = add_tool(app, options, {"move-history"},
                          "copy history between DuckDB and ClickHouse, while no server runs");
    const char* place = "history.duckdb of a data directory, or clickhouse://…";
    move->add_option("--from", options.from, place)->required();
    move->add_option("--to", options.to, place)->required();
    auto* index = app.add_subcommand("index", "the sequence index")->require_subcommand(1);
    add_tool(*index, options, {"index", "rebuild"},
             "make it anew from history and the shards, beside the one that answers");
    auto* audit = app.add_subcommand("audit", "the audit log")->require_subcommand(1);
    add_tool(*audit, options, {"audit", "verify"}, "check the chain of hashes");
}

int run(int argc, char** argv) {
    ServeOptions serve;
    ToolOptions tool;
    std::string expires = "24h";
    CLI::App app("Qiao: know, choose, act, protect, open, measure. Without a command: serve.");
    add_serve_options(app, serve);
    auto* serve_command = app.add_subcommand("serve", "start the server (the default)");
    add_serve_options(*serve_command, serve);
    add_tools(app, tool, expires);
    const auto* openapi =
        app.add_subcommand("openapi", "print the OpenAPI document of the management API");
    app.require_subcommand(0, 1);
    CLI11_PARSE(app, argc, argv);

    if (openapi->parsed())
        return qiao::app::print_openapi();
    if (!tool.words.empty()) {
        const auto lifetime = qiao::parse_duration(expires);
        if (!lifetime) {
            std::fprintf(stderr, "--expires: %s\n", lifetime.error().detail.c_str());
            return 2;
        }
        tool.expires = *lifetime;
        return qiao::app::run_tool(tool);
    }
    serve.is_port_given = app.count("--port") + serve_command->count("--port") > 0;
    return qiao::app::serve(serve);
}

}  // namespace

int main(int argc, char** argv) {
    // Forty threads with an arena each would keep several times the memory that they use.
    ::mallopt(M_ARENA_MAX, 2);
    try {
        return run(argc, argv);
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "qiao: %s\n", fault.what());
        return 1;
    }
}
