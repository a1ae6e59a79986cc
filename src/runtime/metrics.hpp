// Process metrics in Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats).
//
// A Counter or Gauge lives as long as the Metrics that made it; add() and set() are lock-free.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>

namespace qiao {

class Counter {
public:
    void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

class Metrics {
public:
    // `name` with labels as Prometheus writes them: `qiao_facts_total{source="segment"}`.
    Counter& counter(std::string name, std::string help);
    // A gauge is read when scraped; `read` must be thread-safe.
    void gauge(std::string name, std::string help, std::function<double()> read);
    std::string text() const;

private:
    struct NamedCounter {
        std::string name, help;
        Counter counter;
    };
    struct NamedGauge {
        std::string name, help;
        std::function<double()> read;
    };
    mutable std::mutex mutex_;
    std::deque<NamedCounter> counters_;
    std::deque<NamedGauge> gauges_;
};

}  // namespace qiao
