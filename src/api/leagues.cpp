// POST /api/v1/insights/{league,products,activity}
#include <algorithm>
#include <array>

#include "api/insights.hpp"
#include "api/products.hpp"
#include "insight/league.hpp"
#include "insight/targets.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using insight::LeagueMeasure;

json::value measure_json(LeagueMeasure measure, const insight::Activity& activity, Day days) {
    const auto value = insight::measured(measure, activity, days);
    if (!value)
        return nullptr;
    const auto rounded = Decimal::from_double(static_cast<double>(*value));
    return rounded ? to_json(Value(*rounded)) : json::value(nullptr);
}

json::object activity_json(const insight::Activity& activity, Day days) {
    return {{"customers", activity.customers},
            {"active", activity.active},
            {"active_days", activity.active_days},
            {"stickiness", measure_json(LeagueMeasure::stickiness, activity, days)},
            {"transacting", activity.transacting},
            {"effective", activity.effective},
            {"conversion", measure_json(LeagueMeasure::conversion, activity, days)},
            {"transactions", activity.transactions},
            {"value", measure_json(LeagueMeasure::value, activity, days)}};
}

void tell_units(json::object& made, const insight::Compared& units) {
    const auto unit_json = [](const insight::Unit& unit, Day days) {
        return json::object{{"at", format_day(unit.day)},
                            {"from", format_time(time_from_ms(unit.from_ms))},
                            {"until", format_time(time_from_ms(unit.until_ms))},
                            {"days", days}};
    };
    made["unit"] = unit_json(units.now, units.days);
    made["previous"] = unit_json(units.before, units.days_before);
    made["running"] = units.is_running;
}

json::value rank_json(const std::optional<std::size_t>& rank) {
    return rank ? json::value(*rank) : json::value(nullptr);
}

json::object row_json(const insight::League::Row& row, const insight::Compared& units,
                      const std::vector<insight::Target>& targets) {
    json::object made{
        {"org", row.org},
        {"name", row.name},
        {"kind", row.kind},
        {"parent", row.parent.empty() ? json::value(nullptr) : json::value(row.parent)},
        {"rank", rank_json(row.rank)},
        {"previous_rank", rank_json(row.rank_before)},
        {"now", activity_json(row.now, units.days)},
        {"before", activity_json(row.before, units.days_before)},
        {"target", nullptr}};
    for (const auto& target : targets)
        if (target.org == row.org)
            made["target"] = target_json(target);
    return made;
}

constexpr std::array<const char*, 3> per_names = {"day", "week", "month"};

Result<Answer> league(const InsightParts& parts, Call& call) {
    const auto question = insight::parse_league(call.body);
    if (!question)
        return fail(question.error());
    const auto answered = insight::ask(parts.asking, parts.products, *question, "", call.who);
    if (!answered)
        return fail(answered.error());
    const auto& league = *answered->result;
    const auto targets = parts.targets.list(
        {question->product,
         std::string(insight::league_measures[static_cast<std::size_t>(question->measure)]),
         per_names[static_cast<std::size_t>(question->per)], league.units.now.day},
        call.who);
    json::array rows;
    for (const auto& row : league.rows)
        rows.push_back(row_json(row, league.units, targets));
    json::object made{
        {"rows", std::move(rows)},
        {"total",
         json::object{{"now", activity_json(league.total, league.units.days)},
                      {"before", activity_json(league.total_before, league.units.days_before)}}}};
    tell_units(made, league.units);
    tell_source(made, *answered);
    return Answer{200, std::move(made)};
}

constexpr std::array<const char*, 5> part_names = {"customers", "active", "inactive", "transacting",
                                                   "effective"};

Result<audience::Evaluated> league_people(const InsightParts& parts, const json::value& asked,
                                          std::string_view at, Body& body,
                                          const access::Principal& who) {
    const auto question = insight::parse_league(asked, at);
    if (!question)
        return fail(question.error());
    const auto org = body.maybe_text("org").value_or("");
    const auto name = body.maybe_text("part").value_or("active");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    const auto part = std::find(part_names.begin(), part_names.end(), name);
    if (part == part_names.end())
        return fail(ErrorCode::invalid, "api.body",
                    "The part is customers, active, inactive, transacting or effective.", "/part");
    return insight::people(parts.asking, parts.products, *question, org,
                           static_cast<insight::Part>(part - part_names.begin()), at, who);
}

Result<Answer> products(const InsightParts& parts, Call& call) {
    const auto question = insight::parse_products_question(call.body);
    if (!question)
        return fail(question.error());
    const auto answered = insight::ask(parts.asking, parts.products, *question, "", call.who);
    if (!answered)
        return fail(answered.error());
    json::array items;
    for (const auto& one : answered->result->products) {
        json::array funnel(one.funnel.begin(), one.funnel.end());
        items.push_back(
            json::object{{"product", product_json(one.product)},
                         {"now", activity_json(one.now, answered->result->units.days)},
                         {"before", activity_json(one.before, answered->result->units.days_before)},
                         {"funnel", std::move(funnel)}});
    }
    json::object made{{"products", std::move(items)}};
    tell_units(made, answered->result->units);
    tell_source(made, *answered);
    return Answer{200, std::move(made)};
}

Result<Answer> activity(const InsightParts& parts, Call& call) {
    const auto question = insight::parse_activity(call.body);
    if (!question)
        return fail(question.error());
    const auto answered = insight::ask(parts.asking, parts.products, *question, "", call.who);
    if (!answered)
        return fail(answered.error());
    json::array points;
    for (const auto& point : *answered->result)
        points.push_back(json::object{{"at", format_day(point.at)},
                                      {"dau", point.day},
                                      {"wau", point.week},
                                      {"mau", point.month}});
    json::object made{{"points", std::move(points)}};
    tell_source(made, *answered);
    return Answer{200, std::move(made)};
}

Result<audience::Evaluated> activity_people(const InsightParts& parts, const json::value& asked,
                                            std::string_view at, Body& body,
                                            const access::Principal& who) {
    const auto question = insight::parse_activity(asked, at);
    if (!question)
        return fail(question.error());
    const auto day = day_of(body, "at");
    if (!day)
        return fail(day.error());
    const auto span = body.maybe_text("span").value_or("day");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (!*day)
        return fail(ErrorCode::invalid, "api.body", "Name the day of the curve.", "/at");
    static constexpr std::array<Day, 3> days{1, insight::week_days, insight::month_days};
    const auto place = std::find(per_names.begin(), per_names.end(), span);
    if (place == per_names.end())
        return fail(ErrorCode::invalid, "api.body",
                    "The span is day (DAU), week (WAU) or month (MAU).", "/span");
    return insight::people(parts.asking, parts.products, *question, **day,
                           days[static_cast<std::size_t>(place - per_names.begin())], at, who);
}

}  // namespace

const InsightKind league_kind{"league",         "Rank units by what customers do with a product",
                              "LeagueQuestion", "LeagueAnswer",
                              league,           league_people};
const InsightKind products_kind{"products",         "All products beside each other",
                                "ProductsQuestion", "ProductsAnswer",
                                products,           nullptr};
const InsightKind activity_kind{"activity",         "A product's daily, weekly and monthly actives",
                                "ActivityQuestion", "ActivityAnswer",
                                activity,           activity_people};

}  // namespace qiao::api
