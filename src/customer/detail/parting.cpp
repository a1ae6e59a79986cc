// Splitting what was merged, and forgetting a person.
#include <algorithm>

#include "base/check.hpp"
#include "customer/detail/applying.hpp"

namespace qiao::customer::detail {

namespace {

bool contains(const std::vector<ProfileId>& profiles, ProfileId profile) {
    return std::find(profiles.begin(), profiles.end(), profile) != profiles.end();
}

bool is_same(const Identity& a, const Identity& b) {
    return a.kind == b.kind && a.value == b.value;
}

}  // namespace

// The profile and all that are merged into it.
std::vector<ProfileId> Applying::group_of(const Slot& slot) {
    std::vector<ProfileId> group{slot.customer.id};
    for (const auto& entry : state.merge_log(slot.customer.id, context))
        if (!entry.undone && !contains(group, entry.from))
            group.push_back(entry.from);
    return group;
}

// Where the identity to part from is the one that the profile began with, the other one goes: which
// of two merged users gave the profile its id is no one's concern outside. What follows is taken
// off the list when its home says so, after every earlier word from there.
void Applying::unbind(Slot& root, const Fact& fact) {
    const auto& identities = fact.identities;
    for (std::size_t i = 1; i < identities.size(); ++i) {
        const bool is_first = is_same(identities[i], root.customer.first);
        const auto& parting = is_first ? identities.front() : identities[i];
        if (is_same(parting, root.customer.first))
            continue;
        if (!root.customer.identity(parting.kind, parting.value))
            continue;
        if (class_of(parting.kind) == IdentityClass::attached)
            unlist_identity(root, parting);
        send(message::unbind, ProfileId::none, {parting}, encode(group_of(root)));
    }
}

ProfileId Applying::handle_unbind(const Identity& identity, const std::vector<ProfileId>& group) {
    auto& record = state.record_or_new(identity, context);
    std::erase_if(record.carriers, [&](ProfileId carrier) { return contains(group, carrier); });
    state.changed(record);
    const auto led_to = record.profile;
    auto* own = shard_of(led_to) == context.shard() ? state.find(led_to, context) : nullptr;
    if (own && is_same(own->customer.first, identity) && contains(group, own->customer.redirect)) {
        split(*own);
        free(record);
        return led_to;
    }
    // The one that it led to may itself be merged into the root by now, and list it too.
    const bool was_theirs = contains(group, led_to);
    send(message::split_off, was_theirs ? led_to : group.front(), {},
         encode(SplitOff{0, {{identity, record.bindings}}, {}}));
    if (was_theirs) {
        record.profile = ProfileId::none;
        free(record);
    }
    return ProfileId::none;
}

void Applying::free(IdentityRecord& record) {
    for (auto other : record.others)
        send(message::ask_again, other, {record.identity}, {});
    record.others.clear();
    state.changed(record);
}

// The profile stands for itself again, with the rows that were recorded for it.
void Applying::split(Slot& slot) {
    auto& customer = slot.customer;
    const auto from = customer.redirect;
    SplitOff leaving{customer.event_count, {}, {{customer.id, customer.merges}}};
    for (const auto& entry : state.merge_log(customer.id, context))
        if (!entry.undone)
            leaving.hand_overs.emplace_back(entry.from, entry.number);
    revive(customer);
    state.changed(slot);
    using Kind = shard::FeedItem::Kind;
    context.feed({Kind::split, from, customer.id, 0, {}, {}});
    for (const auto& known : customer.identities)
        context.feed({Kind::identity, customer.id, ProfileId::none, 0, known.identity.kind,
                      known.identity.value});
    for (const auto& tag : customer.tags)
        context.feed({Kind::tag, customer.id, ProfileId::none, 0, tag.name, tag.value});
    for (const auto& consent : customer.consents)
        feed_consent(customer.id, consent);
    state.changes.merged = true;
    send(message::split_off, from, {}, encode(leaving));
}

ProfileId Applying::handle_split_off(const Fact& fact) {
    const auto leaving = decode_split_off(fact.payload);
    check(leaving.has_value());
    auto next = fact.profile;
    while (shard_of(next) == context.shard()) {
        auto* slot = state.find(next, context);
        if (!slot || slot->customer.is_erased)
            return ProfileId::none;
        leave(*slot, *leaving);
        if (slot->customer.is_live()) {
            state.changes.merged = true;
            return next;
        }
        next = slot->customer.redirect;
    }
    send(message::split_off, next, {}, fact.payload);
    return ProfileId::none;
}

namespace {

bool takes_along(const SplitOff& leaving, ProfileId from, std::uint32_t number) {
    return std::any_of(leaving.hand_overs.begin(), leaving.hand_overs.end(), [&](const auto& gone) {
        return gone.first == from && number <= gone.second;
    });
}

bool takes_along(const SplitOff& leaving, const KnownIdentity& known) {
    if (known.via != ProfileId::none && takes_along(leaving, known.via, known.via_number))
        return true;
    return std::any_of(leaving.bindings.begin(), leaving.bindings.end(), [&](const auto& gone) {
        return is_same(gone.first, known.identity) && known.binding <= gone.second;
    });
}

}  // namespace

void Applying::leave(Slot& slot, const SplitOff& leaving) {
    subtract_events(slot.customer, leaving.events);
    state.counted(slot);
    const auto listed = slot.customer.identities;
    for (const auto& known : listed)
        if (!is_same(known.identity, slot.customer.first) && takes_along(leaving, known))
            unlist_identity(slot, known.identity);
    if (leaving.hand_overs.empty())
        return;
    for (auto entry : state.merge_log(slot.customer.id, context)) {
        if (entry.undone || !takes_along(leaving, entry.from, entry.number))
            continue;
        entry.undone = true;
        state.keep_merge(slot.customer.id, entry, context);
    }
}

// ---- erasure ----

// What is merged into the person goes too, each profile asked by the one that it is merged into:
// one that is being split off at this moment has its own life. They go first, so that a fact that
// comes home after this finds its identity released.
void Applying::erase(Slot& slot) {
    const auto id = slot.customer.id;
    const auto self_alone = encode(std::vector{id});
    for (auto merged : group_of(slot))
        if (merged != id)
            send(message::erase, merged, {}, self_alone);
    for (const auto& known : slot.customer.identities)
        send(message::release, ProfileId::none, {known.identity}, self_alone);
    for (auto* projection : projections)
        if (projection != &self)
            projection->forget(id, context);
    state.wipe(slot, context);
    context.feed({shard::FeedItem::Kind::erase, id, ProfileId::none, 0, {}, {}});
}

void Applying::handle_erase(ProfileId profile, ProfileId parent) {
    auto* slot = state.find(profile, context);
    if (slot && !slot->customer.is_erased && slot->customer.redirect == parent)
        erase(*slot);
}

void Applying::handle_release(const Identity& identity, ProfileId erased) {
    auto* record = state.record(identity, context);
    if (!record)
        return;
    std::erase(record->carriers, erased);
    if (record->profile == erased) {
        // Only what leads to the erased person: a phone that others share keeps its key.
        context.hand_out(erasure_queue, format_profile(erased),
                         encode(std::vector{record->identity}));
        record->profile = ProfileId::none;
    }
    free(*record);
}

}  // namespace qiao::customer::detail
