// Keys of the `journal` family, and what its values start with.
#pragma once

#include <string>

#include "journal/bytes.hpp"
#include "journal/journal.hpp"

namespace qiao::journal::detail {

inline constexpr char entry_version = 1;  // the first byte of every entry

inline std::string shard_prefix(ShardId shard) {
    std::string prefix;
    put_big_endian(prefix, shard);
    return prefix;
}

inline std::string entry_key(ShardId shard, Offset offset) {
    std::string key;
    put_big_endian(key, shard);
    put_big_endian(key, offset);
    return key;
}

inline Offset offset_of(std::string_view key) {
    return big_endian<Offset>(key.substr(sizeof(ShardId)));
}

// In `meta`: the message hashes of a commit, until they are in `dedupe`.
inline constexpr std::string_view message_log_prefix = "messages/";
inline std::string message_log_key(std::uint64_t seq) {
    std::string key(message_log_prefix);
    put_big_endian(key, seq);
    return key;
}

// In `meta`: the end of a shard's offsets, kept where trimming may have left no entry.
inline std::string end_key(ShardId shard) {
    std::string key = "end/";
    put_big_endian(key, shard);
    return key;
}

}  // namespace qiao::journal::detail
