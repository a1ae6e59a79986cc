#include "audience/backfill.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace qiao::audience {
namespace {

struct NeededColumn {
    std::uint32_t name = 0;
    ValueType type = ValueType::null;
    const index::Column* column = nullptr;
};

std::vector<NeededColumn> columns_of(const index::EventRows& rows, const Need& need,
                                     const index::Strings& strings, Names& names) {
    std::vector<NeededColumn> columns;
    for (const auto& property : need.properties) {
        const auto code = strings.find(property);
        if (!code)
            continue;
        for (const auto& [key, column] : rows.columns)
            if (key.name == *code && key.type != ValueType::null)
                columns.push_back({names.give(property), key.type, &column});
    }
    return columns;
}

KeptEvent event_of(std::uint32_t name, Time time, std::uint32_t row,
                   const std::vector<NeededColumn>& columns, const index::Strings& strings) {
    KeptEvent event{name, time, 0, {}};
    for (const auto& column : columns) {
        const auto cell = column.column->at(row);
        if (cell != index::missing)
            event.properties.emplace_back(column.name, strings.value(cell, column.type));
    }
    return event;
}

}  // namespace

bool wait_indexed(shard::Shards& shards, const index::Index& index, Duration timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    index::Positions wanted{};
    for (ShardId shard = 0; shard < shard_count; ++shard)
        wanted[shard] = shards.feed_end(shard);
    for (;;) {
        const auto snapshot = index.snapshot();
        if (snapshot->is_lost)
            return false;
        bool all = true;
        for (ShardId shard = 0; shard < shard_count && all; ++shard)
            all = snapshot->positions[shard] >= wanted[shard];
        if (all)
            return true;
        if (std::chrono::steady_clock::now() >= deadline)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

// Feed records stand in the order of their entries. The first one that the snapshot lacks bounds
// what it holds; where none is lacking, it holds everything that was applied when we looked.
std::array<journal::Offset, shard_count> covered_by(const shard::Shards& shards,
                                                    const index::State& state) {
    std::array<journal::Offset, shard_count> covered{};
    for (ShardId shard = 0; shard < shard_count; ++shard) {
        covered[shard] = shards.applied(shard);
        shards.read_feed(shard, state.positions[shard], [&](shard::FeedRecord&& record) {
            if (record.offset == 0)
                return true;
            covered[shard] = std::min(covered[shard], record.offset - 1);
            return false;
        });
    }
    return covered;
}

PastReader::PastReader(index::Snapshot snapshot, std::vector<Need> needs, Time now)
    : snapshot_(std::move(snapshot)), needs_(std::move(needs)), now_(now) {}

Backfill PastReader::chunk(index::Dense first, index::Dense last) const {
    Backfill chunk;
    for (const auto& need : needs_)
        chunk.events.push_back(need.event);
    for (auto block = first; block < std::min(last, blocks()); ++block) {
        auto people = this->block(block, chunk.names);
        for (index::Dense i = 0; i < index::block_size; ++i) {
            const auto customer = block * index::block_size + i;
            if (people[i].empty() || !snapshot_->alive->contains(customer))
                continue;
            chunk.people.push_back({snapshot_->profile(customer), std::move(people[i])});
        }
    }
    return chunk;
}

std::vector<std::vector<KeptEvent>> PastReader::block(index::Dense block, Names& names) const {
    std::vector<std::vector<KeptEvent>> people(index::block_size);
    for (const auto& need : needs_)
        read(block, need, names, people);
    for (auto& events : people)
        std::stable_sort(events.begin(), events.end(),
                         [](const auto& a, const auto& b) { return a.time < b.time; });
    return people;
}

void PastReader::read(index::Dense block, const Need& need, Names& names,
                      std::vector<std::vector<KeptEvent>>& people) const {
    const auto code = snapshot_->strings->find(need.event);
    if (!code)
        return;
    const auto name = names.give(need.event);
    const auto from_ms = to_ms(now_ - need.look_back);
    for (const auto& segment : snapshot_->segments) {
        const auto* rows = segment->find(*code);
        if (!rows || rows->last_ms <= from_ms)
            continue;
        const auto columns = columns_of(*rows, need, *snapshot_->strings, names);
        const auto [first, last] = rows->runs_of(block);
        for (auto run = first; run < last; ++run) {
            auto& events = people[rows->run_customer[run] % index::block_size];
            for (auto row = rows->run_start[run]; row < rows->run_start[run + 1]; ++row)
                if (rows->time[row] > from_ms)
                    events.push_back(event_of(name, time_from_ms(rows->time[row]), row, columns,
                                              *snapshot_->strings));
        }
    }
}

}  // namespace qiao::audience
