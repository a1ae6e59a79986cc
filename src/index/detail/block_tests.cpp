#include "index/detail/block_tests.hpp"

#include <algorithm>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace qiao::index::detail {
namespace {

namespace plain {

void in_set(const std::uint8_t* codes, const ByteSet& set, const BlockBits& candidates,
            BlockBits& out, const void*) {
    set_bits(candidates, out, [&](std::size_t i) { return set.has(codes[i]); });
}

void among(const std::uint16_t* codes, std::span<const std::uint16_t> few,
           const BlockBits& candidates, BlockBits& out, const void*) {
    set_bits(candidates, out, [&](std::size_t i) {
        return std::find(few.begin(), few.end(), codes[i]) != few.end();
    });
}

template <class Number>
void inside(const Number* cells, Number low, Number high, const BlockBits& candidates,
            BlockBits& out, const void*) {
    set_bits(candidates, out,
             [&](std::size_t i) { return (cells[i] >= low) & (cells[i] <= high); });
}

}  // namespace plain

#if defined(__x86_64__)
#define QIAO_AVX2 __attribute__((target("avx2")))

QIAO_AVX2 inline __m256i load(const void* from) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}
QIAO_AVX2 inline __m256i twice(const void* from) {
    return _mm256_broadcastsi128_si256(_mm_load_si128(static_cast<const __m128i*>(from)));
}
// Asks for the lines of 64 values of a block.
template <class Number>
inline void ask_for(const void* ahead, std::size_t word) {
    constexpr std::size_t line = 64;
    for (std::size_t i = 0; i < sizeof(Number); ++i)
        __builtin_prefetch(static_cast<const char*>(ahead) + (word * sizeof(Number) + i) * line, 0,
                           2);
}
QIAO_AVX2 inline std::uint32_t bits_of(__m256i bytes) {
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(bytes));
}
// Two vectors of 16-bit truth values as one of bytes, in their order.
QIAO_AVX2 inline __m256i narrowed(__m256i first, __m256i second) {
    return _mm256_permute4x64_epi64(_mm256_packs_epi16(first, second), 0xD8);
}

QIAO_AVX2 void in_set(const std::uint8_t* codes, const ByteSet& set, const BlockBits& candidates,
                      BlockBits& out, const void* ahead) {
    const __m256i low = twice(set.low.data()), high = twice(set.high.data());
    const __m256i nibble = _mm256_set1_epi8(15);
    const __m256i bits = _mm256_set1_epi64x(static_cast<long long>(0x8040201008040201ull));
    for (std::size_t word = 0; word < block_words; ++word) {
        ask_for<std::uint8_t>(ahead, word);
        std::uint64_t made = 0;
        for (unsigned half = 0; half < 2; ++half) {
            const __m256i code = load(codes + word * 64 + half * 32);
            const __m256i at = _mm256_and_si256(code, nibble);
            const __m256i upper = _mm256_and_si256(_mm256_srli_epi16(code, 4), nibble);
            const __m256i rows = _mm256_blendv_epi8(_mm256_shuffle_epi8(low, at),
                                                    _mm256_shuffle_epi8(high, at), code);
            const __m256i bit = _mm256_shuffle_epi8(bits, upper);
            const __m256i found = _mm256_cmpeq_epi8(_mm256_and_si256(rows, bit), bit);
            made |= std::uint64_t{bits_of(found)} << (half * 32);
        }
        out.words[word] = made & candidates.words[word];
    }
}

QIAO_AVX2 void among(const std::uint16_t* codes, std::span<const std::uint16_t> few,
                     const BlockBits& candidates, BlockBits& out, const void* ahead) {
    for (std::size_t word = 0; word < block_words; ++word) {
        ask_for<std::uint16_t>(ahead, word);
        std::uint64_t made = 0;
        for (unsigned half = 0; half < 2; ++half) {
            const auto* from = codes + word * 64 + half * 32;
            const __m256i first = load(from), second = load(from + 16);
            __m256i in_first = _mm256_setzero_si256(), in_second = in_first;
            for (const std::uint16_t code : few) {
                const __m256i wanted = _mm256_set1_epi16(static_cast<short>(code));
                in_first = _mm256_or_si256(in_first, _mm256_cmpeq_epi16(first, wanted));
                in_second = _mm256_or_si256(in_second, _mm256_cmpeq_epi16(second, wanted));
            }
            made |= std::uint64_t{bits_of(narrowed(in_first, in_second))} << (half * 32);
        }
        out.words[word] = made & candidates.words[word];
    }
}

// Inside where cell - low, without a sign, is at most high - low.
QIAO_AVX2 void inside_32(const std::uint32_t* cells, std::uint32_t low, std::uint32_t high,
                         const BlockBits& candidates, BlockBits& out, const void* ahead) {
    const __m256i from = _mm256_set1_epi32(static_cast<int>(low));
    const __m256i length = _mm256_set1_epi32(static_cast<int>(high - low));
    for (std::size_t word = 0; word < block_words; ++word) {
        ask_for<std::uint32_t>(ahead, word);
        std::uint64_t made = 0;
        for (unsigned part = 0; part < 8; ++part) {
            const __m256i above = _mm256_sub_epi32(load(cells + word * 64 + part * 8), from);
            const __m256i is_in = _mm256_cmpeq_epi32(_mm256_min_epu32(above, length), above);
            const auto bits =
                static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(is_in)));
            made |= std::uint64_t{bits} << (part * 8);
        }
        out.words[word] = made & candidates.words[word];
    }
}

QIAO_AVX2 void inside_64(const Cell* cells, Cell low, Cell high, const BlockBits& candidates,
                         BlockBits& out, const void* ahead) {
    const __m256i from = _mm256_set1_epi64x(low), until = _mm256_set1_epi64x(high);
    for (std::size_t word = 0; word < block_words; ++word) {
        ask_for<Cell>(ahead, word);
        std::uint64_t out_of_range = 0;
        for (unsigned part = 0; part < 16; ++part) {
            const __m256i cell = load(cells + word * 64 + part * 4);
            const __m256i is_out =
                _mm256_or_si256(_mm256_cmpgt_epi64(from, cell), _mm256_cmpgt_epi64(cell, until));
            const auto bits =
                static_cast<std::uint32_t>(_mm256_movemask_pd(_mm256_castsi256_pd(is_out)));
            out_of_range |= std::uint64_t{bits} << (part * 4);
        }
        out.words[word] = ~out_of_range & candidates.words[word];
    }
}

constexpr BlockTests avx2_tests = {in_set, among, inside_32, inside_64};
bool has_avx2() { return __builtin_cpu_supports("avx2") != 0; }
#else
constexpr BlockTests avx2_tests = {};
bool has_avx2() { return false; }
#endif

}  // namespace

const BlockTests plain_tests = {plain::in_set, plain::among, plain::inside<std::uint32_t>,
                                plain::inside<Cell>};
const BlockTests& block_tests = has_avx2() ? avx2_tests : plain_tests;

}  // namespace qiao::index::detail
