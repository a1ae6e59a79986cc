#include "journal/detail/commit_group.hpp"

#include <algorithm>
#include <limits>

#include "journal/detail/keys.hpp"

namespace qiao::journal::detail {

namespace {

constexpr std::size_t max_entry_facts = 1024;
constexpr std::size_t max_entry_bytes = 1 << 20;

}  // namespace

rocksdb::Status CommitGroup::commit(std::span<Append> appends, std::span<Offset, shard_count> ends,
                                    Time now) {
    const Store::Access access(store_);
    batch_.Clear();
    if (auto status = find_repeats(appends, now); !status.ok())
        return status;
    std::copy(ends.begin(), ends.end(), next_.begin());
    gather(appends);
    seen_.remember(queries_, batch_);
    if (batch_.Count() == 0)
        return rocksdb::Status::OK();
    auto status = store_.write(batch_, true);
    if (!status.ok())
        return status;
    std::copy(next_.begin(), next_.end(), ends.begin());
    seen_.on_landed();
    return status;
}

rocksdb::Status CommitGroup::find_repeats(std::span<Append> appends, Time now) {
    constexpr auto always = std::numeric_limits<std::int64_t>::max();
    queries_.clear();
    candidates_.clear();
    for (auto& append : appends) {
        for (auto& fact : append.facts) {
            if (!fact.may_repeat)
                continue;
            queries_.push_back({fact.hash, fact.never_expires ? always : to_ms(now)});
            candidates_.push_back(&fact);
        }
    }
    if (auto status = seen_.find(queries_, now - store_.dedupe_window()); !status.ok())
        return status;
    for (std::size_t i = 0; i < queries_.size(); ++i)
        candidates_[i]->repeated = queries_[i].seen;
    return rocksdb::Status::OK();
}

void CommitGroup::gather(std::span<Append> appends) {
    for (const auto& append : appends) {
        for (const auto& fact : append.facts) {
            if (fact.repeated)
                continue;
            const rocksdb::Slice bytes(append.bytes.data() + fact.begin, fact.size);
            if (fact.to == all_shards)
                for (ShardId shard = 0; shard < shard_count; ++shard)
                    add_fact(shard, bytes);
            else
                add_fact(fact.to, bytes);
        }
        for (const auto& key : append.consumed)
            batch_.Delete(store_.state(), key);
    }
    for (ShardId shard = 0; shard < shard_count; ++shard)
        if (entries_[shard].bytes > 0)
            cut_entry(shard);
}

void CommitGroup::add_fact(ShardId shard, rocksdb::Slice fact) {
    auto& entry = entries_[shard];
    const bool full = entry.parts.size() > max_entry_facts ||
                      (entry.bytes > 0 && entry.bytes + fact.size() > max_entry_bytes);
    if (full)
        cut_entry(shard);
    if (entry.parts.empty())
        entry.parts.emplace_back(&entry_version, 1);
    entry.parts.push_back(fact);
    entry.bytes += fact.size();
}

void CommitGroup::cut_entry(ShardId shard) {
    auto& entry = entries_[shard];
    const auto key = entry_key(shard, next_[shard]++);
    const rocksdb::Slice key_slice(key);
    batch_.Put(store_.journal(), rocksdb::SliceParts(&key_slice, 1),
               rocksdb::SliceParts(entry.parts.data(), static_cast<int>(entry.parts.size())));
    entry.parts.clear();
    entry.bytes = 0;
}

}  // namespace qiao::journal::detail
