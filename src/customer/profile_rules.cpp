#include "customer/profile_rules.hpp"

#include <algorithm>

namespace qiao::customer {

namespace {

auto place_of(std::vector<Tag>& tags, std::string_view name) {
    return std::lower_bound(
        tags.begin(), tags.end(), name,
        [](const Tag& tag, std::string_view wanted) { return tag.name < wanted; });
}

Tag* existing(Customer& customer, std::string_view name) {
    auto at = place_of(customer.tags, name);
    return at != customer.tags.end() && at->name == name ? &*at : nullptr;
}

bool write(Customer& customer, std::string_view name, Value value, const TagSource& from,
           TagOrigin origin) {
    auto at = place_of(customer.tags, name);
    if (at == customer.tags.end() || at->name != name) {
        if (customer.tags.size() >= max_tags)
            return false;
        at = customer.tags.insert(at, Tag{});
        at->name = name;
    }
    at->value = std::move(value);
    at->at = from.at;
    at->source = from.source;
    at->note = from.note;
    at->origin = origin;
    ++at->changes;
    return true;
}

bool is_null(const Value& value) { return type_of(value) == ValueType::null; }

StringSet united(const StringSet& a, const StringSet& b) {
    StringSet all;
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(all));
    return all;
}

// None where the sum leaves the range.
const Value* sum(const Value& a, const Value& b, Value& out) {
    const auto* x = std::get_if<Decimal>(&a);
    const auto* y = std::get_if<Decimal>(&b);
    std::int64_t scaled = 0;
    if (!x || !y || __builtin_add_overflow(x->scaled(), y->scaled(), &scaled))
        return nullptr;
    out = Decimal::from_scaled(scaled);
    return &out;
}

StringSet as_set(const Value& value) {
    if (const auto* set = std::get_if<StringSet>(&value)) {
        auto sorted = *set;
        std::sort(sorted.begin(), sorted.end());
        sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
        return sorted;
    }
    if (const auto* text = std::get_if<std::string>(&value))
        return {*text};
    return {};
}

// The value that two profiles' tags of one name have together; `newer` on equal terms is the first.
Value united_value(const Tag& mine, const Tag& other) {
    Value value;
    if (mine.origin == TagOrigin::counted && other.origin == TagOrigin::counted &&
        sum(mine.value, other.value, value))
        return value;
    if (mine.origin == TagOrigin::listed && other.origin == TagOrigin::listed)
        return united(as_set(mine.value), as_set(other.value));
    return other.at > mine.at ? other.value : mine.value;
}

bool unite_tag(Customer& customer, const Tag& other) {
    auto* mine = existing(customer, other.name);
    if (!mine)
        return write(customer, other.name, other.value, {other.at, other.source, other.note},
                     other.origin);
    auto value = united_value(*mine, other);
    const bool is_changed = value != mine->value;
    mine->value = std::move(value);
    if (other.at > mine->at) {
        mine->at = other.at;
        mine->source = other.source;
        mine->note = other.note;
        mine->origin = other.origin;
    }
    if (is_changed)
        ++mine->changes;
    return is_changed;
}

}  // namespace

Time effective_time(const Fact& fact) {
    return to_ms(fact.received_at) == 0 ? fact.time : std::min(fact.time, fact.received_at);
}

TagSource tag_source(const Fact& fact) {
    constexpr std::string_view staff = "staff:";
    TagSource from{effective_time(fact), fact.source, nullptr};
    if (fact.name.starts_with(staff))
        from.note =
            std::make_shared<const TagNote>(TagNote{fact.name.substr(staff.size()), fact.payload});
    return from;
}

bool set_tag(Customer& customer, std::string_view name, const Value& value, const TagSource& from) {
    if (is_null(value))
        return false;
    const auto* old = existing(customer, name);
    if (old && (old->at > from.at || old->value == value))
        return false;
    return write(customer, name, value, from, TagOrigin::set);
}

bool set_tag_once(Customer& customer, std::string_view name, const Value& value,
                  const TagSource& from) {
    if (is_null(value) || existing(customer, name))
        return false;
    return write(customer, name, value, from, TagOrigin::set);
}

bool increment_tag(Customer& customer, std::string_view name, const Value& by,
                   const TagSource& from) {
    const auto* old = existing(customer, name);
    Value value;
    if (!sum(old ? old->value : Value{Decimal{}}, by, value))
        return false;
    if (old && old->value == value)
        return false;
    const bool is_counter = !old || old->origin == TagOrigin::counted;
    return write(customer, name, value, from, is_counter ? TagOrigin::counted : TagOrigin::set);
}

bool append_tag(Customer& customer, std::string_view name, const Value& value,
                const TagSource& from) {
    const auto added = as_set(value);
    if (added.empty())
        return false;
    const auto* old = existing(customer, name);
    auto all = old ? united(as_set(old->value), added) : added;
    if (old && old->value == Value{all})
        return false;
    return write(customer, name, std::move(all), from, TagOrigin::listed);
}

bool unset_tag(Customer& customer, std::string_view name, const TagSource& from) {
    auto at = place_of(customer.tags, name);
    if (at == customer.tags.end() || at->name != name || at->at > from.at)
        return false;
    customer.tags.erase(at);
    return true;
}

bool set_consent(Customer& customer, Consent consent) {
    for (auto& known : customer.consents) {
        if (known.purpose != consent.purpose || known.channel != consent.channel)
            continue;
        const bool is_newer = consent.at > known.at || (consent.at == known.at && !consent.granted);
        if (!is_newer)
            return false;
        const bool is_changed = known.granted != consent.granted;
        known = std::move(consent);
        return is_changed;
    }
    customer.consents.push_back(std::move(consent));
    return true;
}

void count_event(Customer& customer, Time at) {
    if (customer.event_count == 0 || at < customer.first_seen)
        customer.first_seen = at;
    if (customer.event_count == 0 || at > customer.last_seen)
        customer.last_seen = at;
    ++customer.event_count;
}

void add_counters(Customer& customer, const Customer& other) {
    if (other.event_count == 0)
        return;
    const bool is_empty = customer.event_count == 0;
    customer.first_seen =
        is_empty ? other.first_seen : std::min(customer.first_seen, other.first_seen);
    customer.last_seen = is_empty ? other.last_seen : std::max(customer.last_seen, other.last_seen);
    customer.event_count += other.event_count;
}

void subtract_events(Customer& customer, std::uint64_t events) {
    customer.event_count -= std::min(customer.event_count, events);
}

bool add_identity(Customer& customer, KnownIdentity known) {
    const auto& identity = known.identity;
    for (auto& listed : customer.identities) {
        if (listed.identity.value != identity.value || listed.identity.kind != identity.kind)
            continue;
        if (listed.identity.sealed.empty())
            listed.identity.sealed = identity.sealed;
        if (known.binding <= listed.binding)
            return false;
        // A newer binding: the end of the older one, should word of it still come, must not end
        // this.
        listed.binding = known.binding;
        listed.via = known.via;
        listed.via_number = known.via_number;
        return false;
    }
    if (customer.identities.size() >= max_identities)
        return false;
    customer.identities.push_back(std::move(known));
    return true;
}

bool add_identity_of(Customer& customer, const Customer& merged, KnownIdentity known) {
    if (known.via == ProfileId::none) {
        known.via = merged.id;
        known.via_number = merged.merges;
    }
    return add_identity(customer, std::move(known));
}

bool remove_identity(Customer& customer, std::string_view kind, std::string_view value) {
    return std::erase_if(customer.identities, [&](const KnownIdentity& known) {
               return known.identity.kind == kind && known.identity.value == value;
           }) > 0;
}

United unite(Customer& customer, const Customer& other) {
    United changed;
    for (const auto& tag : other.tags)
        if (unite_tag(customer, tag))
            changed.tags.push_back(tag.name);
    for (const auto& consent : other.consents)
        if (set_consent(customer, consent))
            changed.consents.push_back(consent);
    for (const auto& known : other.identities)
        if (add_identity_of(customer, other, known))
            changed.identities.push_back(known.identity);
    if (other.created_at < customer.created_at)
        customer.created_at = other.created_at;
    add_counters(customer, other);
    return changed;
}

void revive(Customer& customer) {
    customer.redirect = ProfileId::none;
    std::erase_if(customer.consents, [](const Consent& consent) { return consent.granted; });
    customer.asked.clear();
}

}  // namespace qiao::customer
