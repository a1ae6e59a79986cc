// Reading facts out of simdjson's document: shared by the parsers. Only .cpp files include this.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

#include "collect/batch.hpp"

namespace qiao::collect::detail {

namespace dom = simdjson::dom;

// Parses into the thread's own parser: the element holds until the next call on this thread.
// Errors: collect.bad_json, collect.too_deep.
Result<dom::element> parse(std::string& text);

// A refusal of one record; reason empty means there is none.
struct Refused {
    std::string reason, detail, pointer;
    explicit operator bool() const { return !reason.empty(); }
};

// Flattens an object's members into properties, as add_json_object of base does: nested objects
// with dots, lists of scalars as string sets, lists with objects as their JSON text, nulls skipped.
// Strings are cut after `max_text` bytes at a character.
struct Flattener {
    Properties& properties;
    std::string pointer;  // of the object in the record
    std::size_t max_text = 32 << 10;
    bool may_repeat = true;  // whether names may be there already

    Refused add(const dom::object& object, std::string_view prefix = {});
    Refused add_one(std::string name, const dom::element& element);
};

// A number of JSON as an exact decimal. Error: number.out_of_range.
Result<Decimal> decimal_of(const dom::element& element);

// The member as text: a string, or a whole number (some SDKs send ids as numbers). Nothing where it
// is missing, null or of another type.
std::optional<std::string_view> text_at(const dom::object& object, std::string_view key);
std::optional<dom::object> object_at(const dom::object& object, std::string_view key);
// An id: text or whole number.
std::optional<std::string> id_at(const dom::object& object, std::string_view key);
std::optional<std::string> id_of(const dom::element& element);

// RFC 3339 text, or milliseconds since the epoch. Error: collect.bad_time.
Result<Time> time_of(const dom::element& element);

// For records that came without a message id: unique, so that they are never taken for repeats.
std::string new_message_id();
// A message id that is no longer than 100 bytes: longer ones are replaced by their hash.
std::string message_id_of(std::string_view text);

std::string cut_text(std::string_view text, std::size_t max_bytes);

// The subject of a record that is refused: its first identity in the order of routing.
Identity subject_of(const Fact& fact);

}  // namespace qiao::collect::detail
