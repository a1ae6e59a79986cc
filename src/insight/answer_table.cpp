#include "insight/answer_table.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "audience/audiences.hpp"
#include "insight/attribution.hpp"
#include "insight/detail/page_tables.hpp"
#include "insight/detail/table_text.hpp"
#include "insight/distribution.hpp"
#include "insight/funnel.hpp"
#include "insight/interval.hpp"
#include "insight/lifecycle.hpp"
#include "insight/metric_question.hpp"
#include "insight/paths.hpp"
#include "insight/retention.hpp"

namespace qiao::insight {
namespace {

namespace json = boost::json;
using Heading = AnswerTable::Heading;
using Row = std::vector<std::string>;
using detail::share_of;
using detail::text_of;

const Heading count_heading{"人数", "People"}, share_heading{"占比", "Share"},
    time_heading{"时间", "Time"}, group_heading{"分组", "Group"}, times_heading{"次数", "Times"};

std::string text_of(const Group& group) {
    std::string made;
    for (const auto& value : group)
        made += (made.empty() ? "" : " · ") + text_of(value);
    return made;
}

std::string rounded(std::optional<double> number) {
    if (!number)
        return {};
    const auto decimal = Decimal::from_double(*number);
    return decimal ? text_of(Value(*decimal)) : std::to_string(*number);
}

std::string minutes_of(std::int64_t ms) { return std::to_string((ms + 30'000) / 60'000); }
std::string minutes_of(const std::optional<std::int64_t>& ms) {
    return ms ? minutes_of(*ms) : std::string();
}

// What the dictionary calls an event, in both languages.
std::string event_name(const TableSources& sources, std::string_view event) {
    if (event.empty())
        return "–";
    const auto vocabulary = sources.asking.vocabulary();
    const auto* known = vocabulary.dictionary().event(event);
    if (!known || (known->name_zh.empty() && known->name_en.empty()))
        return std::string(event);
    if (known->name_zh.empty() || known->name_en.empty())
        return known->name_zh + known->name_en;
    return known->name_zh + " " + known->name_en;
}

// ---- one for each kind ----

// A group of a split by audiences.
std::string audience_text(const TableSources& sources, const Group& group) {
    const auto* id = std::get_if<std::string>(&group.at(0));
    if (!id)
        return "都不在 In none";
    const auto known = sources.audiences.get(*id);
    return known ? known->name : *id;
}

AnswerTable table_of(const MetricTable& table, const MetricQuestion& question,
                     const TableSources& sources) {
    AnswerTable made{{time_heading, group_heading, {"数值", "Value"}}, {}, table.base};
    const bool has_averages = !table.rows.empty() && !table.rows.front().averages.empty();
    if (has_averages)
        made.head.push_back({"移动平均", "Moving average"});
    const auto add = [&](const std::string& group, const MetricRow& row) {
        for (std::size_t i = 0; i < table.units.size(); ++i) {
            made.rows.push_back({format_day(table.units[i].day), group, text_of(row.values[i])});
            if (has_averages)
                made.rows.back().push_back(text_of(row.averages[i]));
        }
    };
    for (const auto& row : table.rows)
        add(question.split.empty() ? text_of(row.group) : audience_text(sources, row.group), row);
    if (table.rest)
        add("其余 The rest", *table.rest);
    return made;
}

AnswerTable table_of(const Funnel& funnel, const FunnelQuestion& question,
                     const TableSources& sources) {
    AnswerTable made{{{"步骤", "Step"},
                      count_heading,
                      {"占第一步", "Of the first step"},
                      {"中位用时（分钟）", "Median time (minutes)"}},
                     {},
                     funnel.steps.empty() ? 0 : funnel.steps[0]};
    const auto add = [&](const std::string& group, const Funnel::Counts& steps, bool is_whole) {
        for (std::size_t i = 0; i < steps.size(); ++i)
            made.rows.push_back({group + event_name(sources, question.steps[i].event),
                                 std::to_string(steps[i]), share_of(steps[i], steps[0]),
                                 is_whole ? minutes_of(funnel.median_ms[i]) : std::string()});
    };
    add({}, funnel.steps, true);
    for (const auto& group : funnel.groups)
        add((question.split.empty() ? text_of(group.group) : audience_text(sources, group.group)) +
                " · ",
            group.steps, false);
    return made;
}

AnswerTable table_of(const Retention& retention, const RetentionQuestion& question,
                     const TableSources&) {
    AnswerTable made{{{"批次", "Cohort"}, count_heading}, {}, retention.total.size};
    for (unsigned k = 0; k <= question.periods; ++k)
        made.head.push_back({"第 " + std::to_string(k) + " 期", "Unit " + std::to_string(k)});
    for (const auto& cohort : retention.cohorts) {
        Row row{format_day(cohort.start), std::to_string(cohort.size)};
        for (std::size_t k = 0; k < cohort.returned.size(); ++k) {
            const bool is_over =
                !cohort.incomplete_from || static_cast<std::int64_t>(k) < *cohort.incomplete_from;
            row.push_back(is_over ? share_of(cohort.returned[k], cohort.size) : std::string());
        }
        row.resize(made.head.size());
        made.rows.push_back(std::move(row));
    }
    return made;
}

AnswerTable table_of(const Lifecycle& lifecycle, const LifecycleQuestion&, const TableSources&) {
    AnswerTable made{{time_heading,
                      {"新增", "New"},
                      {"留存", "Current"},
                      {"回流", "Resurrected"},
                      {"沉默", "Dormant"}},
                     {},
                     0};
    for (const auto& point : lifecycle.points) {
        Row row{format_day(point.at)};
        for (const auto people : point.people)
            row.push_back(std::to_string(people));
        made.base += point.people[0] + point.people[1] + point.people[2];
        made.rows.push_back(std::move(row));
    }
    return made;
}

AnswerTable table_of(const Paths& paths, const PathQuestion&, const TableSources& sources) {
    AnswerTable made{{{"路径", "Path"}, times_heading, share_heading}, {}, paths.starts};
    for (const auto& path : paths.paths) {
        std::string way;
        for (const auto& event : path.events)
            way += (way.empty() ? "" : " → ") + event_name(sources, event);
        made.rows.push_back({way, std::to_string(path.count), share_of(path.count, paths.starts)});
    }
    return made;
}

AnswerTable table_of(const Distribution& found, const DistributionQuestion&, const TableSources&) {
    AnswerTable made{
        {{"从", "From"}, {"至（不含）", "To (not included)"}, count_heading, times_heading},
        {},
        found.people};
    for (const auto& bucket : found.buckets)
        made.rows.push_back({text_of(bucket.from), text_of(bucket.to),
                             std::to_string(bucket.people), std::to_string(bucket.rows)});
    return made;
}

AnswerTable table_of(const Intervals& found, const IntervalQuestion&, const TableSources&) {
    AnswerTable made{{{"分钟以内", "Within minutes"}, times_heading}, {}, found.pairs};
    for (const auto& bucket : found.buckets)
        made.rows.push_back({minutes_of(bucket.until_ms), std::to_string(bucket.count)});
    return made;
}

AnswerTable table_of(const Attribution& found, const AttributionQuestion& question,
                     const TableSources& sources) {
    AnswerTable made{{group_heading,
                      {"归因转化", "Conversions"},
                      {"金额", "Value"},
                      {"触点", "Touches"},
                      count_heading},
                     {},
                     found.conversions};
    for (const auto& row : found.rows) {
        auto group = text_of(row.group);
        if (question.by.kind == By::Kind::event)
            group = event_name(sources, group);
        made.rows.push_back({group, rounded(row.conversions), rounded(row.value),
                             std::to_string(row.touches), std::to_string(row.people)});
    }
    return made;
}

Result<AnswerTable> metric_table(const TableSources& sources, const json::value& question,
                                 std::string_view at, const access::Principal& who) {
    const auto parsed = parse_metric(question, at);
    if (!parsed)
        return fail(parsed.error());
    const auto answered = sources.metrics.ask(*parsed, at, who);
    if (!answered)
        return fail(answered.error());
    return table_of(answered->now, *parsed, sources);
}

template <auto parse>
Result<AnswerTable> asked(const TableSources& sources, const json::value& question,
                          std::string_view at, const access::Principal& who) {
    const auto parsed = parse(question, at);
    if (!parsed)
        return fail(parsed.error());
    const auto answered = ask(sources.asking, *parsed, at, who);
    if (!answered)
        return fail(answered.error());
    return table_of(*answered->result, *parsed, sources);
}

struct Kind {
    std::string_view name;
    detail::AskTable ask;
};
constexpr Kind kinds[] = {{"metric", metric_table},
                          {"funnel", asked<parse_funnel>},
                          {"retention", asked<parse_retention>},
                          {"lifecycle", asked<parse_lifecycle>},
                          {"paths", asked<parse_paths>},
                          {"distribution", asked<parse_distribution>},
                          {"interval", asked<parse_interval>},
                          {"attribution", asked<parse_attribution>}};

bool is_number(std::string_view text) {
    return text.find_first_not_of("0123456789.-%") == std::string_view::npos;
}

std::string csv_cell(std::string_view text) {
    const bool is_formula = !text.empty() && !is_number(text) &&
                            std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
    std::string made = "\"";
    if (is_formula)
        made += '\'';
    for (const char letter : text) {
        if (letter == '"')
            made += '"';
        made += letter;
    }
    return made + "\"";
}

std::string csv_line(const Row& cells) {
    std::string line;
    for (const auto& cell : cells)
        line += (line.empty() ? "" : ",") + csv_cell(cell);
    return line + "\r\n";
}

}  // namespace

Result<AnswerTable> ask_table(const TableSources& sources, std::string_view kind,
                              const json::value& question, std::string_view at,
                              const access::Principal& who) {
    for (const auto& known : kinds)
        if (known.name == kind)
            return known.ask(sources, question, at, who);
    if (const auto ask_page = detail::page_table(kind))
        return ask_page(sources, question, at, who);
    return fail(ErrorCode::unsupported, "insight.kind", "There is no question of this kind.",
                std::string(at));
}

std::string csv_of(const AnswerTable& table) {
    Row head;
    for (const auto& heading : table.head)
        head.push_back(heading.zh + (heading.en.empty() ? "" : " ") + heading.en);
    std::string made = "\xEF\xBB\xBF" + csv_line(head);
    for (const auto& row : table.rows)
        made += csv_line(row);
    return made;
}

std::string escape_html(std::string_view text) {
    std::string made;
    for (const char letter : text)
        switch (letter) {
            case '&':
                made += "&amp;";
                break;
            case '<':
                made += "&lt;";
                break;
            case '>':
                made += "&gt;";
                break;
            case '"':
                made += "&quot;";
                break;
            default:
                made += letter;
        }
    return made;
}

std::string html_of(const AnswerTable& table, std::size_t most) {
    // Mail programs know no style sheets.
    constexpr std::string_view cell =
        "style=\"padding:4px 10px;border-bottom:1px solid #d9e0de;text-align:";
    const auto side = [](std::string_view text) { return is_number(text) ? "right" : "left"; };
    std::string made = "<table style=\"border-collapse:collapse;font-size:13px\"><tr>";
    for (const auto& heading : table.head)
        made += "<th " + std::string(cell) + "left;color:#5b6b68;font-weight:500\">" +
                escape_html(heading.zh) + "<br>" + escape_html(heading.en) + "</th>";
    made += "</tr>";
    for (std::size_t i = 0; i < std::min(most, table.rows.size()); ++i) {
        made += "<tr>";
        for (const auto& text : table.rows[i])
            made += "<td " + std::string(cell) + side(text) + "\">" + escape_html(text) + "</td>";
        made += "</tr>";
    }
    return made + "</table>";
}

}  // namespace qiao::insight
