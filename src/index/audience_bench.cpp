// Preview of ten typical rules over a bank-size index: audience_bench [--customers N] [--events N]
// [--threads N] [--runs N] [--directory DIR] [--keep] [--only NAME].
//
// Heavy-tailed: event types by Zipf's law, customers by a log-normal activity; ninety days. Loads
// the base directly, then prints, per rule, the median and the worst time and what memory would
// allow.
#include <boost/json.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <random>
#include <thread>

#include "index/index.hpp"
#include "index/plan.hpp"

namespace {

using namespace qiao;
using namespace qiao::index;
using SteadyClock = std::chrono::steady_clock;

constexpr int event_types = 40;
constexpr std::int64_t day_ms = 86'400'000;
const Time as_of = *parse_time("2026-11-22T09:30:00+08:00");

struct Settings {
    Dense customers = 2'000'000;
    std::uint64_t events = 100'000'000;
    unsigned threads = 2;
    int runs = 15;
    std::string directory = "build/bench-index";
    std::string only;  // part of a rule's name
    bool keep = false;
};

// A quick generator: the benchmark makes hundreds of millions of numbers.
struct Random {
    std::uint64_t state = 42;
    std::uint64_t next() {
        state += 0x9E3779B97F4A7C15ull;
        std::uint64_t mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9ull;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBull;
        return mixed ^ (mixed >> 31);
    }
    std::uint64_t below(std::uint64_t limit) {
        return static_cast<std::uint64_t>(static_cast<unsigned __int128>(next()) * limit >> 64);
    }
    double real() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
};

const char* named_events[] = {"page_view",    "app_open",       "payment",       "fund_detail_view",
                              "login",        "transfer_start", "transfer_done", "fund_purchase",
                              "deposit_view", "message_opened"};

std::string event_name(int rank) {
    return rank < 10 ? named_events[rank] : "event_" + std::to_string(rank);
}

std::vector<float> activity(Dense customers, Random& random) {
    std::mt19937_64 engine(random.next());
    std::lognormal_distribution<double> distribution(0, 1.2);
    std::vector<float> weights(customers);
    double total = 0;
    for (auto& weight : weights) {
        weight = static_cast<float>(distribution(engine));
        total += weight;
    }
    for (auto& weight : weights)
        weight = static_cast<float>(weight / total);
    return weights;
}

BulkEvent make_event(int rank, double rows, const std::vector<float>& weights, Strings& strings,
                     Random& random) {
    BulkEvent made;
    made.event = event_name(rank);
    made.customer.reserve(static_cast<std::size_t>(rows * 1.01));
    made.time_ms.reserve(static_cast<std::size_t>(rows * 1.01));
    for (Dense customer = 0; customer < weights.size(); ++customer) {
        const auto count = static_cast<std::uint64_t>(weights[customer] * rows + random.real());
        const std::size_t first = made.time_ms.size();
        for (std::uint64_t i = 0; i < count; ++i) {
            made.customer.push_back(customer);
            made.time_ms.push_back(to_ms(as_of) -
                                   static_cast<std::int64_t>(random.below(90 * day_ms)));
        }
        std::sort(made.time_ms.begin() + static_cast<std::ptrdiff_t>(first), made.time_ms.end());
    }
    const auto column = [&](const char* name, ValueType type, auto&& cell) {
        BulkEvent::Column made_column{name, type, std::vector<Cell>(made.customer.size())};
        for (auto& value : made_column.cells)
            value = cell();
        made.columns.push_back(std::move(made_column));
    };
    std::vector<Cell> channels, pages;
    for (const char* name : {"app", "web", "branch", "mini"})
        channels.push_back(strings.code(name));
    for (int i = 0; i < 200; ++i)
        pages.push_back(strings.code("page_" + std::to_string(i)));
    column("channel", ValueType::string,
           [&] { return channels[std::min<std::uint64_t>(random.below(6), 3)]; });
    if (rank == 2 || rank == 7)
        column("amount", ValueType::number,
               [&] { return static_cast<Cell>(random.below(5'000'00) * 100); });
    if (rank < 2)
        column("page", ValueType::string, [&] { return pages[random.below(200)]; });
    return made;
}

std::vector<BulkTag> make_tags(Dense customers, Strings& strings, Random& random) {
    std::vector<BulkTag> tags;
    const auto add = [&](const char* name, ValueType type, auto&& cell) {
        BulkTag tag{name, type, std::vector<Cell>(customers)};
        for (auto& value : tag.cells)
            value = cell();
        tags.push_back(std::move(tag));
    };
    const auto texts = [&](const char* prefix, int count) {
        std::vector<Cell> codes;
        for (int i = 0; i < count; ++i)
            codes.push_back(strings.code(prefix + std::to_string(i)));
        return codes;
    };
    const auto levels = texts("level_", 6), cities = texts("city_", 300), orgs = texts("33", 80);
    add("level", ValueType::string,
        [&] { return levels[std::min(random.below(6), random.below(6))]; });
    add("city", ValueType::string,
        [&] { return random.below(10) == 0 ? missing : cities[random.below(300)]; });
    add("org", ValueType::string, [&] { return orgs[random.below(80)]; });
    add("age", ValueType::number,
        [&] { return static_cast<Cell>(18 + random.below(70)) * Decimal::scale; });
    add("gender", ValueType::string, [&] { return levels[random.below(2)]; });
    add("balance", ValueType::number,
        [&] { return static_cast<Cell>(random.below(1'000'000'00) * 100); });
    add("vip", ValueType::boolean, [&] { return static_cast<Cell>(random.below(20) == 0); });
    add("since", ValueType::time,
        [&] { return to_ms(as_of) - static_cast<Cell>(random.below(3000) * day_ms); });
    add("score:churn_30d", ValueType::number,
        [&] { return static_cast<Cell>(random.below(10'000)); });
    add("holdings", ValueType::number,
        [&] { return static_cast<Cell>(random.below(12)) * Decimal::scale; });
    return tags;
}

// Anything goes: the benchmark's rules are right.
class Names final : public rule::Vocabulary {
public:
    std::optional<ValueType> tag(std::string_view name) const override {
        if (name == "vip")
            return ValueType::boolean;
        if (name == "since")
            return ValueType::time;
        if (name == "age" || name == "balance" || name == "holdings")
            return ValueType::number;
        return ValueType::string;
    }
    bool has_event(std::string_view) const override { return true; }
    std::optional<ValueType> property(std::string_view, std::string_view name) const override {
        return name == "amount" ? ValueType::number : ValueType::string;
    }
    bool has_score(std::string_view) const override { return true; }
    bool has_identity(std::string_view) const override { return true; }
    bool has_consent(std::string_view) const override { return true; }
    std::optional<std::vector<std::string>> org(std::string_view code) const override {
        return std::vector<std::string>{
            std::string(code), "331", "332", "333", "334", "335", "336", "337"};
    }
    const rule::Node* audience(std::string_view) const override { return nullptr; }
};

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

// What both threads used together: on a machine that others use too, it says more than the clock.
double cpu_ms() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double ms_since(SteadyClock::time_point start) {
    return std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count();
}

// Bytes per second that the machine reads with so many threads: the floor of every question.
double bandwidth(unsigned threads) {
    const std::size_t words = 32u << 20;
    std::vector<std::uint64_t> memory(words * threads, 1);
    std::vector<std::uint64_t> sums(threads);
    double best = 0;
    for (int run = 0; run < 3; ++run) {
        const auto start = SteadyClock::now();
        std::vector<std::thread> readers;
        for (unsigned t = 0; t < threads; ++t)
            readers.emplace_back([&, t] {
                std::uint64_t a = 0, b = 0, c = 0, d = 0;
                for (const auto* at = &memory[t * words]; at != &memory[t * words] + words; at += 4)
                    a += at[0], b += at[1], c += at[2], d += at[3];
                sums[t] = a + b + c + d;
            });
        for (auto& reader : readers)
            reader.join();
        best = std::max(best, static_cast<double>(memory.size() * 8) / ms_since(start) * 1000);
    }
    return sums[0] == 0 ? 0 : best;
}

std::size_t resident_mb() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("RssAnon:"))
            return std::stoul(line.substr(8)) / 1024;
    return 0;
}

Settings read_settings(int argc, char** argv) {
    Settings settings;
    for (int i = 1; i < argc; ++i) {
        const std::string name = argv[i];
        if (name == "--keep") {
            settings.keep = true;
            continue;
        }
        if (i + 1 == argc)
            break;
        const char* value = argv[++i];
        if (name == "--customers")
            settings.customers = static_cast<Dense>(std::atoll(value));
        if (name == "--events")
            settings.events = static_cast<std::uint64_t>(std::atoll(value));
        if (name == "--threads")
            settings.threads = static_cast<unsigned>(std::atoi(value));
        if (name == "--runs")
            settings.runs = std::atoi(value);
        if (name == "--only")
            settings.only = value;
        if (name == "--directory")
            settings.directory = value;
    }
    return settings;
}

void load(Index& index, const Settings& settings) {
    const auto start = SteadyClock::now();
    Random random;
    std::vector<ProfileId> profiles(settings.customers);
    for (auto& profile : profiles)
        profile = static_cast<ProfileId>(random.next() | 1);
    auto tags = make_tags(settings.customers, index.strings(), random);
    const auto weights = activity(settings.customers, random);
    double harmonic = 0;
    for (int rank = 0; rank < event_types; ++rank)
        harmonic += 1.0 / (rank + 1);
    int rank = 0;
    double making = 0;
    index.load(
        std::move(profiles), std::move(tags),
        [&](BulkEvent& event) {
            if (rank == event_types)
                return false;
            const auto began = SteadyClock::now();
            event = make_event(rank, static_cast<double>(settings.events) / (rank + 1) / harmonic,
                               weights, index.strings(), random);
            making += ms_since(began);
            ++rank;
            return true;
        },
        Positions{});
    const double rows = static_cast<double>(index.snapshot()->rows());
    const double loading = ms_since(start) - making;
    std::printf(
        "loaded %.1f M rows of %d events for %.1f M customers in %.1f s (%.1f M rows/s, beside "
        "%.1f s "
        "to make them)\n",
        rows / 1e6, event_types, settings.customers / 1e6, loading / 1000, rows / loading / 1000,
        making / 1000);
}

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
    for (int run = 0; run <= runs; ++run) {
        const auto start = SteadyClock::now();
        const double cpu_start = cpu_ms();
        const Plan plan(*rule, index.snapshot(), as_of, calendar);
        const auto members = plan.evaluate(how);
        count = members->count();
        (void)members->sample(5);
        bytes = plan.bytes();
        if (run == 0)
            continue;  // it pages the file in
        times.push_back(ms_since(start));
        cpu.push_back(cpu_ms() - cpu_start);
    }
    const auto parts_start = SteadyClock::now();
    (void)Plan(*rule, index.snapshot(), as_of, calendar).evaluate_parts(how);
    const double parts = ms_since(parts_start);
    std::sort(times.begin(), times.end());
    std::sort(cpu.begin(), cpu.end());
    const Timing timing{times[times.size() / 2], times.back()};
    std::printf("%-44s %10llu %9.1f %9.1f %8.1f %8.0f %9.1f %9.1f\n", question.name,
                static_cast<unsigned long long>(count), timing.median, timing.worst,
                cpu[cpu.size() / 2], static_cast<double>(bytes) / 1e6,
                static_cast<double>(bytes) / speed * 1000, parts);
    return timing;
}

}  // namespace

int main(int argc, char** argv) {
    const Settings settings = read_settings(argc, argv);
    if (!settings.keep)
        std::filesystem::remove_all(settings.directory);
    IndexOptions options;
    options.directory = settings.directory;
    const auto opening = SteadyClock::now();
    auto opened = Index::open(options);
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
    std::printf("%-44s %10s %9s %9s %8s %8s %9s %9s\n", "rule", "people", "median ms", "worst ms",
                "cpu ms", "MB", "floor ms", "parts ms");

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
