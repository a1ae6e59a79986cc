#include "clickhouse/detail/standing.hpp"

namespace qiao::clickhouse::detail {

Standing& Standings::of(ProfileId profile) {
    const auto known = all_.find(profile);
    return now_
        .try_emplace(profile, known == all_.end() ? Standing{profile, profile, 0} : known->second)
        .first->second;
}

// Who was erased stays erased, whatever other shards still say about them.
void Standings::merge(ProfileId loser, ProfileId winner) {
    if (auto& one = of(loser); one.winner != ProfileId::none)
        one.winner = winner;
    of(winner);
}

void Standings::split(ProfileId profile) {
    if (auto& one = of(profile); one.winner != ProfileId::none)
        one.winner = profile;
}

void Standings::erase(ProfileId profile) { of(profile).winner = ProfileId::none; }

bool Standings::is_erased(ProfileId profile) const {
    const auto now = now_.find(profile);
    if (now != now_.end())
        return now->second.winner == ProfileId::none;
    const auto known = all_.find(profile);
    return known != all_.end() && known->second.winner == ProfileId::none;
}

// Who was merged into an erased one stands for itself.
ProfileId Standings::root_of(ProfileId profile) const {
    if (is_erased(profile))
        return ProfileId::none;
    const auto winner_of = [&](ProfileId one) {
        if (const auto now = now_.find(one); now != now_.end())
            return now->second.winner;
        const auto known = all_.find(one);
        return known == all_.end() ? one : known->second.winner;
    };
    // A circle, which the shards never say, ends where it began.
    const auto began = profile;
    for (auto next = winner_of(profile); next != profile && next != began && !is_erased(next);
         next = winner_of(profile))
        profile = next;
    return profile;
}

std::map<ProfileId, Standing> Standings::changed(std::uint64_t version) const {
    std::map<ProfileId, Standing> made;
    const auto look_at = [&](ProfileId profile, Standing standing, const Standing* before) {
        standing.root = root_of(profile);
        const bool stood = !before || before->root == profile;
        if (stood && standing.root != profile)
            standing.since = version;
        if (!before || standing != *before)
            made[profile] = standing;
    };
    for (const auto& [profile, standing] : now_) {
        const auto known = all_.find(profile);
        look_at(profile, standing, known == all_.end() ? nullptr : &known->second);
    }
    for (const auto& [profile, standing] : all_)
        if (!now_.contains(profile))
            look_at(profile, standing, &standing);
    return made;
}

}  // namespace qiao::clickhouse::detail
