#include "insight/detail/page_tables.hpp"

#include "insight/detail/table_text.hpp"
#include "insight/entries.hpp"
#include "insight/league.hpp"
#include "insight/stage_flow.hpp"

namespace qiao::insight::detail {
namespace {

using Heading = AnswerTable::Heading;

// In the order of LeagueMeasure.
const std::array<Heading, league_measures.size()> measure_headings{{
    {"管户客户", "Customers kept"},
    {"活跃客户", "Active customers"},
    {"黏性", "Stickiness"},
    {"交易客户", "Transacting"},
    {"有效交易客户", "Effectively transacting"},
    {"活跃到交易", "Active to transacting"},
    {"交易笔数", "Transactions"},
    {"交易金额", "Value"},
}};

// A name is perhaps "中文 / English".
Heading heading_of(const std::string& name) {
    const auto between = name.find(" / ");
    if (between == std::string::npos)
        return {name, {}};
    return {name.substr(0, between), name.substr(between + 3)};
}

std::string measured_text(LeagueMeasure measure, const Activity& activity, Day days) {
    const auto value = measured(measure, activity, days);
    if (!value)
        return {};
    const bool is_rate =
        measure == LeagueMeasure::stickiness || measure == LeagueMeasure::conversion;
    if (is_rate)
        return percent(static_cast<double>(*value));
    const auto rounded = Decimal::from_double(static_cast<double>(*value));
    return rounded ? text_of(Value(*rounded)) : std::string();
}

}  // namespace

Result<AnswerTable> league_table(const TableSources& sources, const boost::json::value& question,
                                 std::string_view at, const access::Principal& who) {
    const auto parsed = parse_league(question, at);
    if (!parsed)
        return fail(parsed.error());
    const auto answered = ask(sources.asking, sources.products, *parsed, at, who);
    if (!answered)
        return fail(answered.error());
    const auto& league = *answered->result;
    AnswerTable made{{{"名次", "Rank"},
                      {"机构", "Unit"},
                      measure_headings[static_cast<std::size_t>(parsed->measure)],
                      {"上一期", "The period before"}},
                     {},
                     league.total.customers};
    for (const auto& row : league.rows)
        made.rows.push_back({row.rank ? std::to_string(*row.rank) : "–", row.name,
                             measured_text(parsed->measure, row.now, league.units.days),
                             measured_text(parsed->measure, row.before, league.units.days_before)});
    return made;
}

Result<AnswerTable> entries_table(const TableSources& sources, const boost::json::value& question,
                                  std::string_view at, const access::Principal& who) {
    const auto parsed = parse_entries(question, at);
    if (!parsed)
        return fail(parsed.error());
    const auto answered = ask(sources.asking, sources.products, *parsed, at, who);
    if (!answered)
        return fail(answered.error());
    const auto& entries = *answered->result;
    AnswerTable made{{{"入口", "Entry"},
                      {"曝光人数", "Saw it"},
                      {"点击", "Clicked"},
                      {"开始", "Began"},
                      {"办成", "Finished"},
                      {"曝光到办成", "Seen to finished"}},
                     {},
                     entries.total.front()};
    const auto add = [&](std::string name, const Funnel::Counts& steps) {
        std::vector<std::string> row{std::move(name)};
        for (const auto count : steps)
            row.push_back(std::to_string(count));
        row.push_back(share_of(steps.back(), steps.front()));
        made.rows.push_back(std::move(row));
    };
    for (const auto& row : entries.rows)
        add(row.name.empty() ? text_of(row.entry) : row.name, row.steps);
    add("不分入口 Whatever the entry", entries.total);
    return made;
}

Result<AnswerTable> stages_table(const TableSources& sources, const boost::json::value& question,
                                 std::string_view at, const access::Principal& who) {
    const auto parsed = parse_stages(question, at);
    if (!parsed)
        return fail(parsed.error());
    const auto model = sources.stage_models.get(parsed->model);
    if (!model)
        return fail(model.error());
    const auto answered = ask(sources.asking, sources.stage_models, *parsed, at, who);
    if (!answered)
        return fail(answered.error());
    AnswerTable made{{{"时间", "Time"}}, {}, 0};
    for (const auto& stage : model->stages)
        made.head.push_back(heading_of(stage.name));
    made.head.push_back({"不在任何阶段", "In no stage"});
    for (const auto& point : answered->result->points) {
        std::vector<std::string> row{format_day(point.at)};
        made.base = 0;
        for (const auto count : point.people) {
            row.push_back(std::to_string(count));
            made.base += count;
        }
        row.resize(made.head.size());
        made.rows.push_back(std::move(row));
    }
    return made;
}

}  // namespace qiao::insight::detail
