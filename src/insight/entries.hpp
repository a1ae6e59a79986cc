// The efficiency of entries: of each slot, channel, link or branch, how many people saw it, clicked
// it, began with a product behind it, and finished.
//
// Each entry has a funnel of its own (funnel.hpp) of four steps: an exposure, a click, and the last
// two steps of the product's funnel. Where entries are values of a property, the exposure carries
// the value, and so does the click where clicks have that property: later steps are held by the
// people and the window alone. Where entries are values of a tag, or units of the organisation, a
// customer is of one entry. So a person may count in several rows, but in each once; the total
// counts people who went the same way whatever the entry.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <span>

#include "insight/asking.hpp"
#include "insight/funnel.hpp"
#include "insight/products.hpp"

namespace qiao::insight {

inline constexpr std::size_t entry_steps = 4;
inline constexpr std::size_t most_entries = 50;
// The least efficient entry is named among those that so many people saw.
inline constexpr std::uint64_t least_exposed = 30;

struct EntriesQuestion {
    std::string product;
    By by;
    std::string unit;  // "branch", "outlet", "manager": entries are units of this kind; empty: `by`
    rule::EventMatch exposure, click;  // by default "exposure", and "click" with a "slot"
    Duration window{};
    Frame frame;
};
// Errors: insight.invalid, rule.*, with pointers.
Result<EntriesQuestion> parse_entries(const boost::json::value& json, std::string_view at = "");

// With all names known, and the steps of the product.
struct EntriesPlan {
    FunnelQuestion funnel;
    By by;
    std::string unit;
    ValueType type = ValueType::null;  // of `by`
    access::OrgTree orgs;              // where entries are units
    std::string scope;                 // the asker's unit: only units within it are entries
};
// Errors: rule.unknown, rule.type, with pointers; insight.no_steps where the product's funnel has
// fewer than two steps.
Result<EntriesPlan> resolve(const EntriesQuestion& question, const ProductUse& product,
                            const rule::Vocabulary& vocabulary, const access::OrgTree& orgs,
                            std::string_view scope, std::string_view at);

struct Entries {
    struct Row {
        Value entry;       // a unit by its code
        std::string name;  // of a unit
        Funnel::Counts steps;
    };
    std::vector<Row> rows;  // seen by most people first
    Funnel::Counts total;
    std::uint64_t left_out = 0;        // entries that are not shown
    std::optional<std::size_t> least;  // the row with the smallest share of finishers
};

// Errors: index.too_slow, index.cancelled.
Result<Entries> compute(const EntriesPlan& plan, const index::State& state,
                        const index::People& people, const rule::Interval& interval,
                        const index::Execution& how);

struct EntriesPeople {
    std::optional<Value> entry;  // none: of the total
    unsigned step = 1;
    bool dropped = false;  // reached it and not the next one
};
Result<index::People> people_behind(const EntriesPlan& plan, const EntriesPeople& which,
                                    const index::State& state, const index::People& people,
                                    const rule::Interval& interval, const index::Execution& how);

// ---- what every engine of entries does alike ----

// Where entries are units: by the code of a unit, the place in the tree of the entry that it
// belongs to, itself or the nearest above; units of no entry are left out.
std::map<std::string, std::size_t, std::less<>> entries_by_unit(const EntriesPlan& plan);
// Of entries that so many people saw, the places of those that are shown, in their order.
std::vector<std::size_t> shown_entries(std::span<const std::uint64_t> people,
                                       const std::function<Value(std::size_t)>& entry);
// The row that an answer names as the least.
std::optional<std::size_t> least_of(const std::vector<Entries::Row>& rows);

// ---- asked by a person; errors also: insight.product_not_found ----

Result<Answered<Entries>> ask(const Asking& asking, const Products& products,
                              const EntriesQuestion& question, std::string_view at,
                              const access::Principal& who);
Result<audience::Evaluated> people(const Asking& asking, const Products& products,
                                   const EntriesQuestion& question, const EntriesPeople& which,
                                   std::string_view at, const access::Principal& who);

}  // namespace qiao::insight
