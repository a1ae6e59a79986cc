#include <benchmark/benchmark.h>

#include "collect/cloudevents.hpp"
#include "collect/segment.hpp"

namespace {

using namespace qiao;
using namespace qiao::collect;

// Fifty events of about 200 bytes, as a server's SDK sends them: 10 KB.
std::string segment_batch() {
    std::string body = R"({"batch":[)";
    for (int i = 0; i < 50; ++i)
        body +=
            std::string(i ? "," : "") + R"({"type":"track","event":"fund_view","userId":"u-)" +
            std::to_string(1000 + i) + R"(","messageId":"m-)" + std::to_string(100000 + i) +
            R"(","timestamp":"2026-10-01T07:59:00.123Z","properties":{"channel":"app","fund":"00123)" +
            std::to_string(i) + R"(","amount":123.45,"holder":true}})";
    return body + R"(],"sentAt":"2026-10-01T08:00:00.000Z"})";
}

std::string native_batch() {
    std::string body = "[";
    for (int i = 0; i < 50; ++i)
        body +=
            std::string(i ? "," : "") + R"({"specversion":"1.0","id":")" + std::to_string(i) +
            R"(","source":"/core","type":"payment","time":"2026-10-01T07:59:00Z","data":{"user_id":"u-)" +
            std::to_string(i) + R"(","channel":"app","amount":123.45}})";
    return body + "]";
}

const Envelope envelope{{"key_1", "bench"}, time_from_ms(1'790'000'000'000), "127.0.0.1"};

void parse_segment_batch(benchmark::State& state) {
    auto body = segment_batch();
    for (auto _ : state) {
        auto batch = parse_segment(body, SegmentCall::batch, envelope);
        if (!batch || batch->facts.size() != 50)
            state.SkipWithError("the batch did not parse");
        benchmark::DoNotOptimize(batch);
    }
    state.SetItemsProcessed(state.iterations() * 50);
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}
BENCHMARK(parse_segment_batch);

void parse_native_batch(benchmark::State& state) {
    auto body = native_batch();
    for (auto _ : state) {
        auto batch = parse_cloudevents(body, envelope);
        if (!batch || batch->facts.size() != 50)
            state.SkipWithError("the batch did not parse");
        benchmark::DoNotOptimize(batch);
    }
    state.SetItemsProcessed(state.iterations() * 50);
}
BENCHMARK(parse_native_batch);

}  // namespace

BENCHMARK_MAIN();
