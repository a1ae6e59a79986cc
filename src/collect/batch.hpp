// What the parsers of all intake protocols make of a request: facts, and records that cannot be
// taken.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "journal/fact.hpp"

namespace qiao::collect {

// Who delivers: the owner of a write key.
struct Source {
    std::string id;    // the `source` of its facts
    std::string name;  // also the `project` of Sensors SDKs
};

// The write keys, as `app` offers them. Thread-safe, in memory.
class KeyRing {
public:
    virtual ~KeyRing() = default;
    virtual std::optional<Source> find(std::string_view key) const = 0;
    // The source whose name is the `project` of a Sensors SDK that shows no token.
    virtual std::optional<Source> find_by_name(std::string_view name) const = 0;
};

enum class Protocol : std::uint8_t { segment, sensors, native, posthog };
std::string_view name_of(Protocol protocol);
std::optional<Protocol> protocol_of_name(std::string_view name);

// What is true of a whole request.
struct Envelope {
    Source source;
    Time received_at{};
    std::string remote;  // address of the peer
};

// A record for the quarantine: what was sent, and why it cannot be taken. `shared` is JSON text of
// what the record takes from its batch (context, sentAt), so that a replay reads it as it was
// meant.
struct Rejected {
    std::string record;
    std::string shared;
    std::string name;                     // of the event, where it could be read
    std::string message_id;               // empty where it has none
    std::string reason, detail, pointer;  // the pointer is relative to the record
    Identity subject;                     // whose data it may hold; empty kind where unknown
};

struct Batch {
    std::vector<Fact> facts;
    std::vector<std::uint32_t> record_of;  // facts[i] came from this record of the request
    std::vector<Rejected> rejected;
    std::uint32_t records = 0;
    std::string shared = "{}";
    // The record's JSON text as sent; works until the same thread parses the next request.
    std::function<std::string(std::uint32_t)> text_of;
};

// Limits that all protocols share. A record beyond them is quarantined, its neighbours pass.
inline constexpr std::size_t max_batch_bytes =
    4'000 << 10;  // as RudderStack's servers; Segment asks 500 KB
inline constexpr std::size_t max_record_bytes = 32 << 10;
inline constexpr std::size_t max_records = 2'500;
inline constexpr std::size_t max_properties = 300;
inline constexpr std::size_t max_depth = 200;
inline constexpr std::size_t max_identity_bytes = 255;
inline constexpr std::size_t max_event_name_bytes = 200;

// Where a property of a fact stands in the record that it came from, as a JSON Pointer.
std::string pointer_of(Protocol protocol, const Fact& fact, std::string_view property);
// Of the event's name.
std::string name_pointer_of(Protocol protocol);

// Names of Qiao's own facts ("$message_delivered"): nobody outside may send them.
bool is_reserved(std::string_view event_name);

}  // namespace qiao::collect
