// What every question has: whose behaviour, over which time, in which units, split by what.
#pragma once

#include <boost/json/fwd.hpp>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/rule.hpp"

namespace qiao::insight {

// Besides an event of the dictionary: any event of a customer, or a customer's very first event.
enum class Subject : std::uint8_t { event, any, new_customer };
inline constexpr std::string_view any_event = "$any";
inline constexpr std::string_view new_customer_event = "$new_customer";
struct Doing {
    Subject subject = Subject::event;
    rule::EventMatch match;  // its event is empty for any and new_customer
};
// What Qiao itself does, and what is recorded of a customer (a tag, an identity, a consent), is no
// behaviour: left out of any event, of first events and of paths.
bool is_behaviour(std::string_view name);
// The beginnings of such names.
std::span<const std::string_view> unlike_behaviour();

enum class Per : std::uint8_t { day, week, month, total };

// A unit of the period, [from_ms, until_ms); `day` is the civil day that names it.
struct Unit {
    Day day = 0;
    std::int64_t from_ms = 0;
    std::int64_t until_ms = 0;
};
// Every unit that the period touches, in order; the first and last are cut to the period.
std::vector<Unit> units_of(const rule::Interval& interval, Per per, const Calendar& calendar);
// The first day of the unit that holds `day`, and of the one after it. Not of a total.
Day unit_start(Day day, Per per);
Day next_unit(Day start, Per per);
inline constexpr std::size_t most_units = 1'000;
// Error: insight.too_many_units, with the pointer.
Result<std::vector<Unit>> limited_units(const rule::Interval& interval, Per per,
                                        const Calendar& calendar, std::string pointer);

// A property of the event, a tag of the customer ("tag:t"), or the event's own name ("$event").
struct By {
    enum class Kind : std::uint8_t { property, tag, event } kind = Kind::property;
    std::string name;
};
using Group = std::vector<Value>;  // null: the property or tag is missing
// The natural order of values of one type; a missing one last.
bool is_less(const Value& a, const Value& b);
// The order of groups that are equally large.
bool is_before(const Group& a, const Group& b);
// Whether it is the one asked for, whose values are as JSON has them: a time is a text.
bool is_group(const Group& group, const Group& asked);

struct Frame {
    std::optional<std::string> audience;  // JSON text of a rule tree; none: everyone
    rule::Period period;                  // never all time
    std::optional<Time> as_of;
    bool fresh = false;
    std::string text;  // the whole question as it came
};

// Reads the members of a question. The first wrong one is kept and told by finish(); after it every
// read gives an empty value, so that a reader reads all and asks once. Errors: insight.invalid,
// rule.invalid, rule.too_large, each with the pointer.
class Form {
public:
    // `at` is the pointer of `value` in its document.
    Form(const boost::json::value& value, std::string_view at);

    bool has(std::string_view name) const;  // and it is not null
    std::string text(std::string_view name, std::string_view otherwise = {});
    bool flag(std::string_view name);
    std::int64_t integer(std::string_view name, std::int64_t otherwise, std::int64_t least,
                         std::int64_t most);
    Duration duration(std::string_view name, std::string_view otherwise);
    // The place of the member's text among `names`.
    std::size_t choice(std::string_view name, std::initializer_list<std::string_view> names,
                       std::string_view otherwise);
    Per per(std::string_view name, bool may_be_total);
    std::vector<By> by(std::string_view name, std::size_t most);
    // The question itself names the event.
    Doing doing();
    Doing doing(std::string_view name);                 // a member does; it must be there
    std::optional<Doing> maybe_doing(std::string_view name);
    // A list of objects with an event; `extra` members are the caller's.
    std::vector<rule::EventMatch> matches(std::string_view name, std::size_t least,
                                          std::size_t most);
    std::vector<std::string> texts(std::string_view name, std::size_t most);
    // Within, from, to, as_of, audience, fresh.
    Frame frame();
    // The member for a reader of its own; null where it is absent.
    const boost::json::value* member(std::string_view name);
    std::string pointer(std::string_view name) const { return at_ + "/" + std::string(name); }

    void refuse(std::string pointer, std::string detail);
    void refuse(Error error);
    bool is_sound() const { return !error_; }
    // Also refuses members that nothing asked for.
    Result<void> finish();

private:
    Doing doing_of(const boost::json::object& object, const std::string& at);
    const boost::json::object* inner(std::string_view name);

    const boost::json::object* object_ = nullptr;
    std::string at_;
    std::vector<std::string> known_;
    std::optional<Error> error_;
};

// ---- names ----

// Errors: rule.unknown, rule.type, with pointers.
Result<Doing> resolve(const Doing& doing, const rule::Vocabulary& vocabulary);
// The type of what `by` names for rows of these events; a sealed one is refused.
Result<ValueType> type_of(const By& by, const Doing& of, const std::string& pointer,
                          const rule::Vocabulary& vocabulary);
// Refuses what holds no numbers.
Result<void> check_number(const std::string& property, std::string_view event,
                          const std::string& pointer, const rule::Vocabulary& vocabulary);

}  // namespace qiao::insight
