// Screens: the clicks of a period by screen, by version, and by element of one screen.
#include "insight/screen.hpp"

#include "twin/pieces.hpp"

namespace qiao::twin {

using clickhouse::Select;
using insight::Release;
using insight::Screen;
using insight::ScreenQuestion;

namespace {

class ScreenSql {
public:
    ScreenSql(const Ground& ground, const ScreenQuestion& question)
        : ground_(ground), question_(question) {}

    // screen, clicks, people.
    Select by_screen() const {
        Select made({"screen", "count()", "uniqExact(person)"});
        made.from(clicks()).group_by("screen").limit(insight::most_groups + 1);
        return made;
    }
    // version, its first click, clicks, people: of the screen, or of all.
    Select by_version() const {
        Select made({"version", "min(time_ms)", "count()", "uniqExact(person)"});
        made.from(clicks()).where("has_version");
        if (!question_.screen.empty())
            made.where(is_here());
        made.group_by("version").limit(insight::most_groups + 1);
        return made;
    }
    // Whether it is all elements together, element, its latest label, and of either side: clicks,
    // people, clicks with a place, the sums of x and y.
    Select by_element() const {
        Select made(
            {"grouping(element)", "element", "argMinIf(label, (-time_ms, label), has_label)"});
        for (const char* side : {"is_now", "is_before"}) {
            const std::string is_side = side, has_place = is_side + " AND has_place";
            made.column("countIf(" + is_side + ")");
            made.column("uniqExactIf(person, " + is_side + ")");
            made.column("countIf(" + has_place + ")");
            for (const char* sum : {"x", "y"})
                made.column("toString(sumIf(toInt128(" + std::string(sum) + "), " + has_place +
                            "))");
        }
        made.from(clicks()).where(is_here()).where("(is_now OR is_before)");
        made.group_by("GROUPING SETS ((element), ())").limit(insight::most_groups + 2);
        return made;
    }

private:
    std::string is_here() const { return "screen = " + clickhouse::text_literal(question_.screen); }
    // Those that have a screen and an element.
    Select clicks() const {
        const auto& names = question_.names;
        const auto text = [](const std::string& name) {
            return property_cell(name, ValueType::string);
        };
        const auto screen = text(names.page), element = text(names.element),
                   label = text(names.label), version = text(question_.versions.by),
                   x = property_cell(names.x, ValueType::number),
                   y = property_cell(names.y, ValueType::number);
        auto rows = facts(
            ground_, {"person", "time_ms", screen.value + " AS screen",
                      element.value + " AS element", label.present + " AS has_label",
                      label.value + " AS label", version.present + " AS has_version",
                      version.value + " AS version", side(Release::now, version) + " AS is_now",
                      side(Release::before, version) + " AS is_before",
                      "(" + x.present + " AND " + y.present + ") AS has_place", x.value + " AS x",
                      y.value + " AS y"});
        rows.where(is_inside(ground_.interval)).where(condition(question_.clicks));
        rows.where(screen.present).where(element.present);
        return rows;
    }
    std::string side(Release release, const Cell& version) const {
        return is_of(question_.versions, release, version);
    }

    const Ground& ground_;
    const ScreenQuestion& question_;
};

Screen::Count count_from(const clickhouse::Row& row, std::size_t first) {
    return {count_at(row, first), count_at(row, first + 1)};
}

std::string text_at(const clickhouse::Row& row, std::size_t column) {
    return std::string(row.at(column).as_string());
}

void add_element(Screen& made, const clickhouse::Row& row) {
    constexpr std::size_t first = 3, width = 5;
    Screen::Element element;
    element.element = text_at(row, 1);
    element.label = text_at(row, 2);
    for (std::size_t side = 0; side < insight::sides; ++side) {
        const auto at = first + side * width;
        element.of[side] = {count_from(row, at),
                            {count_at(row, at + 2), wide_at(row, at + 3), wide_at(row, at + 4)}};
    }
    if (count_at(row, 0) == 0) {
        made.elements.push_back(std::move(element));
        return;
    }
    for (std::size_t side = 0; side < insight::sides; ++side)
        made.totals[side] = element.of[side].count;
}

}  // namespace

Result<Screen> ask(const Ground& ground, const ScreenQuestion& question) {
    const ScreenSql sql(ground, question);
    ground.connection.expect(question.screen.empty() ? 2 : 3);
    const auto screens = ground.connection.ask(sql.by_screen().text());
    if (!screens)
        return fail(screens.error());
    const auto versions = ground.connection.ask(sql.by_version().text());
    if (!versions)
        return fail(versions.error());
    Screen made;
    for (const auto& row : *screens)
        made.screens.push_back({text_at(row, 0), count_from(row, 1)});
    for (const auto& row : *versions)
        made.versions.push_back({text_at(row, 0), number_at(row, 1), count_from(row, 2)});
    if (!question.screen.empty()) {
        const auto elements = ground.connection.ask(sql.by_element().text());
        if (!elements)
            return fail(elements.error());
        for (const auto& row : *elements)
            add_element(made, row);
    }
    if (made.screens.size() + made.versions.size() + made.elements.size() > insight::most_groups)
        return insight::too_many_groups();
    insight::arrange(made);
    return made;
}

}  // namespace qiao::twin
