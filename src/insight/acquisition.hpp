// Where customers come from and how far they have come: of the people whose first event lies in the
// period, how many became users, customers, transacting and loyal, by origin, with cost per step.
//
// A step counts only people of the step before, so count k is count k+1 and those who stopped
// there, and the origins add up to the total. Steps are judged at `as_of` (windows of time reach
// back from it). The cost of an origin is what was spent on it in the period (spending.hpp) and
// what the messages to its people cost until `as_of`, as booked.
#pragma once

#include <array>

#include "insight/acquisition_steps.hpp"
#include "insight/asking.hpp"
#include "insight/spending.hpp"

namespace qiao::insight {

struct AcquisitionQuestion {
    By by;                                // whose value is the origin
    std::string by_name{usual_origin};    // as it was asked
    ValueType by_type = ValueType::null;  // set by resolve(); null: nobody has an origin
    std::size_t limit = 20;               // rows of their own; the others are one, the rest
    Frame frame;
};
Result<AcquisitionQuestion> parse_acquisition(const boost::json::value& json,
                                              std::string_view at = "");

inline constexpr std::size_t acquisition_steps = acquisition_step_names.size();
struct AcquisitionCounts {
    std::array<std::uint64_t, acquisition_steps> people{};
    __int128 contact_cost = 0;  // scaled by 10^4
    __int128 spending = 0;      // scaled by 10^4

    AcquisitionCounts& operator+=(const AcquisitionCounts& other);
    // To four places; nothing for nobody.
    std::optional<Decimal> cost_per(std::size_t step) const;
    friend bool operator==(const AcquisitionCounts&, const AcquisitionCounts&) = default;
};
struct Acquisition {
    struct Origin {
        Value value;  // null: has none
        AcquisitionCounts counts;
    };
    std::vector<Origin> origins;  // most visitors first
    AcquisitionCounts total;
    rule::Interval interval;  // of the period
};

using StepRules = std::array<rule::Node, acquisition_rules>;

// The events that carry what a message to a customer cost, and their property that does.
inline constexpr std::array<std::string_view, 3> contact_cost_events = {
    "$message_accepted", "$message_delivered", "$message_unknown"};
inline constexpr std::string_view contact_cost_property = "cost";

// Puts the origins in order.
void arrange(Acquisition& acquisition);

// ---- pure computation on a snapshot; people, interval and moment are those of the ground ----

// Who came to each step. Errors: index.too_slow, index.cancelled, index.not_kept.
Result<std::array<index::People, acquisition_steps>> people_by_step(
    const AcquisitionQuestion& question, const StepRules& rules, const Ground& ground);
// Those of them who came from the origin; none: all.
Result<index::People> people_of_origin(const AcquisitionQuestion& question,
                                       const index::People& people,
                                       const std::optional<Group>& origin, const Ground& ground);
// Without spending. Errors also: insight.too_many_groups.
Result<Acquisition> compute(const AcquisitionQuestion& question, const StepRules& rules,
                            const Ground& ground);

// Adds what was spent on the origins that the (resolved) question splits by; origins without a
// visitor get rows of their own.
void add_spending(Acquisition& acquisition, const AcquisitionQuestion& question,
                  const std::vector<Spending>& spending, const Calendar& calendar);

// ---- asked ----

struct AcquisitionParts {
    const Asking& asking;
    const AcquisitionBook& steps;
    const SpendingBook& spending;
};
struct AcquisitionAnswer : Answered<Acquisition> {
    Acquisition acquisition;
    // False where the question is about a part of the bank, among which spending is not divided.
    bool has_spending = false;
};
// Errors: of the steps' rules, of Asking; rule.unknown, rule.type of the origin.
Result<AcquisitionAnswer> ask(const AcquisitionParts& parts, const AcquisitionQuestion& question,
                              std::string_view at, const access::Principal& who);

// Whom a count counts, or who stopped at the step. `group`: one origin; none: all.
struct AcquisitionPeople {
    std::size_t step = 0;
    bool has_stopped = false;  // reached it and not the next one
    std::optional<Group> group;
};
Result<audience::Evaluated> people(const AcquisitionParts& parts,
                                   const AcquisitionQuestion& question,
                                   const AcquisitionPeople& which, std::string_view at,
                                   const access::Principal& who);

}  // namespace qiao::insight
