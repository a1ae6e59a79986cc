// A fact: one thing that happened, as the journal keeps it for ever.
//
// Facts about customers come from SDKs, imports, staff and Qiao's own actions (names that start
// with `$`, such as `$message_delivered`). Facts between shards carry merges and forwarded facts.
// Control facts carry configuration, so that a replay sees the configuration of the time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/value.hpp"

namespace qiao {

// One of a person's identities. `value` is what it is looked up by: the plain text, or the keyed
// hash in hex for sensitive kinds (phone, account, id_card, email), whose `sealed` then holds the
// ciphertext.
struct Identity {
    std::string kind;  // user_id, anonymous_id, device_id, phone, email, open_id, account, …
    std::string value;
    std::string sealed;
    friend bool operator==(const Identity&, const Identity&) = default;
};

enum class FactKind : std::uint8_t {
    event,        // `name` happened, with properties
    profile_set,  // properties become tags
    profile_set_once,
    profile_increment,
    profile_append,
    profile_unset,   // names of properties; values are ignored
    profile_delete,  // all tags of the profile
    bind,            // all identities of the fact belong to one person
    unbind,          // the identities after the first no longer belong to it
    alias,           // identities[1] was identities[0]'s former user id: merge
    consent,         // properties: purpose, channel, granted, source
    item,            // item_set / item_delete: about a thing, not a person
    erase,           // forget the person: keys, state, index and history rows
    shard_message,   // between shards: `name` says what, `payload` holds it
    control,         // configuration: `name` says what, `payload` holds it; goes to every shard
};

struct Fact {
    FactKind kind = FactKind::event;
    Time time{};             // when it happened (skew corrected)
    Time received_at{};      // when the collector took it
    std::string source;      // who sent it: a write key's id, "staff", "import", "qiao", …
    std::string message_id;  // (source, message_id) is unique within the dedupe window; never empty
    std::string name;        // event name; empty for profile operations
    std::vector<Identity> identities;  // the one that routes first (see route)
    Properties properties;
    ProfileId profile = ProfileId::none;  // set where the sender knows it: routes directly
    std::string payload;                  // of shard messages and control facts

    friend bool operator==(const Fact&, const Fact&) = default;
};

// The event name under which history and index record a fact: its own name, or what its kind is
// called
// ("$profile_set", "$consent", …).
std::string recorded_name(const Fact& fact);

// The order in which identities route: a fact that carries both counts for its user id.
// user_id, then account, open_id, phone, email, anonymous_id, device_id, then any other.
int routing_rank(std::string_view kind);
// Sorts the identities by rank (stable), so that identities[0] routes.
void order_identities(Fact& fact);
// The home shard: of `profile` where set, else of the hash of identities[0].
ShardId route(const Fact& fact);
// The profile id that an identity gets when it is the first of a new person. `generation` counts up
// from 0 past collisions and erased profiles; the shard does not depend on it.
ProfileId profile_of_first(const Identity& identity, std::uint32_t generation = 0);

// Binary form, version 1 (docs/formats/journal.md). decode's error is `journal.corrupt`.
void encode(const Fact& fact, std::string& out);
Result<Fact> decode_fact(std::string_view& in);
// The same into a fact that may hold another, whose memory is used again; false where it cannot be
// read.
bool decode_fact_into(std::string_view& in, Fact& fact);
// The same for a single value, as facts and shard states embed it.
void encode(const Value& value, std::string& out);
Result<Value> decode_value(std::string_view& in);

}  // namespace qiao
