// Empty databases for tests, on both engines.
//
// PostgreSQL: the server of QIAO_TEST_POSTGRES (a URL whose user may create schemas), or else one
// that the test process starts for itself on a Unix socket in a temporary folder and stops at its
// end. As root that server runs as the user `postgres`. One schema per database keeps tests apart.
#pragma once

#include <memory>
#include <string>

#include "sql/database.hpp"

namespace qiao::sql::testing {

enum class Engine : std::uint8_t { sqlite, postgresql };
const char* name_of(Engine engine);

// Empty where PostgreSQL can be used, else why not.
std::string why_no_postgresql();

// A database of its own, removed with the object.
class TestDatabase {
public:
    explicit TestDatabase(Engine engine);
    ~TestDatabase();
    TestDatabase(const TestDatabase&) = delete;
    TestDatabase& operator=(const TestDatabase&) = delete;

    Database& operator*() { return *database_; }
    Database* operator->() { return database_.get(); }
    const std::string& url() const { return url_; }
    void reopen();

private:
    std::string folder_, schema_, url_;
    std::unique_ptr<Database> database_;
};

}  // namespace qiao::sql::testing
