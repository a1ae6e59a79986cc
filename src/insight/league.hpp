// League tables: the units of one kind, ranked by what their customers do with a product in a day,
// a week or a month, beside the one before.
//
// A unit of time that is not over yet counts up to now, and is compared with as long a beginning of
// the one before. Only units and customers in the asker's data scope exist.
#pragma once

#include "insight/asking.hpp"
#include "insight/funnel.hpp"
#include "insight/league_rules.hpp"

namespace qiao::insight {

struct LeagueQuestion {
    std::string product;
    Per per = Per::month;
    std::optional<Day> at;  // a day of the unit; none: the running one
    std::string kind;       // "branch", "outlet", "manager"
    std::string below;      // only units below this one; empty: all
    LeagueMeasure measure = LeagueMeasure::active;
    Frame frame;
};
// Errors: insight.invalid, rule.invalid, with pointers.
Result<LeagueQuestion> parse_league(const boost::json::value& json, std::string_view at = "");

// A unit of time and the one that it is compared with.
struct Compared {
    Unit now, before;
    bool is_running = false;
    Day days = 0, days_before = 0;  // civil days that have begun
};
// Error: insight.no_such_point where the unit has not begun at `as_of`.
Result<Compared> compared_units(Per per, std::optional<Day> at, Time as_of,
                                const Calendar& calendar, std::string_view pointer);

struct League {
    struct Row {
        std::string org, name, kind, parent;
        Activity now, before;
        std::optional<std::size_t> rank, rank_before;
    };
    Compared units;
    std::vector<Row> rows;         // by rank, then by the organisation's order
    Activity total, total_before;  // also of customers whom no row counts
};

// Errors: of parsing's names, insight.product_not_found, access.org_not_found, of Asking.
Result<Answered<League>> ask(const Asking& asking, const Products& products,
                             const LeagueQuestion& question, std::string_view at,
                             const access::Principal& who);
// The customers of a unit (empty: of all that the question counts) in the unit of time.
Result<audience::Evaluated> people(const Asking& asking, const Products& products,
                                   const LeagueQuestion& question, std::string_view org, Part part,
                                   std::string_view at, const access::Principal& who);

// ---- the products beside each other ----

struct ProductsQuestion {
    Per per = Per::month;
    std::optional<Day> at;
    LeagueMeasure measure = LeagueMeasure::active;  // by which who shows the answer ranks them
    Frame frame;
};
Result<ProductsQuestion> parse_products_question(const boost::json::value& json,
                                                 std::string_view at = "");
struct ProductResult {
    Product product;
    Activity now, before;
    Funnel::Counts funnel;  // of the product's steps, each chain within 7 days; empty: has none
};
struct ProductEvaluation {
    Compared units;
    std::vector<ProductResult> products;  // in the registry's order
};
Result<Answered<ProductEvaluation>> ask(const Asking& asking, const Products& products,
                                        const ProductsQuestion& question, std::string_view at,
                                        const access::Principal& who);

// ---- a product day by day ----

struct ActivityQuestion {
    std::string product;
    Frame frame;
};
Result<ActivityQuestion> parse_activity(const boost::json::value& json, std::string_view at = "");
Result<Answered<std::vector<ActivityPoint>>> ask(const Asking& asking, const Products& products,
                                                 const ActivityQuestion& question,
                                                 std::string_view at, const access::Principal& who);
// Who was active in the `days` (1, 7 or 30) that end with the day of a point. Error also:
// insight.no_such_point.
Result<audience::Evaluated> people(const Asking& asking, const Products& products,
                                   const ActivityQuestion& question, Day at_day, Day days,
                                   std::string_view at, const access::Principal& who);

}  // namespace qiao::insight
