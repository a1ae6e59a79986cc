// How much work the interface makes: taps to finish a function, functions that nobody uses, and
// screens that lie deep.
//
// A visit is what a person does without a pause of more than half an hour. Only visits with a
// click (screen.hpp) tell of taps and depth, since a bank may record the clicks of a part of them;
// a visit is of each version that its clicks carry. Within a visit:
// - The taps of a transaction are the clicks up to its moment, from the moment after the
//   transaction before it (of whatever product), else from the visit's beginning; its own taps are
//   those of them from the product's first use on.
// - The depth of a screen is the number of other screens that were met at earlier moments; an event
//   with the property "page" meets a screen.
// Spreads are quartiles by nearest rank.
#pragma once

#include <array>

#include "insight/asking.hpp"
#include "insight/products.hpp"
#include "insight/screen.hpp"

namespace qiao::insight {

inline constexpr std::int64_t visit_pause_ms = 30 * 60'000;

struct EffortQuestion {
    rule::EventMatch clicks;
    Versions versions;
    std::uint64_t deep_from = 3;     // a screen so deep, or deeper, in most of its visits is deep
    std::uint64_t rare_percent = 5;  // a function used by less of the active people is rare
    Frame frame;
    std::string page = "page";  // the property with the screen
};
// Errors: insight.invalid, rule.*, with pointers.
Result<EffortQuestion> parse_effort(const boost::json::value& json, std::string_view at = "");
// Errors: rule.unknown, rule.type, with pointers.
Result<EffortQuestion> resolve(EffortQuestion question, const rule::Vocabulary& vocabulary,
                               std::string_view at);

struct Spread {
    std::uint64_t count = 0;
    std::optional<std::uint64_t> low, median, high;
    friend bool operator==(const Spread&, const Spread&) = default;
};
struct FunctionEffort {
    std::uint64_t people = 0;  // with a use or a transaction in the period
    Spread taps, own_taps;     // of transactions in visits with clicks
    friend bool operator==(const FunctionEffort&, const FunctionEffort&) = default;
};
struct ScreenDepth {
    std::uint64_t visits = 0, deep_visits = 0;  // that met it; so deep
    std::optional<std::uint64_t> median;
    friend bool operator==(const ScreenDepth&, const ScreenDepth&) = default;
};
struct EffortTotal {
    std::uint64_t active = 0;  // people with any behaviour in the period
    std::uint64_t visits = 0;  // with clicks
    friend bool operator==(const EffortTotal&, const EffortTotal&) = default;
};
template <class Figures>
using BySide = std::array<Figures, sides>;  // by Release

struct Effort {
    struct OfScreen {
        std::string screen;
        BySide<ScreenDepth> of;
    };
    BySide<EffortTotal> totals;
    std::vector<BySide<FunctionEffort>> functions;  // as they were given
    std::vector<OfScreen> screens;  // met in most visits first; most_screens of them
};

// Puts the screens in order, and leaves out those that are not shown.
void arrange(Effort& effort);

bool is_rare(const FunctionEffort& function, const EffortTotal& total, std::uint64_t percent);
bool is_deep(const ScreenDepth& screen);

// `question` is resolved. Errors: index.too_slow, index.cancelled.
Result<Effort> compute(const EffortQuestion& question, const std::vector<ProductUse>& functions,
                       const index::State& state, const index::People& people,
                       const rule::Interval& interval, const index::Execution& how);

// Whom a number counts: who used a function, who finished it in a visit with clicks, or who met a
// screen in such a visit (`is_deep`: so deep).
struct EffortPeople {
    enum class What : std::uint8_t { used, finished, met, met_deep } what = What::used;
    std::string product;  // its id
    std::string screen;
    Release release = Release::now;
};
Result<index::People> people_behind(const EffortQuestion& question, const EffortPeople& which,
                                    const std::vector<ProductUse>& functions,
                                    const index::State& state, const index::People& people,
                                    const rule::Interval& interval, const index::Execution& how);

// ---- asked by a person: of all products that the registry has ----

struct EffortAnswer {
    std::vector<Product> products;  // in the registry's order
    Effort effort;
};
Result<Answered<EffortAnswer>> ask(const Asking& asking, const Products& products,
                                   const EffortQuestion& question, std::string_view at,
                                   const access::Principal& who);
// Errors also: insight.product_not_found.
Result<audience::Evaluated> people(const Asking& asking, const Products& products,
                                   const EffortQuestion& question, const EffortPeople& which,
                                   std::string_view at, const access::Principal& who);

}  // namespace qiao::insight
