// For whom profiles stand, and how merges, splits and erasures change that. Pure.
#pragma once

#include <map>

#include "base/id.hpp"

namespace qiao::clickhouse::detail {

struct Standing {
    ProfileId winner = ProfileId::none;  // itself where it lost no merge; none: erased
    ProfileId root = ProfileId::none;    // who stands for it; none: nobody
    std::uint64_t since = 0;             // its traits of before are void
    friend bool operator==(const Standing&, const Standing&) = default;
};

// Some whole families: whoever stands for a member is a member.
class Standings {
public:
    void know(ProfileId profile, const Standing& standing) { all_[profile] = standing; }
    void merge(ProfileId loser, ProfileId winner);
    void split(ProfileId profile);
    void erase(ProfileId profile);
    // What has changed since know(); who lost a merge meanwhile has `version` as since.
    std::map<ProfileId, Standing> changed(std::uint64_t version) const;

private:
    Standing& of(ProfileId profile);
    bool is_erased(ProfileId profile) const;
    ProfileId root_of(ProfileId profile) const;

    std::map<ProfileId, Standing> all_, now_;
};

}  // namespace qiao::clickhouse::detail
