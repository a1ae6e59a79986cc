// A definition: what one event, property or tag means, and how its values are treated.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"
#include "base/value.hpp"

namespace qiao::dictionary {

enum class Kind : std::uint8_t { event, property, tag };

// `unreviewed`: met in data and accepted with the type of its first value. `reviewed`: a person (or
// Qiao itself) stands behind it. `blocked`: facts that name it are quarantined.
enum class Status : std::uint8_t { unreviewed, reviewed, blocked };

// Data classes after JR/T 0171-2020. Values of C2 (identifies a person) and C3 (authenticates a
// person or opens an account) are sealed in every store; C1 is internal and kept as it is.
enum class DataClass : std::uint8_t { c1 = 1, c2 = 2, c3 = 3 };

std::string_view name_of(Kind kind);             // "event", "property", "tag"
std::string_view name_of(Status status);         // "unreviewed", "reviewed", "blocked"
std::string_view name_of(DataClass data_class);  // "C1", "C2", "C3"
Result<Kind> kind_of_name(std::string_view name);
Result<Status> status_of_name(std::string_view name);
Result<DataClass> data_class_of_name(std::string_view name);

struct Definition {
    Kind kind = Kind::event;
    std::string name;
    std::string name_zh, name_en, meaning, owner, source, update_frequency, remarks, example;
    std::string unit;                  // of properties and tags
    ValueType type = ValueType::null;  // of properties and tags
    DataClass data_class = DataClass::c1;
    Status status = Status::unreviewed;
    std::string identity_kind;  // of tags: the trait is this identity of the person, not a tag
    std::string tag_kind;       // of tags: imported, staff, rule, formula, system
    std::string definition;     // of rule and formula tags: JSON text
    std::string refresh;        // of rule and formula tags: realtime, hourly, daily, manual
    Time created_at{}, updated_at{};
    std::string created_by;
    std::int64_t version = 1;
    // Position in the dictionary of this process, by kind from 0; never reused. Not stored.
    std::uint32_t index = 0;
};

// A reviewed definition coerces text to its type without loss; an unreviewed one, whose type is
// only that of the first value, is strict.
inline bool coerces(const Definition& definition) { return definition.status == Status::reviewed; }

// Names are 1 to 200 bytes of UTF-8 without control characters.
Result<void> check_name(std::string_view name);

// What Qiao knows of a name that it has never met: personal data by its usual names in English and
// Chinese ("mobile", "id_card", "手机号"), upper and lower case, with or without _ and -.
struct Guess {
    DataClass data_class = DataClass::c1;
    std::string_view identity_kind;  // for tags: phone, email, id_card, account, open_id
};
Guess guess_of(Kind kind, std::string_view name);

// The class of the values of an identity kind: sealed where it is not C1.
DataClass class_of_identity(std::string_view identity_kind);

}  // namespace qiao::dictionary
