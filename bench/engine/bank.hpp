// The bank that every engine of the benchmark loads: customers with tags, and what they did in
// ninety days. Made from a seed, customer by customer, so that any engine can ask for it in its own
// order.
//
// Heavy-tailed: activity is log-normal, event types follow Zipf's law, and events come in visits.
// No two rows of a customer (or of a merged pair) have the same time, so that all engines mean the
// same by "in order".
#pragma once

#include <cstdint>
#include <vector>

namespace qiao::bench {

inline constexpr int event_types = 40;
inline constexpr int days = 90;
inline constexpr std::int64_t day_ms = 86'400'000;
inline constexpr std::int64_t no_amount = INT64_MIN;

// The event types that questions name, by rank.
enum EventType : std::uint8_t {
    page_view,
    app_open,
    payment,
    fund_view,
    login,
    transfer,
    purchase
};

struct Row {
    std::int64_t time_ms = 0;
    std::int64_t amount = no_amount;  // scaled by 10^4; payments and purchases have one
    std::uint8_t event = 0;
    std::uint8_t channel = 0;  // 0 to 3
};

// Ten tags; -1 is missing.
struct Tags {
    std::int16_t level, city, org, age, gender, vip, holdings;
    std::int32_t churn;  // 0 to 9,999
    std::int64_t balance, since_ms;
};

struct BankOptions {
    std::uint32_t customers = 2'000'000;
    std::uint64_t events = 100'000'000;
};

class Bank {
public:
    explicit Bank(BankOptions options);

    std::uint32_t customers() const { return options_.customers; }
    std::int64_t begin_ms() const { return begin_ms_; }  // midnight in Shanghai
    std::int64_t end_ms() const { return begin_ms_ + days * day_ms; }

    // As they were recorded: before merges and erasures.
    void rows(std::uint32_t customer, std::vector<Row>& rows) const;
    Tags tags(std::uint32_t customer) const;

    // One customer in a thousand was merged into the one before, one in two thousand was erased.
    bool is_merged_away(std::uint32_t customer) const { return customer % 1000 == 501; }
    bool is_erased(std::uint32_t customer) const { return customer % 2000 == 1998; }
    bool is_alive(std::uint32_t customer) const {
        return !is_merged_away(customer) && !is_erased(customer);
    }
    // As questions must see them: a living customer's rows with those of the merged, by time.
    void living_rows(std::uint32_t customer, std::vector<Row>& rows) const;

private:
    BankOptions options_;
    std::int64_t begin_ms_ = 0;
    double mean_visits_ = 0;
    std::vector<std::uint8_t> event_of_;  // Zipf's law as a table to draw from
};

}  // namespace qiao::bench
