// Typical questions over a bank-size index: question_bench [--customers N] [--events N]
// [--threads N] [--runs N] [--directory DIR] [--keep] [--only NAME].
//
// Prints, per question, the median and the worst time, the CPU time of all threads, the bytes of
// the columns that it names, and what reading those alone would take.
#include <boost/json.hpp>

#include "index/bank_bench.hpp"
#include "insight/attribution.hpp"
#include "insight/detail/rows.hpp"
#include "insight/distribution.hpp"
#include "insight/effort.hpp"
#include "insight/entries.hpp"
#include "insight/funnel.hpp"
#include "insight/interval.hpp"
#include "insight/lifecycle.hpp"
#include "insight/metric_engine.hpp"
#include "insight/paths.hpp"
#include "insight/retention.hpp"
#include "insight/screen.hpp"

namespace {

using namespace qiao;
using namespace qiao::insight;
using index::bench::Names;
namespace json = boost::json;

const Calendar calendar = *Calendar::of_zone("Asia/Shanghai");

// The state that a question is asked on.
struct Bank {
    index::Snapshot snapshot;
    index::Execution how;
    Names names;
    rule::Interval interval(const Frame& frame) const {
        return rule::interval_of(frame.period, index::bench::as_of, calendar);
    }
};

// What an answer is known by, to see that versions agree.
using Answer = std::string;

Answer metric(const Bank& bank, const json::value& text) {
    const auto question = *parse_metric(text);
    const auto& part = question.parts.front();
    ResolvedMetric metric{*resolve(part.doing, bank.names), part.measure, question.by, {}};
    for (const auto& by : question.by)
        metric.by_types.push_back(*type_of(by, part.doing, "", bank.names));
    const auto units = units_of(bank.interval(question.frame), question.per, calendar);
    const auto found = *compute(metric, bank.snapshot, *bank.snapshot->alive, units, bank.how);
    return std::to_string(found.series[0].points[1].people);
}

Answer funnel(const Bank& bank, const json::value& text) {
    const auto question = *resolve(*parse_funnel(text), bank.names, "");
    const auto found = *compute(question, *bank.snapshot, *bank.snapshot->alive,
                                bank.interval(question.frame), {}, bank.how);
    return std::to_string(found.steps[0]) + " > " + std::to_string(found.steps.back());
}

Answer retention(const Bank& bank, const json::value& text) {
    const auto question = *resolve(*parse_retention(text), bank.names, "");
    const auto found =
        *compute(question, *bank.snapshot, *bank.snapshot->alive,
                 {bank.interval(question.frame), index::bench::as_of, &calendar}, bank.how);
    return std::to_string(found.total.size) + " / " + std::to_string(found.total.returned[7]);
}

Answer lifecycle(const Bank& bank, const json::value& text) {
    const auto question = *resolve(*parse_lifecycle(text), bank.names);
    const auto units = *lifecycle_units(question, bank.interval(question.frame), calendar);
    const auto found = *compute(question, *bank.snapshot, *bank.snapshot->alive, units, bank.how);
    return std::to_string(found.points[1].people[1]);
}

Answer paths(const Bank& bank, const json::value& text) {
    const auto question = *resolve(*parse_paths(text), bank.names, "");
    const auto found = *compute(question, *bank.snapshot, *bank.snapshot->alive,
                                bank.interval(question.frame), bank.how);
    return std::to_string(found.starts) + " / " + std::to_string(found.paths[1].count);
}

Answer distribution(const Bank& bank, const json::value& text) {
    const auto question = *resolve(*parse_distribution(text), bank.names, "");
    const auto found = *compute(question, *bank.snapshot, *bank.snapshot->alive,
                                bank.interval(question.frame), calendar, bank.how);
    return std::to_string(found.people);
}

Answer interval(const Bank& bank, const json::value& text) {
    const auto question = *resolve(*parse_interval(text), bank.names);
    const auto found = *compute(question, *bank.snapshot, *bank.snapshot->alive,
                                bank.interval(question.frame), bank.how);
    return std::to_string(found.pairs);
}

Answer attribution(const Bank& bank, const json::value& text) {
    const auto question = *resolve(*parse_attribution(text), bank.names, "");
    const auto found = *compute(question, *bank.snapshot, *bank.snapshot->alive,
                                bank.interval(question.frame), bank.how);
    return std::to_string(found.conversions);
}

Answer screen(const Bank& bank, const json::value& text) {
    auto question = *resolve(*parse_screen(text), bank.names, "");
    question.names.element = "channel";
    const auto found = *compute(question, *bank.snapshot, *bank.snapshot->alive,
                                bank.interval(question.frame), bank.how);
    return std::to_string(found.screens.size()) + " / " + std::to_string(found.totals[0].people);
}

rule::EventMatch match_of(const char* event) { return {event, {}, {}}; }

Answer effort(const Bank& bank, const json::value& text) {
    const auto question = *resolve(*parse_effort(text), bank.names, "");
    ProductUse transfers, funds;
    transfers.uses = {match_of("transfer_start")};
    transfers.transactions = {match_of("transfer_done")};
    funds.uses = {match_of("fund_detail_view")};
    funds.transactions = {match_of("fund_purchase")};
    const auto found = *compute(question, {transfers, funds}, *bank.snapshot, *bank.snapshot->alive,
                                bank.interval(question.frame), bank.how);
    return std::to_string(found.totals[0].visits);
}

Answer entries(const Bank& bank, const json::value& text) {
    const auto question = *parse_entries(text);
    ProductUse transfers;
    transfers.steps = {match_of("transfer_start"), match_of("transfer_done")};
    const auto plan = *resolve(question, transfers, bank.names, {}, "", "");
    const auto found = *compute(plan, *bank.snapshot, *bank.snapshot->alive,
                                bank.interval(question.frame), bank.how);
    return std::to_string(found.rows.size()) + " / " + std::to_string(found.total.back());
}

struct Question {
    const char* name;
    Answer (*ask)(const Bank&, const json::value&);
    // The events whose times it reads ("*": all), and the properties beside them.
    std::vector<const char*> events, columns;
    const char* text;
};
const Question questions[] = {
    {"funnel, four steps in 7 days, 90 days",
     funnel,
     {"app_open", "fund_detail_view", "transfer_start", "fund_purchase"},
     {},
     R"({"steps":[{"event":"app_open"},{"event":"fund_detail_view"},{"event":"transfer_start"},
         {"event":"fund_purchase"}],"window":"7d","within":"90d"})"},
    {"funnel, four steps in a day, 30 days",
     funnel,
     {"app_open", "fund_detail_view", "transfer_start", "fund_purchase"},
     {},
     R"({"steps":[{"event":"app_open"},{"event":"fund_detail_view"},{"event":"transfer_start"},
         {"event":"fund_purchase"}],"window":"1d","within":"30d"})"},
    {"funnel by channel",
     funnel,
     {"app_open", "fund_detail_view", "transfer_start", "fund_purchase"},
     {"channel"},
     R"({"steps":[{"event":"app_open"},{"event":"fund_detail_view"},{"event":"transfer_start"},
         {"event":"fund_purchase"}],"window":"7d","within":"90d","by":["channel"]})"},
    {"funnel with conditions",
     funnel,
     {"app_open", "fund_detail_view", "payment"},
     {"channel"},
     R"({"steps":[{"event":"app_open","where":[{"property":"channel","op":"eq","value":"app"}]},
         {"event":"fund_detail_view"},{"event":"payment","where":[{"property":"amount",
         "op":"gte","value":1000}]}],"window":"7d","within":"90d"})"},
    {"funnel, the same event twice",
     funnel,
     {"app_open", "payment"},
     {"channel"},
     R"({"steps":[{"event":"app_open"},{"event":"payment"},{"event":"payment"}],"window":"7d",
         "within":"90d"})"},
    {"funnel, one channel held, one event excluded",
     funnel,
     {"app_open", "fund_detail_view", "fund_purchase", "login"},
     {"channel"},
     R"({"steps":[{"event":"app_open"},{"event":"fund_detail_view"},{"event":"fund_purchase"}],
         "window":"7d","within":"90d","hold":"channel","exclude":[{"event":"login","after":1}]})"},
    {"retention to day 30",
     retention,
     {"fund_detail_view", "app_open"},
     {},
     R"({"first":{"event":"fund_detail_view"},"then":{"event":"app_open"},"unit":"day",
         "periods":30,"within":"90d"})"},
    {"retention of new customers, any event, by week",
     retention,
     {"*"},
     {},
     R"({"first":{"event":"$new_customer"},"then":{"event":"$any"},"unit":"week","periods":12,
         "within":"90d"})"},
    {"lifecycle by week",
     lifecycle,
     {"app_open"},
     {},
     R"({"event":"app_open","unit":"week","within":"90d"})"},
    {"paths, next three steps",
     paths,
     {"*"},
     {},
     R"({"start":{"event":"transfer_start"},"gap":"30m","steps":3,"within":"90d"})"},
    {"paths before a purchase",
     paths,
     {"*"},
     {},
     R"({"end":{"event":"fund_purchase"},"gap":"30m","steps":3,"within":"90d"})"},
    {"daily actives by channel",
     metric,
     {"app_open"},
     {"channel"},
     R"({"event":"app_open","measure":"unique","per":"day","by":["channel"],"within":"90d"})"},
    {"daily actives of any event",
     metric,
     {"*"},
     {},
     R"({"event":"$any","measure":"unique","per":"day","within":"30d"})"},
    {"payments by week and level",
     metric,
     {"payment"},
     {"amount"},
     R"({"event":"payment","measure":"sum:amount","per":"week","by":["tag:level"],
         "within":"90d"})"},
    {"distribution of opens",
     distribution,
     {"app_open"},
     {},
     R"({"event":"app_open","within":"90d"})"},
    {"distribution of paid amounts",
     distribution,
     {"payment"},
     {"amount"},
     R"({"event":"payment","measure":"sum:amount","within":"30d"})"},
    {"interval from begun to done",
     interval,
     {"transfer_start", "transfer_done"},
     {},
     R"({"first":{"event":"transfer_start"},"then":{"event":"transfer_done"},"window":"7d",
         "within":"90d"})"},
    {"attribution of purchases, linear",
     attribution,
     {"fund_purchase", "message_opened", "deposit_view", "login"},
     {"channel"},
     R"({"goal":{"event":"fund_purchase"},"touches":[{"event":"message_opened"},
         {"event":"deposit_view"},{"event":"login"}],"by":"channel","model":"linear",
         "window":"7d","within":"30d"})"},
    {"heat map of one screen of 200",
     screen,
     {"page_view"},
     {"page", "channel"},
     R"({"clicks":{"event":"page_view"},"screen":"page_7","within":"30d"})"},
    {"taps to finish and depth",
     effort,
     {"*"},
     {"page"},
     R"({"clicks":{"event":"app_open"},"within":"30d"})"},
    {"entries, four channels",
     entries,
     {"page_view", "app_open", "transfer_start", "transfer_done"},
     {"channel"},
     R"({"product":"transfers","by":["channel"],"exposures":{"event":"page_view"},
         "clicks":{"event":"app_open"},"within":"30d"})"},
};

// Runs, times and the named columns of the events: what a question may read.
std::uint64_t bytes_of(const Question& question, const index::State& state) {
    std::uint64_t total = 0;
    for (const auto& segment : state.segments)
        for (const auto& rows : segment->events()) {
            const auto name = state.strings->text(rows.event);
            const auto named = [&](std::string_view event) {
                return event == "*" || event == name;
            };
            if (std::none_of(question.events.begin(), question.events.end(), named))
                continue;
            total += rows.runs * 8ull + rows.rows * 8ull;
            for (const auto& [key, column] : rows.columns)
                for (const auto* wanted : question.columns)
                    if (state.strings->text(key.name) == wanted)
                        total += static_cast<std::uint64_t>(rows.rows) * column.width();
        }
    return total;
}

void ask(const Question& question, const Bank& bank, int runs, double speed) {
    const auto text = json::parse(question.text);
    std::vector<double> times, cpu;
    Answer answer;
    for (int run = 0; run <= runs; ++run) {
        const auto start = std::chrono::steady_clock::now();
        const double cpu_start = index::bench::cpu_ms();
        answer = question.ask(bank, text);
        if (run == 0)
            continue;  // it pages the file in
        times.push_back(index::bench::ms_since(start));
        cpu.push_back(index::bench::cpu_ms() - cpu_start);
    }
    std::sort(times.begin(), times.end());
    std::sort(cpu.begin(), cpu.end());
    const auto bytes = static_cast<double>(bytes_of(question, *bank.snapshot));
    std::printf("%-48s %22s %9.1f %9.1f %8.1f %8.0f %9.1f\n", question.name, answer.c_str(),
                times[times.size() / 2], times.back(), cpu[cpu.size() / 2], bytes / 1e6,
                bytes / speed * 1000);
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    const auto settings = index::bench::read_settings(argc, argv);
    if (!settings.keep)
        std::filesystem::remove_all(settings.directory);
    auto opened = index::Index::open(index::bench::options_of(settings));
    if (!opened) {
        std::fprintf(stderr, "%s\n", opened.error().detail.c_str());
        return 1;
    }
    index::Index& index = **opened;
    if (index.snapshot()->customers == 0)
        index::bench::load(index, settings);
    WorkerPool pool(settings.threads > 1 ? settings.threads - 1 : 1, 64);
    Bank bank{index.snapshot(), {}, {}};
    bank.how.pool = &pool;
    bank.how.threads = settings.threads;
    const double speed = index::bench::bandwidth(settings.threads);
    std::printf("%.1f M customers, %.1f M rows; memory reads %.1f GB/s on %u threads\n\n",
                bank.snapshot->customers / 1e6, static_cast<double>(bank.snapshot->rows()) / 1e6,
                speed / 1e9, settings.threads);
    std::printf("%-48s %22s %9s %9s %8s %8s %9s\n", "question", "answer", "median ms", "worst ms",
                "cpu ms", "MB", "floor ms");
    for (const auto& question : questions)
        if (std::string(question.name).find(settings.only) != std::string::npos)
            ask(question, bank, settings.runs, speed);
    return 0;
}
