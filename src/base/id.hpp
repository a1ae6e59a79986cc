// Identifiers: prefixed ULIDs for configuration objects, 64-bit profile ids for customers.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"

namespace qiao {

// "aud_01J…": prefix, underscore, ULID (26 characters of Crockford base 32; sorts by creation, in
// one process also within a millisecond).
std::string new_id(std::string_view prefix, Time now);
bool has_prefix(std::string_view id, std::string_view prefix);
// Random bytes of the system's generator in base64url (for tokens, keys, secrets).
std::string random_token(std::size_t bytes);

using ShardId = std::uint16_t;
inline constexpr ShardId shard_count =
    64;  // logical shards; fixed for the life of a data directory

// A customer's profile. The low six bits are its home shard, for ever. Zero is "no profile".
enum class ProfileId : std::uint64_t { none = 0 };
inline constexpr ShardId shard_of(ProfileId profile) {
    return static_cast<ShardId>(static_cast<std::uint64_t>(profile) % shard_count);
}
// "cus_" and 13 characters of Crockford base 32.
std::string format_profile(ProfileId profile);
Result<ProfileId> parse_profile(std::string_view text);

// 64-bit keyed hash (XXH3 with the seed of the data directory). Not a defence against an adversary.
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace qiao

template <>
struct std::hash<qiao::ProfileId> {
    std::size_t operator()(qiao::ProfileId id) const noexcept {
        return static_cast<std::size_t>(id) * 0x9E3779B97F4A7C15ull;
    }
};
