// What a row of history costs: batches of 20,000 rows as the feeder writes them, checkpoints
// included.
#include <benchmark/benchmark.h>

#include "history/duckdb_history.hpp"

namespace qiao::history {

namespace {

Properties sample_properties() {
    return {{"channel", std::string("app")},
            {"product", std::string("sample")},
            {"amount", Decimal::from_scaled(1'285'000)},
            {"page", std::string("home/main")}};
}

HistoryBatch sample_batch(std::uint64_t first, std::size_t rows) {
    static const char* names[] = {"app_open", "fund_detail_view", "balance_view", "transfer_done",
                                  "bill_payment"};
    HistoryBatch batch;
    batch.rows.reserve(rows);
    for (std::uint64_t number = first; number < first + rows; ++number) {
        HistoryRow row;
        row.profile = ProfileId{hash64(std::to_string(number / 5 % 100'000))};
        row.time = row.received_at = time_from_ms(1'790'000'000'000 + static_cast<long>(number));
        row.event = names[number % 5];
        row.source = "key_01KB2N0000000000000000000";
        row.message_id = "m-00001795" + std::to_string(10'000'000 + number);
        row.shard = static_cast<ShardId>(number % shard_count);
        row.offset = number / 100;
        row.ordinal = static_cast<std::uint32_t>(number % 100);
        row.properties = properties_json(sample_properties());
        batch.rows.push_back(std::move(row));
    }
    for (ShardId shard = 0; shard < shard_count; ++shard)
        batch.positions.emplace_back(shard, first + 1);
    return batch;
}

void BM_properties_json(benchmark::State& state) {
    const auto properties = sample_properties();
    for (auto _ : state)
        benchmark::DoNotOptimize(properties_json(properties));
}
BENCHMARK(BM_properties_json);

void BM_write(benchmark::State& state) {
    const auto rows = static_cast<std::size_t>(state.range(0));
    const auto folder = std::filesystem::temp_directory_path() / "qiao-history-bench";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    {
        auto history = *DuckdbHistory::open(folder / "history.duckdb", {});
        std::uint64_t first = 0;
        for (auto _ : state) {
            state.PauseTiming();
            const auto batch = sample_batch(first, rows);
            state.ResumeTiming();
            history->write(batch);
            first += rows;
        }
        state.counters["cpu_per_row"] = benchmark::Counter(
            static_cast<double>(first), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    }
    std::filesystem::remove_all(folder);
}
BENCHMARK(BM_write)->Arg(20'000)->Iterations(60)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_write)->Arg(3'000)->Iterations(200)->Unit(benchmark::kMillisecond);

}  // namespace

}  // namespace qiao::history

BENCHMARK_MAIN();
