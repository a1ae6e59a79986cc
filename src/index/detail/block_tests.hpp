// Which customers of a block pass a test: the loops that most of a rule over tags costs.
//
// Written for processors with AVX-512 and with AVX2, and plainly for others.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/column.hpp"
#include "index/detail/bit_planes.hpp"
#include "index/people.hpp"

namespace qiao::index::detail {

// Each reads block_size values and sets every bit of `out`: who passes of the candidates. Meanwhile
// it asks memory for as many values at `ahead`, the next block that will be read: a block ends
// before a processor has understood that it is read in order.
struct BlockTests {
    // Codes in `bits` planes; the last of `choices`, at most CodeTest::most_choices and at least
    // one, says who passes.
    void (*choose)(const std::uint64_t* planes, unsigned bits, std::span<const PlaneChoice> choices,
                   const BlockBits& candidates, BlockBits& out, const void* ahead);
    void (*inside_32)(const std::uint32_t* cells, std::uint32_t low, std::uint32_t high,
                      const BlockBits& candidates, BlockBits& out, const void* ahead);
    void (*inside_64)(const Cell* cells, Cell low, Cell high, const BlockBits& candidates,
                      BlockBits& out, const void* ahead);
};
// What this processor can run: the plain ones first, the quickest last. All give the same bits.
std::vector<const BlockTests*> runnable_tests();
extern const BlockTests& block_tests;  // the quickest

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
