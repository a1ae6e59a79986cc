#include "journal/detail/commit_group.hpp"

#include <algorithm>
#include <limits>

#include "journal/bytes.hpp"
#include "journal/detail/keys.hpp"

namespace qiao::journal::detail {

namespace {

constexpr std::size_t max_entry_facts = 1024;
constexpr std::size_t max_entry_bytes = 1 << 20;

std::array<char, 16> key_of(const MessageHash& hash) {
    std::array<char, 16> key;
    for (int i = 0; i < 8; ++i) {
        key[static_cast<std::size_t>(i)] = static_cast<char>(hash.high >> (56 - 8 * i));
        key[static_cast<std::size_t>(8 + i)] = static_cast<char>(hash.low >> (56 - 8 * i));
    }
    return key;
}

}  // namespace

rocksdb::Status CommitGroup::commit(std::span<Append> appends, std::span<Offset, shard_count> ends,
                                    Time now) {
    const Store::Access access(store_);
    batch_.Clear();
    if (auto status = find_repeats(appends, now); !status.ok()) return status;
    std::copy(ends.begin(), ends.end(), next_.begin());
    gather(appends);
    remember_messages(now);
    if (batch_.Count() == 0) return rocksdb::Status::OK();
    auto status = store_.write(batch_, true);
    if (status.ok()) std::copy(next_.begin(), next_.end(), ends.begin());
    return status;
}

rocksdb::Status CommitGroup::find_repeats(std::span<Append> appends, Time now) {
    candidates_.clear();
    for (auto& append : appends)
        for (auto& fact : append.facts)
            if (fact.may_repeat)
                candidates_.push_back(
                    {fact.hash, static_cast<std::uint32_t>(candidates_.size()), &fact});
    std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
        return a.hash != b.hash ? a.hash < b.hash : a.order < b.order;
    });
    const auto repeats_previous = [](const Candidate& a, const Candidate& b) {
        if (a.hash != b.hash) return false;
        b.fact->repeated = true;
        return true;
    };
    candidates_.erase(std::unique(candidates_.begin(), candidates_.end(), repeats_previous),
                      candidates_.end());
    return look_up(now);
}

rocksdb::Status CommitGroup::look_up(Time now) {
    const auto count = candidates_.size();
    keys_.resize(count);
    key_slices_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        keys_[i] = key_of(candidates_[i].hash);
        key_slices_[i] = rocksdb::Slice(keys_[i].data(), keys_[i].size());
    }
    if (values_.size() < count) values_.resize(count);
    statuses_.assign(count, {});
    rocksdb::ReadOptions options;
    options.fill_cache = true;
    store_.db().MultiGet(options, store_.dedupe(), count, key_slices_.data(), values_.data(),
                         statuses_.data(), true);
    const auto oldest = to_ms(now - store_.dedupe_window());
    for (std::size_t i = 0; i < count; ++i) {
        if (statuses_[i].ok()) {
            const auto& value = values_[i];
            const auto ms = static_cast<std::int64_t>(
                big_endian<std::uint64_t>({value.data(), value.size()}));
            candidates_[i].fact->repeated = ms >= oldest;
        } else if (!statuses_[i].IsNotFound()) {
            return statuses_[i];
        }
        values_[i].Reset();
    }
    return rocksdb::Status::OK();
}

void CommitGroup::gather(std::span<Append> appends) {
    for (const auto& append : appends) {
        for (const auto& fact : append.facts) {
            if (fact.repeated) continue;
            const rocksdb::Slice bytes(append.bytes.data() + fact.begin, fact.size);
            if (fact.to == all_shards)
                for (ShardId shard = 0; shard < shard_count; ++shard) add_fact(shard, bytes);
            else
                add_fact(fact.to, bytes);
        }
        for (const auto& key : append.consumed) batch_.Delete(store_.state(), key);
    }
    for (ShardId shard = 0; shard < shard_count; ++shard)
        if (entries_[shard].bytes > 0) cut_entry(shard);
}

void CommitGroup::add_fact(ShardId shard, rocksdb::Slice fact) {
    auto& entry = entries_[shard];
    const bool full = entry.parts.size() > max_entry_facts ||
                      (entry.bytes > 0 && entry.bytes + fact.size() > max_entry_bytes);
    if (full) cut_entry(shard);
    if (entry.parts.empty()) entry.parts.emplace_back(&entry_version, 1);
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

void CommitGroup::remember_messages(Time now) {
    std::string value;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
        const auto& fact = *candidates_[i].fact;
        if (fact.repeated) continue;
        value.clear();
        put_big_endian(value, fact.never_expires
                                  ? std::uint64_t{std::numeric_limits<std::int64_t>::max()}
                                  : static_cast<std::uint64_t>(to_ms(now)));
        batch_.Put(store_.dedupe(), key_slices_[i], value);
    }
}

}  // namespace qiao::journal::detail
