// Which customers of a block pass a test: the loops that most of a rule over tags costs.
//
// Written for processors with AVX2, and plainly for others; both give the same bits.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "index/column.hpp"
#include "index/people.hpp"

namespace qiao::index::detail {

// A set of bytes as 16 x 16 bits: the low half of a byte finds a row, its high half the bit. Rows
// are kept as two bytes each, bits 0 to 7 in `low`.
struct ByteSet {
    alignas(16) std::array<std::uint8_t, 16> low{}, high{};
    void add(std::uint8_t byte) {
        auto& half = byte < 128 ? low : high;
        half[byte & 15] = static_cast<std::uint8_t>(half[byte & 15] | 1u << (byte >> 4 & 7));
    }
    bool has(std::uint8_t byte) const {
        return ((byte < 128 ? low : high)[byte & 15] >> (byte >> 4 & 7) & 1) != 0;
    }
};

// Each reads block_size values and sets every bit of `out`: who passes of the candidates. Meanwhile
// it asks memory for as many values at `ahead`, the next block that will be read: a block ends
// before a processor has understood that it is read in order.
struct BlockTests {
    void (*in_set)(const std::uint8_t* codes, const ByteSet& set, const BlockBits& candidates,
                   BlockBits& out, const void* ahead);
    // At most a handful: each costs a comparison.
    void (*among)(const std::uint16_t* codes, std::span<const std::uint16_t> few,
                  const BlockBits& candidates, BlockBits& out, const void* ahead);
    void (*inside_32)(const std::uint32_t* cells, std::uint32_t low, std::uint32_t high,
                      const BlockBits& candidates, BlockBits& out, const void* ahead);
    void (*inside_64)(const Cell* cells, Cell low, Cell high, const BlockBits& candidates,
                      BlockBits& out, const void* ahead);
};
extern const BlockTests plain_tests;
// The quickest that this processor can run.
extern const BlockTests& block_tests;

// Sets the bits of the candidates for which test(i) holds.
template <class Test>
void set_bits(const BlockBits& candidates, BlockBits& out, Test&& test) {
    for (std::size_t word = 0; word < block_words; ++word) {
        std::uint64_t bits = 0;
        for (unsigned i = 0; i < 64; ++i)
            bits |= static_cast<std::uint64_t>(test(word * 64 + i)) << i;
        out.words[word] = bits & candidates.words[word];
    }
}

}  // namespace qiao::index::detail
