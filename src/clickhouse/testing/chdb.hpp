// ClickHouse's own engine inside a test, by libchdb's C interface (build/deps/chdb, put there by
// ./qiao test). Loaded at run time: nothing of Qiao links it. One per process.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "clickhouse/connection.hpp"

namespace qiao::clickhouse::testing {

class Chdb final : public Connection {
public:
    // Null where it cannot run here, and then `why` says so: the library is missing, or a sanitizer
    // replaces the allocator that the library brings along. Databases are in memory.
    static Chdb* of_process(std::string& why);
    ~Chdb() override;

    Result<Rows> ask(const std::string& select) override;
    Result<void> execute(const std::string& statement) override;
    Result<void> insert(std::string_view table, const std::string& lines,
                        std::string_view token) override;
    // The text that a query answers in a format of ClickHouse.
    Result<std::string> query(const std::string& sql, const std::string& format);

private:
    struct Library;
    explicit Chdb(std::unique_ptr<Library> library);
    std::unique_ptr<Library> library_;
    std::mutex mutex_;
};

}  // namespace qiao::clickhouse::testing
