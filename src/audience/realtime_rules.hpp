// The real-time evaluator: whether one customer fits a rule now, and the earliest moment at which
// time alone can change that. Pure: no I/O, no clock, no state.
//
// It gives the same answer as the index (docs/rules.md) from what a shard keeps of a customer: the
// state, and the events that real-time rules name, back to `keep_for`.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/rule.hpp"

namespace qiao::audience {

inline constexpr Duration keep_for = std::chrono::hours(24 * 90);
inline constexpr Time never = Time::max();

// Names of events and properties as small numbers, so that kept events stay compact. Numbers count
// from 1 and are never given twice.
class Names {
public:
    std::uint32_t give(std::string_view name);
    // 0 where the name has no number.
    std::uint32_t find(std::string_view name) const;
    const std::string& text(std::uint32_t number) const;
    std::uint32_t size() const { return static_cast<std::uint32_t>(texts_.size()); }

private:
    std::vector<std::string> texts_;
    std::unordered_map<std::string, std::uint32_t> numbers_;
};

// One event as a shard keeps it: only the properties that some rule names.
struct KeptEvent {
    std::uint32_t name = 0;
    Time time{};
    std::uint64_t origin = 0;  // where its fact stands in the journal: see origin_of
    std::vector<std::pair<std::uint32_t, Value>> properties;

    friend bool operator==(const KeptEvent&, const KeptEvent&) = default;
};

// What a rule may ask of a customer besides events. Answers are borrowed until the next call.
class Person {
public:
    virtual ~Person() = default;
    virtual const Value* tag(std::string_view name) const = 0;  // null: missing
    virtual const Value* score(std::string_view name) const = 0;
    virtual bool has_identity(std::string_view kind) const = 0;
    virtual bool granted(std::string_view consent) const = 0;  // "purpose.channel"
    virtual std::string_view org() const = 0;                  // code; empty: none
};

// The earliest moment at which the truth can flip without a fact. Never before it; perhaps later.
// `midnight` tells that it is a boundary of the institution's calendar, which comes to everyone at
// once.
struct Flip {
    Time at = never;
    bool midnight = false;
};

struct Verdict {
    bool holds = false;
    Flip flip;
};

// `rule` is resolved and passed check_realtime. `events` are sorted by time.
Verdict judge(const rule::Node& rule, const Person& person, std::span<const KeptEvent> events,
              const Names& names, Time as_of, const Calendar& calendar);

// Whether a shard can decide the resolved rule. Error: audience.not_realtime (unprocessable), with
// the pointer of the condition and what to choose instead.
Result<void> check_realtime(const rule::Node& rule);

// What a rule needs kept: events, each with the properties and how far back it looks.
struct Need {
    std::string event;
    std::vector<std::string> properties;  // sorted, without repeats
    Duration look_back{};
};
std::vector<Need> needs_of(const rule::Node& rule);  // sorted by event, one per event

// Whether the rule asks about tags, scores, organisation, consent or identities at all.
bool asks_state(const rule::Node& rule);
// Whether a midnight can change its answer.
bool has_calendar_window(const rule::Node& rule);

}  // namespace qiao::audience
