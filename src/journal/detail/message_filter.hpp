// Which message hashes may have come before: never wrong about one that has, now and then about
// one that has not.
//
// Blocked Bloom filters (Putze, Sanders and Singler 2007): the eight bits of a hash lie in one
// cache line, one in each of its words. They form a chain, each twice as large as the one before
// (Almeida and others 2007), so that memory follows what has come: 12 bits a message, and one new
// message in a hundred taken for an old one by each filter that is full. Once `most_bytes` are
// used, every hash may have come.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "journal/detail/append.hpp"

namespace qiao::journal::detail {

class MessageFilter {
public:
    explicit MessageFilter(std::size_t most_bytes) : most_bytes_(most_bytes) {}
    // One that knows nothing, for which every hash may have come.
    static MessageFilter full() {
        MessageFilter filter(0);
        filter.is_full_ = true;
        return filter;
    }

    void add(const MessageHash& hash) {
        if (is_full_)
            return;
        if (layers_.empty() || layers_.back().added >= layers_.back().capacity())
            grow();
        if (is_full_)
            return;
        auto& layer = layers_.back();
        auto& block = layer.block_of(hash);
        for (unsigned word = 0; word < words; ++word)
            block[word] |= bit_of(hash, word);
        ++layer.added;
    }

    bool may_hold(const MessageHash& hash) const {
        if (is_full_)
            return true;
        for (const auto& layer : layers_)
            if (layer.may_hold(hash))
                return true;
        return false;
    }

    // Brings what may_hold() reads into the processor's cache.
    void prefetch(const MessageHash& hash) const {
        for (const auto& layer : layers_)
            __builtin_prefetch(&layer.block_of(hash));
    }

    // Takes over what another one holds.
    void adopt(MessageFilter&& other) {
        is_full_ = is_full_ || other.is_full_;
        layers_.insert(layers_.begin(), std::make_move_iterator(other.layers_.begin()),
                       std::make_move_iterator(other.layers_.end()));
        if (bytes() > most_bytes_)
            is_full_ = true;
        if (is_full_)
            layers_ = {};
    }

    bool is_full() const { return is_full_; }
    std::size_t bytes() const {
        std::size_t bytes = 0;
        for (const auto& layer : layers_)
            bytes += layer.blocks.size() * sizeof(Block);
        return bytes;
    }

private:
    static constexpr unsigned words = 8;
    static constexpr std::size_t bits_per_message = 12;
    static constexpr std::size_t first_blocks = 4096;  // for 170,000 messages
    struct alignas(64) Block : std::array<std::uint64_t, words> {};

    static std::uint64_t bit_of(const MessageHash& hash, unsigned word) {
        return std::uint64_t{1} << (hash.low >> (6 * word) & 63);
    }

    struct Layer {
        std::vector<Block> blocks;  // a power of two
        std::size_t added = 0;

        std::size_t capacity() const {
            return blocks.size() * sizeof(Block) * 8 / bits_per_message;
        }
        std::size_t place_of(const MessageHash& hash) const {
            return hash.high & (blocks.size() - 1);
        }
        Block& block_of(const MessageHash& hash) { return blocks[place_of(hash)]; }
        const Block& block_of(const MessageHash& hash) const { return blocks[place_of(hash)]; }
        bool may_hold(const MessageHash& hash) const {
            const auto& block = block_of(hash);
            for (unsigned word = 0; word < words; ++word)
                if (!(block[word] & bit_of(hash, word)))
                    return false;
            return true;
        }
    };

    void grow() {
        const auto count = layers_.empty() ? first_blocks : layers_.back().blocks.size() * 2;
        if (bytes() + count * sizeof(Block) > most_bytes_) {
            is_full_ = true;
            layers_ = {};
            return;
        }
        layers_.push_back({std::vector<Block>(count), 0});
    }

    std::size_t most_bytes_;
    std::vector<Layer> layers_;
    bool is_full_ = false;
};

}  // namespace qiao::journal::detail
