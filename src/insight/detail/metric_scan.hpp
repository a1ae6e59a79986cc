// Reads the rows of a metric, a block of customers at a time.
#pragma once

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "insight/detail/rows.hpp"
#include "insight/detail/unit_table.hpp"
#include "insight/metric_engine.hpp"

namespace qiao::insight::detail {

// The cells of the `by`s, in their order; unused ones are `missing`.
using Key = std::array<index::Cell, most_by>;
struct KeyHash {
    std::size_t operator()(const Key& key) const {
        std::uint64_t hash = 0;
        for (const auto cell : key)
            hash = (hash ^ static_cast<std::uint64_t>(cell)) * 0x9E3779B97F4A7C15ull;
        return static_cast<std::size_t>(hash ^ hash >> 32);
    }
};

// Numbers groups from 0 in the order in which they are met. One thread's.
class GroupNumbers {
public:
    static constexpr std::uint32_t none = UINT32_MAX;

    std::uint32_t of(const Key& key);
    const Key& key(std::uint32_t number) const { return keys_[number]; }
    const std::vector<Key>& keys() const { return keys_; }  // by number

private:
    friend class MetricScan;
    std::unordered_map<Key, std::uint32_t, KeyHash> numbers_;
    std::vector<Key> keys_;
    // Where one property splits rows: the number by source and code in the property's dictionary.
    std::vector<std::vector<std::uint32_t>> by_code_;
    // The numbers of the last keys: rows of few groups follow each other in any order.
    struct Known {
        Key key{};
        std::uint32_t number = none;
    };
    std::uint32_t remembered(const Key& key) {
        static_assert(std::tuple_size_v<Key> == 3);
        const auto mixed = static_cast<std::uint64_t>(key[0]) * 0x9E3779B97F4A7C15ull ^
                           static_cast<std::uint64_t>(key[1]) * 0xD6E8FEB86659FD93ull ^
                           static_cast<std::uint64_t>(key[2]) * 0xC2B2AE3D27D4EB4Full;
        auto& known = known_[mixed >> 58];
        if (known.number == none || known.key != key)
            known = {key, of(key)};
        return known.number;
    }
    std::array<Known, 64> known_;
};

class MetricScan {
public:
    // The metric outlives the scan.
    MetricScan(const ResolvedMetric& metric, const index::Snapshot& snapshot,
               const std::vector<Unit>& units);

    // For new customers the one row of a customer is its first event.
    // visit(local customer, number of the group, unit, measured cell).
    template <class Visit>
    void block(GroupNumbers& groups, index::Dense block, const index::BlockBits& people,
               Visit&& visit) const {
        if (metric_.doing.subject == Subject::new_customer)
            return first_events(groups, block, people, visit);
        groups.by_code_.resize(sources_.size());
        for (std::size_t i = 0; i < sources_.size(); ++i)
            rows_of(groups, i, block, people, visit);
    }
    Group group_of(const Key& key) const;

private:
    // The rows of one event in one segment, with the columns that matter.
    struct Rows {
        index::Source source;
        std::array<const index::Column*, most_by> by{};
    };
    struct First {
        std::int64_t time_ms = INT64_MAX;
        const Rows* rows = nullptr;
        std::uint32_t row = 0;
    };
    std::vector<First> firsts_of(index::Dense block, const index::BlockBits& people) const;

    Key customer_key(const Rows& rows, index::Dense customer) const {
        Key key;
        key.fill(index::missing);
        for (std::size_t i = 0; i < metric_.by.size(); ++i)
            if (!by_[i].is_property())
                key[i] = by_[i].at(*rows.source.rows, nullptr, 0, customer);
        return key;
    }
    void add_row(const Rows& rows, std::uint32_t row, Key& key) const {
        for (std::size_t i = 0; i < metric_.by.size(); ++i)
            if (by_[i].is_property())
                key[i] = rows.by[i] ? rows.by[i]->at(row) : index::missing;
    }

    // Chooses how the rows of a source find their group, once for all of them.
    template <class Visit>
    void rows_of(GroupNumbers& groups, std::size_t source, index::Dense block,
                 const index::BlockBits& people, Visit&& visit) const {
        const Rows& rows = sources_[source];
        const auto* only = metric_.by.size() == 1 ? rows.by[0] : nullptr;
        if (only && only->encoding <= index::Encoding::dict16) {
            auto& numbers = groups.by_code_[source];
            numbers.resize(only->dictionary.size(), GroupNumbers::none);
            if (only->encoding == index::Encoding::dict8)
                by_code<std::uint8_t>(groups, numbers.data(), rows, block, people, visit);
            else
                by_code<std::uint16_t>(groups, numbers.data(), rows, block, people, visit);
        } else if (std::none_of(rows.by.begin(), rows.by.end(), [](auto* by) { return by; })) {
            each_row(rows, block, people, visit, [&](index::Dense customer) {
                const auto number = groups.remembered(customer_key(rows, customer));
                return [number](std::uint32_t) { return number; };
            });
        } else {
            each_row(rows, block, people, visit, [&](index::Dense customer) {
                return [this, &groups, &rows,
                        key = customer_key(rows, customer)](std::uint32_t row) mutable {
                    add_row(rows, row, key);
                    return groups.remembered(key);
                };
            });
        }
    }
    template <class Code, class Visit>
    void by_code(GroupNumbers& groups, std::uint32_t* numbers, const Rows& rows, index::Dense block,
                 const index::BlockBits& people, Visit&& visit) const {
        const auto& column = *rows.by[0];
        const auto* codes = static_cast<const Code*>(column.data);
        const auto number = [&groups, &column, codes, numbers](std::uint32_t row) {
            auto& known = numbers[codes[row]];
            if (known == GroupNumbers::none) {
                Key key;
                key.fill(index::missing);
                key[0] = column.dictionary[codes[row]];
                known = groups.of(key);
            }
            return known;
        };
        each_row(rows, block, people, visit, [&](index::Dense) { return number; });
    }
    // group_of(customer)(row): the number of the row's group.
    template <class Visit, class GroupOf>
    void each_row(const Rows& rows, index::Dense block, const index::BlockBits& people,
                  Visit&& visit, GroupOf&& group_of) const {
        const auto& source = rows.source;
        const auto [first, last] = source.rows->runs_of(block);
        for (auto run = first; run < last; ++run) {
            const index::Dense customer = source.rows->run_customer[run];
            const auto local = customer % index::block_size;
            if (!people.has(local))
                continue;
            const auto [begin, end] = index::Scan::within(source, interval_, run, source.whole);
            if (begin == end)
                continue;
            auto number = group_of(customer);
            for (auto row = begin; row < end; ++row)
                if (index::Scan::passes(source, row))
                    visit(local, number(row), units_.of(source.rows->time[row]),
                          source.measured ? source.measured->at(row) : index::missing);
        }
    }

    template <class Visit>
    void first_events(GroupNumbers& groups, index::Dense block, const index::BlockBits& people,
                      Visit&& visit) const {
        const auto firsts = firsts_of(block, people);
        for (std::uint32_t local = 0; local < index::block_size; ++local) {
            const auto& known = firsts[local];
            if (!known.rows || !units_.holds(known.time_ms))
                continue;
            Key key = customer_key(*known.rows, block * index::block_size + local);
            add_row(*known.rows, known.row, key);
            visit(local, groups.remembered(key), units_.of(known.time_ms), index::missing);
        }
    }

    const ResolvedMetric& metric_;
    UnitTable units_;
    rule::Interval interval_;
    std::vector<Rows> sources_;
    std::array<ByColumn, most_by> by_;
};

}  // namespace qiao::insight::detail
