// How one fact, or a merge, changes a customer's tags, consents and counters. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "customer/customer.hpp"

namespace qiao::customer {

// A customer carries no more than these; what comes beyond is left out.
inline constexpr std::size_t max_tags = 2000;
inline constexpr std::size_t max_identities = 1000;
inline constexpr std::size_t max_asked = 32;
inline constexpr std::uint32_t kept_tag_changes = 50;

// Where a change of a tag comes from.
struct TagSource {
    Time at{};
    std::string_view source;
    std::shared_ptr<const TagNote> note;
};

// The earlier of when it happened and when it came: a device with a fast clock must not hold a tag
// for ever.
Time effective_time(const Fact& fact);
// The tag's source with the person and the reason where the name of the fact says "staff:<id>".
TagSource tag_source(const Fact& fact);

// Each answers whether the tag has changed. An older word never replaces a newer one; of two of the
// same time the one that comes later holds.
bool set_tag(Customer& customer, std::string_view name, const Value& value, const TagSource& from);
bool set_tag_once(Customer& customer, std::string_view name, const Value& value,
                  const TagSource& from);
// Adds to a number; a missing tag counts as 0. False where either is no number or the sum leaves
// the range of Decimal.
bool increment_tag(Customer& customer, std::string_view name, const Value& by,
                   const TagSource& from);
// Adds a string or a set to a set.
bool append_tag(Customer& customer, std::string_view name, const Value& value,
                const TagSource& from);
bool unset_tag(Customer& customer, std::string_view name, const TagSource& from);

// The newest wins, a refusal on ties. True where `granted` of the pair has changed or is new.
bool set_consent(Customer& customer, Consent consent);

void count_event(Customer& customer, Time at);
// Takes over the counters of a profile that is merged in, and gives them back at a split.
void add_counters(Customer& customer, const Customer& other);
void subtract_events(Customer& customer, std::uint64_t events);

// Lists the identity; false where it is listed already (a later one may fill in its ciphertext) or
// the limit is reached.
bool add_identity(Customer& customer, KnownIdentity known);
// The same for one that a merged profile brings.
bool add_identity_of(Customer& customer, const Customer& merged, KnownIdentity known);
bool remove_identity(Customer& customer, std::string_view kind, std::string_view value);

// Unites the tags, consents and identities of `other` into `customer`; counters too.
struct United {
    std::vector<std::string> tags;  // names of those that changed in `customer`
    std::vector<Consent> consents;
    std::vector<Identity> identities;
};
United unite(Customer& customer, const Customer& other);

// What a profile is left with when it is split off again: its tags, and its refusals. A grant may
// have been withdrawn since, so it has to be given anew.
void revive(Customer& customer);

}  // namespace qiao::customer
