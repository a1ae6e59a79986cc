#include "insight/detail/page_tables.hpp"

#include <algorithm>

#include "insight/acquisition.hpp"
#include "insight/detail/table_text.hpp"
#include "insight/entries.hpp"
#include "insight/league.hpp"
#include "insight/returns.hpp"
#include "insight/stage_flow.hpp"

namespace qiao::insight::detail {
namespace {

using Heading = AnswerTable::Heading;
using access::Principal;

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
const Heading& heading_of(LeagueMeasure measure) {
    return measure_headings[static_cast<std::size_t>(measure)];
}

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

std::string rank_text(const std::optional<std::size_t>& rank) {
    return rank ? std::to_string(*rank) : "–";
}

// ---- how each kind is asked, and its answer as a table ----

template <class Question>
auto answer_of(const TableSources& sources, const Question& question, std::string_view at,
               const Principal& who) {
    return ask(sources.asking, sources.products, question, at, who);
}
auto answer_of(const TableSources& sources, const StageQuestion& question, std::string_view at,
               const Principal& who) {
    return ask(sources.asking, sources.stage_models, question, at, who);
}
auto answer_of(const TableSources& sources, const AcquisitionQuestion& question,
               std::string_view at, const Principal& who) {
    return ask(AcquisitionParts{sources.asking, sources.acquisition_steps, sources.spending},
               question, at, who);
}

AnswerTable table_of(const Answered<League>& answered, const LeagueQuestion& question) {
    const auto& league = *answered.result;
    AnswerTable made{{{"名次", "Rank"},
                      {"机构", "Unit"},
                      heading_of(question.measure),
                      {"上一期", "The period before"}},
                     {},
                     league.total.customers};
    for (const auto& row : league.rows)
        made.rows.push_back(
            {rank_text(row.rank), row.name,
             measured_text(question.measure, row.now, league.units.days),
             measured_text(question.measure, row.before, league.units.days_before)});
    return made;
}

AnswerTable table_of(const Answered<Entries>& answered, const EntriesQuestion&) {
    const auto& entries = *answered.result;
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

std::string money_text(__int128 scaled) {
    return scaled > INT64_MAX ? std::string("–")
                              : Decimal::from_scaled(static_cast<std::int64_t>(scaled)).text();
}

AnswerTable table_of(const AcquisitionAnswer& answer, const AcquisitionQuestion& question) {
    static const std::array<Heading, acquisition_steps> steps{{{"访客", "Visitors"},
                                                               {"用户", "Users"},
                                                               {"客户", "Customers"},
                                                               {"交易客户", "Transacting"},
                                                               {"忠诚客户", "Loyal"}}};
    const auto& acquisition = answer.acquisition;
    AnswerTable made{{{"来源", "Origin"}, {"投放", "Spending"}, {"触达费用", "Cost of messages"}},
                     {},
                     acquisition.total.people.front()};
    for (const auto& step : steps) {
        made.head.push_back(step);
        made.head.push_back({step.zh + "单位成本", "Cost each"});
    }
    const auto add = [&](std::string name, const AcquisitionCounts& counts) {
        std::vector<std::string> row{
            std::move(name), answer.has_spending ? money_text(counts.spending) : std::string("–"),
            money_text(counts.contact_cost)};
        for (std::size_t step = 0; step < counts.people.size(); ++step) {
            row.push_back(std::to_string(counts.people[step]));
            row.push_back(text_of(counts.cost_per(step)));
        }
        made.rows.push_back(std::move(row));
    };
    AcquisitionCounts rest;
    for (std::size_t i = 0; i < acquisition.origins.size(); ++i)
        if (i < question.limit)
            add(text_of(acquisition.origins[i].value), acquisition.origins[i].counts);
        else
            rest += acquisition.origins[i].counts;
    if (acquisition.origins.size() > question.limit)
        add("其余 The rest", rest);
    add("全部 All", acquisition.total);
    return made;
}

constexpr LeagueMeasure product_measures[] = {LeagueMeasure::active,      LeagueMeasure::stickiness,
                                              LeagueMeasure::transacting, LeagueMeasure::effective,
                                              LeagueMeasure::conversion,  LeagueMeasure::value};

AnswerTable table_of(const Answered<ProductEvaluation>& answered,
                     const ProductsQuestion& question) {
    const auto& [units, products] = *answered.result;
    AnswerTable made{{{"名次", "Rank"}, {"产品", "Product"}}, {}, 0};
    for (const auto measure : product_measures)
        made.head.push_back(heading_of(measure));
    made.head.push_back({"上一期", "The period before"});
    made.head.push_back({"走完漏斗", "Through the funnel"});
    std::vector<std::optional<long double>> values;
    std::vector<std::size_t> order;
    for (const auto& one : products) {
        order.push_back(values.size());
        values.push_back(measured(question.measure, one.now, units.days));
        made.base = std::max(made.base, one.now.customers);
    }
    const auto places = ranks(values);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return places[a].value_or(SIZE_MAX) < places[b].value_or(SIZE_MAX);
    });
    for (const auto i : order) {
        const auto& [product, now, before, funnel] = products[i];
        std::vector<std::string> row{rank_text(places[i]), product.name_zh + " " + product.name_en};
        for (const auto measure : product_measures)
            row.push_back(measured_text(measure, now, units.days));
        row.push_back(measured_text(question.measure, before, units.days_before));
        row.push_back(funnel.empty() ? std::string() : share_of(funnel.back(), funnel.front()));
        made.rows.push_back(std::move(row));
    }
    return made;
}

AnswerTable table_of(const Answered<std::vector<ActivityPoint>>& answered,
                     const ActivityQuestion&) {
    AnswerTable made{{{"日期", "Day"},
                      {"日活", "DAU"},
                      {"周活", "WAU"},
                      {"月活", "MAU"},
                      {"黏性", "Stickiness"}},
                     {},
                     0};
    for (const auto& point : *answered.result) {
        made.rows.push_back({format_day(point.at), std::to_string(point.day),
                             std::to_string(point.week), std::to_string(point.month),
                             share_of(point.day, point.month)});
        made.base = std::max(made.base, point.month);
    }
    return made;
}

template <auto parse>
Result<AnswerTable> asked(const TableSources& sources, const boost::json::value& question,
                          std::string_view at, const Principal& who) {
    const auto parsed = parse(question, at);
    if (!parsed)
        return fail(parsed.error());
    const auto answered = answer_of(sources, *parsed, at, who);
    if (!answered)
        return fail(answered.error());
    return table_of(*answered, *parsed);
}

// ---- the two whose table needs more than the answer ----

Result<AnswerTable> stages_table(const TableSources& sources, const boost::json::value& question,
                                 std::string_view at, const Principal& who) {
    const auto parsed = parse_stages(question, at);
    if (!parsed)
        return fail(parsed.error());
    const auto model = sources.stage_models.get(parsed->model);
    if (!model)
        return fail(model.error());
    const auto answered = answer_of(sources, *parsed, at, who);
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

Result<AnswerTable> returns_table(const TableSources& sources, const boost::json::value& question,
                                  std::string_view at, const Principal& who) {
    const auto parsed = parse_returns(question, at);
    if (!parsed)
        return fail(parsed.error());
    return sources.returns.table(*parsed, at, who);
}

struct Page {
    std::string_view kind;
    AskTable ask;
};
constexpr Page pages[] = {
    {"league", asked<parse_league>},    {"entries", asked<parse_entries>},
    {"stages", stages_table},           {"acquisition", asked<parse_acquisition>},
    {"returns", returns_table},         {"products", asked<parse_products_question>},
    {"activity", asked<parse_activity>}};

}  // namespace

AskTable page_table(std::string_view kind) {
    for (const auto& page : pages)
        if (page.kind == kind)
            return page.ask;
    return nullptr;
}

}  // namespace qiao::insight::detail
