#include "app/history_place.hpp"

#include <fcntl.h>

#include <fstream>

#include "app/file.hpp"
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

namespace {

// A store that lacks records which the feed does not hold any more would never be whole.
bool can_follow(const shard::FeedPositions& positions, const shard::Shards& shards) {
    for (ShardId shard = 0; shard < shard_count; ++shard)
        if (positions[shard] < shards.feed_begin(shard) ||
            positions[shard] > shards.feed_end(shard))
            return false;
    return true;
}

}  // namespace

Result<void> check_history(history::History& history, const customer::Vault& vault,
                           const shard::Shards& shards) {
    if (history.is_half_moved())
        return fail(ErrorCode::conflict, "history.unfinished_move",
                    "a copy into this history broke off; run qiao move-history again, which goes "
                    "on where it was, or start with the history that was used before");
    // Of no other data directory: positions alone may fit by chance.
    const auto directory =
        std::stoll(vault.hash("history", "directory").substr(0, 15), nullptr, 16);
    if (!history.belongs_to(directory | 1))
        return fail(ErrorCode::conflict, "history.other_directory",
                    "this history belongs to another data directory; name a database of its own");
    if (!can_follow(history.positions(), shards))
        return fail(ErrorCode::conflict, "history.outside_feed",
                    "this history does not go on where the data directory is; copy the one that "
                    "was used before with qiao move-history, or start with it");
    return {};
}

std::string place_used(const std::filesystem::path& data_dir) {
    std::ifstream in(data_dir / place_file);
    std::string place;
    std::getline(in, place);
    return place;
}

void keep_place(const std::filesystem::path& data_dir, const std::string& place) {
    std::string told;
    if (auto address = clickhouse::parse_address(place); !place.empty() && address)
        told = "clickhouse" + address->server.substr(std::string_view("http").size()) + "/" +
               address->database;
    if (told == place_used(data_dir))
        return;
    const auto file = data_dir / place_file;
    if (told.empty()) {
        std::filesystem::remove(file);
    } else {
        // As a whole or not at all, also where the machine stops.
        const auto beside = data_dir / (std::string(place_file) + ".new");
        const File out(beside, O_WRONLY | O_CREAT | O_TRUNC);
        out.write(told + "\n");
        out.sync();
        std::filesystem::rename(beside, file);
    }
    sync_directory(data_dir);
}

}  // namespace qiao::app
