// Preview of ten typical rules over a bank-size index: audience_bench [--customers N] [--events N]
// [--threads N] [--runs N] [--directory DIR] [--keep] [--only NAME] [--days N] [--period DAYS].
//
// Heavy-tailed: event types by Zipf's law, customers by a log-normal activity; ninety days. Loads
// the files directly, then prints, per rule, the median and the worst time and what memory would
// allow.
#include <boost/json.hpp>

#include "index/bank_bench.hpp"

namespace {

using namespace qiao;
using namespace qiao::index;
using namespace qiao::index::bench;

struct Question {
    const char* name;
    bool tags_only;
    const char* rule;
};
const Question questions[] = {
    {"level and age", true,
     R"({"all":[{"tag":"level","op":"in","value":["level_0","level_1"]},{"tag":"age",
         "op":"between","value":[25,40]}]})"},
    {"five tags, nested", true,
     R"({"all":[{"tag":"balance","op":"gte","value":500000},{"not":{"tag":"city","op":"in",
         "value":["city_1","city_2","city_3"]}},
         {"any":[{"tag":"vip","op":"eq","value":true},{"tag":"level","op":"eq",
         "value":"level_0"}]},{"org":"33"}]})"},
    {"viewed a fund 3 times in the app", false,
     R"({"event":"fund_detail_view","within":"30d","op":"gte","value":3,
         "where":[{"property":"channel","op":"eq","value":"app"}]})"},
    {"vip without a purchase for a week", false,
     R"({"all":[{"tag":"vip","op":"eq","value":true},{"not":{"event":"fund_purchase",
         "within":"7d"}}]})"},
    {"paid 10,000 in 90 days", false,
     R"({"event":"payment","within":"90d","measure":"sum:amount","op":"gte","value":10000})"},
    {"transfer begun, not done within the hour", false,
     R"({"sequence":[{"event":"transfer_start"},{"event":"transfer_done"}],"within":"30d",
         "window":"1h","reached":1,"op":"eq"})"},
    {"active on 5 days of the month", false,
     R"({"event":"page_view","within":"30d","measure":"days","op":"gte","value":5})"},
    {"quiet for a month (churning)", false,
     R"({"all":[{"event":"app_open","measure":"last","op":"gte","value":"30d"},{"tag":"age",
         "op":"lt","value":60}]})"},
    {"three-step funnel over the largest events", false,
     R"({"sequence":[{"event":"app_open"},{"event":"page_view"},{"event":"payment"}],
         "within":"30d","window":"1d","reached":3,"op":"gte"})"},
    {"the design's example", false,
     R"({"all":[{"tag":"level","op":"in","value":["level_0","level_1","level_2"]},{"tag":"age",
         "op":"between","value":[25,60]},
         {"event":"fund_detail_view","within":"30d","op":"gte","value":1,
         "where":[{"property":"channel","op":"eq","value":"app"}]},
         {"not":{"event":"fund_purchase","within":"7d"}},{"event":"payment","within":"90d",
         "measure":"sum:amount","op":"gte","value":1000},
         {"any":[{"sequence":[{"event":"transfer_start"},{"event":"transfer_done"}],
         "within":"30d","window":"1h","reached":1,"op":"eq"},
                 {"score":"churn_30d","op":"top","value":0.1}]}]})"},
};

struct Timing {
    double median = 0, worst = 0;
};

// Asks as a preview does: compile, evaluate, count, sample. Prints one line.
Timing ask(const Question& question, const Index& index, const Execution& how, int runs,
           double speed) {
    static const auto calendar = *Calendar::of_zone("Asia/Shanghai");
    const auto rule = rule::resolve(*rule::parse(boost::json::parse(question.rule)), Names());
    std::vector<double> times, cpu;
    std::uint64_t count = 0, bytes = 0;
    double first = 0;
    for (int run = 0; run <= runs; ++run) {
        const auto start = SteadyClock::now();
        const double cpu_start = cpu_ms();
        const Plan plan(*rule, index.snapshot(), as_of, calendar);
        const auto members = plan.evaluate(how);
        count = members->count();
        (void)members->sample(5);
        bytes = plan.bytes();
        if (run == 0) {
            first = ms_since(start);  // it pages the files in
            continue;
        }
        times.push_back(ms_since(start));
        cpu.push_back(cpu_ms() - cpu_start);
    }
    const auto parts_start = SteadyClock::now();
    (void)Plan(*rule, index.snapshot(), as_of, calendar).evaluate_parts(how);
    const double parts = ms_since(parts_start);
    std::sort(times.begin(), times.end());
    std::sort(cpu.begin(), cpu.end());
    const Timing timing{times[times.size() / 2], times.back()};
    std::printf("%-44s %10llu %9.1f %9.1f %9.1f %8.1f %8.0f %9.1f %9.1f\n", question.name,
                static_cast<unsigned long long>(count), first, timing.median, timing.worst,
                cpu[cpu.size() / 2], static_cast<double>(bytes) / 1e6,
                static_cast<double>(bytes) / speed * 1000, parts);
    return timing;
}

}  // namespace

int main(int argc, char** argv) {
    const Settings settings = read_settings(argc, argv);
    if (!settings.keep)
        std::filesystem::remove_all(settings.directory);
    const auto opening = SteadyClock::now();
    auto opened = Index::open(options_of(settings));
    if (!opened) {
        std::fprintf(stderr, "%s\n", opened.error().detail.c_str());
        return 1;
    }
    Index& index = **opened;
    if (index.snapshot()->customers == 0)
        load(index, settings);
    else
        std::printf("opened in %.1f s\n", ms_since(opening) / 1000);

    WorkerPool pool(settings.threads - 1 ? settings.threads - 1 : 1, 64);
    Execution how;
    how.pool = &pool;
    how.threads = settings.threads;
    const double speed = bandwidth(settings.threads);
    const auto use = index.memory_use();
    std::printf(
        "memory: heap %zu MB (tags %zu, profiles %zu, strings %zu), mapped %zu MB, process %zu MB; "
        "reads %.1f GB/s on %u threads\n\n",
        use.heap() >> 20, use.attributes >> 20, use.profiles >> 20, use.strings >> 20,
        use.mapped >> 20, resident_mb(), speed / 1e9, settings.threads);
    std::printf("%-44s %10s %9s %9s %9s %8s %8s %9s %9s\n", "rule", "people", "first ms",
                "median ms", "worst ms", "cpu ms", "MB", "floor ms", "parts ms");

    std::vector<double> behaviour_medians;
    double worst_behaviour = 0, worst_tags = 0;
    for (const auto& question : questions) {
        if (std::string(question.name).find(settings.only) == std::string::npos)
            continue;
        const Timing timing = ask(question, index, how, settings.runs, speed);
        double& worst = question.tags_only ? worst_tags : worst_behaviour;
        worst = std::max(worst, timing.worst);
        if (!question.tags_only)
            behaviour_medians.push_back(timing.median);
    }
    if (!settings.only.empty())
        return 0;
    std::sort(behaviour_medians.begin(), behaviour_medians.end());
    std::printf(
        "\ntags only: worst %.1f ms (aim 5); with behaviour: median of rules %.1f ms (aim 150), "
        "worst run %.1f ms (aim 400)\n",
        worst_tags, behaviour_medians[behaviour_medians.size() / 2], worst_behaviour);
    return 0;
}
