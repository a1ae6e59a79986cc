#include "history/feeder.hpp"

#include <algorithm>

namespace qiao::history {

namespace {

// A commit costs one sync, so that a batch should be large; memory bounds it.
constexpr std::size_t batch_rows = 20'000;

HistoryRow row_of(const Fact& fact, const shard::FeedRecord& record, const shard::FeedItem& item) {
    HistoryRow row;
    row.profile = item.profile;
    row.time = fact.time;
    row.received_at = fact.received_at;
    row.event = recorded_name(fact);
    row.source = fact.source;
    row.message_id = fact.message_id;
    row.shard = record.shard;
    row.offset = record.offset;
    row.ordinal = item.ordinal;
    row.properties = properties_json(fact.properties);
    row.feed_seq = record.seq;
    return row;
}

bool undoes_rows(const shard::FeedItem& item) {
    return item.kind == shard::FeedItem::Kind::erase || item.kind == shard::FeedItem::Kind::split;
}

using Space = TraitChange::Space;

void add_change(const shard::FeedItem& item, HistoryBatch& batch) {
    const auto trait = [&](Space space) {
        batch.traits.push_back({space, item.profile, item.name, item.value});
    };
    switch (item.kind) {
        case shard::FeedItem::Kind::merge:
            batch.merges.push_back({item.other, item.profile});
            return;
        case shard::FeedItem::Kind::split:
            batch.merges.push_back({item.other, ProfileId::none});
            return;
        case shard::FeedItem::Kind::erase:
            batch.erased.push_back(item.profile);
            return;
        case shard::FeedItem::Kind::create:
            batch.created.push_back(item.profile);
            return;
        case shard::FeedItem::Kind::tag:
            return trait(Space::tag);
        case shard::FeedItem::Kind::identity:
            return trait(Space::identity);
        case shard::FeedItem::Kind::consent:
            return trait(Space::consent);
        case shard::FeedItem::Kind::row:
            return;
    }
}

}  // namespace

Feeder::Feeder(History& history, const journal::Journal& journal, shard::Shards& shards,
               Metrics& metrics)
    : history_(history),
      journal_(journal),
      shards_(shards),
      rows_(metrics.counter("qiao_history_rows_total", "Rows written to history.")),
      follower_(shards, {"history", history.gather_pause(), history.positions()},
                [this](shard::FeedPositions& next) { write_some(next); }) {
    metrics.gauge("qiao_history_lag", "Feed records that history has not read yet.",
                  [this] { return static_cast<double>(lag()); });
}

void Feeder::write_some(shard::FeedPositions& next) {
    HistoryBatch batch;
    for (ShardId shard = 0; shard < shard_count && batch.rows.size() < batch_rows; ++shard)
        gather(shard, next[shard], batch);
    if (batch.positions.empty())
        return;
    rows_.add(history_.write(batch));
    for (const auto& [shard, position] : batch.positions)
        next[shard] = position;
}

// Rows that follow an erasure or a split belong to the next transaction: they must not be undone.
void Feeder::gather(ShardId shard, shard::FeedSeq from, HistoryBatch& batch) {
    const auto next = shard::read_joined(
        shards_, journal_, shard, from, batch_rows,
        [&](shard::FeedRecord& record, const std::vector<Fact>* facts) {
            for (const auto& item : record.items) {
                if (item.kind == shard::FeedItem::Kind::row)
                    batch.rows.push_back(row_of(facts->at(item.ordinal), record, item));
                else
                    add_change(item, batch);
            }
            return std::none_of(record.items.begin(), record.items.end(), undoes_rows);
        });
    if (next != from)
        batch.positions.emplace_back(shard, next);
}

}  // namespace qiao::history
