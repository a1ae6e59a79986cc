// Qiao's index against ClickHouse's engine and DuckDB on the same rows, in one process and one run:
// engine_bench [--customers N] [--events N] [--threads N] [--runs N] [--directory DIR]
// [--clickhouse LIBCHDB.SO] [--only ENGINE].
//
// Loads all engines, checks that their answers agree, then interleaves the questions and prints, as
// a table for bench/RESULTS.md, the median time, CPU time and ratio of each.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "engine.hpp"

namespace {

using namespace qiao::bench;
using Clock = std::chrono::steady_clock;

struct Settings {
    BankOptions bank;
    unsigned threads = 2;
    int runs = 7;
    std::string directory = "build/bench-engine";
    std::string clickhouse = "build/deps/chdb/libchdb.so";
    std::string only;
};

Settings read_settings(int argc, char** argv) {
    Settings settings;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string name = argv[i], value = argv[i + 1];
        if (name == "--customers")
            settings.bank.customers = static_cast<std::uint32_t>(std::stoul(value));
        else if (name == "--events")
            settings.bank.events = std::stoull(value);
        else if (name == "--threads")
            settings.threads = static_cast<unsigned>(std::stoul(value));
        else if (name == "--runs")
            settings.runs = std::stoi(value);
        else if (name == "--directory")
            settings.directory = value;
        else if (name == "--clickhouse")
            settings.clickhouse = value;
        else if (name == "--only")
            settings.only = value;
    }
    return settings;
}

double cpu_ms() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

double size_mb(const std::string& directory) {
    std::uintmax_t bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory))
        if (entry.is_regular_file())
            bytes += entry.file_size();
    return static_cast<double>(bytes) / 1e6;
}

struct Contender {
    std::unique_ptr<Engine> engine;
    std::string directory;
    std::array<std::vector<double>, question_names.size()> times, cpu, memory;
};

std::vector<Contender> load(const Settings& settings, const Bank& bank) {
    using Make = std::function<std::unique_ptr<Engine>(const std::string&)>;
    const std::pair<const char*, Make> makers[] = {
        {"qiao", [&](const auto& directory) { return make_qiao(directory, settings.threads); }},
        {"clickhouse",
         [&](const auto& directory) {
             return make_clickhouse(directory, settings.threads, settings.clickhouse);
         }},
        {"duckdb",
         [&](const auto& directory) { return make_duckdb(directory, settings.threads); }}};
    std::vector<Contender> contenders;
    for (const auto& [name, make] : makers) {
        if (!settings.only.empty() && settings.only != name)
            continue;
        Contender one;
        one.directory = settings.directory + "/" + name;
        std::filesystem::remove_all(one.directory);
        one.engine = make(one.directory);
        const auto start = Clock::now();
        one.engine->load(bank);
        std::printf("%-24s loaded in %6.1f s, %6.0f MB of files\n", one.engine->name().c_str(),
                    ms_since(start) / 1000, size_mb(one.directory));
        std::fflush(stdout);
        contenders.push_back(std::move(one));
    }
    return contenders;
}

// The answers of all must be equal, else the times mean nothing.
bool agree(std::vector<Contender>& contenders) {
    bool all = true;
    for (std::size_t q = 0; q < question_names.size(); ++q) {
        const auto wanted = contenders.front().engine->ask(static_cast<Question>(q));
        std::printf("  %-40s %zu numbers, the first %lld\n", question_names[q], wanted.size(),
                    wanted.empty() ? 0LL : static_cast<long long>(wanted.front()));
        for (std::size_t i = 1; i < contenders.size(); ++i) {
            const auto answer = contenders[i].engine->ask(static_cast<Question>(q));
            const auto differs =
                std::mismatch(wanted.begin(), wanted.end(), answer.begin(), answer.end());
            if (differs.first == wanted.end() && differs.second == answer.end())
                continue;
            all = false;
            std::printf("DIFFERENT: %s answers %zu numbers; at %zu",
                        contenders[i].engine->name().c_str(), answer.size(),
                        static_cast<std::size_t>(differs.first - wanted.begin()));
            if (differs.first != wanted.end() && differs.second != answer.end())
                std::printf(": %lld instead of %lld", static_cast<long long>(*differs.second),
                            static_cast<long long>(*differs.first));
            std::printf("\n");
        }
    }
    return all;
}

// Of /proc/self/status, in MB.
double status_mb(const std::string& name) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(name))
            return std::stod(line.substr(name.size())) / 1024;
    return 0;
}
// The highest level of resident memory is forgotten, so that the next one is a question's own.
void forget_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

// Processors that have slept for long take a tenth of a millisecond until they are at full speed,
// as those of a server that is asked all day do not.
void keep_awake(unsigned threads) {
    const auto until = Clock::now() + std::chrono::milliseconds(3);
    std::vector<std::thread> spinning(threads);
    for (auto& thread : spinning)
        thread = std::thread([until] {
            while (Clock::now() < until) {
            }
        });
    for (auto& thread : spinning)
        thread.join();
}

// Until the process is quiet: nobody pays for what another's threads still put away.
void come_to_rest() {
    constexpr double quiet = 0.5;  // ms of processor time in 10 ms
    for (int tries = 0; tries < 300; ++tries) {
        const double before = cpu_ms();
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        if (cpu_ms() - before < quiet)
            return;
    }
}

void measure(std::vector<Contender>& contenders, const Settings& settings) {
    for (int run = 0; run < settings.runs; ++run)
        for (std::size_t q = 0; q < question_names.size(); ++q)
            for (auto& one : contenders) {
                come_to_rest();
                forget_peak();
                const double resident = status_mb("VmRSS:");
                keep_awake(settings.threads);
                const auto start = Clock::now();
                const double cpu = cpu_ms();
                one.engine->ask(static_cast<Question>(q));
                one.times[q].push_back(ms_since(start));
                one.cpu[q].push_back(cpu_ms() - cpu);
                one.memory[q].push_back(
                    std::max(one.engine->taken_mb(), status_mb("VmHWM:") - resident));
            }
}

void print_head(const std::vector<Contender>& contenders, const char* what, std::size_t ratios) {
    std::printf("\n| question |");
    for (const auto& one : contenders)
        std::printf(" %s %s |", one.engine->name().c_str(), what);
    for (std::size_t i = 0; i < ratios; ++i)
        std::printf(" × |");
    std::printf("\n| --- |");
    for (std::size_t i = 0; i < contenders.size() + ratios; ++i)
        std::printf(" --- |");
    std::printf("\n");
}

void print(const std::vector<Contender>& contenders) {
    print_head(contenders, "ms (CPU)", contenders.size() - 1);
    for (std::size_t q = 0; q < question_names.size(); ++q) {
        std::printf("| %s |", question_names[q]);
        const double ours = median(contenders.front().times[q]);
        for (const auto& one : contenders)
            std::printf(" %.2f (%.2f) |", median(one.times[q]), median(one.cpu[q]));
        for (std::size_t i = 1; i < contenders.size(); ++i)
            std::printf(" %.1f |", median(contenders[i].times[q]) / ours);
        std::printf("\n");
    }
    print_head(contenders, "MB more than at rest", 0);
    for (std::size_t q = 0; q < question_names.size(); ++q) {
        std::printf("| %s |", question_names[q]);
        for (const auto& one : contenders)
            std::printf(" %.1f |", median(one.memory[q]));
        std::printf("\n");
    }
}

int run(const Settings& settings) {
    const Bank bank(settings.bank);
    std::printf("%u customers, about %llu events, %u threads, %d runs\n", settings.bank.customers,
                static_cast<unsigned long long>(settings.bank.events), settings.threads,
                settings.runs);
    auto contenders = load(settings, bank);
    std::printf("answers:\n");
    if (!agree(contenders))
        return 1;
    measure(contenders, settings);
    print(contenders);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(read_settings(argc, argv));
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "%s\n", fault.what());
        return 1;
    }
}
