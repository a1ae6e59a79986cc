#include "customer/detail/messages.hpp"

namespace qiao::customer::detail {

namespace {

constexpr std::uint64_t version = 1;

std::string begin() {
    std::string out;
    put_number(out, version);
    return out;
}

void put_profiles(std::string& out, const std::vector<ProfileId>& profiles) {
    put_number(out, profiles.size());
    for (auto profile : profiles)
        put_number(out, static_cast<std::uint64_t>(profile));
}

std::vector<ProfileId> read_profiles(Reader& in) {
    std::vector<ProfileId> profiles(in.count());
    for (auto& profile : profiles)
        profile = in.profile();
    return profiles;
}

void put_identities(std::string& out, const std::vector<Identity>& identities) {
    put_number(out, identities.size());
    for (const auto& identity : identities)
        put_identity(out, identity);
}

std::vector<Identity> read_identities(Reader& in) {
    std::vector<Identity> identities(in.count());
    for (auto& identity : identities)
        identity = in.identity();
    return identities;
}

template <class T, class Read>
std::optional<T> decode(std::string_view payload, const Read& read) {
    Reader in(payload);
    T message;
    if (in.number() != version)
        return std::nullopt;
    read(in, message);
    if (!in.ok || !in.is_at_end())
        return std::nullopt;
    return message;
}

}  // namespace

std::string encode(const Claim& claim) {
    auto out = begin();
    put_number(out, static_cast<std::uint64_t>(claim.claimant));
    put_number(out, claim.claimant_is_user ? 1 : 0);
    put_number(out, static_cast<std::uint64_t>(claim.mode));
    put_time(out, claim.at);
    put_text(out, claim.source);
    put_text(out, claim.reason);
    put_number(out, claim.binding);
    put_number(out, static_cast<std::uint64_t>(claim.via));
    put_number(out, claim.via_number);
    return out;
}

std::optional<Claim> decode_claim(std::string_view payload) {
    return decode<Claim>(payload, [](Reader& in, Claim& claim) {
        claim.claimant = in.profile();
        claim.claimant_is_user = in.number() == 1;
        const auto mode = in.number();
        if (mode > static_cast<std::uint64_t>(ClaimMode::join_users))
            in.ok = false;
        claim.mode = static_cast<ClaimMode>(mode);
        claim.at = in.time();
        claim.source = in.text();
        claim.reason = in.text();
        claim.binding = in.number32();
        claim.via = in.profile();
        claim.via_number = in.number32();
    });
}

std::string encode(const HandOver& hand_over) {
    auto out = begin();
    put_number(out, static_cast<std::uint64_t>(hand_over.from));
    put_number(out, hand_over.number);
    put_time(out, hand_over.at);
    put_text(out, hand_over.reason);
    put_number(out, hand_over.parts.size());
    for (const auto& [projection, bytes] : hand_over.parts) {
        put_text(out, projection);
        put_text(out, bytes);
    }
    return out;
}

std::optional<HandOver> decode_hand_over(std::string_view payload) {
    return decode<HandOver>(payload, [](Reader& in, HandOver& hand_over) {
        hand_over.from = in.profile();
        hand_over.number = in.number32();
        hand_over.at = in.time();
        hand_over.reason = in.text();
        hand_over.parts.resize(in.count());
        for (auto& [projection, bytes] : hand_over.parts) {
            projection = in.text();
            bytes = in.text();
        }
    });
}

std::string encode(const SplitOff& split_off) {
    auto out = begin();
    put_number(out, split_off.events);
    put_number(out, split_off.bindings.size());
    for (const auto& [identity, number] : split_off.bindings) {
        put_identity(out, identity);
        put_number(out, number);
    }
    put_number(out, split_off.hand_overs.size());
    for (const auto& [profile, number] : split_off.hand_overs) {
        put_number(out, static_cast<std::uint64_t>(profile));
        put_number(out, number);
    }
    return out;
}

std::optional<SplitOff> decode_split_off(std::string_view payload) {
    return decode<SplitOff>(payload, [](Reader& in, SplitOff& split_off) {
        split_off.events = in.number();
        split_off.bindings.resize(in.count());
        for (auto& [identity, number] : split_off.bindings) {
            identity = in.identity();
            number = in.number32();
        }
        split_off.hand_overs.resize(in.count());
        for (auto& [profile, number] : split_off.hand_overs) {
            profile = in.profile();
            number = in.number32();
        }
    });
}

std::string encode(const std::vector<ProfileId>& group) {
    auto out = begin();
    put_profiles(out, group);
    return out;
}

std::optional<std::vector<ProfileId>> decode_group(std::string_view payload) {
    return decode<std::vector<ProfileId>>(
        payload, [](Reader& in, std::vector<ProfileId>& group) { group = read_profiles(in); });
}

std::string encode(const std::vector<Identity>& identities) {
    auto out = begin();
    put_identities(out, identities);
    return out;
}

std::optional<std::vector<Identity>> decode_identities(std::string_view payload) {
    return decode<std::vector<Identity>>(
        payload,
        [](Reader& in, std::vector<Identity>& identities) { identities = read_identities(in); });
}

}  // namespace qiao::customer::detail
