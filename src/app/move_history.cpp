#include "app/move_history.hpp"

#include <map>

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

// Merges, feed positions and the mark of what was dropped.
void copy_state(history::History& from, history::History& to) {
    if (const auto kept = from.kept_from())
        to.drop_before(*kept);
    const auto cut = from.cut(1);
    history::HistoryBatch batch;
    for (const auto& alias : cut->aliases()) {
        batch.merges.push_back(alias);
        if (batch.merges.size() >= aliases_at_a_time)
            to.write(std::exchange(batch, {}));
    }
    for (ShardId shard = 0; shard < shard_count; ++shard)
        batch.positions.emplace_back(shard, cut->positions()[shard]);
    to.write(batch);
}

}  // namespace

Result<Moved> move_history(history::History& from, history::History& to, const Progress& tell) {
    const auto wanted = days_of(from);
    const auto there = days_of(to);
    for (const auto& [day, totals] : there)
        if (!wanted.contains(day))
            return fail(ErrorCode::conflict, "history.not_empty",
                        "the target holds rows of " + format_day(day) +
                            ", which the source does not have; choose an empty target");
    Moved moved;
    for (const auto& [day, totals] : wanted) {
        ++moved.days;
        moved.rows += totals.rows;
        const auto known = there.find(day);
        if (known != there.end() && known->second == totals)
            continue;
        if (known != there.end())
            to.delete_day(day);
        from.read_day(day, [&](std::vector<history::HistoryRow> rows) {
            for (auto& row : rows)
                row.feed_seq = 0;  // belongs to no batch that may have broken off
            history::HistoryBatch batch;
            batch.rows = std::move(rows);
            to.write(batch);
        });
        ++moved.copied_days;
        tell(format_day(day) + ": " + std::to_string(totals.rows) + " rows");
    }
    const auto now = days_of(to);
    for (const auto& [day, totals] : wanted)
        if (const auto copied = now.find(day); copied == now.end() || copied->second != totals)
            return differs(day);
    copy_state(from, to);
    return moved;
}

Result<std::string> move_history(const std::string& from, const std::string& to,
                                 const Progress& tell) {
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
           " days were copied now.";
}

}  // namespace qiao::app
