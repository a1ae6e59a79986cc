#include "insight/league.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "index/kept.hpp"

namespace qiao::insight {
namespace {

namespace json = boost::json;

// These questions name a unit of time instead of a period.
Frame frame_of(Form& form) {
    for (const auto* name : {"within", "from", "to"})
        if (form.has(name))
            form.refuse(form.pointer(name),
                        "This question is about one day, week or month: name it with \"at\".");
    return form.frame();
}

std::optional<Day> day_in(Form& form) {
    const auto text = form.text("at");
    if (text.empty())
        return std::nullopt;
    const auto day = parse_day(text);
    if (!day)
        form.refuse(form.pointer("at"), "This is a day such as 2026-10-01.");
    return day ? std::optional(*day) : std::nullopt;
}

Per per_of(Form& form) {
    return static_cast<Per>(form.choice("per", {"day", "week", "month"}, "month"));
}

Day days_of(const Unit& unit, const Calendar& calendar) {
    return calendar.day_of(time_from_ms(unit.until_ms - 1)) - unit.day + 1;
}

LeagueMeasure measure_of(Form& form) {
    const auto measure = league_measure_of_name(form.text("measure", "active"));
    if (!measure)
        form.refuse(form.pointer("measure"), "There is no such measure of a league.");
    return measure.value_or(LeagueMeasure::active);
}

rule::Interval interval_of(const Unit& unit) { return {unit.from_ms, unit.until_ms}; }

struct NowAndBefore {
    ActivityByOrg now, before;
};

Result<ActivityByOrg> activity_in(const Unit& unit, const ProductUse& use, const Ground& ground) {
    if (ground.history)
        return ground.history->answer(ground, use, interval_of(unit));
    return activity_by_org(use, *ground.snapshot, ground.people, interval_of(unit),
                           *ground.calendar, ground.how);
}

Result<NowAndBefore> activities(const ProductUse& use, const Compared& units, const Ground& ground,
                                std::string_view at) {
    if (auto kept = index::check_kept(ground.kept_from, interval_of(units.before), at); !kept)
        return fail(kept.error());
    auto now = activity_in(units.now, use, ground);
    if (!now)
        return fail(now.error());
    auto before = activity_in(units.before, use, ground);
    if (!before)
        return fail(before.error());
    return NowAndBefore{std::move(*now), std::move(*before)};
}

std::vector<League::Row> rows_of(const LeagueQuestion& question, const NowAndBefore& found,
                                 const access::OrgTree& tree, const access::Principal& who) {
    const auto now = by_unit(found.now, tree, question.kind);
    const auto before = by_unit(found.before, tree, question.kind);
    std::vector<League::Row> rows;
    for (std::size_t i = 0; i < now.size(); ++i) {
        const auto& org = *now[i].org;
        const bool is_listed = tree.in_scope(who.org, org.code) &&
                               (question.below.empty() || tree.is_within(question.below, org.code));
        if (is_listed)
            rows.push_back({org.code,
                            org.name,
                            org.kind,
                            org.parent,
                            now[i].activity,
                            before[i].activity,
                            {},
                            {}});
    }
    return rows;
}

void rank(League& league, LeagueMeasure measure) {
    std::vector<std::optional<long double>> now, before;
    for (const auto& row : league.rows) {
        now.push_back(measured(measure, row.now, league.units.days));
        before.push_back(measured(measure, row.before, league.units.days_before));
    }
    const auto ranks_now = ranks(now), ranks_before = ranks(before);
    for (std::size_t i = 0; i < league.rows.size(); ++i) {
        league.rows[i].rank = ranks_now[i];
        league.rows[i].rank_before = ranks_before[i];
    }
    std::stable_sort(league.rows.begin(), league.rows.end(), [](const auto& a, const auto& b) {
        return a.rank.value_or(SIZE_MAX) < b.rank.value_or(SIZE_MAX);
    });
}

// A unit that the asker may not see does not exist.
Result<void> check_unit(std::string_view code, const access::OrgTree& tree,
                        const access::Principal& who, std::string pointer) {
    if (code.empty() || (tree.find(code) && tree.in_scope(who.org, code)))
        return {};
    return fail(ErrorCode::unprocessable, "access.org_not_found", "there is no such unit",
                std::move(pointer));
}

}  // namespace

Result<Compared> compared_units(Per per, std::optional<Day> at, Time as_of,
                                const Calendar& calendar, std::string_view pointer) {
    const auto now_until = to_ms(as_of) + 1;
    const Day start = unit_start(at.value_or(calendar.day_of(as_of)), per);
    const auto from = to_ms(calendar.start_of(start));
    const auto end = to_ms(calendar.start_of(next_unit(start, per)));
    if (from >= now_until)
        return fail(ErrorCode::unprocessable, "insight.no_such_point",
                    "This day, week or month has not begun yet.", std::string(pointer) + "/at");
    Compared made;
    made.is_running = end > now_until;
    made.now = {start, from, std::min(end, now_until)};
    const Day start_before = unit_start(start - 1, per);
    const auto from_before = to_ms(calendar.start_of(start_before));
    const auto until_before =
        made.is_running ? std::min(from, from_before + (made.now.until_ms - from)) : from;
    made.before = {start_before, from_before, until_before};
    made.days = days_of(made.now, calendar);
    made.days_before = days_of(made.before, calendar);
    return made;
}

Result<LeagueQuestion> parse_league(const json::value& value, std::string_view at) {
    Form form(value, at);
    LeagueQuestion made;
    made.product = form.text("product");
    if (made.product.empty())
        form.refuse(form.pointer("product"), "Name the product.");
    made.per = per_of(form);
    made.at = day_in(form);
    static constexpr const char* unit_kinds[] = {"branch", "outlet", "manager"};
    made.kind = unit_kinds[form.choice("units", {"branch", "outlet", "manager"}, "branch")];
    made.below = form.text("below");
    made.measure = measure_of(form);
    made.frame = frame_of(form);
    if (auto sound = form.finish(); !sound)
        return fail(sound.error());
    return made;
}

Result<Answered<League>> ask(const Asking& asking, const Products& products,
                             const LeagueQuestion& question, std::string_view at,
                             const access::Principal& who) {
    const auto product = known_product(products, question.product, asking.vocabulary(),
                                       std::string(at) + "/product");
    if (!product)
        return fail(product.error());
    const auto vocabulary = asking.vocabulary();
    if (auto seen = check_unit(question.below, vocabulary.orgs(), who, std::string(at) + "/below");
        !seen)
        return fail(seen.error());
    return asking.answer<League>(
        kept_as("league", product->product), question.frame, at, who,
        [&](const Ground& ground) -> Result<League> {
            const auto units =
                compared_units(question.per, question.at, ground.as_of, *ground.calendar, at);
            if (!units)
                return fail(units.error());
            const auto found = activities(product->use, *units, ground, at);
            if (!found)
                return fail(found.error());
            const auto& tree = vocabulary.orgs();
            League league{*units, rows_of(question, *found, tree, who),
                          total_of(found->now, tree, question.below),
                          total_of(found->before, tree, question.below)};
            rank(league, question.measure);
            return league;
        },
        asking.history());
}

Result<audience::Evaluated> people(const Asking& asking, const Products& products,
                                   const LeagueQuestion& question, std::string_view org, Part part,
                                   std::string_view at, const access::Principal& who) {
    const auto product = known_product(products, question.product, asking.vocabulary(),
                                       std::string(at) + "/product");
    if (!product)
        return fail(product.error());
    const auto vocabulary = asking.vocabulary();
    if (auto seen = check_unit(org, vocabulary.orgs(), who, "/org"); !seen)
        return fail(seen.error());
    const std::string below(org.empty() ? std::string_view(question.below) : org);
    std::optional<std::vector<std::string>> codes;
    if (!below.empty()) {
        codes = vocabulary.orgs().subtree(below);
        std::sort(codes->begin(), codes->end());
    }
    return asking.people(
        question.frame, at, who, [&](const Ground& ground) -> Result<index::People> {
            const auto units =
                compared_units(question.per, question.at, ground.as_of, *ground.calendar, at);
            if (!units)
                return fail(units.error());
            const auto interval = interval_of(units->now);
            if (auto kept = index::check_kept(*ground.snapshot, interval, at); !kept)
                return fail(kept.error());
            return people_behind(product->use, part, codes, *ground.snapshot, ground.people,
                                 interval, *ground.calendar, ground.how);
        });
}

// ---- the products beside each other ----

namespace {

constexpr Duration funnel_window = std::chrono::hours(24 * 7);

Activity sum_of(const ActivityByOrg& activity) {
    Activity total;
    for (const auto& [code, own] : activity)
        total += own;
    return total;
}

Result<Funnel> funnel_in(const Unit& unit, const FunnelQuestion& question, const Ground& ground) {
    if (!ground.history)
        return compute(question, *ground.snapshot, ground.people, interval_of(unit), {},
                       ground.how);
    auto asked = ground;
    asked.interval = interval_of(unit);
    return ground.history->answer(asked, question);
}

Result<Funnel::Counts> funnel_of(const ProductUse& use, const Compared& units,
                                 const Ground& ground) {
    if (use.steps.empty())
        return Funnel::Counts{};
    FunnelQuestion question;
    question.steps = use.steps;
    question.window = funnel_window;
    auto funnel = funnel_in(units.now, question, ground);
    if (!funnel)
        return fail(funnel.error());
    return std::move(funnel->steps);
}

Result<ProductResult> result_of(const KnownProduct& product, const Compared& units,
                                const Ground& ground, std::string_view at) {
    const auto found = activities(product.use, units, ground, at);
    if (!found)
        return fail(found.error());
    auto funnel = funnel_of(product.use, units, ground);
    if (!funnel)
        return fail(funnel.error());
    return ProductResult{product.product, sum_of(found->now), sum_of(found->before),
                         std::move(*funnel)};
}

}  // namespace

Result<ProductsQuestion> parse_products_question(const json::value& value, std::string_view at) {
    Form form(value, at);
    ProductsQuestion made;
    made.per = per_of(form);
    made.at = day_in(form);
    made.measure = measure_of(form);
    made.frame = frame_of(form);
    if (auto sound = form.finish(); !sound)
        return fail(sound.error());
    return made;
}

Result<Answered<ProductEvaluation>> ask(const Asking& asking, const Products& products,
                                        const ProductsQuestion& question, std::string_view at,
                                        const access::Principal& who) {
    std::vector<KnownProduct> all;
    std::string kind = "products";
    for (auto& product : products.list()) {
        auto use = use_of(product.definition, asking.vocabulary());
        if (!use)
            return fail(use.error());
        kind = kept_as(kind, product);
        all.push_back({std::move(product), std::move(*use)});
    }
    return asking.answer<ProductEvaluation>(
        kind, question.frame, at, who,
        [&](const Ground& ground) -> Result<ProductEvaluation> {
            const auto units =
                compared_units(question.per, question.at, ground.as_of, *ground.calendar, at);
            if (!units)
                return fail(units.error());
            ProductEvaluation made{*units, {}};
            for (const auto& product : all) {
                auto result = result_of(product, *units, ground, at);
                if (!result)
                    return fail(result.error());
                made.products.push_back(std::move(*result));
            }
            return made;
        },
        asking.history());
}

// ---- a product day by day ----

Result<ActivityQuestion> parse_activity(const json::value& value, std::string_view at) {
    Form form(value, at);
    ActivityQuestion made;
    made.product = form.text("product");
    if (made.product.empty())
        form.refuse(form.pointer("product"), "Name the product.");
    made.frame = form.frame();
    form.member("kind");
    if (auto sound = form.finish(); !sound)
        return fail(sound.error());
    return made;
}

Result<Answered<std::vector<ActivityPoint>>> ask(const Asking& asking, const Products& products,
                                                 const ActivityQuestion& question,
                                                 std::string_view at,
                                                 const access::Principal& who) {
    const auto product = known_product(products, question.product, asking.vocabulary(),
                                       std::string(at) + "/product");
    if (!product)
        return fail(product.error());
    using Points = std::vector<ActivityPoint>;
    return asking.answer<Points>(
        kept_as("activity", product->product), question.frame, at, who,
        [&](const Ground& ground) -> Result<Points> {
            const auto& calendar = *ground.calendar;
            if (ground.interval.from_ms >= ground.interval.until_ms)
                return Points{};
            // A point needs the whole 30 days before it.
            const Day first = calendar.day_of(time_from_ms(ground.interval.from_ms));
            const rule::Interval whole{to_ms(calendar.start_of(first - month_days + 1)),
                                       ground.interval.until_ms};
            if (auto kept = index::check_kept(ground.kept_from, whole, at); !kept)
                return fail(kept.error());
            const auto days = limited_units(whole, Per::day, calendar, std::string(at) + "/from");
            if (!days)
                return fail(days.error());
            if (ground.history)
                return ground.history->answer(ground, product->use, *days);
            return activity_curve(product->use, *ground.snapshot, ground.people, *days, ground.how);
        },
        asking.history());
}

Result<audience::Evaluated> people(const Asking& asking, const Products& products,
                                   const ActivityQuestion& question, Day at_day, Day days,
                                   std::string_view at, const access::Principal& who) {
    const auto product = known_product(products, question.product, asking.vocabulary(),
                                       std::string(at) + "/product");
    if (!product)
        return fail(product.error());
    return asking.people(
        question.frame, at, who, [&](const Ground& ground) -> Result<index::People> {
            const auto& calendar = *ground.calendar;
            const auto& period = ground.interval;
            const bool is_point = period.from_ms < period.until_ms &&
                                  at_day >= calendar.day_of(time_from_ms(period.from_ms)) &&
                                  at_day <= calendar.day_of(time_from_ms(period.until_ms - 1));
            if (!is_point)
                return fail(ErrorCode::unprocessable, "insight.no_such_point",
                            "This day lies outside the period of the question.", "/at");
            const rule::Interval interval{
                to_ms(calendar.start_of(at_day - days + 1)),
                std::min(period.until_ms, to_ms(calendar.start_of(at_day + 1)))};
            if (auto kept = index::check_kept(*ground.snapshot, interval, at); !kept)
                return fail(kept.error());
            return people_behind(product->use, Part::active, std::nullopt, *ground.snapshot,
                                 ground.people, interval, calendar, ground.how);
        });
}

}  // namespace qiao::insight
