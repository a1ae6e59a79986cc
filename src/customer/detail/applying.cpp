#include "customer/detail/applying.hpp"

#include <algorithm>

namespace qiao::customer::detail {

namespace {

// A refused identity is asked again after a day, so that a shared device costs one message a day.
constexpr auto ask_again_after = std::chrono::hours(24);

bool begins_profile(FactKind kind) { return kind != FactKind::erase && kind != FactKind::unbind; }

bool is_true(const Properties& properties, std::string_view name) {
    const auto* value = find(properties, name);
    const auto* truth = value ? std::get_if<bool>(value) : nullptr;
    return truth && *truth;
}

std::string text_of(const Properties& properties, std::string_view name) {
    const auto* value = find(properties, name);
    const auto* text = value ? std::get_if<std::string>(value) : nullptr;
    return text ? *text : std::string{};
}

std::string reason_of(const Fact& fact) {
    if (fact.kind == FactKind::alias || fact.kind == FactKind::bind) {
        const std::string word = fact.kind == FactKind::alias ? "alias" : "bind";
        if (!fact.name.starts_with("staff:"))
            return word;
        return fact.name + (fact.payload.empty() ? "" : ": " + fact.payload);
    }
    return "login";
}

}  // namespace

ProfileId Applying::run(const Fact& fact, shard::Position at) {
    switch (fact.kind) {
        case FactKind::control:
        case FactKind::item:
            return ProfileId::none;
        case FactKind::shard_message: {
            if (fact.name.starts_with("customer."))
                return handle_message(fact);
            // Another module's word about a profile follows it through merges like any fact.
            auto* root = fact.profile == ProfileId::none ? nullptr : locate(fact);
            return root ? root->customer.id : ProfileId::none;
        }
        default:
            return apply_to_customer(fact, at);
    }
}

ProfileId Applying::apply_to_customer(const Fact& fact, shard::Position at) {
    auto* root = locate(fact);
    if (!root)
        return ProfileId::none;
    if (fact.kind == FactKind::erase) {
        erase(*root);
        return ProfileId::none;
    }
    const auto id = root->customer.id;
    context.feed({shard::FeedItem::Kind::row, id, ProfileId::none, at.ordinal, {}, {}});
    if (fact.kind == FactKind::alias) {
        alias(*root, fact);
    } else if (fact.kind == FactKind::unbind) {
        unbind(*root, fact);
    } else {
        note_identities(*root, fact);
        apply_content(*root, fact);
    }
    return id;
}

void Applying::apply_content(Slot& root, const Fact& fact) {
    switch (fact.kind) {
        case FactKind::event:
            count_event(root.customer, fact.time);
            state.counted(root);
            return;
        case FactKind::consent:
            apply_consent(root, fact);
            return;
        case FactKind::bind:
            return;
        default:
            apply_properties(root, fact);
    }
}

// ---- whose it is ----

Slot* Applying::locate(const Fact& fact) {
    if (fact.profile != ProfileId::none) {
        auto* slot = state.find(fact.profile, context);
        return slot ? root_here(slot, fact) : nullptr;
    }
    if (fact.identities.empty())
        return nullptr;
    const auto& first = fact.identities.front();
    const auto* record = state.record(first, context);
    const auto known = record ? record->profile : ProfileId::none;
    if (known != ProfileId::none && shard_of(known) != context.shard()) {
        forward(fact, known);
        return nullptr;
    }
    auto* slot = known != ProfileId::none ? state.find(known, context) : nullptr;
    if (slot && !slot->customer.is_erased)
        return root_here(slot, fact);
    return begins_profile(fact.kind) ? &begin(first, fact) : nullptr;
}

// Follows the redirects as far as they stay in this shard; beyond it the fact is sent on. What
// finds an erased person goes home, where its identity begins a new one.
Slot* Applying::root_here(Slot* slot, const Fact& fact) {
    while (slot && !slot->customer.is_live()) {
        const auto& customer = slot->customer;
        if (customer.is_erased) {
            if (!fact.identities.empty() && begins_profile(fact.kind))
                forward(fact, ProfileId::none);
            return nullptr;
        }
        if (shard_of(customer.redirect) != context.shard()) {
            forward(fact, customer.redirect);
            return nullptr;
        }
        slot = state.find(customer.redirect, context);
    }
    return slot;
}

// The id comes from the identity; the generation counts past ids that are taken, by another
// identity with the same hash or by an erased or merged profile of this one.
Slot& Applying::begin(const Identity& first, const Fact& fact) {
    std::uint32_t generation = 0;
    while (state.find(profile_of_first(first, generation), context))
        ++generation;
    auto& slot = state.create(profile_of_first(first, generation));
    slot.customer.first = {first.kind, first.value, {}};
    slot.customer.created_at = effective_time(fact);
    auto& record = state.record_or_new(first, context);
    record.profile = slot.customer.id;
    state.changed(record);
    const bool is_user = class_of(first.kind) == IdentityClass::user;
    context.feed(
        {shard::FeedItem::Kind::create, slot.customer.id, ProfileId::none, 0, {}, is_user});
    list_identity(slot, {first, effective_time(fact), fact.source, ++record.bindings});
    state.changes.created = true;
    return slot;
}

// The same fact, to be applied where its profile is now: time, source and message id stay.
void Applying::forward(const Fact& fact, ProfileId profile) {
    auto onward = fact;
    onward.profile = profile;
    context.emit(std::move(onward));
}

// ---- identities ----

void Applying::note_identities(Slot& root, const Fact& fact) {
    const auto& identities = fact.identities;
    if (identities.size() < 2)
        return;
    const bool has_user = class_of(identities.front().kind) == IdentityClass::user;
    const bool is_bind = fact.kind == FactKind::bind;
    const bool is_verified = is_bind && is_true(fact.properties, "verified");
    for (std::size_t i = 1; i < identities.size(); ++i) {
        switch (class_of(identities[i].kind)) {
            case IdentityClass::user:
                if (is_bind)
                    note_identity(root, identities[i], ClaimMode::join_users, fact);
                break;
            case IdentityClass::following:
                if (has_user || is_bind)
                    note_identity(root, identities[i], ClaimMode::follow, fact);
                break;
            case IdentityClass::attached:
                note_identity(root, identities[i],
                              is_verified ? ClaimMode::follow : ClaimMode::attach, fact);
                break;
        }
    }
}

void Applying::note_identity(Slot& root, const Identity& identity, ClaimMode mode,
                             const Fact& fact) {
    auto& customer = root.customer;
    const bool is_listed = customer.identity(identity.kind, identity.value) != nullptr;
    const bool is_asked_for = fact.kind == FactKind::bind || fact.kind == FactKind::alias;
    if (is_listed && !is_asked_for)
        return;
    if (!is_listed && customer.identities.size() >= max_identities)
        return;
    if (identity.kind == customer.first.kind && identity.value == customer.first.value)
        return;
    const auto at = effective_time(fact);
    if (mode == ClaimMode::attach) {
        if (is_listed)
            return;
        list_identity(root, {identity, at, fact.source});
    } else if (!is_asked_for) {
        const auto hash = hash_of(identity);
        auto known = std::find_if(customer.asked.begin(), customer.asked.end(),
                                  [&](const Asked& asked) { return asked.identity_hash == hash; });
        if (known != customer.asked.end()) {
            if (fact.received_at - known->at < ask_again_after)
                return;
            customer.asked.erase(known);
        }
        if (customer.asked.size() >= max_asked)
            customer.asked.erase(customer.asked.begin());
        customer.asked.push_back({hash, fact.received_at});
        state.changed(root);
    }
    const bool is_user = class_of(customer.first.kind) == IdentityClass::user;
    send_claim(identity, {customer.id, is_user, mode, at, fact.source, reason_of(fact)});
}

void Applying::list_identity(Slot& slot, KnownIdentity known) {
    const auto identity = known.identity;
    if (!add_identity(slot.customer, std::move(known)))
        return;
    state.changed(slot);
    state.changes.identities = true;
    if (slot.customer.is_live())
        context.feed({shard::FeedItem::Kind::identity, slot.customer.id, ProfileId::none, 0,
                      identity.kind, identity.value});
}

// Readers of the feed keep the values of a kind: all are taken back and the rest is told again.
bool Applying::unlist_identity(Slot& slot, const Identity& identity) {
    auto& customer = slot.customer;
    if (!remove_identity(customer, identity.kind, identity.value))
        return false;
    state.changed(slot);
    state.changes.identities = true;
    if (!customer.is_live())
        return true;
    using Kind = shard::FeedItem::Kind;
    context.feed({Kind::identity, customer.id, ProfileId::none, 0, identity.kind, {}});
    for (const auto& known : customer.identities)
        if (known.identity.kind == identity.kind)
            context.feed({Kind::identity, customer.id, ProfileId::none, 0, known.identity.kind,
                          known.identity.value});
    return true;
}

// ---- tags and consent ----

void Applying::apply_properties(Slot& root, const Fact& fact) {
    const auto from = tag_source(fact);
    if (fact.kind == FactKind::profile_delete) {
        const auto tags = root.customer.tags;
        for (const auto& tag : tags)
            if (unset_tag(root.customer, tag.name, from))
                tag_changed(root, tag.name, from);
        return;
    }
    for (const auto& [name, value] : fact.properties) {
        if (const auto kind = kinds.of_trait(name))
            apply_trait(root, fact, *kind, value);
        else
            apply_tag(root, fact, name, value, from);
        // People are found by their name, which stays a tag.
        if (name == "name" && fact.kind != FactKind::profile_unset)
            apply_trait(root, fact, "name", value);
    }
}

void Applying::apply_tag(Slot& root, const Fact& fact, const std::string& name, const Value& value,
                         const TagSource& from) {
    auto& customer = root.customer;
    bool is_changed = false;
    switch (fact.kind) {
        case FactKind::profile_set:
            is_changed = set_tag(customer, name, value, from);
            break;
        case FactKind::profile_set_once:
            is_changed = set_tag_once(customer, name, value, from);
            break;
        case FactKind::profile_increment:
            is_changed = increment_tag(customer, name, value, from);
            break;
        case FactKind::profile_append:
            is_changed = append_tag(customer, name, value, from);
            break;
        case FactKind::profile_unset:
            is_changed = unset_tag(customer, name, from);
            break;
        default:
            break;
    }
    if (is_changed)
        tag_changed(root, name, from);
}

void Applying::tag_changed(Slot& root, const std::string& name, const TagSource& from) {
    auto& customer = root.customer;
    const auto* tag = customer.tag(name);
    TagChange change{from.at, tag ? tag->value : Value{}, std::string(from.source), {}, {}};
    if (from.note) {
        change.by = from.note->by;
        change.why = from.note->why;
    }
    const bool is_pruned = !tag || tag->changes % kept_tag_changes == 0;
    state.keep_tag_change(customer, name, change, is_pruned, context);
    state.changed(root);
    state.changes.tags.push_back(name);
    context.feed({shard::FeedItem::Kind::tag, customer.id, ProfileId::none, 0, name, change.value});
}

void Applying::apply_trait(Slot& root, const Fact& fact, std::string_view kind,
                           const Value& value) {
    if (fact.kind == FactKind::profile_unset) {
        replace_attached(root, {std::string(kind), {}, {}});
        return;
    }
    Identity identity{std::string(kind), {}, {}};
    if (const auto* sealed = std::get_if<Sealed>(&value)) {
        identity.value = sealed->hash;
        identity.sealed = sealed->ciphertext;
    } else if (const auto* text = std::get_if<std::string>(&value); text && !is_sensitive(kind)) {
        identity.value = *text;
    }
    if (identity.value.empty())
        return;
    if (class_of(kind) != IdentityClass::attached) {
        if (class_of(kind) == IdentityClass::following)
            note_identity(root, identity, ClaimMode::follow, fact);
        return;
    }
    const auto* newest = root.customer.newest_identity(kind);
    if (newest && fact.kind == FactKind::profile_set_once)
        return;
    if (newest && newest->since > effective_time(fact))
        return;
    if (fact.kind == FactKind::profile_set)
        replace_attached(root, identity);
    note_identity(root, identity, ClaimMode::attach, fact);
}

// A new phone takes the place of the old one, whose next owner must not be found as this person.
void Applying::replace_attached(Slot& root, const Identity& by) {
    std::vector<Identity> old;
    for (const auto& known : root.customer.identities)
        if (known.identity.kind == by.kind && known.identity.value != by.value &&
            class_of(by.kind) == IdentityClass::attached &&
            !(known.identity.value == root.customer.first.value &&
              known.identity.kind == root.customer.first.kind))
            old.push_back(known.identity);
    for (const auto& identity : old) {
        unlist_identity(root, identity);
        send(message::unbind, ProfileId::none, {identity}, encode(group_of(root)));
    }
}

void Applying::apply_consent(Slot& root, const Fact& fact) {
    Consent consent{text_of(fact.properties, "purpose"), text_of(fact.properties, "channel"),
                    is_true(fact.properties, "granted"), effective_time(fact),
                    text_of(fact.properties, "source")};
    if (consent.purpose.empty())
        return;
    if (consent.source.empty())
        consent.source = fact.source;
    if (!set_consent(root.customer, consent))
        return;
    state.changed(root);
    state.changes.consents = true;
    feed_consent(root.customer.id, consent);
}

void Applying::feed_consent(ProfileId profile, const Consent& consent) {
    auto name = consent.purpose;
    if (!consent.channel.empty())
        name += "." + consent.channel;
    context.feed({shard::FeedItem::Kind::consent, profile, ProfileId::none, 0, std::move(name),
                  consent.granted});
}

void Applying::send(std::string_view name, ProfileId to, std::vector<Identity> about,
                    std::string payload, std::string message_id) {
    Fact fact;
    fact.kind = FactKind::shard_message;
    fact.time = fact.received_at = context.now();
    fact.source = "qiao";
    fact.message_id = std::move(message_id);
    fact.name = name;
    fact.identities = std::move(about);
    fact.profile = to;
    fact.payload = std::move(payload);
    context.emit(std::move(fact));
}

}  // namespace qiao::customer::detail
