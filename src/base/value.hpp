// A property or tag value as facts carry it, and its JSON form.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/decimal.hpp"
#include "base/error.hpp"
#include "base/time.hpp"

namespace qiao {

// A value of class C2 or C3: `hash` is its keyed hash in hex (equal values have equal hashes, so
// `eq` and `in` work on it), `ciphertext` opens only with the subject's key (see
// customer/vault.hpp).
struct Sealed {
    std::string hash;
    std::string ciphertext;
    friend bool operator==(const Sealed&, const Sealed&) = default;
};

using StringSet = std::vector<std::string>;  // of a set-valued tag: sorted, without repeats

enum class ValueType : std::uint8_t { null, boolean, number, string, time, string_set, sealed };

// The order of alternatives is that of ValueType.
using Value = std::variant<std::monostate, bool, Decimal, std::string, Time, StringSet, Sealed>;

inline ValueType type_of(const Value& value) { return static_cast<ValueType>(value.index()); }
std::string_view name_of(ValueType type);  // "boolean", "number", "string", "time", "string_set", …
Result<ValueType> value_type_of_name(std::string_view name);

// Named values in the order they came; names are unique.
using Properties = std::vector<std::pair<std::string, Value>>;
const Value* find(const Properties& properties, std::string_view name);
void set(Properties& properties, std::string_view name, Value value);

// JSON scalars and arrays of scalars. A string stays a string, also where it looks like a time:
// only the dictionary's type turns it into one (see coerce). Errors: an object, a number out of
// range.
Result<Value> value_from_json(const boost::json::value& json);
boost::json::value to_json(const Value& value);  // a sealed value shows as "•••"
// Turns a value into the wanted type where its text says so without loss ("12" → number, an RFC
// 3339 text → time, a single string → set). Error: unprocessable `value.type`.
Result<Value> coerce(Value value, ValueType wanted);

// Adds a JSON object's members: nested objects flatten with dots ("page.url"), arrays of scalars
// are string sets, arrays that hold objects keep their JSON text. Nulls are skipped.
Result<void> add_json_object(Properties& properties, const boost::json::object& object,
                             std::string_view prefix = {});

}  // namespace qiao
