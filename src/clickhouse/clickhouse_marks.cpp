// What ClickHouse's history knows of itself as a whole: whose it is, whether a move to it has
// ended, whether its tags, identities and consents are all there.
#include "clickhouse/clickhouse_history.hpp"
#include "clickhouse/detail/lines.hpp"
#include "clickhouse/sql.hpp"

namespace qiao::clickhouse {
namespace {

// Moves are counted up, and up again when they end: an odd number is of one under way.
constexpr const char* moves = "moves";
// One more than `moves` was when traits became whole: a later move makes them incomplete again.
constexpr const char* traits_whole = "traits_whole";
// `moves` times this base, plus how many shards have told theirs since.
constexpr const char* traits_told = "traits_told";
constexpr std::int64_t told_base = 1'000;
static_assert(shard_count < told_base);

constexpr const char* directory_mark = "directory";

}  // namespace

std::int64_t ClickHouseHistory::mark(std::string_view name) {
    return ask("SELECT max(value) FROM meta WHERE key = " + text_literal(name))
        .at(0)
        .at(0)
        .to_number<std::int64_t>();
}

void ClickHouseHistory::set_mark(std::string_view name, std::int64_t value) {
    std::string lines;
    detail::Line(lines).text("key", name).whole("value", value);
    insert("meta", lines);
}

bool ClickHouseHistory::belongs_to(std::int64_t directory) {
    const auto known = mark(directory_mark);
    if (known == 0)
        set_mark(directory_mark, directory);
    return known == 0 || known == directory;
}

// ---- tags, identities and consents ----

bool ClickHouseHistory::are_whole() { return mark(traits_whole) == mark(moves) + 1; }

void ClickHouseHistory::set_whole() { set_mark(traits_whole, mark(moves) + 1); }

ShardId ClickHouseHistory::shards_told() {
    const auto told = mark(traits_told);
    return told / told_base == mark(moves) ? static_cast<ShardId>(told % told_base) : ShardId{0};
}

void ClickHouseHistory::set_shards_told(ShardId count) {
    set_mark(traits_told, mark(moves) * told_base + count);
}

// ---- moves ----

void ClickHouseHistory::truncate(const std::string& table) {
    const bool is_one = options_.cluster.empty();
    execute("TRUNCATE TABLE " + table +
            (is_one ? "" : "_local ON CLUSTER `" + options_.cluster + "`"));
}

bool ClickHouseHistory::is_half_moved() { return mark(moves) % 2 == 1; }

void ClickHouseHistory::begin_move() {
    std::lock_guard lock(write_mutex_);
    if (!is_half_moved())
        set_mark(moves, mark(moves) + 1);
    delete_unfinished();
    truncate("profiles");
    truncate("attributes");
    is_torn_ = true;  // numbers of versions begin anew
}

// Days that were left alone, because they were there already, brought no profiles with them.
void ClickHouseHistory::end_move() {
    std::lock_guard lock(write_mutex_);
    execute(
        "INSERT INTO profiles (profile, winner, root, since, version) "
        "SELECT DISTINCT profile, profile, profile, 0, 0 FROM events");
    if (is_half_moved())
        set_mark(moves, mark(moves) + 1);
}

}  // namespace qiao::clickhouse
