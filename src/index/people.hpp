// A set of customers of one snapshot, by dense id: one bit each.
//
// Dense ids count customers from 0 in the order in which the index met them. At bank size (2 M
// customers: 250 kB) plain words beat compressed bitmaps for every operation that rules need.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "base/check.hpp"

namespace qiao::index {

using Dense = std::uint32_t;

class People {
public:
    People() = default;
    explicit People(Dense universe) : universe_(universe), words_((universe + 63) / 64) {}

    Dense universe() const { return universe_; }
    bool contains(Dense id) const {
        return id < universe_ && ((words_[id / 64] >> (id % 64)) & 1u) != 0;
    }
    void add(Dense id) { words_[id / 64] |= std::uint64_t{1} << (id % 64); }
    void remove(Dense id) { words_[id / 64] &= ~(std::uint64_t{1} << (id % 64)); }

    std::uint64_t count() const {
        std::uint64_t total = 0;
        for (const auto word : words_)
            total += static_cast<unsigned>(std::popcount(word));
        return total;
    }
    // Calls visit(Dense) in ascending order until it answers false.
    template <class Visit>
    void each(Visit&& visit) const {
        for (std::size_t i = 0; i < words_.size(); ++i) {
            for (auto word = words_[i]; word != 0; word &= word - 1) {
                if (!visit(static_cast<Dense>(i * 64 + std::countr_zero(word))))
                    return;
            }
        }
    }
    // Up to `limit` members, spread evenly over the set; the same set gives the same sample.
    std::vector<Dense> sample(std::size_t limit) const {
        const std::uint64_t total = count();
        std::vector<Dense> picked;
        if (limit == 0 || total == 0)
            return picked;
        const std::uint64_t wanted = std::min<std::uint64_t>(limit, total);
        std::uint64_t rank = 0;
        each([&](Dense id) {
            if (rank++ == picked.size() * total / wanted)
                picked.push_back(id);
            return picked.size() < wanted;
        });
        return picked;
    }

    People& operator&=(const People& other) {
        check(universe_ == other.universe_);
        for (std::size_t i = 0; i < words_.size(); ++i)
            words_[i] &= other.words_[i];
        return *this;
    }
    People& operator|=(const People& other) {
        check(universe_ == other.universe_);
        for (std::size_t i = 0; i < words_.size(); ++i)
            words_[i] |= other.words_[i];
        return *this;
    }
    People& operator-=(const People& other) {
        check(universe_ == other.universe_);
        for (std::size_t i = 0; i < words_.size(); ++i)
            words_[i] &= ~other.words_[i];
        return *this;
    }
    friend bool operator==(const People&, const People&) = default;

    std::vector<std::uint64_t>& words() { return words_; }
    const std::vector<std::uint64_t>& words() const { return words_; }

private:
    Dense universe_ = 0;
    std::vector<std::uint64_t> words_;
};

// Rules are evaluated block by block of customers: the unit of parallel work and of pruning.
inline constexpr Dense block_size = 4096;
inline constexpr std::size_t block_words = block_size / 64;
inline Dense block_count(Dense customers) { return (customers + block_size - 1) / block_size; }

struct BlockBits {
    std::uint64_t words[block_words] = {};

    bool has(std::uint32_t local) const { return ((words[local / 64] >> (local % 64)) & 1u) != 0; }
    void set(std::uint32_t local) { words[local / 64] |= std::uint64_t{1} << (local % 64); }
    void put(std::uint32_t local, bool value) {
        const auto bit = std::uint64_t{1} << (local % 64);
        words[local / 64] = value ? words[local / 64] | bit : words[local / 64] & ~bit;
    }
    bool none() const {
        return std::all_of(std::begin(words), std::end(words),
                           [](std::uint64_t word) { return word == 0; });
    }
    std::uint32_t count() const {
        std::uint32_t total = 0;
        for (const auto word : words)
            total += static_cast<unsigned>(std::popcount(word));
        return total;
    }
    template <class Visit>
    void each(Visit&& visit) const {
        for (std::size_t i = 0; i < block_words; ++i)
            for (auto word = words[i]; word != 0; word &= word - 1)
                visit(static_cast<std::uint32_t>(i * 64 + std::countr_zero(word)));
    }
    BlockBits& operator&=(const BlockBits& other) {
        for (std::size_t i = 0; i < block_words; ++i)
            words[i] &= other.words[i];
        return *this;
    }
    BlockBits& operator|=(const BlockBits& other) {
        for (std::size_t i = 0; i < block_words; ++i)
            words[i] |= other.words[i];
        return *this;
    }
    BlockBits& operator-=(const BlockBits& other) {
        for (std::size_t i = 0; i < block_words; ++i)
            words[i] &= ~other.words[i];
        return *this;
    }
};

}  // namespace qiao::index
