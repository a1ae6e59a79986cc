// An engine of the benchmark: it loads the bank and answers the seven questions by numbers that can
// be compared.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bank.hpp"

namespace qiao::bench {

enum class Question { funnel, retention, audience, tags, daily_actives, paths, last_events };
inline constexpr std::array<const char*, 7> question_names = {
    "funnel of four steps in 7 days",    "retention to day 30, 60 daily cohorts",
    "audience: 2 behaviours and 3 tags", "audience: 4 tags",
    "daily actives by channel",          "next three steps after an event",
    "last 50 events of a customer"};

// What the questions ask, in one place for all engines.
namespace asked {
inline constexpr std::array<EventType, 4> steps = {app_open, fund_view, transfer, payment};
inline constexpr std::int64_t window_ms = 7 * day_ms;
inline constexpr int cohorts = 60;  // the last sixty days
inline constexpr int periods = 30;
inline constexpr std::int64_t gap_ms = 30 * 60'000;
inline constexpr int paths = 20;
inline constexpr std::uint32_t customer = 123'456;
inline constexpr std::uint8_t ended = 255;  // in a path: nothing within the gap
}  // namespace asked

// The meaning of the numbers: funnel, how many reached each step · retention, for each cohort who
// came back on each day (0 to periods; days after the end 0) · audience and tags, how many · daily
// actives, by day and channel · paths, the counts of the most frequent, largest first · last
// events, their times, newest first.
using Numbers = std::vector<std::int64_t>;

class Engine {
public:
    virtual ~Engine() = default;
    virtual std::string name() const = 0;
    virtual void load(const Bank& bank) = 0;
    virtual Numbers ask(Question question) = 0;
    // What the last answer took at most, in MB, where an engine counts it; else the process tells.
    virtual double taken_mb() const { return 0; }
};

std::unique_ptr<Engine> make_qiao(const std::string& directory, unsigned threads);
std::unique_ptr<Engine> make_duckdb(const std::string& directory, unsigned threads);
// `library` is libchdb.so: ClickHouse's engine in a process. Throws std::runtime_error without it.
std::unique_ptr<Engine> make_clickhouse(const std::string& directory, unsigned threads,
                                        const std::string& library);

}  // namespace qiao::bench
