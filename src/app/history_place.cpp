#include "app/history_place.hpp"

#include "clickhouse/clickhouse_history.hpp"
#include "clickhouse/http_connection.hpp"
#include "history/duckdb_history.hpp"

namespace qiao::app {

Result<std::unique_ptr<history::History>> open_history(const std::string& place,
                                                       int duckdb_memory_mb) {
    if (!clickhouse::is_address(place))
        return history::DuckdbHistory::open(place, {duckdb_memory_mb, 1});
    auto address = clickhouse::parse_address(place);
    if (!address)
        return fail(address.error());
    const clickhouse::SchemaOptions options{address->cluster, address->keep_months};
    auto connection = std::make_unique<clickhouse::HttpConnection>(std::move(*address));
    if (auto prepared = connection->prepare(); !prepared)
        return fail(prepared.error());
    return clickhouse::ClickHouseHistory::open(std::move(connection), options);
}

Result<std::unique_ptr<clickhouse::Connection>> open_questions(const std::string& place) {
    if (!clickhouse::is_address(place))
        return fail(ErrorCode::unprocessable, "app.questions_from",
                    "--questions-from history needs a history that answers by itself: "
                    "--history clickhouse://…");
    auto address = clickhouse::parse_address(place);
    if (!address)
        return fail(address.error());
    clickhouse::HttpLimits limits;
    limits.attempts = 2;
    limits.timeout = std::chrono::seconds(25);
    limits.most_execution = std::chrono::seconds(20);
    limits.look_pause = std::chrono::seconds(1);
    return std::make_unique<clickhouse::HttpConnection>(std::move(*address), limits);
}

}  // namespace qiao::app
