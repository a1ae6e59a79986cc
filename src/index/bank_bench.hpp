// A bank of any size for benchmarks: heavy-tailed, ninety days or as many as told, loaded into an
// index directly and compacted as in a running bank.
//
// Event types by Zipf's law, customers by a log-normal activity, ten tags.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <random>
#include <thread>

#include "index/index.hpp"
#include "index/plan.hpp"

namespace qiao::index::bench {

using SteadyClock = std::chrono::steady_clock;

inline constexpr int event_types = 40;
inline constexpr std::int64_t day_ms = 86'400'000;
inline const Time as_of = *parse_time("2026-11-22T09:30:00+08:00");

struct Settings {
    Dense customers = 2'000'000;
    std::uint64_t events = 100'000'000;
    unsigned threads = 2;
    int runs = 15;
    int days = 90;         // over which events are spread
    int period_days = 92;  // of a file; 0: all in one
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

inline const char* named_events[] = {
    "page_view",      "app_open",      "payment",       "fund_detail_view", "login",
    "transfer_start", "transfer_done", "fund_purchase", "deposit_view",     "message_opened"};

inline std::string event_name(int rank) {
    return rank < 10 ? named_events[rank] : "event_" + std::to_string(rank);
}

inline std::vector<float> activity(Dense customers, Random& random) {
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

inline BulkEvent make_event(int rank, double rows, const std::vector<float>& weights, int days,
                            Strings& strings, Random& random) {
    BulkEvent made;
    made.event = event_name(rank);
    made.customer.reserve(static_cast<std::size_t>(rows * 1.01));
    made.time_ms.reserve(static_cast<std::size_t>(rows * 1.01));
    for (Dense customer = 0; customer < weights.size(); ++customer) {
        const auto count = static_cast<std::uint64_t>(weights[customer] * rows + random.real());
        const std::size_t first = made.time_ms.size();
        for (std::uint64_t i = 0; i < count; ++i) {
            made.customer.push_back(customer);
            made.time_ms.push_back(to_ms(as_of) - static_cast<std::int64_t>(random.below(
                                                      static_cast<std::uint64_t>(days * day_ms))));
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

inline std::vector<BulkTag> make_tags(Dense customers, Strings& strings, Random& random) {
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

// What both threads used together: on a machine that others use too, it says more than the clock.
inline double cpu_ms() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

inline double ms_since(SteadyClock::time_point start) {
    return std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count();
}

// Bytes per second that the machine reads with so many threads: the floor of every question.
inline double bandwidth(unsigned threads) {
    const std::size_t words = 8u << 20;
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

inline std::size_t resident_mb() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("RssAnon:"))
            return std::stoul(line.substr(8)) / 1024;
    return 0;
}

inline Settings read_settings(int argc, char** argv) {
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
        if (name == "--days")
            settings.days = std::atoi(value);
        if (name == "--period")
            settings.period_days = std::atoi(value);
        if (name == "--only")
            settings.only = value;
        if (name == "--directory")
            settings.directory = value;
    }
    return settings;
}

inline IndexOptions options_of(const Settings& settings) {
    IndexOptions options;
    options.directory = settings.directory;
    options.period = std::chrono::days(settings.period_days > 0 ? settings.period_days : 100'000);
    return options;
}

inline void load(Index& index, const Settings& settings) {
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
                               weights, settings.days, index.strings(), random);
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
    const auto compacting = SteadyClock::now();
    index.compact();
    std::printf("compacted into %zu files in %.1f s\n", index.snapshot()->segments.size(),
                ms_since(compacting) / 1000);
}

}  // namespace qiao::index::bench
