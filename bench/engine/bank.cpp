#include "bank.hpp"

#include <algorithm>
#include <cmath>

#include "base/time.hpp"

namespace qiao::bench {

namespace {

constexpr double events_a_visit = 6;
constexpr std::int64_t longest_pause_ms = 240'000;

// SplitMix64 (Steele, Lea, Flood 2014): a stream for every customer.
struct Random {
    std::uint64_t state;
    std::uint64_t next() {
        state += 0x9E3779B97F4A7C15ull;
        std::uint64_t mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9ull;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBull;
        return mixed ^ (mixed >> 31);
    }
    std::uint64_t below(std::uint64_t limit) {
        return static_cast<std::uint64_t>(static_cast<unsigned __int128>(next()) * limit >> 64);
    }
    double real() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
    double normal() {  // Box and Muller
        const double radius = std::sqrt(-2 * std::log(1 - real()));
        return radius * std::cos(2 * M_PI * real());
    }
};

Random stream(std::uint64_t customer, std::uint64_t purpose) {
    Random seed{customer * 2 + purpose};
    return {seed.next()};
}

}  // namespace

Bank::Bank(BankOptions options) : options_(options) {
    begin_ms_ = to_ms(*parse_time("2026-08-24T00:00:00+08:00"));
    constexpr double sigma = 1.2;
    const double mean = static_cast<double>(options_.events) / options_.customers / events_a_visit;
    mean_visits_ = mean / std::exp(sigma * sigma / 2);
    double harmonic = 0;
    for (int rank = 0; rank < event_types; ++rank)
        harmonic += 1.0 / (rank + 1);
    event_of_.resize(4096);
    double until = 0;
    std::size_t at = 0;
    for (int rank = 0; rank < event_types; ++rank) {
        until += 4096 / harmonic / (rank + 1);
        while (at < event_of_.size() && static_cast<double>(at) < until)
            event_of_[at++] = static_cast<std::uint8_t>(rank);
    }
    while (at < event_of_.size())
        event_of_[at++] = event_types - 1;
}

void Bank::rows(std::uint32_t customer, std::vector<Row>& rows) const {
    rows.clear();
    auto random = stream(customer, 0);
    const double visits = mean_visits_ * std::exp(1.2 * random.normal()) + random.real();
    for (int visit = 0; visit < static_cast<int>(visits); ++visit) {
        std::int64_t time = static_cast<std::int64_t>(random.below(days * day_ms));
        const auto count = 1 + random.below(2 * static_cast<std::uint64_t>(events_a_visit) - 1);
        const auto channel = static_cast<std::uint8_t>(std::min<std::uint64_t>(random.below(6), 3));
        for (std::uint64_t i = 0; i < count && time < days * day_ms; ++i) {
            Row row;
            row.time_ms = begin_ms_ + time;
            row.event = event_of_[random.below(4096)];
            row.channel = channel;
            if (row.event == payment || row.event == purchase)
                row.amount = static_cast<std::int64_t>(random.below(500'000)) * 100;
            rows.push_back(row);
            time += 1000 + static_cast<std::int64_t>(random.below(longest_pause_ms));
        }
    }
    std::sort(rows.begin(), rows.end(),
              [](const Row& a, const Row& b) { return a.time_ms < b.time_ms; });
    // Even customers have even times, odd ones odd: a merged pair never meets.
    std::int64_t last = 0;
    for (auto& row : rows) {
        row.time_ms = std::max((row.time_ms & ~std::int64_t{1}) | (customer & 1), last + 2);
        last = row.time_ms;
    }
    while (!rows.empty() && rows.back().time_ms >= end_ms())
        rows.pop_back();
}

void Bank::living_rows(std::uint32_t customer, std::vector<Row>& rows) const {
    this->rows(customer, rows);
    if (customer + 1 >= customers() || !is_merged_away(customer + 1))
        return;
    std::vector<Row> more;
    this->rows(customer + 1, more);
    rows.insert(rows.end(), more.begin(), more.end());
    std::sort(rows.begin(), rows.end(),
              [](const Row& a, const Row& b) { return a.time_ms < b.time_ms; });
}

Tags Bank::tags(std::uint32_t customer) const {
    auto random = stream(customer, 1);
    const auto number = [&](std::uint64_t limit) {
        return static_cast<std::int16_t>(random.below(limit));
    };
    Tags tags{};
    tags.level = std::min(number(6), number(6));
    tags.city = random.below(10) == 0 ? std::int16_t{-1} : number(300);
    tags.org = number(80);
    tags.age = static_cast<std::int16_t>(18 + number(70));
    tags.gender = number(2);
    tags.vip = random.below(20) == 0 ? 1 : 0;
    tags.holdings = number(12);
    tags.churn = static_cast<std::int32_t>(random.below(10'000));
    tags.balance = static_cast<std::int64_t>(random.below(100'000'000)) * 100;
    tags.since_ms = begin_ms_ - static_cast<std::int64_t>(random.below(3000)) * day_ms;
    return tags;
}

}  // namespace qiao::bench
