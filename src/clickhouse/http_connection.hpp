// A ClickHouse server by its HTTP interface.
#pragma once

#include <memory>

#include "base/time.hpp"
#include "clickhouse/address.hpp"
#include "clickhouse/connection.hpp"
#include "clickhouse/process_watch.hpp"

namespace qiao::clickhouse {

struct HttpLimits {
    int attempts = 5;  // of what did not reach the server, or found it busy
    Duration first_pause = std::chrono::milliseconds(200);  // doubled after each
    Duration timeout = std::chrono::seconds(60);
    std::size_t most_answer_bytes = std::size_t{512} << 20;
    std::optional<std::chrono::seconds> most_execution;  // after which the server gives a query up
    std::optional<Duration> look_pause;  // how often to look how far watched questions are
};

// Whatever is sent may be sent twice: questions change nothing, statements say IF NOT EXISTS, and a
// block of rows carries the token by which the server drops its repeats. A question whose asker
// leaves (runtime/asker.hpp) ends, here and on the server: clickhouse.cancelled (unavailable). With
// a `look_pause` it tells the progress of its thread, which somebody watches, how far it is.
class HttpConnection final : public Connection {
public:
    explicit HttpConnection(Address address, HttpLimits limits = {});

    // Makes the database where it is missing.
    Result<void> prepare();
    Result<Rows> ask(const std::string& select) override;
    Result<void> execute(const std::string& statement) override;
    Result<void> insert(std::string_view table, const std::string& lines,
                        std::string_view token) override;

private:
    using Parameters = std::vector<std::pair<std::string, std::string>>;
    // `cancelled` and `watched` may be null.
    Result<std::string> post(const Parameters& parameters, const std::string& body,
                             const std::string& database,
                             const std::atomic<bool>* cancelled = nullptr,
                             ProcessWatch::Statement* watched = nullptr);

    Address address_;
    HttpLimits limits_;
    std::unique_ptr<ProcessWatch> watch_;  // null: it does not look
};

}  // namespace qiao::clickhouse
