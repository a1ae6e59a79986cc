#include "clickhouse/detail/reading.hpp"

#include <boost/json.hpp>

#include "clickhouse/sql.hpp"

namespace qiao::clickhouse::detail {
namespace {

constexpr std::uint64_t rows_of_page = 50'000;

}  // namespace

std::vector<std::string> row_columns() {
    return {"profile", "time_ms",        "received_ms", "event",      "source",  "message_id",
            "shard",   "journal_offset", "ordinal",     "properties", "feed_seq"};
}

std::vector<history::HistoryRow> read_history(const Rows& rows) {
    std::vector<history::HistoryRow> made;
    made.reserve(rows.size());
    for (const auto& row : rows) {
        const auto text = [&](std::size_t column) {
            return std::string(row.at(column).as_string());
        };
        history::HistoryRow one;
        one.profile = profile_at(row, 0);
        one.time = time_from_ms(row.at(1).to_number<std::int64_t>());
        one.received_at = time_from_ms(row.at(2).to_number<std::int64_t>());
        one.event = text(3);
        one.source = text(4);
        one.message_id = text(5);
        one.shard = row.at(6).to_number<ShardId>();
        one.offset = row.at(7).to_number<std::uint64_t>();
        one.ordinal = row.at(8).to_number<std::uint32_t>();
        one.properties = text(9);
        one.feed_seq = row.at(10).to_number<std::uint64_t>();
        made.push_back(std::move(one));
    }
    return made;
}

ProfileId profile_at(const Row& row, std::size_t column) {
    return ProfileId{row.at(column).to_number<std::uint64_t>()};
}

std::string is_beyond(const shard::FeedPositions& positions) {
    std::vector<std::string> numbers;
    for (const auto next : positions)
        numbers.push_back(std::to_string(next));
    return "(feed_seq >= [" + joined(numbers, ", ") + "][shard + 1])";
}

std::uint64_t pages_of(std::uint64_t rows) { return (rows + rows_of_page - 1) / rows_of_page; }

std::string is_on_page(std::uint64_t page, std::uint64_t pages) {
    return "cityHash64(message_id, profile) % " + std::to_string(pages) + " = " +
           std::to_string(page);
}

}  // namespace qiao::clickhouse::detail
