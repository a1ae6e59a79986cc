// Effort: a customer's rows in order, split into visits where a pause is too long; within a visit
// the clicks before each transaction, and the screens before each screen.
#include "insight/effort.hpp"

#include "twin/pieces.hpp"
#include "twin/sequence.hpp"

namespace qiao::twin {

using clickhouse::Select;
using insight::Effort;
using insight::EffortQuestion;
using insight::ProductUse;
using insight::Release;

namespace {

constexpr const char* side_names[] = {"is_now", "is_before"};
constexpr double quartiles[] = {0.25, 0.5, 0.75};

// The functions that a row is of, by their numbers; one for each of their events that it is.
class Acts {
public:
    void add(std::size_t function, const std::vector<rule::EventMatch>& matches) {
        for (const auto& match : matches) {
            functions_.push_back(static_cast<std::int64_t>(function));
            conditions_.push_back(condition(match));
        }
    }
    std::string of_row() const {
        const auto functions = clickhouse::numbers_literal(functions_);
        return functions_.empty() ? functions
                                  : "arrayFilter((number, is_one) -> is_one, " + functions + ", [" +
                                        clickhouse::joined(conditions_, ", ") + "])";
    }

private:
    std::vector<std::int64_t> functions_;
    std::vector<std::string> conditions_;
};

class EffortSql {
public:
    EffortSql(const Ground& ground, const EffortQuestion& question,
              std::span<const ProductUse> functions)
        : ground_(ground), question_(question), functions_(functions) {}

    // Of either side the active people; then, function by function, of either side its people.
    Select people() const {
        const auto version = property_cell(question_.versions.by, ValueType::string);
        std::vector<std::string> whom = {is_behaviour()};
        for (const auto& function : functions_) {
            std::vector<std::string> ways;
            for (const auto* matches : {&function.uses, &function.transactions})
                for (const auto& match : *matches)
                    ways.push_back(condition(match));
            whom.push_back(clickhouse::any_of(ways));
        }
        std::vector<std::string> columns;
        for (const auto& is_one : whom)
            for (const auto release : {Release::now, Release::before})
                columns.push_back("uniqExactIf(person, " + is_one + " AND " +
                                  is_of(question_.versions, release, version) + ")");
        auto made = facts(ground_, std::move(columns));
        made.where(is_inside(ground_.interval));
        return made;
    }
    // Of either side the visits.
    Select totals() const {
        Select made({"countIf(is_now)", "countIf(is_before)"});
        made.from(visits());
        return made;
    }
    // The number of a function, and of either side how often and the quartiles of its taps, then of
    // its own taps.
    Select by_function() const {
        // A transaction counts from the moment after the one before it.
        Select acts({"act.2 AS number", "is_now", "is_before",
                     "arrayMax(at -> if(at < act.1, at, " + std::string(no_time) +
                         "), done_ms) AS after_ms",
                     "arrayCount(at -> at > after_ms AND at <= act.1, clicks) AS taps",
                     "arrayFirstIndex(use -> use.2 = act.2 AND use.1 > after_ms AND use.1 <= "
                     "act.1, begun) AS place",
                     "begun[greatest(place, 1)].1 AS use_ms",
                     "arrayCount(at -> at >= use_ms AND at <= act.1, clicks) AS own_taps"});
        acts.from(visits()).join("ARRAY JOIN done AS act");
        Select made({"number"});
        for (const std::string side : side_names) {
            add_spread(made, "taps", side);
            add_spread(made, "own_taps", side + " AND place > 0");
        }
        made.from(acts).group_by("number");
        return made;
    }
    // screen, and of either side its visits, those where it is deep, its median depth.
    Select by_screen() const {
        Select made({"screen"});
        for (const std::string side : side_names) {
            made.column("countIf(" + side + ")");
            made.column("countIf(" + side + " AND depth >= " + std::to_string(question_.deep_from) +
                        ")");
            made.column(nearest_rank("depth", side, 0.5));
        }
        made.from(visits()).join("ARRAY JOIN screens AS screen, depths AS depth");
        made.where("(is_now OR is_before)").group_by("screen");
        for (const std::string side : side_names)
            made.order_by("countIf(" + side + ") DESC");
        made.order_by("screen").limit(insight::most_screens);
        return made;
    }

private:
    static void add_spread(Select& made, const std::string& number, const std::string& condition) {
        made.column("countIf(" + condition + ")");
        for (const auto share : quartiles)
            made.column(nearest_rank(number, condition, share));
    }
    // person, time_ms, and what a row means.
    Select rows() const {
        const auto version = property_cell(question_.versions.by, ValueType::string);
        const auto page = property_cell(question_.page, ValueType::string);
        const auto maybe = [](const std::string& present, const std::string& value) {
            return "if(" + present + ", [" + value + "], emptyArrayString())";
        };
        Acts uses, transactions;
        for (std::size_t i = 0; i < functions_.size(); ++i) {
            uses.add(i, functions_[i].uses);
            transactions.add(i, functions_[i].transactions);
        }
        auto made = facts(
            ground_, {"person", "time_ms", "toUInt8(" + condition(question_.clicks) + ") AS click",
                      maybe("click AND " + version.present, version.value) + " AS of_version",
                      maybe(page.present, page.value) + " AS of_screen", uses.of_row() + " AS uses",
                      transactions.of_row() + " AS transactions"});
        made.where(is_inside(ground_.interval)).where(is_behaviour());
        return made;
    }
    // One row for each visit with clicks: of which side it is; the moments of its clicks and
    // transactions; its uses and transactions as (moment, function); its screens and their depths.
    Select visits() const {
        Select sorted({"person",
                       "arraySort(row -> row.1, groupArray((time_ms, click, of_version, "
                       "of_screen, uses, transactions))) AS rows"});
        sorted.from(rows()).group_by("person").having("max(click) = 1");
        Select split({"person", "visit"});
        split.from(sorted).join("ARRAY JOIN arraySplit((row, pause) -> pause > " +
                                std::to_string(insight::visit_pause_ms) +
                                ", rows, arrayDifference(arrayMap(row -> row.1, rows))) AS visit");
        split.where("arrayExists(row -> row.2 = 1, visit)");
        const auto acts = [](const std::string& of) {
            return "arrayFlatten(arrayMap(row -> arrayMap(number -> (row.1, number), row." + of +
                   "), visit))";
        };
        Select made(
            {"arrayFlatten(arrayMap(row -> row.3, visit)) AS versions",
             is_of_visit(Release::now) + " AS is_now",
             is_of_visit(Release::before) + " AS is_before",
             "arrayMap(row -> row.1, arrayFilter(row -> row.2 = 1, visit)) AS clicks",
             acts("5") + " AS begun", acts("6") + " AS done",
             "arrayMap(act -> act.1, done) AS done_ms",
             "arrayDistinct(arrayFlatten(arrayMap(row -> row.4, visit))) AS screens",
             "arrayMap(screen -> arrayFirst(row -> has(row.4, screen), visit).1, screens) "
             "AS met_ms",
             "arrayMap(met -> arrayCount(other -> other < met, met_ms), met_ms) AS depths"});
        made.from(split);
        return made;
    }
    // A visit is of each version that its clicks carry.
    std::string is_of_visit(Release release) const {
        return is_of(question_.versions, release, "versions");
    }

    const Ground& ground_;
    const EffortQuestion& question_;
    std::span<const ProductUse> functions_;
};

std::optional<std::uint64_t> maybe_count_at(const clickhouse::Row& row, std::size_t column) {
    const auto number = maybe_number_at(row, column);
    return number ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
}

insight::Spread spread_from(const clickhouse::Row& row, std::size_t first) {
    return {count_at(row, first), maybe_count_at(row, first + 1), maybe_count_at(row, first + 2),
            maybe_count_at(row, first + 3)};
}

Result<void> add_people(Effort& made, const Ground& ground, const EffortSql& sql) {
    const auto people = ground.connection.ask(sql.people().text());
    if (!people)
        return fail(people.error());
    const auto visits = ground.connection.ask(sql.totals().text());
    if (!visits)
        return fail(visits.error());
    for (std::size_t side = 0; side < insight::sides; ++side) {
        made.totals[side] = {count_at(people->at(0), side), count_at(visits->at(0), side)};
        for (std::size_t i = 0; i < made.functions.size(); ++i)
            made.functions[i][side].people =
                count_at(people->at(0), (i + 1) * insight::sides + side);
    }
    return {};
}

Result<void> add_taps(Effort& made, const Ground& ground, const EffortSql& sql) {
    constexpr std::size_t width = 4;  // of a spread
    const auto rows = ground.connection.ask(sql.by_function().text());
    if (!rows)
        return fail(rows.error());
    for (const auto& row : *rows)
        for (std::size_t side = 0; side < insight::sides; ++side) {
            auto& function = made.functions.at(count_at(row, 0))[side];
            const auto first = 1 + side * 2 * width;
            function.taps = spread_from(row, first);
            function.own_taps = spread_from(row, first + width);
        }
    return {};
}

Result<void> add_screens(Effort& made, const Ground& ground, const EffortSql& sql) {
    constexpr std::size_t width = 3;
    const auto rows = ground.connection.ask(sql.by_screen().text());
    if (!rows)
        return fail(rows.error());
    for (const auto& row : *rows) {
        auto& screen = made.screens.emplace_back();
        screen.screen = std::string(row.at(0).as_string());
        for (std::size_t side = 0; side < insight::sides; ++side) {
            const auto first = 1 + side * width;
            screen.of[side] = {count_at(row, first), count_at(row, first + 1),
                               maybe_count_at(row, first + 2)};
        }
    }
    return {};
}

}  // namespace

Result<Effort> ask(const Ground& ground, const EffortQuestion& question,
                   std::span<const ProductUse> functions) {
    const EffortSql sql(ground, question, functions);
    Effort made;
    made.functions.resize(functions.size());
    ground.connection.expect(4);
    auto done = add_people(made, ground, sql);
    if (done)
        done = add_taps(made, ground, sql);
    if (done)
        done = add_screens(made, ground, sql);
    if (!done)
        return fail(done.error());
    insight::arrange(made);
    return made;
}

}  // namespace qiao::twin
