// Codes of a block of customers as planes of bits: bit k of all of them lies in plane k, a bit for
// each customer. A test reads as many bits of a customer as tell the codes apart, and works on as
// many customers at once as a register has bits (BitWeaving/V: Li and Patel, SIGMOD 2013).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "index/people.hpp"

namespace qiao::index::detail {

inline constexpr unsigned most_planes = 16;
inline constexpr std::size_t plane_bytes = block_size / 8;

using BlockCodes = std::array<std::uint16_t, block_size>;
// Plane k starts at word k * block_words.
void read_codes(const std::uint64_t* planes, unsigned bits, BlockCodes& codes);
void write_codes(const BlockCodes& codes, unsigned bits, std::uint64_t* planes);

// A node chooses by one plane between two others; 0 and 1 are the constants, n + 2 is node n. Parts
// come before what chooses between them.
struct PlaneChoice {
    std::uint16_t plane = 0, if_clear = 0, if_set = 0;
};

// Which codes pass.
class CodeTest {
public:
    CodeTest() = default;
    // `passes` by code; codes beyond it occur nowhere.
    CodeTest(std::vector<std::uint8_t> passes, unsigned bits);

    // Sets every bit of `out`: who passes of the candidates. Meanwhile it asks memory for the next
    // block that will be read, at `ahead`.
    void block(const std::uint64_t* planes, const BlockBits& candidates, BlockBits& out,
               const void* ahead) const;
    // Rough nanoseconds for a block.
    double cost() const;

    // More nodes than fit a processor's first cache cost more than looking codes up one by one.
    static constexpr std::size_t most_choices = 192;

private:
    // A reduced ordered decision diagram (Bryant, 1986); false: it would have too many nodes.
    bool build();

    unsigned bits_ = 0;
    std::vector<std::uint8_t> passes_;
    std::vector<PlaneChoice> choices_;  // the last is the root; none: the same for all codes
    bool all_ = false;                  // then all of them pass
    bool looks_up_ = false;             // code by code, instead of by the diagram
};

}  // namespace qiao::index::detail
