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

struct Waits {
    std::vector<double> ms;
    void print(const char* what) {
        if (ms.empty())
            return;
        std::sort(ms.begin(), ms.end());
        std::printf("  %-12s %7zu calls, median %6.2f ms, 99.9 %% %7.2f ms, longest %7.2f ms\n",
                    what, ms.size(), ms[ms.size() / 2], ms[ms.size() * 999 / 1000], ms.back());
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
            const auto start = SteadyClock::now();
            index.apply(changes, positions);
            applies.ms.push_back(ms_since(start));
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    });
    std::thread asker([&] {
        while (!over) {
            const auto start = SteadyClock::now();
            (void)index.snapshot();
            snapshots.ms.push_back(ms_since(start));
            std::this_thread::sleep_for(std::chrono::microseconds(200));
        }
    });
    const auto start = SteadyClock::now();
    work();
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
