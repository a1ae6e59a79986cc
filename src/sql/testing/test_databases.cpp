#include "sql/testing/test_databases.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>

#include "sql/testing/postgresql_server.hpp"

namespace qiao::sql::testing {

namespace {

std::unique_ptr<Database> open_or_throw(const std::string& url) {
    auto database = Database::open(url);
    if (!database)
        throw Fault(database.error().detail);
    return std::move(*database);
}

std::string new_folder() {
    std::string folder = std::filesystem::temp_directory_path() / "qiao-sql-XXXXXX";
    if (::mkdtemp(folder.data()) == nullptr)
        throw Fault("no temporary folder for a test database");
    return folder;
}

}  // namespace

const char* name_of(Engine engine) {
    switch (engine) {
        case Engine::sqlite:
            return "sqlite";
        case Engine::postgresql:
            return "postgresql";
    }
    return "";
}

std::string why_no_postgresql() {
    return PostgresqlServer::shared().url().empty() ? PostgresqlServer::shared().why_not() : "";
}

TestDatabase::TestDatabase(Engine engine) {
    if (engine == Engine::sqlite) {
        folder_ = new_folder();
        url_ = "sqlite:" + folder_ + "/test.sqlite";
    } else {
        static std::atomic<int> count{0};
        schema_ = "test_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
        const auto& server = PostgresqlServer::shared().url();
        open_or_throw(server)->execute("CREATE SCHEMA " + schema_);
        const auto separator = server.find('?') == std::string::npos ? "?" : "&";
        url_ = server + separator + "options=-csearch_path%3D" + schema_;
    }
    database_ = open_or_throw(url_);
}

TestDatabase::~TestDatabase() {
    database_.reset();
    if (!folder_.empty()) {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
        return;
    }
    try {
        auto database = open_or_throw(PostgresqlServer::shared().url());
        auto transaction = database->begin();
        transaction->script("DROP SCHEMA " + schema_ + " CASCADE");
        transaction->commit();
    } catch (const Fault&) {
        // The schema goes with the server, or stays behind under its own name.
    }
}

void TestDatabase::reopen() {
    database_.reset();
    database_ = open_or_throw(url_);
}

}  // namespace qiao::sql::testing
