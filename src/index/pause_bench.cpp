// How long an index takes to open, and how long apply() and snapshot() ever stop while it flushes,
// compacts and forgets the texts of the erased. Works on a copy of the index that audience_bench
// keeps:
//   audience_bench --directory /tmp/bench-index --keep --runs 1
//   pause_bench --directory /tmp/bench-index
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <random>
#include <thread>

#include "index/index.hpp"
#include "runtime/thread_priority.hpp"

namespace qiao::index {
namespace {

using SteadyClock = std::chrono::steady_clock;

double ms_since(SteadyClock::time_point start) {
    return std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count();
}

std::vector<IndexChange> some_changes(const State& state, std::mt19937_64& random,
                                      std::uint64_t& texts) {
    using Kind = IndexChange::Kind;
    const auto profile = [&] {
        return state.profile(static_cast<Dense>(random() % state.customers));
    };
    std::vector<IndexChange> changes;
    for (int i = 0; i < 250; ++i) {
        IndexChange change;
        change.profile = profile();
        if (i == 0) {
            change.kind = Kind::erase;
        } else if (i < 4) {
            change.kind = Kind::merge;
            change.other = profile();
        } else if (i < 50) {
            change.kind = Kind::tag;
            change.name = "city";
            change.value = "city " + std::to_string(random() % 300);
        } else {
            change.name = "event_" + std::to_string(random() % 40);
            change.time = time_from_ms(1'795'000'000'000 + static_cast<std::int64_t>(texts));
            change.properties = {{"amount", Decimal::from_scaled(static_cast<int>(texts % 99))},
                                 {"order", "order " + std::to_string(texts++)}};
        }
        changes.push_back(std::move(change));
    }
    return changes;
}

// What a call took: by the clock, of the processor, and how often its thread gave the processor up
// (waited for a lock or the disk) or was made to (another thread's turn).
struct Took {
    double ms = 0, cpu_ms = 0;
    long waited = 0, preempted = 0;
};

struct Meter {
    static double cpu_ms() {
        timespec time{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    }
    static rusage usage() {
        rusage used{};
        ::getrusage(RUSAGE_THREAD, &used);
        return used;
    }
    Took took() const {
        const auto now = usage();
        return {ms_since(start), cpu_ms() - cpu, now.ru_nvcsw - used.ru_nvcsw,
                now.ru_nivcsw - used.ru_nivcsw};
    }
    rusage used = usage();
    double cpu = cpu_ms();
    SteadyClock::time_point start = SteadyClock::now();
};

struct Waits {
    std::vector<Took> calls;
    void print(const char* what) {
        if (calls.empty())
            return;
        std::sort(calls.begin(), calls.end(),
                  [](const Took& a, const Took& b) { return a.ms < b.ms; });
        std::printf("  %-10s %7zu calls, median %.2f ms, 99.9 %% %.2f ms, longest", what,
                    calls.size(), calls[calls.size() / 2].ms, calls[calls.size() * 999 / 1000].ms);
        for (std::size_t i = calls.size(); i > 0 && i + 3 > calls.size(); --i) {
            const auto& one = calls[i - 1];
            std::printf(" %.1f ms (%.1f of CPU, waited %ld times, made to %ld)", one.ms, one.cpu_ms,
                        one.waited, one.preempted);
        }
        std::printf("\n");
    }
};

// Calls apply() and snapshot() all the time while `work` is done.
template <class Work>
void watch(const char* name, Index& index, Positions& positions, Work work) {
    std::atomic<bool> over{false};
    Waits applies, snapshots;
    std::thread feeder([&] {
        std::mt19937_64 random(7);
        static std::uint64_t texts = 0;
        while (!over) {
            const auto changes = some_changes(*index.snapshot(), random, texts);
            ++positions[0];
            const Meter meter;
            index.apply(changes, positions);
            applies.calls.push_back(meter.took());
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    });
    std::thread asker([&] {
        while (!over) {
            const Meter meter;
            (void)index.snapshot();
            snapshots.calls.push_back(meter.took());
            std::this_thread::sleep_for(std::chrono::microseconds(200));
        }
    });
    const auto start = SteadyClock::now();
    std::thread worker([&] {
        yield_to_others(10);  // as the index's own thread
        work();
    });
    worker.join();
    const auto took = ms_since(start);
    over = true;
    feeder.join();
    asker.join();
    std::printf("%s, %.1f s\n", name, took / 1000);
    applies.print("apply()");
    snapshots.print("snapshot()");
}

}  // namespace
}  // namespace qiao::index

int main(int argc, char** argv) {
    using namespace qiao::index;
    std::filesystem::path directory = "/tmp/bench-index";
    for (int i = 1; i + 1 < argc; ++i)
        if (std::strcmp(argv[i], "--directory") == 0)
            directory = argv[i + 1];
    IndexOptions options;
    options.directory = directory;
    const auto start = SteadyClock::now();
    auto opened = Index::open(options);
    const auto took = ms_since(start);
    if (!opened) {
        std::fprintf(stderr, "%s\n", opened.error().detail.c_str());
        return 1;
    }
    auto& index = **opened;
    const auto state = index.snapshot();
    if (state->customers == 0) {
        std::fprintf(stderr, "there is no index in this directory; see the head of this file\n");
        return 1;
    }
    std::printf("opened %.1f M rows of %.2f M customers in %.0f ms\n",
                static_cast<double>(state->rows()) / 1e6, state->customers / 1e6, took);
    auto positions = state->positions;
    const auto rest = [] { std::this_thread::sleep_for(std::chrono::seconds(3)); };
    watch("nothing else", index, positions, rest);
    watch("flush", index, positions, [&] { index.flush(); });
    watch("compaction, forgetting texts", index, positions, [&] { index.compact(); });
    return 0;
}
