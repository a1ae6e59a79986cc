// Attribution: which touches the goals that people reached are owed to, by one of six models.
//
// A goal lies in the period; its touches are those of the same person within a window before it, up
// to its own moment. Each goal gives one conversion (and its value) to its touches:
//   first, last   all to the first or last touch
//   linear        evenly
//   position      40% to the first, 40% to the last, the rest evenly; half and half without a rest
//   decay         halved with every half-life of age
//   shapley       evenly to the different groups that took part. This is the exact Shapley value
//                 where a set of groups is worth the goals that it could have reached alone
//                 (Zhao, Mahboobi, Bagheri: Shapley Value Methods for Attribution Modeling, 2018).
// Touches of one moment that are first or last share that part evenly.
#pragma once

#include "insight/asking.hpp"

namespace qiao::insight {

enum class Model : std::uint8_t { first, last, linear, position, decay, shapley };

struct AttributionQuestion {
    rule::EventMatch goal;
    std::string value;  // a number of the goal; empty: none
    std::vector<rule::EventMatch> touches;
    By by;                                // a property of the touches, or the event
    ValueType by_type = ValueType::null;  // set by resolve()
    Duration window{};
    Model model = Model::last;
    Duration half_life{};
    Frame frame;
};
Result<AttributionQuestion> parse_attribution(const boost::json::value& json,
                                              std::string_view at = "");
Result<AttributionQuestion> resolve(AttributionQuestion question,
                                    const rule::Vocabulary& vocabulary, std::string_view at);

// Conversions are counted in billionths and rounded per goal, so that sums do not depend on order.
inline constexpr std::int64_t whole_conversion = 1'000'000'000;
inline constexpr std::size_t most_attribution_rows = 100;

struct Attribution {
    struct Row {
        Group group;
        double conversions = 0;
        std::optional<double> value;
        std::uint64_t touches = 0;  // of all goals; one before several goals counts with each
        std::uint64_t people = 0;
    };
    std::vector<Row> rows;  // the largest first
    std::uint64_t left_out = 0;
    std::uint64_t conversions = 0, unattributed = 0;  // goals; those without a touch
    std::optional<double> value;                      // of all goals
};

// Puts the rows in order, and leaves out the smallest where they are too many.
void arrange(Attribution& attribution);

// Errors: index.too_slow, insight.too_many_groups.
Result<Attribution> compute(const AttributionQuestion& question, const index::State& state,
                            const index::People& people, const rule::Interval& interval,
                            const index::Execution& how);

// Whom a number counts: of those who reached a goal in the period, each once. The model does not
// matter: a touch in a goal's window counts also where the model gives it nothing. No rule says the
// same, because touches may lie before the period.
struct AttributionPeople {
    std::optional<Group> group;  // a goal of theirs has a touch of this row in its window
    bool unattributed = false;   // a goal of theirs has no touch in its window; without a group
};
Result<index::People> people_behind(const AttributionQuestion& question,
                                    const AttributionPeople& which, const index::State& state,
                                    const index::People& people, const rule::Interval& interval,
                                    const index::Execution& how);

Result<Answered<Attribution>> ask(const Asking& asking, const AttributionQuestion& question,
                                  std::string_view at, const access::Principal& who);
Result<audience::Evaluated> people(const Asking& asking, const AttributionQuestion& question,
                                   const AttributionPeople& which, std::string_view at,
                                   const access::Principal& who);

}  // namespace qiao::insight
