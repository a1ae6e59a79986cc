// What the customer projection costs per event, without the journal and the disk.
#include <benchmark/benchmark.h>

#include "customer/simulated_shards.hpp"

namespace qiao::customer {

namespace {

// A sink: what is emitted and fed is not the measured part.
class NullContext final : public shard::ShardContext {
public:
    ShardId shard() const override { return 0; }
    Time now() const override { return time_from_ms(1'790'000'000'000); }
    std::optional<std::string> get(std::string_view key) override {
        const auto at = state_.find(std::string(key));
        return at == state_.end() ? std::nullopt : std::optional(at->second);
    }
    void put(std::string_view key, std::string_view value) override {
        state_.insert_or_assign(std::string(key), std::string(value));
    }
    void erase(std::string_view key) override { state_.erase(std::string(key)); }
    void scan(std::string_view,
              const std::function<bool(std::string_view, std::string_view)>&) override {}
    void set_timer(std::size_t, std::string_view, Time) override {}
    void cancel_timer(std::size_t, std::string_view) override {}
    void emit(Fact) override {}
    void hand_out(std::string_view, std::string_view, std::string_view) override {}
    void feed(shard::FeedItem item) override { benchmark::DoNotOptimize(item); }

private:
    std::unordered_map<std::string, std::string> state_;
};

std::vector<Fact> logins(std::size_t people) {
    std::vector<Fact> facts;
    for (int n = 0; facts.size() < people; ++n) {
        Fact fact;
        fact.identities = {{"user_id", "customer-" + std::to_string(n), {}},
                           {"anonymous_id", "6f2a4c1e-93b7-4d55-8f00-" + std::to_string(n), {}}};
        fact.name = "fund_detail_view";
        fact.source = "key";
        fact.message_id = "m";
        fact.time = fact.received_at = time_from_ms(1'790'000'000'000);
        if (home_of(fact.identities[0]) == 0)
            facts.push_back(std::move(fact));
    }
    return facts;
}

// The argument: how many people take turns; up to the capacity of the cache they stay decoded.
void apply_event(benchmark::State& state) {
    Customers customers({}, {256});
    NullContext context;
    const auto facts = logins(static_cast<std::size_t>(state.range(0)));
    std::size_t at = 0;
    for (auto _ : state) {
        shard::Applied applied{facts[at++ % facts.size()], {0, at, 0}};
        customers.apply(applied, context);
        benchmark::DoNotOptimize(applied.profile);
        if (at % 1'000 == 0)
            customers.flush(context);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(apply_event)->Arg(50)->Arg(200)->Arg(5'000);

}  // namespace

}  // namespace qiao::customer
BENCHMARK_MAIN();
