// The rule tree: one JSON tree that describes a group of customers. Its meaning is in
// docs/rules.md; every engine (index, real-time evaluator, SQL) gives the same answer for it.
//
// parse() checks the form alone. resolve() then checks every name and type against a Vocabulary and
// fills in what the tree refers to; engines take resolved trees only. Every node keeps the JSON
// Pointer of its place, so that errors and explanations can name it.
#pragma once

#include <boost/json/fwd.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "base/value.hpp"

namespace qiao::rule {

enum class Op : std::uint8_t {
    eq,
    ne,
    in,
    not_in,
    lt,
    lte,
    gt,
    gte,
    between,
    exists,
    missing,
    contains,
    top,
};
std::string_view name_of(Op op);

// A comparison with constants: two for `between`, any number for `in` and `not_in`, none for
// `exists` and `missing`, else one. Comparing with a missing value is false (but `missing` is
// true).
struct Test {
    Op op = Op::eq;
    std::vector<Value> values;
    std::string pointer;               // of the object that holds "op" and "value"
    ValueType type = ValueType::null;  // of what is compared; set by resolve()
};
std::string value_pointer(const Test& test, std::size_t index);
// Whether `value` (null: missing) passes. `value` has the type of the constants, as resolve()
// ensures.
bool holds(const Test& test, const Value& value);

enum class CalendarWindow : std::uint8_t {
    today,
    yesterday,
    this_week,
    last_week,
    this_month,
    last_month,
    this_quarter,
    this_year,
};

// A bound of "from" or "to": a moment, or a civil day of the institution ("2026-10-01").
struct CivilDay {
    Day day = 0;
};
using Bound = std::variant<Time, CivilDay>;

// At most one of `within`, `calendar` and (`from`, `to`) is set; none: all time up to `as_of`.
struct Period {
    std::optional<Duration> within;
    std::optional<CalendarWindow> calendar;
    std::optional<Bound> from, to;
    friend bool is_all_time(const Period& period) {
        return !period.within && !period.calendar && !period.from && !period.to;
    }
};
// Milliseconds since the epoch, half-open; empty where from_ms >= until_ms. Never passes `as_of`.
struct Interval {
    std::int64_t from_ms = 0;
    std::int64_t until_ms = 0;
    friend bool operator==(const Interval&, const Interval&) = default;
};
Interval interval_of(const Period& period, Time as_of, const Calendar& calendar);

// An event by name, all of whose property tests hold.
struct PropertyTest {
    std::string property;
    Test test;
};
struct EventMatch {
    std::string event;
    std::vector<PropertyTest> where;
    std::string pointer;
};

enum class MeasureKind : std::uint8_t { count, days, sum, min, max, avg, distinct, first, last };
struct Measure {
    MeasureKind kind = MeasureKind::count;
    std::string property;              // of sum, min, max, avg, distinct
    ValueType type = ValueType::null;  // of the property; set by resolve()
};

struct Node;

struct All {
    std::vector<Node> nodes;
};
struct Any {
    std::vector<Node> nodes;
};
struct Not {
    std::unique_ptr<Node> node;
};
struct TagTest {
    std::string tag;
    Test test;
};
// For `first` and `last` the constants are milliseconds as whole Decimals.
struct EventTest {
    EventMatch match;
    Period period;
    Measure measure;
    Test test;  // default: gte 1
};
struct SequenceTest {
    std::vector<EventMatch> steps;
    Period period;
    std::optional<Duration> window;  // of the whole chain, from its first step; none: no limit
    Test test;  // compares the length of the longest chain; default: gte the number of steps
};
struct IdentityTest {
    std::string kind;
    bool exists = true;
};
struct ScoreTest {
    std::string score;
    Test test;  // `top`: one Decimal in (0, 1]; else as for a number tag
};
struct AudienceTest {
    std::string id;
    std::shared_ptr<const Node> rule;  // resolved; set by resolve()
};
struct OrgTest {
    std::string code;
    std::vector<std::string> codes;  // the unit and all below it, sorted; set by resolve()
};
struct ConsentTest {
    std::string name;
};  // "purpose.channel" is granted

struct Node {
    std::variant<All, Any, Not, TagTest, EventTest, SequenceTest, IdentityTest, ScoreTest,
                 AudienceTest, OrgTest, ConsentTest>
        what;
    std::string pointer;
};

struct Limits {
    std::size_t depth = 16;
    std::size_t nodes = 500;        // with those of the audiences it refers to
    std::size_t values = 20'000;    // constants in all
    std::size_t text_bytes = 1024;  // of a name or a constant
    std::size_t steps = 16;
    std::size_t tests = 32;  // in one `where`
};

// Errors: rule.invalid (form), rule.too_large (a limit), both with the pointer. `at` is the pointer
// of `json` in its document.
Result<Node> parse(const boost::json::value& json, std::string_view at = "", const Limits& = {});
// The pieces that questions (funnel, metric …) share with the tree.
Result<EventMatch> parse_event_match(const boost::json::object& json, std::string_view at,
                                     const Limits& = {});
// Reads "within", "from", "to" of an object and ignores its other members.
Result<Period> parse_period(const boost::json::object& json, std::string_view at);

// What may be named, and what names stand for. Answers stay valid while the vocabulary lives.
class Vocabulary {
public:
    virtual ~Vocabulary() = default;
    virtual std::optional<ValueType> tag(std::string_view name) const = 0;
    virtual bool has_event(std::string_view name) const = 0;
    virtual std::optional<ValueType> property(std::string_view event,
                                              std::string_view name) const = 0;
    virtual bool has_score(std::string_view name) const = 0;
    virtual bool has_identity(std::string_view kind) const = 0;
    virtual bool has_consent(std::string_view name) const = 0;
    // The unit and all below it; nothing where it is unknown.
    virtual std::optional<std::vector<std::string>> org(std::string_view code) const = 0;
    // The rule of an audience as parse() gave it; null where it is unknown.
    virtual const Node* audience(std::string_view id) const = 0;
    // The keyed hash that a sealed tag or property holds for this plain text.
    virtual std::optional<std::string> sealed_hash(std::string_view /*name*/,
                                                   std::string_view /*text*/) const {
        return std::nullopt;
    }
};

// A copy with all names known, constants of the right type, audiences inlined. Errors:
// rule.unknown, rule.type, rule.cycle (all unprocessable, with pointer), rule.too_large.
Result<Node> resolve(const Node& node, const Vocabulary& vocabulary, const Limits& = {});
Result<EventMatch> resolve(const EventMatch& match, const Vocabulary& vocabulary);
// The type of the measured property (null where none is measured). Errors: rule.unknown, rule.type.
Result<ValueType> check_measure(const EventMatch& match, const Measure& measure,
                                std::string_view pointer, const Vocabulary& vocabulary);

// The tree without its names resolved, to walk references (where-used lists, dependencies).
struct References {
    std::vector<std::string> tags, events, audiences, scores;  // sorted, without repeats
};
References references_of(const Node& node);

// The longest time that the tree looks back from `as_of`; nothing where it has no bound (all time,
// or "from" and "to"). Zero where it names no events. Audiences must be resolved.
std::optional<Duration> look_back(const Node& node);

// Copies of trees (Not owns its child, so copying is spelled out).
Node clone(const Node& node);

}  // namespace qiao::rule
