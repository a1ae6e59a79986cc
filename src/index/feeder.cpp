#include "index/feeder.hpp"

namespace qiao::index {

namespace {

// Large enough that publishing a state costs little per change, small enough to be seen at once.
constexpr std::size_t batch_changes = 50'000;
constexpr auto gather_pause = std::chrono::milliseconds(20);

IndexChange::Kind kind_of(shard::FeedItem::Kind kind) {
    switch (kind) {
        case shard::FeedItem::Kind::row:
            return IndexChange::Kind::row;
        case shard::FeedItem::Kind::tag:
            return IndexChange::Kind::tag;
        case shard::FeedItem::Kind::identity:
            return IndexChange::Kind::identity;
        case shard::FeedItem::Kind::consent:
            return IndexChange::Kind::consent;
        case shard::FeedItem::Kind::merge:
            return IndexChange::Kind::merge;
        case shard::FeedItem::Kind::split:
            return IndexChange::Kind::split;
        case shard::FeedItem::Kind::create:
            return IndexChange::Kind::create;
        case shard::FeedItem::Kind::erase:
            return IndexChange::Kind::erase;
    }
    return IndexChange::Kind::row;
}

void add_change(shard::FeedItem& item, const std::vector<Fact>* facts,
                std::vector<IndexChange>& changes) {
    IndexChange change;
    change.kind = kind_of(item.kind);
    change.profile = item.profile;
    change.other = item.other;
    if (item.kind == shard::FeedItem::Kind::row) {
        const auto& fact = facts->at(item.ordinal);
        change.name = recorded_name(fact);
        change.time = fact.time;
        change.properties = fact.properties;
    } else {
        change.name = std::move(item.name);
        change.value = std::move(item.value);
    }
    changes.push_back(std::move(change));
}

}  // namespace

std::size_t follow(Index& index, const shard::Shards& shards, const journal::Journal& journal) {
    Positions next = index.snapshot()->positions;
    const auto before = next;
    std::vector<IndexChange> changes;
    for (ShardId shard = 0; shard < shard_count && changes.size() < batch_changes; ++shard)
        next[shard] =
            shard::read_joined(shards, journal, shard, next[shard], batch_changes,
                               [&](shard::FeedRecord& record, const std::vector<Fact>* facts) {
                                   for (auto& item : record.items)
                                       add_change(item, facts, changes);
                                   return true;
                               });
    if (next == before)
        return 0;
    index.apply(changes, next);
    return std::max<std::size_t>(changes.size(), 1);
}

Feeder::Feeder(Index& index, const journal::Journal& journal, shard::Shards& shards,
               Metrics& metrics)
    : index_(index),
      journal_(journal),
      shards_(shards),
      changes_(
          metrics.counter("qiao_index_changes_total", "Changes applied to the sequence index.")),
      follower_(shards, {"the index", gather_pause, index.snapshot()->positions},
                [this](Positions& next) { apply_some(next); }) {
    metrics.gauge("qiao_index_lag", "Feed records that the index has not read yet.",
                  [this] { return static_cast<double>(lag()); });
}

// A lost index waits for the rebuilt one: the feed that it would need may be gone.
void Feeder::apply_some(Positions& next) {
    if (index_.is_lost())
        return;
    changes_.add(follow(index_, shards_, journal_));
    next = index_.snapshot()->positions;
}

void Feeder::adopt(std::unique_ptr<Index> fresh) {
    follower_.between_steps([&](Positions& next) {
        index_.replace(std::move(fresh));
        next = index_.snapshot()->positions;
    });
}

}  // namespace qiao::index
