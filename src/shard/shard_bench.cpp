// How fast shards apply what waits in the journal, with a small projection: read, count, write,
// feed.
//
//   shard_bench [facts] [customers] [threads]
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <unordered_map>

#include "shard/shards.hpp"

namespace qiao::shard {

namespace {

class Counting final : public Projection {
public:
    std::string_view name() const override { return "counting"; }
    void apply(Applied& applied, ShardContext& context) override {
        const auto& user = applied.fact.identities.front().value;
        auto& counts = cache_[context.shard()];
        auto found = counts.find(user);
        if (found == counts.end()) {
            const auto stored = context.get("c" + user);
            found = counts.emplace(user, stored ? std::stoi(*stored) : 0).first;
        }
        ++found->second;
        context.feed({FeedItem::Kind::row,
                      profile_of_first(applied.fact.identities.front()),
                      {},
                      applied.at.ordinal,
                      "",
                      {}});
    }
    void flush(ShardContext& context) override {
        auto& counts = cache_[context.shard()];
        for (const auto& [user, count] : counts)
            context.put("c" + user, std::to_string(count));
        counts.clear();
    }
    void discard(ShardId shard) override { cache_[shard].clear(); }

private:
    std::array<std::unordered_map<std::string, int>, shard_count> cache_;
};

std::vector<Fact> batch_of(int first, int facts, int customers) {
    std::vector<Fact> batch;
    for (int i = first; i < first + facts; ++i) {
        auto& fact = batch.emplace_back();
        fact.source = "web";
        fact.message_id = "m" + std::to_string(i);
        fact.name = "product_viewed";
        fact.identities = {
            {"user_id", "customer-" + std::to_string(hash64(fact.message_id) % customers), ""}};
        fact.properties = {{"product", std::string("fixed-deposit-12m")},
                           {"amount", Decimal::from_scaled(i)},
                           {"page.url", std::string("https://bank.example/deposits/fixed")},
                           {"channel", std::string("mobile")}};
    }
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

void run(int facts, int customers, unsigned threads) {
    const auto directory =
        std::filesystem::temp_directory_path() / ("qiao-shard-bench-" + std::to_string(getpid()));
    const SystemClock clock;
    Metrics metrics;
    auto store = journal::Store::open(directory, {}, clock);
    if (!store) {
        std::fprintf(stderr, "%s\n", store.error().detail.c_str());
        return;
    }
    {
        journal::Journal journal(**store, clock, metrics);
        constexpr int batch = 1'000;
        for (int i = 0; i < facts; i += batch)
            if (!journal.append_and_wait(batch_of(i, batch, customers)))
                return;
        Counting counting;
        Shards shards(**store, journal, clock, metrics, {&counting}, threads);
        const auto cpu = cpu_seconds();
        const auto started = std::chrono::steady_clock::now();
        shards.start();
        if (!shards.wait_applied(std::chrono::minutes(10)))
            return;
        const auto took =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
        std::printf("%.0f facts/s applied on %u threads, CPU %.2f us/fact\n", facts / took, threads,
                    (cpu_seconds() - cpu) * 1e6 / facts);
    }
    store->reset();
    std::filesystem::remove_all(directory);
}

}  // namespace

}  // namespace qiao::shard

int main(int count, char** words) {
    qiao::shard::run(count > 1 ? std::atoi(words[1]) : 1'000'000,
                     count > 2 ? std::atoi(words[2]) : 100'000,
                     count > 3 ? static_cast<unsigned>(std::atoi(words[3])) : 2);
}
