// Keys of the `state` and `feed` families (docs/formats/shard-state.md).
#pragma once

#include <string>
#include <string_view>

#include "journal/bytes.hpp"
#include "shard/projection.hpp"

namespace qiao::shard::detail {

using journal::big_endian;
using journal::put_big_endian;

enum class Part : char {
    position = 'p',
    state = 's',
    timer_due = 't',  // due, projection, key: in the order of firing
    timer_key = 'k',  // projection, key: the due time
    outbox = 'o',     // facts for other shards
    queue = 'q',      // bytes for outside consumers
    parked = 'x',
};

inline constexpr std::size_t part_size = sizeof(ShardId) + 1;

inline std::string part_key(ShardId shard, Part part, std::string_view rest = {}) {
    std::string key;
    key.reserve(part_size + rest.size() + 16);
    put_big_endian(key, shard);
    key.push_back(static_cast<char>(part));
    key.append(rest);
    return key;
}

// Times before 1970 sort first, too.
inline void put_time(std::string& key, Time time) {
    put_big_endian(key, static_cast<std::uint64_t>(to_ms(time)) ^ (std::uint64_t{1} << 63));
}
inline Time time_in(std::string_view key) {
    return time_from_ms(
        static_cast<std::int64_t>(big_endian<std::uint64_t>(key) ^ (std::uint64_t{1} << 63)));
}

inline std::string timer_key(ShardId shard, std::size_t projection, std::string_view key) {
    auto full = part_key(shard, Part::timer_key);
    full.push_back(static_cast<char>(projection));
    return full.append(key);
}

inline std::string timer_due_key(ShardId shard, Time due, std::size_t projection,
                                 std::string_view key) {
    auto full = part_key(shard, Part::timer_due);
    put_time(full, due);
    full.push_back(static_cast<char>(projection));
    return full.append(key);
}

inline std::string outbox_key(ShardId shard, std::uint64_t seq) {
    auto key = part_key(shard, Part::outbox);
    put_big_endian(key, seq);
    return key;
}

// Queue names hold no zero byte.
inline std::string queue_prefix(ShardId shard, std::string_view queue) {
    auto key = part_key(shard, Part::queue, queue);
    key.push_back('\0');
    return key;
}
inline std::string queue_key(ShardId shard, std::string_view queue, std::uint64_t seq) {
    auto key = queue_prefix(shard, queue);
    put_big_endian(key, seq);
    return key;
}

inline std::string feed_key(ShardId shard, std::uint64_t seq) {
    std::string key;
    put_big_endian(key, shard);
    put_big_endian(key, seq);
    return key;
}

// The number at the end of an outbox, queue or feed key.
inline std::uint64_t seq_of(std::string_view key) {
    return big_endian<std::uint64_t>(key.substr(key.size() - sizeof(std::uint64_t)));
}

}  // namespace qiao::shard::detail
