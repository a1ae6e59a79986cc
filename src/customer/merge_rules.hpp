// Who merges into whom. Pure: the same answer in every shard, whatever the order of messages.
//
// A profile's rank never changes: it comes from the identity that the profile began with. Redirects
// lead only to a profile that ranks higher, so they can never form a circle, also when two shards
// decide at the same moment.
#pragma once

#include "base/id.hpp"

namespace qiao::customer {

struct Rank {
    bool is_user = false;  // began with a user id
    ProfileId id = ProfileId::none;
};

// A user ranks above a visitor; among equals the smaller id does.
constexpr bool ranks_above(Rank a, Rank b) {
    if (a.is_user != b.is_user)
        return a.is_user;
    return a.id < b.id;
}

enum class Join : std::uint8_t {
    same,     // they are one already
    refused,  // the other belongs to a user, and nobody said that both users are one person
    link,     // the one asked merges into the claimant
    turn,     // the claimant has to merge into the one asked: ask it the other way round
};

// `asked` is the root that an identity leads to, `claimant` who wants it. `merges_users` is set by
// what may join two users: an alias, an explicit bind of two user ids, staff.
constexpr Join judge_join(Rank asked, Rank claimant, bool merges_users) {
    if (asked.id == claimant.id)
        return Join::same;
    if (asked.is_user && !merges_users)
        return Join::refused;
    return ranks_above(claimant, asked) ? Join::link : Join::turn;
}

}  // namespace qiao::customer
