#include <algorithm>

#include "base/check.hpp"
#include "customer/detail/applying.hpp"
#include "customer/merge_rules.hpp"
#include "runtime/log.hpp"

namespace qiao::customer::detail {

namespace {

constexpr std::size_t max_carriers = 64;
constexpr std::size_t max_others = 8;

Rank rank_of(const Customer& customer) {
    return {class_of(customer.first.kind) == IdentityClass::user, customer.id};
}

void add_once(std::vector<ProfileId>& profiles, ProfileId profile, std::size_t limit) {
    if (profiles.size() < limit &&
        std::find(profiles.begin(), profiles.end(), profile) == profiles.end())
        profiles.push_back(profile);
}

}  // namespace

ProfileId Applying::handle_message(const Fact& fact) {
    const auto& name = fact.name;
    const bool is_about_identity =
        name == message::claim || name == message::unbind || name == message::release;
    check(!is_about_identity || !fact.identities.empty());
    if (name == message::claim || name == message::join) {
        auto claim = decode_claim(fact.payload);
        check(claim.has_value());
        if (name == message::claim)
            handle_claim(fact.identities.front(), std::move(*claim));
        else
            join(fact.profile, std::move(*claim), fact.identities);
        return ProfileId::none;
    }
    if (name == message::claimed)
        return handle_claimed(fact);
    if (name == message::hand_over)
        return handle_hand_over(fact);
    if (name == message::split_off)
        return handle_split_off(fact);
    if (name == message::ask_again) {
        auto* slot = state.find(fact.profile, context);
        if (!slot || fact.identities.empty())
            return ProfileId::none;
        const auto hash = hash_of(fact.identities.front());
        std::erase_if(slot->customer.asked,
                      [&](const Asked& asked) { return asked.identity_hash == hash; });
        state.changed(*slot);
        return ProfileId::none;
    }
    const auto group = decode_group(fact.payload);
    check(group.has_value() && !group->empty());
    if (name == message::unbind)
        return handle_unbind(fact.identities.front(), *group);
    if (name == message::release)
        handle_release(fact.identities.front(), group->front());
    if (name == message::erase)
        handle_erase(fact.profile, group->front());
    return ProfileId::none;
}

// identities[1] and all after it were names of identities[0]'s person; staff name the other
// profile.
void Applying::alias(Slot& root, const Fact& fact) {
    const bool is_user = class_of(root.customer.first.kind) == IdentityClass::user;
    Claim claim{root.customer.id,     is_user,     ClaimMode::join_users,
                effective_time(fact), fact.source, fact.name};
    if (!fact.payload.empty())
        claim.reason += ": " + fact.payload;
    if (const auto* other = find(fact.properties, "other")) {
        const auto* text = std::get_if<std::string>(other);
        const auto profile = text ? parse_profile(*text) : Result<ProfileId>{ProfileId::none};
        if (profile && *profile != ProfileId::none)
            join(*profile, claim, {});
        return;
    }
    for (std::size_t i = 1; i < fact.identities.size(); ++i) {
        const auto& former = fact.identities[i];
        const bool joins = class_of(former.kind) == IdentityClass::user;
        note_identity(root, former, joins ? ClaimMode::join_users : ClaimMode::follow, fact);
    }
}

void Applying::send_claim(const Identity& identity, Claim claim) {
    send(message::claim, ProfileId::none, {identity}, encode(claim));
}

void Applying::handle_claim(const Identity& identity, Claim claim) {
    auto& record = state.record_or_new(identity, context);
    state.changed(record);
    if (claim.mode == ClaimMode::attach) {
        add_once(record.carriers, claim.claimant, max_carriers);
        return;
    }
    if (record.profile == ProfileId::none) {
        record.profile = claim.claimant;
        ++record.bindings;
    }
    if (record.profile == claim.claimant) {
        claim.binding = record.bindings;
        send(message::claimed, claim.claimant, {identity}, encode(claim));
        return;
    }
    add_once(record.others, claim.claimant, max_others);
    join(record.profile, std::move(claim), {identity});
}

// `asked` is where the identity leads; the claim climbs from there to the root and is judged there.
void Applying::join(ProfileId asked, Claim claim, const std::vector<Identity>& about) {
    while (shard_of(asked) == context.shard()) {
        auto* slot = state.find(asked, context);
        if (!slot)
            return;
        const auto& customer = slot->customer;
        if (customer.is_erased) {
            // The identity is being released: asked once more at home, it is free.
            if (!about.empty())
                send_claim(about.front(), std::move(claim));
            return;
        }
        if (customer.redirect != ProfileId::none) {
            asked = customer.redirect;
            continue;
        }
        const auto rank = rank_of(customer);
        switch (judge_join(rank, {claim.claimant_is_user, claim.claimant},
                           claim.mode == ClaimMode::join_users)) {
            case Join::same:
            case Join::refused:
                return;
            case Join::link:
                link(*slot, claim);
                return;
            case Join::turn:
                asked = std::exchange(claim.claimant, customer.id);
                claim.claimant_is_user = rank.is_user;
                break;
        }
    }
    send(message::join, asked, about, encode(claim));
}

// The merge is decided here, at the loser: from this fact on everything goes to the winner.
void Applying::link(Slot& loser, const Claim& claim) {
    auto& customer = loser.customer;
    customer.redirect = claim.claimant;
    ++customer.merges;
    state.changed(loser);
    HandOver hand_over{customer.id, customer.merges, claim.at, claim.reason, {}};
    for (auto* projection : projections)
        hand_over.parts.emplace_back(std::string(projection->name()),
                                     projection->export_state(customer.id, context));
    send(message::hand_over, claim.claimant, {}, encode(hand_over),
         "merge:" + format_profile(customer.id) + ":" + std::to_string(customer.merges));
    context.feed({shard::FeedItem::Kind::merge, claim.claimant, customer.id, 0, {}, {}});
}

// A profile that was merged on in the meantime notes what came through it, so that it takes that
// along when it is split off again.
ProfileId Applying::handle_claimed(const Fact& fact) {
    auto claim = decode_claim(fact.payload);
    check(claim.has_value() && !fact.identities.empty());
    const auto& identity = fact.identities.front();
    auto next = fact.profile;
    while (shard_of(next) == context.shard()) {
        auto* slot = state.find(next, context);
        if (!slot)
            return ProfileId::none;
        const auto& customer = slot->customer;
        if (customer.is_erased) {
            send(message::release, ProfileId::none, {identity}, encode(std::vector{next}));
            return ProfileId::none;
        }
        list_identity(*slot, {identity, claim->at, claim->source, claim->binding, claim->via,
                              claim->via_number});
        const auto hash = hash_of(identity);
        if (std::erase_if(slot->customer.asked,
                          [&](const Asked& asked) { return asked.identity_hash == hash; }) > 0)
            state.changed(*slot);
        if (customer.is_live())
            return next;
        if (claim->via == ProfileId::none) {
            claim->via = next;
            claim->via_number = customer.merges;
        }
        next = customer.redirect;
    }
    send(message::claimed, next, fact.identities, encode(*claim));
    return ProfileId::none;
}

ProfileId Applying::handle_hand_over(const Fact& fact) {
    const auto hand_over = decode_hand_over(fact.payload);
    check(hand_over.has_value());
    auto next = fact.profile;
    while (shard_of(next) == context.shard()) {
        auto* slot = state.find(next, context);
        if (!slot)
            return ProfileId::none;
        if (slot->customer.is_erased) {
            send(message::erase, hand_over->from, {}, encode(std::vector{next}));
            return ProfileId::none;
        }
        if (state.has_merge(next, hand_over->from, hand_over->number, context))
            return ProfileId::none;
        const auto redirect = slot->customer.redirect;
        const MergeEntry entry{hand_over->from, hand_over->number, hand_over->at, hand_over->reason,
                               false};
        if (redirect != ProfileId::none) {
            pass_through(*slot, *hand_over);
            state.keep_merge(next, entry, context);
            next = redirect;
            continue;
        }
        for (const auto& [name, bytes] : hand_over->parts)
            for (auto* projection : projections)
                if (projection->name() == name)
                    projection->import_state(next, bytes, context);
        state.keep_merge(next, entry, context);
        state.changes.merged = true;
        return next;
    }
    send(message::hand_over, next, {}, fact.payload);
    return ProfileId::none;
}

namespace {

struct Exported {
    Customer customer;
    std::vector<MergeEntry> merges;
};

Exported decode_export(std::string_view bytes) {
    Reader in(bytes);
    const auto id = in.profile();
    const auto profile = in.text();
    const auto counters = in.text();
    Exported exported;
    exported.merges.resize(in.count());
    for (auto& entry : exported.merges) {
        entry.from = in.profile();
        entry.number = in.number32();
        entry.at = in.time();
        entry.reason = in.text();
        entry.undone = in.number() == 1;
    }
    check(in.ok);
    auto customer = decode_customer(id, profile, counters);
    check(customer.has_value());
    exported.customer = std::move(*customer);
    return exported;
}

}  // namespace

std::string Applying::export_customer(ProfileId profile) {
    auto* slot = state.find(profile, context);
    check(slot != nullptr);
    std::string out;
    put_number(out, static_cast<std::uint64_t>(profile));
    put_text(out, encode_profile(slot->customer));
    put_text(out, encode_counters(slot->customer));
    const auto log = state.merge_log(profile, context);
    put_number(out, log.size());
    for (const auto& entry : log) {
        put_number(out, static_cast<std::uint64_t>(entry.from));
        put_number(out, entry.number);
        put_time(out, entry.at);
        put_text(out, entry.reason);
        put_number(out, entry.undone ? 1 : 0);
    }
    return out;
}

void Applying::import_customer(ProfileId into, std::string_view bytes) {
    const auto other = decode_export(bytes);
    auto* slot = state.find(into, context);
    check(slot != nullptr);
    auto& customer = slot->customer;
    const auto united = unite(customer, other.customer);
    state.changed(*slot);
    state.counted(*slot);
    const auto source = "merge:" + format_profile(other.customer.id);
    for (const auto& name : united.tags)
        tag_changed(*slot, name, {customer.tag(name)->at, source, nullptr});
    for (const auto& consent : united.consents)
        feed_consent(into, consent);
    using Kind = shard::FeedItem::Kind;
    for (const auto& identity : united.identities)
        context.feed({Kind::identity, into, ProfileId::none, 0, identity.kind, identity.value});
    for (const auto& entry : other.merges)
        state.keep_merge(into, entry, context);
}

void Applying::pass_through(Slot& merged, const HandOver& hand_over) {
    for (const auto& [name, bytes] : hand_over.parts) {
        if (name != self.name())
            continue;
        const auto other = decode_export(bytes);
        add_counters(merged.customer, other.customer);
        for (const auto& known : other.customer.identities)
            add_identity_of(merged.customer, other.customer, known);
        for (const auto& entry : other.merges)
            state.keep_merge(merged.customer.id, entry, context);
    }
    state.changed(merged);
    state.counted(merged);
}

}  // namespace qiao::customer::detail
