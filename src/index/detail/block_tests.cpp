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

constexpr std::size_t strip = 32;  // words of a block whose nodes fit the first cache together

// What a register holds. Not as a template's argument: it would lose its attributes.
struct Of256Bits {
    typedef std::uint64_t Words __attribute__((vector_size(32), aligned(8), may_alias));
};
struct Of512Bits {
    typedef std::uint64_t Words __attribute__((vector_size(64), aligned(8), may_alias));
};

// Most choices have a constant on one side, and are one operation.
template <class Register>
[[gnu::always_inline]] inline void choose_between(const PlaneChoice& choice,
                                                  const typename Register::Words* plane,
                                                  const typename Register::Words* clear,
                                                  const typename Register::Words* set,
                                                  typename Register::Words* made) {
    constexpr std::size_t lanes = strip * sizeof(std::uint64_t) / sizeof *made;
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
template <class Register>
[[gnu::always_inline]] inline void choose_by(const std::uint64_t* planes, unsigned bits,
                                             std::span<const PlaneChoice> choices,
                                             const BlockBits& candidates, BlockBits& out,
                                             const void* ahead) {
    typedef typename Register::Words Words;
    constexpr std::size_t lanes = strip * sizeof(std::uint64_t) / sizeof(Words);
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
            choose_between<Register>(choice, reinterpret_cast<const Words*>(plane),
                                     nodes[choice.if_clear], nodes[choice.if_set], made);
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
    choose_by<Of256Bits>(planes, bits, choices, candidates, out, ahead);
}

template <class Number>
void inside(const Number* cells, Number low, Number high, const BlockBits& candidates,
            BlockBits& out, const void*) {
    set_bits(candidates, out,
             [&](std::size_t i) { return (cells[i] >= low) & (cells[i] <= high); });
}

constexpr BlockTests tests = {choose, inside<std::uint32_t>, inside<Cell>};

}  // namespace plain

#if defined(__x86_64__)
namespace avx2 {

#define QIAO_AVX2 __attribute__((target("avx2")))

QIAO_AVX2 inline __m256i load(const void* from) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}

QIAO_AVX2 void choose(const std::uint64_t* planes, unsigned bits,
                      std::span<const PlaneChoice> choices, const BlockBits& candidates,
                      BlockBits& out, const void* ahead) {
    choose_by<Of256Bits>(planes, bits, choices, candidates, out, ahead);
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

constexpr BlockTests tests = {choose, inside_32, inside_64};

}  // namespace avx2

namespace avx512 {

#define QIAO_AVX512 __attribute__((target("avx512f")))

QIAO_AVX512 void choose(const std::uint64_t* planes, unsigned bits,
                        std::span<const PlaneChoice> choices, const BlockBits& candidates,
                        BlockBits& out, const void* ahead) {
    choose_by<Of512Bits>(planes, bits, choices, candidates, out, ahead);
}

QIAO_AVX512 void inside_32(const std::uint32_t* cells, std::uint32_t low, std::uint32_t high,
                           const BlockBits& candidates, BlockBits& out, const void* ahead) {
    const __m512i from = _mm512_set1_epi32(static_cast<int>(low));
    const __m512i length = _mm512_set1_epi32(static_cast<int>(high - low));
    for (std::size_t word = 0; word < block_words; ++word) {
        ask_for(ahead, word * 64 * sizeof(std::uint32_t), 64 * sizeof(std::uint32_t));
        std::uint64_t made = 0;
        for (unsigned part = 0; part < 4; ++part) {
            const __m512i cell = _mm512_loadu_si512(cells + word * 64 + part * 16);
            const auto bits = _mm512_cmple_epu32_mask(_mm512_sub_epi32(cell, from), length);
            made |= std::uint64_t{bits} << (part * 16);
        }
        out.words[word] = made & candidates.words[word];
    }
}

QIAO_AVX512 void inside_64(const Cell* cells, Cell low, Cell high, const BlockBits& candidates,
                           BlockBits& out, const void* ahead) {
    const __m512i from = _mm512_set1_epi64(low), until = _mm512_set1_epi64(high);
    for (std::size_t word = 0; word < block_words; ++word) {
        ask_for(ahead, word * 64 * sizeof(Cell), 64 * sizeof(Cell));
        std::uint64_t made = 0;
        for (unsigned part = 0; part < 8; ++part) {
            const __m512i cell = _mm512_loadu_si512(cells + word * 64 + part * 8);
            const auto above = _mm512_cmpge_epi64_mask(cell, from);
            const auto bits = _mm512_mask_cmple_epi64_mask(above, cell, until);
            made |= std::uint64_t{bits} << (part * 8);
        }
        out.words[word] = made & candidates.words[word];
    }
}

constexpr BlockTests tests = {choose, inside_32, inside_64};

}  // namespace avx512
#endif

}  // namespace

std::vector<const BlockTests*> runnable_tests() {
    std::vector<const BlockTests*> made = {&plain::tests};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        made.push_back(&avx2::tests);
    if (__builtin_cpu_supports("avx512f"))
        made.push_back(&avx512::tests);
#endif
    return made;
}

const BlockTests& block_tests = *runnable_tests().back();

}  // namespace qiao::index::detail
