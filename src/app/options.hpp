// What the command line says, read once.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace qiao::app {

struct ServeOptions {
    std::filesystem::path data_dir = "data";
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;  // 0 takes a free one; 8080 taken: the next free one
    bool is_port_given = false;
    std::string database;       // empty: SQLite in the data directory
    std::string history;        // clickhouse://…; empty: DuckDB in the data directory
    bool asks_history = false;  // questions are answered by the history, not the index
    std::filesystem::path web_dir;
    bool has_demo = true;
    int demo_customers = 20'000;
    bool has_test_clock = false;
    unsigned shard_threads = 1;
    unsigned worker_threads = 8;
    unsigned question_threads = 64;  // most of them wait for their question's turn
    unsigned io_threads = 1;
    int history_memory_mb = 96;
    int question_memory_mb = 256;
    std::string certificate_file, key_file;
};

// A command that goes to the running server of the data directory, or works on its stores alone.
struct ToolOptions {
    std::filesystem::path data_dir = "data";
    std::string database;
    std::vector<std::string> words;  // "token", "create"
    std::string from, to;            // of move-history
    std::string role = "administrator", name, login, org, file, mapping, id_prefix, directory;
    Duration expires = std::chrono::hours(24);
};

}  // namespace qiao::app
