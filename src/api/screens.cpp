// POST /api/v1/insights/{screen,effort}
#include <algorithm>
#include <array>

#include "api/insights.hpp"
#include "api/products.hpp"
#include "insight/effort.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using insight::Release;

constexpr std::array<const char*, insight::sides> side_names = {"now", "before"};

// Members "now" and, where versions are compared, "before".
template <class Of, class Shown>
void tell_sides(json::object& made, const insight::BySide<Of>& of,
                const insight::Versions& versions, Shown&& shown) {
    made["now"] = shown(of[0]);
    if (versions.are_compared())
        made["before"] = shown(of[1]);
}

json::value rounded_json(double value) {
    const auto number = Decimal::from_double(value);
    return number ? to_json(Value(*number)) : json::value(nullptr);
}

json::value share_json(std::uint64_t part, std::uint64_t base) {
    if (base == 0)
        return nullptr;
    return rounded_json(static_cast<double>(part) / static_cast<double>(base));
}

// ---- heat maps ----

json::object count_json(const insight::Screen::Count& count) {
    return {{"clicks", count.clicks}, {"people", count.people}};
}

// The mean of what was recorded, as a share.
json::value place_json(__int128 sum, std::uint64_t clicks) {
    if (clicks == 0)
        return nullptr;
    return rounded_json(static_cast<double>(sum) / static_cast<double>(clicks) / Decimal::scale);
}

json::object element_json(const insight::Screen::Element& element, const insight::Screen& screen,
                          const insight::Versions& versions) {
    json::object made{
        {"element", element.element},
        {"label", element.label.empty() ? json::value(nullptr) : json::value(element.label)}};
    insight::BySide<std::size_t> places{0, 1};
    tell_sides(made, places, versions, [&](std::size_t side) {
        const auto& of = element.of[side];
        auto told = count_json(of.count);
        told["share"] = share_json(of.count.clicks, screen.totals[side].clicks);
        told["x"] = place_json(of.place.x, of.place.clicks);
        told["y"] = place_json(of.place.y, of.place.clicks);
        return told;
    });
    return made;
}

json::object screen_json(const insight::Screen& screen, const insight::ScreenQuestion& question) {
    json::array screens, versions, elements;
    for (const auto& one : screen.screens) {
        auto told = count_json(one.count);
        told["screen"] = one.screen;
        screens.push_back(std::move(told));
    }
    for (const auto& one : screen.versions) {
        auto told = count_json(one.count);
        told["version"] = one.version;
        told["first_at"] = format_time(time_from_ms(one.first_ms));
        versions.push_back(std::move(told));
    }
    for (const auto& one : screen.elements)
        elements.push_back(element_json(one, screen, question.versions));
    json::object made{{"screens", std::move(screens)},
                      {"versions", std::move(versions)},
                      {"elements", std::move(elements)},
                      {"left_out", screen.left_out}};
    tell_sides(made, screen.totals, question.versions, count_json);
    return made;
}

Result<Release> release_of(Body& body, const insight::Versions& versions) {
    const auto name = body.maybe_text("release").value_or("now");
    if (name != side_names[0] && name != side_names[1])
        return fail(ErrorCode::invalid, "api.body", "The release is now or before.", "/release");
    if (name == side_names[1] && !versions.are_compared())
        return fail(ErrorCode::invalid, "api.body",
                    "The question compares no versions; give it \"than\".", "/release");
    return name == side_names[0] ? Release::now : Release::before;
}

Result<insight::ScreenPeople> screen_which(Body& body, const insight::ScreenQuestion& question) {
    insight::ScreenPeople made;
    made.element = body.maybe_text("element").value_or("");
    const auto release = release_of(body, question.versions);
    if (!release)
        return fail(release.error());
    made.release = *release;
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    return made;
}

// ---- effort ----

json::value number_json(const std::optional<std::uint64_t>& number) {
    return number ? json::value(*number) : json::value(nullptr);
}

json::object spread_json(const insight::Spread& spread) {
    return {{"count", spread.count},
            {"low", number_json(spread.low)},
            {"median", number_json(spread.median)},
            {"high", number_json(spread.high)}};
}

json::object function_json(const insight::FunctionEffort& function,
                           const insight::EffortTotal& total, std::uint64_t rare_percent) {
    return {{"people", function.people},
            {"share", share_json(function.people, total.active)},
            {"rare", insight::is_rare(function, total, rare_percent)},
            {"taps", spread_json(function.taps)},
            {"own_taps", spread_json(function.own_taps)}};
}

json::object depth_json(const insight::ScreenDepth& depth) {
    return {{"visits", depth.visits},
            {"deep_visits", depth.deep_visits},
            {"median", number_json(depth.median)},
            {"deep", insight::is_deep(depth)}};
}

json::object effort_json(const insight::EffortAnswer& answer,
                         const insight::EffortQuestion& question) {
    const auto& effort = answer.effort;
    json::array functions, screens;
    for (std::size_t i = 0; i < answer.products.size(); ++i) {
        json::object told{{"product", product_json(answer.products[i])}};
        insight::BySide<std::size_t> places{0, 1};
        tell_sides(told, places, question.versions, [&](std::size_t side) {
            return function_json(effort.functions[i][side], effort.totals[side],
                                 question.rare_percent);
        });
        functions.push_back(std::move(told));
    }
    for (const auto& screen : effort.screens) {
        json::object told{{"screen", screen.screen}};
        tell_sides(told, screen.of, question.versions, depth_json);
        screens.push_back(std::move(told));
    }
    json::object made{{"functions", std::move(functions)}, {"screens", std::move(screens)}};
    tell_sides(made, effort.totals, question.versions, [](const insight::EffortTotal& total) {
        return json::object{{"active", total.active}, {"visits", total.visits}};
    });
    return made;
}

Result<Answer> effort(const InsightParts& parts, Call& call) {
    const auto question = insight::parse_effort(call.body);
    if (!question)
        return fail(question.error());
    const auto answered = insight::ask(parts.asking, parts.products, *question, "", call.who);
    if (!answered)
        return fail(answered.error());
    auto made = effort_json(*answered->result, *question);
    tell_source(made, *answered);
    return Answer{200, std::move(made)};
}

constexpr std::array<const char*, 4> what_names = {"used", "finished", "met", "met_deep"};

Result<audience::Evaluated> effort_people(const InsightParts& parts, const json::value& asked,
                                          std::string_view at, Body& body,
                                          const access::Principal& who) {
    const auto question = insight::parse_effort(asked, at);
    if (!question)
        return fail(question.error());
    insight::EffortPeople which;
    which.product = body.maybe_text("product").value_or("");
    which.screen = body.maybe_text("page").value_or("");
    const auto name =
        body.maybe_text("what").value_or(which.screen.empty() ? what_names[0] : what_names[2]);
    const auto release = release_of(body, question->versions);
    if (!release)
        return fail(release.error());
    which.release = *release;
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    const auto what = std::find(what_names.begin(), what_names.end(), name);
    const bool is_of_screen = what >= what_names.begin() + 2;
    if (what == what_names.end() || is_of_screen == which.screen.empty())
        return fail(ErrorCode::invalid, "api.body",
                    "A product was used or finished, a screen met or met_deep.", "/what");
    which.what = static_cast<insight::EffortPeople::What>(what - what_names.begin());
    return insight::people(parts.asking, parts.products, *question, which, at, who);
}

}  // namespace

const InsightKind screen_kind{"screen",
                              "What people click on a screen, and where",
                              "ScreenQuestion",
                              "ScreenAnswer",
                              answered<insight::parse_screen, screen_json>,
                              people_of<insight::parse_screen, screen_which>};
const InsightKind effort_kind{
    "effort",         "Taps to finish, functions that nobody uses, screens that lie deep",
    "EffortQuestion", "EffortAnswer",
    effort,           effort_people};

}  // namespace qiao::api
