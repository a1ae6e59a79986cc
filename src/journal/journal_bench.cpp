// Durable appends per second: the core of the intake benchmark, without HTTP and JSON.
//
//   journal_bench [seconds] [producers] [in flight per producer] [facts per batch] [directory]
//
// Each producer keeps some batches of about 10 KB in flight, as a connection of a collector would.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "journal/journal.hpp"

namespace qiao::journal {

namespace {

using Steady = std::chrono::steady_clock;

struct Plan {
    int seconds = 10;
    int producers = 2;
    int in_flight = 16;
    int batch_facts = 50;
    std::filesystem::path directory;
};

Fact make_fact(std::uint64_t number, int producer, Time now) {
    Fact fact;
    fact.time = fact.received_at = now;
    fact.source = "wk_01J0000000";
    fact.message_id =
        "ajs-next-" + std::to_string(producer) + "-0123456789abcdef-" + std::to_string(number);
    fact.name = "product_viewed";
    fact.identities = {
        {"user_id", "customer-" + std::to_string(hash64(fact.message_id) % 1'000'000), ""}};
    fact.properties = {{"product", std::string("fixed-deposit-12m")},
                       {"amount", Decimal::from_scaled(static_cast<std::int64_t>(number) * 100)},
                       {"page.url", std::string("https://bank.example/deposits/fixed?from=home")},
                       {"channel", std::string("mobile")},
                       {"new_customer", false}};
    return fact;
}

std::vector<Fact> make_batch(std::uint64_t first, int producer, int facts, Time now) {
    std::vector<Fact> batch;
    batch.reserve(static_cast<std::size_t>(facts));
    for (int i = 0; i < facts; ++i)
        batch.push_back(make_fact(first + static_cast<std::uint64_t>(i), producer, now));
    return batch;
}

double cpu_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

long resident_mb() {
    std::ifstream statm("/proc/self/statm");
    long total = 0;
    long resident = 0;
    statm >> total >> resident;
    return resident * sysconf(_SC_PAGESIZE) / (1 << 20);
}

class Producer {
public:
    Producer(Journal& journal, const Plan& plan, int number)
        : journal_(journal), plan_(plan), number_(number), slots_(plan.in_flight) {}

    void run(Steady::time_point end) {
        std::uint64_t next = 0;
        const SystemClock clock;
        while (Steady::now() < end) {
            slots_.acquire();
            auto batch = make_batch(next, number_, plan_.batch_facts, clock.now());
            next += static_cast<std::uint64_t>(plan_.batch_facts);
            const auto started = Steady::now();
            journal_.append(std::move(batch), [this, started](Result<Appended> appended) {
                if (appended) {
                    accepted_ += appended->accepted;
                    took_us_.push_back(static_cast<std::uint32_t>(
                        std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() -
                                                                              started)
                            .count()));
                } else {
                    ++refused_;
                }
                slots_.release();
            });
        }
        for (int i = 0; i < plan_.in_flight; ++i)
            slots_.acquire();
    }

    // After run(). The committer alone wrote them before it released the last slot.
    std::uint64_t accepted() const { return accepted_; }
    std::uint64_t refused() const { return refused_; }
    const std::vector<std::uint32_t>& took_us() const { return took_us_; }

private:
    Journal& journal_;
    const Plan& plan_;
    int number_;
    std::counting_semaphore<> slots_;
    std::uint64_t accepted_ = 0;
    std::uint64_t refused_ = 0;
    std::vector<std::uint32_t> took_us_;
};

double generation_us(const Plan& plan) {
    const auto before = cpu_seconds();
    std::size_t facts = 0;
    for (int i = 0; i < 2'000; ++i)
        facts += make_batch(static_cast<std::uint64_t>(i), 0, plan.batch_facts, Time{}).size();
    return (cpu_seconds() - before) * 1e6 / static_cast<double>(facts);
}

void report(std::vector<std::unique_ptr<Producer>>& producers, double seconds, double cpu,
            double generation, std::uint64_t commits) {
    std::uint64_t facts = 0;
    std::uint64_t refused = 0;
    std::vector<std::uint32_t> took;
    for (const auto& producer : producers) {
        facts += producer->accepted();
        refused += producer->refused();
        took.insert(took.end(), producer->took_us().begin(), producer->took_us().end());
    }
    if (took.empty())
        return;
    std::sort(took.begin(), took.end());
    const auto at = [&](double share) {
        return took[static_cast<std::size_t>(share * static_cast<double>(took.size() - 1))] /
               1000.0;
    };
    std::printf("%.0f events/s durable (%llu events, %llu batches refused)\n",
                static_cast<double>(facts) / seconds, static_cast<unsigned long long>(facts),
                static_cast<unsigned long long>(refused));
    std::printf("batches per sync %.1f; ack p50 %.2f ms, p99 %.2f ms, max %.2f ms\n",
                static_cast<double>(took.size()) / static_cast<double>(commits), at(0.5), at(0.99),
                at(1));
    std::printf(
        "CPU %.2f us/event in all, of which making the facts %.2f; %.2f cores; RSS %ld MB\n",
        cpu * 1e6 / static_cast<double>(facts), generation, cpu / seconds, resident_mb());
}

void run(const Plan& plan) {
    const SystemClock clock;
    Metrics metrics;
    auto store = Store::open(plan.directory, {}, clock);
    if (!store) {
        std::fprintf(stderr, "%s\n", store.error().detail.c_str());
        std::exit(1);
    }
    const auto generation = generation_us(plan);
    Journal journal(**store, clock, metrics);
    std::vector<std::unique_ptr<Producer>> producers;
    for (int i = 0; i < plan.producers; ++i)
        producers.push_back(std::make_unique<Producer>(journal, plan, i));
    const auto cpu = cpu_seconds();
    const auto started = Steady::now();
    const auto end = started + std::chrono::seconds(plan.seconds);
    std::vector<std::thread> threads;
    for (auto& producer : producers)
        threads.emplace_back([&] { producer->run(end); });
    for (auto& thread : threads)
        thread.join();
    const auto seconds = std::chrono::duration<double>(Steady::now() - started).count();
    report(producers, seconds, cpu_seconds() - cpu, generation,
           metrics.counter("qiao_journal_commits_total", "").value());
}

}  // namespace

}  // namespace qiao::journal

int main(int count, char** words) {
    qiao::journal::Plan plan;
    if (count > 1)
        plan.seconds = std::atoi(words[1]);
    if (count > 2)
        plan.producers = std::atoi(words[2]);
    if (count > 3)
        plan.in_flight = std::atoi(words[3]);
    if (count > 4)
        plan.batch_facts = std::atoi(words[4]);
    plan.directory = count > 5 ? std::filesystem::path(words[5])
                               : std::filesystem::temp_directory_path() /
                                     ("qiao-journal-bench-" + std::to_string(getpid()));
    qiao::journal::run(plan);
    std::filesystem::remove_all(plan.directory);
}
