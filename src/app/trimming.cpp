// What the server forgets in time: the feed, the journal, old history.
#include "app/server.hpp"
#include "runtime/log.hpp"

namespace qiao::app {

namespace {

bool came_before(const journal::Journal& journal, ShardId shard, journal::Offset offset,
                 Time oldest) {
    bool is_old = true;
    journal.read(shard, offset, [&](journal::Offset, std::vector<Fact>&& facts) {
        for (const auto& fact : facts)
            is_old = is_old && fact.received_at < oldest;
        return false;
    });
    return is_old;
}

// The first entry of [begin, end) that came at `oldest` or later; a shard's entries stand in the
// order of their arrival, but for what shards sent each other, which came a moment before.
journal::Offset first_since(const journal::Journal& journal, ShardId shard, journal::Offset begin,
                            journal::Offset end, Time oldest) {
    if (begin >= end || !came_before(journal, shard, begin, oldest))
        return begin;
    while (end - begin > 1) {
        const auto middle = begin + (end - begin) / 2;
        (came_before(journal, shard, middle, oldest) ? begin : end) = middle;
    }
    return end;
}

}  // namespace

shard::FeedSeq Server::feed_needed_from(ShardId shard) const {
    return std::min<shard::FeedSeq>(history_feeder.positions()[shard],
                                    stores.index->durable_positions()[shard]);
}

// The feed is kept until history and the index on disk have it. A backup holds `trimming`: what it
// has copied of them needs the feed from where they stood then.
void Server::trim_feed() {
    const std::unique_lock turn(trimming, std::try_to_lock);
    if (!turn)
        return;
    for (ShardId shard = 0; shard < shard_count; ++shard)
        shards.trim_feed(shard, feed_needed_from(shard));
}

// The journal is kept until its shard has applied it, history and index have its rows, and the
// window in which repeats are recognised is over.
void Server::trim_journal() {
    const std::unique_lock turn(trimming, std::try_to_lock);
    if (!turn)
        return;
    const auto oldest = clock.now() - stores.store->dedupe_window();
    for (ShardId shard = 0; shard < shard_count; ++shard) {
        try {
            auto needed = shards.applied(shard) + 1;
            shards.read_feed(shard, feed_needed_from(shard), [&](shard::FeedRecord&& record) {
                if (record.offset != 0)
                    needed = std::min(needed, record.offset);
                return record.offset == 0;
            });
            const auto begin = journal.begin(shard);
            const auto until =
                first_since(journal, shard, begin, std::min(needed, journal.end(shard)), oldest);
            if (until > begin)
                journal.trim(shard, until);
        } catch (const journal::CorruptEntry& fault) {
            log::error(std::string("the journal of a shard cannot be trimmed: ") + fault.what());
        }
    }
}

// Whole months in the institution's calendar, so that what is kept changes once a month.
std::optional<Time> Server::kept_from(std::string_view setting) const {
    const auto months = static_cast<int>(settings.number(setting));
    if (months == 0)
        return {};
    const auto this_month = Calendar::month_start(calendar.day_of(clock.now()));
    return calendar.start_of(Calendar::add_months(this_month, -months));
}

// The index keeps no more than history, from which it could not be rebuilt.
std::optional<Time> Server::index_kept_from() const {
    return std::max(kept_from("index_months"), stores.history->kept_from());
}

void Server::drop_what_is_old() {
    if (const auto from = kept_from("history_months")) {
        const auto dropped = stores.history->drop_before(*from);
        if (dropped > 0)
            log::info("history: " + std::to_string(dropped) + " rows of before " +
                      format_time(*from) + " dropped");
    }
    if (const auto from = index_kept_from())
        stores.index->keep_from(*from);
}

}  // namespace qiao::app
