// A customer as the shards know them: who they are, what is said about them, what they allowed.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/time.hpp"
#include "base/value.hpp"
#include "journal/fact.hpp"

namespace qiao::customer {

struct KnownIdentity {
    Identity identity;
    Time since{};
    std::string source;
    std::uint32_t binding = 0;  // of its home: which of the identity's bindings this is
    ProfileId via =
        ProfileId::none;           // the merged profile that brought it; none where it is its own
    std::uint32_t via_number = 0;  // and in which of that profile's hand-overs
    friend bool operator==(const KnownIdentity&, const KnownIdentity&) = default;
};

// How a tag came to its value decides how two of them unite at a merge.
enum class TagOrigin : std::uint8_t {
    set,      // the newest wins
    counted,  // profile_increment: numbers are added
    listed,   // profile_append: sets unite
};

// Who set a tag by hand, and why.
struct TagNote {
    std::string by;
    std::string why;
};

struct Tag {
    std::string name;
    Value value;
    Time at{};           // since when it has this value
    std::string source;  // a fact's source: "import", "staff", "rule:<tag>", a write key's id …
    std::shared_ptr<const TagNote> note;  // of hand-set tags only
    TagOrigin origin = TagOrigin::set;
    std::uint32_t changes = 0;  // since it came to be
};

struct Consent {
    std::string purpose;
    std::string channel;
    bool granted = false;
    Time at{};
    std::string source;
    friend bool operator==(const Consent&, const Consent&) = default;
};

// An identity that was asked to bind to this profile, so that it is not asked at every event.
struct Asked {
    std::uint64_t identity_hash = 0;
    Time at{};
    friend bool operator==(const Asked&, const Asked&) = default;
};

struct Customer {
    ProfileId id = ProfileId::none;
    Identity first;  // the identity that the id was made from
    ProfileId redirect =
        ProfileId::none;            // merged into that profile; what it had stays, for an unbind
    bool is_erased = false;         // nothing is left but this mark
    std::uint32_t merges = 0;       // how often it was merged away: numbers the hand-overs
    std::uint32_t tag_changes = 0;  // numbers the entries of the tags' histories

    Time created_at{};
    Time first_seen{};  // of events; zero where there are none
    Time last_seen{};
    std::uint64_t event_count = 0;  // rows of its own and of all profiles merged into it

    std::vector<KnownIdentity> identities;
    std::vector<Tag> tags;  // sorted by name
    std::vector<Consent> consents;
    std::vector<Asked> asked;

    bool is_live() const { return !is_erased && redirect == ProfileId::none; }
    // Known by a user id, not only as a visitor.
    bool is_user() const { return has_identity("user_id"); }
    bool has_identity(std::string_view kind) const;
    const KnownIdentity* identity(std::string_view kind, std::string_view value) const;
    // The one that came last: where a message goes.
    const KnownIdentity* newest_identity(std::string_view kind) const;
    const Tag* tag(std::string_view name) const;
    // Null where the tag is missing.
    const Value* value_of(std::string_view tag_name) const;
    // The code of the organisation unit that serves the customer: the tag `org`; empty where
    // unknown.
    std::string_view org() const;
    // The customer's word for this purpose and channel; null where there is none.
    const Consent* consent(std::string_view purpose, std::string_view channel) const;
    bool allows(std::string_view purpose, std::string_view channel) const;
    // Whether a message can reach the customer at all: sms needs a phone, email an address; inbox
    // and webhook need a user id.
    bool is_reachable_by(std::string_view channel) const;
};

// A change in a tag's past, newest last.
struct TagChange {
    Time at{};
    Value value;  // null: removed
    std::string source, by, why;
};

// A profile that was merged into this one.
struct MergeEntry {
    ProfileId from = ProfileId::none;
    std::uint32_t number = 0;  // of the hand-over: Customer::merges of `from`
    Time at{};
    std::string reason;
    bool undone = false;
    friend bool operator==(const MergeEntry&, const MergeEntry&) = default;
};

// Binary forms, version 1 (docs/formats/customer.md). The counters that change with every event are
// kept apart from the rest, so that an event writes thirty bytes. decode's error: customer.corrupt.
std::string encode_profile(const Customer& customer);
std::string encode_counters(const Customer& customer);
Result<Customer> decode_customer(ProfileId id, std::string_view profile, std::string_view counters);

}  // namespace qiao::customer
