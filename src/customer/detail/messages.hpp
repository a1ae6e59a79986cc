// What shards tell each other about identities and merges (docs/formats/customer.md). Each message
// is a fact of kind shard_message: its profile or its first identity routes it, its payload is
// here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "customer/detail/wire.hpp"

namespace qiao::customer::detail {

namespace message {
inline constexpr std::string_view claim = "customer.claim";          // to an identity's home
inline constexpr std::string_view join = "customer.join";            // to a profile
inline constexpr std::string_view claimed = "customer.claimed";      // to a profile
inline constexpr std::string_view hand_over = "customer.hand_over";  // to a profile
inline constexpr std::string_view unbind = "customer.unbind";        // to an identity's home
inline constexpr std::string_view split_off = "customer.split_off";  // to a profile
inline constexpr std::string_view release = "customer.release";      // to an identity's home
inline constexpr std::string_view erase = "customer.erase";          // to a profile
inline constexpr std::string_view ask_again = "customer.ask_again";  // to a profile
}  // namespace message

enum class ClaimMode : std::uint8_t {
    attach,      // to be found by it; merges nothing
    follow,      // the identity shall count for the claimant, unless it is another user's
    join_users,  // the same, and the two users are one person
};

struct Claim {
    ProfileId claimant = ProfileId::none;
    bool claimant_is_user = false;
    ClaimMode mode = ClaimMode::follow;
    Time at{};
    std::string source;
    std::string reason;
    std::uint32_t binding = 0;  // set by the identity's home where it accepts
    // The first merged profile that an accepted claim passed through.
    ProfileId via = ProfileId::none;
    std::uint32_t via_number = 0;
};

// The state of `from`, one part for each projection.
struct HandOver {
    ProfileId from = ProfileId::none;
    std::uint32_t number = 0;
    Time at{};
    std::string reason;
    std::vector<std::pair<std::string, std::string>> parts;
};

// What leaves a profile again: bindings of identities up to a number, hand-overs of profiles up to
// a number. What was bound or handed over anew since then stays, however late this message comes.
struct SplitOff {
    std::uint64_t events = 0;
    std::vector<std::pair<Identity, std::uint32_t>> bindings;
    std::vector<std::pair<ProfileId, std::uint32_t>> hand_overs;
};

std::string encode(const Claim& claim);
std::string encode(const HandOver& hand_over);
std::string encode(const SplitOff& split_off);
std::string encode(const std::vector<ProfileId>& group);
std::string encode(const std::vector<Identity>& identities);

// None where the payload is no such message.
std::optional<Claim> decode_claim(std::string_view payload);
std::optional<HandOver> decode_hand_over(std::string_view payload);
std::optional<SplitOff> decode_split_off(std::string_view payload);
std::optional<std::vector<ProfileId>> decode_group(std::string_view payload);
std::optional<std::vector<Identity>> decode_identities(std::string_view payload);

}  // namespace qiao::customer::detail
