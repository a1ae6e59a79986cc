// A ClickHouse server by its HTTP interface.
#pragma once

#include "base/time.hpp"
#include "clickhouse/address.hpp"
#include "clickhouse/connection.hpp"

namespace qiao::clickhouse {

struct HttpLimits {
    int attempts = 5;  // of what did not reach the server, or found it busy
    Duration first_pause = std::chrono::milliseconds(200);  // doubled after each
    Duration timeout = std::chrono::seconds(60);
    std::size_t most_answer_bytes = std::size_t{512} << 20;
    std::optional<std::chrono::seconds> most_execution;  // after which the server gives a query up
};

// Whatever is sent may be sent twice: questions change nothing, statements say IF NOT EXISTS, and a
// block of rows carries the token by which the server drops its repeats. A question whose asker
// leaves (runtime/asker.hpp) ends, here and on the server: clickhouse.cancelled (unavailable).
class HttpConnection final : public Connection {
public:
    explicit HttpConnection(Address address, HttpLimits limits = {})
        : address_(std::move(address)), limits_(limits) {}

    // Makes the database where it is missing.
    Result<void> prepare();
    Result<Rows> ask(const std::string& select) override;
    Result<void> execute(const std::string& statement) override;
    Result<void> insert(std::string_view table, const std::string& lines,
                        std::string_view token) override;

private:
    using Parameters = std::vector<std::pair<std::string, std::string>>;
    // `cancelled` may be null.
    Result<std::string> post(const Parameters& parameters, const std::string& body,
                             const std::string& database,
                             const std::atomic<bool>* cancelled = nullptr);

    Address address_;
    HttpLimits limits_;
};

}  // namespace qiao::clickhouse
