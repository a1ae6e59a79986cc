#include "index/detail/bit_planes.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.hpp"
#include "index/detail/block_tests.hpp"

namespace qiao::index::detail {
namespace {

// The bits of a byte as eight bytes.
constexpr auto spread = [] {
    std::array<std::uint64_t, 256> made{};
    for (unsigned byte = 0; byte < made.size(); ++byte)
        for (unsigned bit = 0; bit < 8; ++bit)
            made[byte] |= std::uint64_t{byte >> bit & 1} << (bit * 8);
    return made;
}();

// A code that occurs nowhere: the diagram may answer what it likes.
constexpr std::uint16_t any = UINT16_MAX;

}  // namespace

void read_codes(const std::uint64_t* planes, unsigned bits, BlockCodes& codes) {
    for (std::size_t i = 0; i < block_size; i += 8) {
        std::uint64_t low = 0, high = 0;
        for (unsigned plane = 0; plane < bits; ++plane) {
            const auto byte = planes[plane * block_words + i / 64] >> (i % 64) & 0xff;
            (plane < 8 ? low : high) |= spread[byte] << plane % 8;
        }
        for (unsigned k = 0; k < 8; ++k)
            codes[i + k] =
                static_cast<std::uint16_t>((low >> k * 8 & 0xff) | (high >> k * 8 & 0xff) << 8);
    }
}

void write_codes(const BlockCodes& codes, unsigned bits, std::uint64_t* planes) {
    for (unsigned plane = 0; plane < bits; ++plane)
        for (std::size_t word = 0; word < block_words; ++word) {
            std::uint64_t made = 0;
            for (unsigned i = 0; i < 64; ++i)
                made |= std::uint64_t{codes[word * 64 + i] >> plane & 1u} << i;
            planes[plane * block_words + word] = made;
        }
}

CodeTest::CodeTest(std::vector<std::uint8_t> passes, unsigned bits)
    : bits_(bits), passes_(std::move(passes)) {
    check(bits_ <= most_planes && passes_.size() <= std::size_t{1} << bits_);
    looks_up_ = !build();
}

// From the codes up, one plane after the other: `level` holds what each beginning of a code leads
// to.
bool CodeTest::build() {
    std::vector<std::uint16_t> level(std::size_t{1} << bits_, any);
    std::transform(passes_.begin(), passes_.end(), level.begin(),
                   [](std::uint8_t passes) -> std::uint16_t { return passes ? 1 : 0; });
    for (unsigned plane = 0; plane < bits_; ++plane) {
        const auto first = choices_.size();
        const auto known = [&](std::uint16_t clear, std::uint16_t set) {
            auto at = first;
            while (at < choices_.size() &&
                   (choices_[at].if_clear != clear || choices_[at].if_set != set))
                ++at;
            return at;
        };
        for (std::size_t i = 0; i < level.size() / 2; ++i) {
            const auto clear = level[i * 2], set = level[i * 2 + 1];
            if (clear == set || clear == any || set == any) {
                level[i] = clear == any ? set : clear;
                continue;
            }
            const auto place = known(clear, set);
            if (place == most_choices)
                return false;
            if (place == choices_.size())
                choices_.push_back({static_cast<std::uint16_t>(plane), clear, set});
            level[i] = static_cast<std::uint16_t>(place + 2);
        }
        level.resize(level.size() / 2);
    }
    all_ = level[0] == 1;
    return true;
}

void CodeTest::block(const std::uint64_t* planes, const BlockBits& candidates, BlockBits& out,
                     const void* ahead) const {
    if (!looks_up_) {
        if (choices_.empty())
            out = all_ ? candidates : BlockBits{};
        else
            block_tests.choose(planes, bits_, choices_, candidates, out, ahead);
        return;
    }
    BlockCodes codes;
    read_codes(planes, bits_, codes);
    set_bits(candidates, out, [&](std::size_t i) { return passes_[codes[i]] != 0; });
}

double CodeTest::cost() const {
    constexpr double plane = 50, choice = 10, code = 1;
    return plane * bits_ +
           (looks_up_ ? code * block_size : choice * static_cast<double>(choices_.size()));
}

}  // namespace qiao::index::detail
