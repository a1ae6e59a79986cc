#include "app/move_history.hpp"

#include <map>
#include <optional>

#include "app/history_place.hpp"

namespace qiao::app {
namespace {

constexpr int memory_mb = 512;
constexpr std::size_t aliases_at_a_time = 10'000;

using Days = std::map<Day, history::DayTotals>;

Days days_of(history::History& history) {
    Days days;
    for (const auto& day : history.days())
        days[day.day] = day;
    return days;
}

tl::unexpected<Error> differs(Day day) {
    return fail(
        ErrorCode::conflict, "history.differs",
        "the rows of " + format_day(day) +
            " do not add up to the same in both; is a server writing? Run the command again");
}

// A target that dropped or read what the source did not would lose it.
Result<void> can_take(history::History& to, history::History& from, const history::Cut& cut) {
    if (from.is_half_moved())
        return fail(ErrorCode::conflict, "history.unfinished_move",
                    "the source is itself a copy that broke off; end that move first, or move "
                    "from where it came from");
    const auto dropped = to.kept_from();
    if (dropped && *dropped > from.kept_from().value_or(Time::min()))
        return fail(ErrorCode::conflict, "history.not_empty",
                    "the target has dropped what came before " + format_time(*dropped) +
                        ", and the source has not; choose an empty target");
    const auto read = to.positions();
    for (ShardId shard = 0; shard < shard_count; ++shard)
        if (read[shard] > cut.positions()[shard])
            return fail(ErrorCode::conflict, "history.not_empty",
                        "the target has read more of the feed than the source; choose an empty "
                        "target");
    return {};
}

// Only a day that the source does not have is in the way.
Result<void> has_no_more_days(const Days& there, const Days& wanted) {
    for (const auto& [day, totals] : there)
        if (!wanted.contains(day))
            return fail(ErrorCode::conflict, "history.not_empty",
                        "the target holds rows of " + format_day(day) +
                            ", which the source does not have; choose an empty target");
    return {};
}

void copy_day(history::History& from, history::History& to, Day day) {
    from.read_day(day, [&](std::vector<history::HistoryRow> rows) {
        for (auto& row : rows)
            row.feed_seq = 0;  // belongs to no batch that may have broken off
        history::HistoryBatch batch;
        batch.rows = std::move(rows);
        to.write(batch);
    });
}

// The mark of what was dropped, merges, and feed positions last.
void copy_state(std::optional<Time> kept_from, const history::Cut& cut, history::History& to) {
    if (kept_from)
        to.drop_before(*kept_from);
    history::HistoryBatch batch;
    for (const auto& alias : cut.aliases()) {
        batch.merges.push_back(alias);
        if (batch.merges.size() >= aliases_at_a_time)
            to.write(std::exchange(batch, {}));
    }
    for (ShardId shard = 0; shard < shard_count; ++shard)
        batch.positions.emplace_back(shard, cut.positions()[shard]);
    to.write(batch);
}

}  // namespace

Result<Moved> move_history(history::History& from, history::History& to, const Progress& tell) {
    const auto cut = from.cut(1);
    const auto kept_from = from.kept_from();
    if (auto taken = can_take(to, from, *cut); !taken)
        return fail(taken.error());
    const auto wanted = days_of(from);
    if (auto fits = has_no_more_days(days_of(to), wanted); !fits)
        return fail(fits.error());
    to.begin_move();
    const auto there = days_of(to);
    Moved moved;
    for (const auto& [day, totals] : wanted) {
        ++moved.days;
        moved.rows += totals.rows;
        const auto known = there.find(day);
        if (known != there.end() && known->second == totals)
            continue;
        if (known != there.end())
            to.delete_day(day);
        copy_day(from, to, day);
        ++moved.copied_days;
        tell(format_day(day) + ": " + std::to_string(totals.rows) + " rows");
    }
    const auto now = days_of(to);
    for (const auto& [day, totals] : wanted)
        if (const auto copied = now.find(day); copied == now.end() || copied->second != totals)
            return differs(day);
    copy_state(kept_from, *cut, to);
    to.end_move();
    return moved;
}

Result<std::string> move_history(const std::string& from, const std::string& to,
                                 const Progress& tell) {
    if (from == to)
        return fail(ErrorCode::conflict, "history.same_place",
                    "--from and --to name the same history");
    auto source = open_history(from, memory_mb);
    if (!source)
        return fail(source.error());
    auto target = open_history(to, memory_mb);
    if (!target)
        return fail(target.error());
    const auto moved = move_history(**source, **target, tell);
    if (!moved)
        return fail(moved.error());
    return std::to_string(moved->rows) + " rows of " + std::to_string(moved->days) +
           " days are the same in both; " + std::to_string(moved->copied_days) +
           " days were copied now." +
           ((*target)->traits() ? " The server will tell tags, identities and consents when it "
                                  "starts with this history."
                                : "");
}

}  // namespace qiao::app
