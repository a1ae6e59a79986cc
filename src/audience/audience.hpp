// What an audience is: a named rule and how fresh its members are kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"

namespace qiao::audience {

// realtime: members follow every fact and the clock; entering and leaving are facts of their own.
// hourly, daily (02:00 of the institution): evaluated on the index at that time. manual: when
// asked.
enum class Refresh : std::uint8_t { realtime, hourly, daily, manual };
enum class State : std::uint8_t { active, archived };

std::string_view name_of(Refresh refresh);
std::string_view name_of(State state);
Result<Refresh> refresh_of_name(std::string_view name, std::string_view pointer = "/refresh");

// How many members there were at a moment, of how many customers in all.
struct CountPoint {
    Time at{};
    std::int64_t count = 0;
    std::int64_t total = 0;
};

struct Audience {
    std::string id;  // "aud_…"
    std::string name;
    std::string description;
    std::string rule;  // JSON text of the rule tree
    Refresh refresh = Refresh::manual;
    State state = State::active;
    std::int64_t version = 1;  // rises with every change
    Time created_at{};
    std::string created_by;
    Time updated_at{};
    std::string updated_by;
    std::optional<CountPoint> latest;  // of the last count that was recorded
};

// A version as it was, and what the change was: "created", "rule", "name", "refresh", "archived", …
struct Version {
    std::int64_t version = 1;
    Time at{};
    std::string by_id, by_name, change;
    std::string name, description, rule;
    Refresh refresh = Refresh::manual;
    State state = State::active;
};

// Something that uses an audience: kind "audience", "campaign", "board", …
struct User {
    std::string kind, id, name;
};

}  // namespace qiao::audience
