#include "index/detail/block_tests.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace qiao::index::detail {
namespace {

inline void ask_for(const void* ahead, std::size_t from, std::size_t bytes) {
    constexpr std::size_t line = 64;
    for (std::size_t i = 0; i < bytes; i += line)
        __builtin_prefetch(static_cast<const char*>(ahead) + from + i, 0, 2);
}

typedef std::uint64_t Words __attribute__((vector_size(32), aligned(8), may_alias));
constexpr std::size_t strip = 32;  // words of a block whose nodes fit the first cache together
constexpr std::size_t lanes = strip * sizeof(std::uint64_t) / sizeof(Words);

// Most choices have a constant on one side, and are one operation.
[[gnu::always_inline]] inline void choose_between(const PlaneChoice& choice, const Words* plane,
                                                  const Words* clear, const Words* set,
                                                  Words* made) {
    if (choice.if_clear == 0) {
#pragma GCC unroll 8
        for (std::size_t i = 0; i < lanes; ++i)
            made[i] = plane[i] & set[i];
    } else if (choice.if_set == 0) {
#pragma GCC unroll 8
        for (std::size_t i = 0; i < lanes; ++i)
            made[i] = ~plane[i] & clear[i];
    } else if (choice.if_set == 1) {
#pragma GCC unroll 8
        for (std::size_t i = 0; i < lanes; ++i)
            made[i] = plane[i] | clear[i];
    } else if (choice.if_clear == 1) {
#pragma GCC unroll 8
        for (std::size_t i = 0; i < lanes; ++i)
            made[i] = ~plane[i] | set[i];
    } else {
#pragma GCC unroll 8
        for (std::size_t i = 0; i < lanes; ++i)
            made[i] = clear[i] ^ ((clear[i] ^ set[i]) & plane[i]);
    }
}

// Inlined, so that it becomes what the caller's processor can do.
[[gnu::always_inline]] inline void choose_by(const std::uint64_t* planes, unsigned bits,
                                             std::span<const PlaneChoice> choices,
                                             const BlockBits& candidates, BlockBits& out,
                                             const void* ahead) {
    alignas(64) Words nodes[CodeTest::most_choices + 2][lanes];
    for (std::size_t i = 0; i < lanes; ++i) {
        nodes[0][i] = Words{};
        nodes[1][i] = ~Words{};
    }
    for (std::size_t first = 0; first < block_words; first += strip) {
        for (unsigned plane = 0; plane < bits; ++plane)
            ask_for(ahead, plane * plane_bytes + first * sizeof *planes, strip * sizeof *planes);
        Words* made = nodes[2];
        for (const auto& choice : choices) {
            const auto* plane = planes + choice.plane * block_words + first;
            choose_between(choice, reinterpret_cast<const Words*>(plane), nodes[choice.if_clear],
                           nodes[choice.if_set], made);
            made += lanes;
        }
        const Words* root = made - lanes;
        const Words* who = reinterpret_cast<const Words*>(candidates.words + first);
        Words* passed = reinterpret_cast<Words*>(out.words + first);
        for (std::size_t i = 0; i < lanes; ++i)
            passed[i] = root[i] & who[i];
    }
}

namespace plain {

void choose(const std::uint64_t* planes, unsigned bits, std::span<const PlaneChoice> choices,
            const BlockBits& candidates, BlockBits& out, const void* ahead) {
    choose_by(planes, bits, choices, candidates, out, ahead);
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

QIAO_AVX2 void choose(const std::uint64_t* planes, unsigned bits,
                      std::span<const PlaneChoice> choices, const BlockBits& candidates,
                      BlockBits& out, const void* ahead) {
    choose_by(planes, bits, choices, candidates, out, ahead);
}

// Inside where cell - low, without a sign, is at most high - low.
QIAO_AVX2 void inside_32(const std::uint32_t* cells, std::uint32_t low, std::uint32_t high,
                         const BlockBits& candidates, BlockBits& out, const void* ahead) {
    const __m256i from = _mm256_set1_epi32(static_cast<int>(low));
    const __m256i length = _mm256_set1_epi32(static_cast<int>(high - low));
    for (std::size_t word = 0; word < block_words; ++word) {
        ask_for(ahead, word * 64 * sizeof(std::uint32_t), 64 * sizeof(std::uint32_t));
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
        ask_for(ahead, word * 64 * sizeof(Cell), 64 * sizeof(Cell));
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

constexpr BlockTests avx2_tests = {choose, inside_32, inside_64};
bool has_avx2() { return __builtin_cpu_supports("avx2") != 0; }
#else
constexpr BlockTests avx2_tests = {};
bool has_avx2() { return false; }
#endif

}  // namespace

const BlockTests plain_tests = {plain::choose, plain::inside<std::uint32_t>, plain::inside<Cell>};
const BlockTests& block_tests = has_avx2() ? avx2_tests : plain_tests;

}  // namespace qiao::index::detail
