#include "index/attributes.hpp"

#include <algorithm>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace qiao::index {
namespace {

template <class Number>
Number load(const std::vector<char>& block, std::size_t i) {
    Number number;
    std::memcpy(&number, block.data() + i * sizeof(Number), sizeof number);
    return number;
}
template <class Number>
void store(std::vector<char>& block, std::size_t i, std::uint64_t value) {
    const Number number = static_cast<Number>(value);
    std::memcpy(block.data() + i * sizeof(Number), &number, sizeof number);
}

std::uint64_t encoded_at(const std::vector<char>& block, Width width, std::size_t i) {
    switch (width) {
        case Width::code8:
            return load<std::uint8_t>(block, i);
        case Width::code16:
            return load<std::uint16_t>(block, i);
        case Width::cell32:
            return load<std::uint32_t>(block, i);
        case Width::cell64:
            return load<std::uint64_t>(block, i);
    }
    return 0;
}

void put_at(std::vector<char>& block, Width width, std::size_t i, std::uint64_t value) {
    switch (width) {
        case Width::code8:
            store<std::uint8_t>(block, i, value);
            break;
        case Width::code16:
            store<std::uint16_t>(block, i, value);
            break;
        case Width::cell32:
            store<std::uint32_t>(block, i, value);
            break;
        case Width::cell64:
            store<std::uint64_t>(block, i, value);
            break;
    }
}

Cell decoded(std::uint64_t value, Width width, const std::vector<Cell>& dictionary) {
    switch (width) {
        case Width::code8:
        case Width::code16:
            return dictionary[value];
        case Width::cell32:
            return value == absent ? missing : static_cast<Cell>(value);
        case Width::cell64:
            return static_cast<Cell>(value);
    }
    return missing;
}

std::vector<char> empty_block(Width width) {
    std::vector<char> block(block_size * static_cast<std::size_t>(width));
    if (width == Width::cell32)
        std::memset(block.data(), 0xff, block.size());
    if (width == Width::cell64)
        for (std::size_t i = 0; i < block_size; ++i)
            put_at(block, width, i, static_cast<std::uint64_t>(missing));
    return block;
}

// Turns a block of 0/1 bytes into bits.
#if defined(__SSE2__)
void pack(const std::uint8_t* passes, BlockBits& out) {
    for (std::size_t word = 0; word < block_words; ++word) {
        std::uint64_t bits = 0;
        for (std::size_t part = 0; part < 4; ++part) {
            const auto* from = reinterpret_cast<const __m128i*>(passes + word * 64 + part * 16);
            const auto highest = _mm_slli_epi16(_mm_load_si128(from), 7);
            bits |= static_cast<std::uint64_t>(_mm_movemask_epi8(highest)) << (part * 16);
        }
        out.words[word] = bits;
    }
}
#else
void pack(const std::uint8_t* passes, BlockBits& out) {
    for (std::size_t word = 0; word < block_words; ++word) {
        std::uint64_t bits = 0;
        for (std::size_t part = 0; part < 8; ++part) {
            std::uint64_t eight;
            std::memcpy(&eight, passes + word * 64 + part * 8, 8);
            bits |= (eight * 0x0102040810204080ull >> 56) << (part * 8);
        }
        out.words[word] = bits;
    }
}
#endif

// These loops are most of what a rule over tags costs. The compiler turns them into vector code,
// also for processors that have more than the least that x86-64 promises.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
#define QIAO_VECTOR_CODE __attribute__((target_clones("avx2", "ssse3", "default"), optimize("O3")))
#define QIAO_SHUFFLES 1
#else
#define QIAO_VECTOR_CODE
#endif

// Declared for each width: a template cannot have versions for several processors.
#define QIAO_EQUAL_TO(name, Number)                                                                \
    QIAO_VECTOR_CODE void name(const Number* __restrict data, Number code,                         \
                               std::uint8_t* __restrict passes) {                                  \
        for (std::size_t i = 0; i < block_size; ++i)                                               \
            passes[i] =                                                                            \
                static_cast<std::uint8_t>(passes[i] | static_cast<std::uint8_t>(data[i] == code)); \
    }
#define QIAO_INSIDE(name, Number)                                                          \
    QIAO_VECTOR_CODE void name(const Number* __restrict data, Number first, Number last,   \
                               std::uint8_t* __restrict passes) {                          \
        for (std::size_t i = 0; i < block_size; ++i)                                       \
            passes[i] = static_cast<std::uint8_t>((data[i] >= first) & (data[i] <= last)); \
    }
QIAO_EQUAL_TO(equal_to, std::uint8_t)
QIAO_EQUAL_TO(equal_to, std::uint16_t)
QIAO_INSIDE(inside, std::uint32_t)
QIAO_INSIDE(inside, Cell)

template <class Number>
void equal_to_any(const Number* data, const std::vector<std::uint32_t>& few, std::uint8_t* passes) {
    std::memset(passes, 0, block_size);
    for (const std::uint32_t wanted : few)
        equal_to(data, static_cast<Number>(wanted), passes);
}

void look_up(const std::uint16_t* data, const std::uint8_t* table, std::uint8_t* passes) {
    for (std::size_t i = 0; i < block_size; ++i)
        passes[i] = table[data[i]];
}

#ifdef QIAO_SHUFFLES
// A set of bytes as 16 x 16 bits: a shuffle by the low half finds a row, one by the high half the
// bit.
QIAO_VECTOR_CODE void look_up(const std::uint8_t* data, const std::uint8_t* table,
                              std::uint8_t* passes) {
    using Bytes = std::uint8_t __attribute__((vector_size(16)));
    Bytes low_rows{}, high_rows{}, bit{}, is_low{};
    for (unsigned i = 0; i < 16; ++i) {
        bit[i] = static_cast<std::uint8_t>(1u << (i % 8));
        is_low[i] = i < 8 ? 0xff : 0;
        for (unsigned j = 0; j < 8; ++j) {
            low_rows[i] = static_cast<std::uint8_t>(low_rows[i] | table[j * 16 + i] << j);
            high_rows[i] = static_cast<std::uint8_t>(high_rows[i] | table[(j + 8) * 16 + i] << j);
        }
    }
    for (std::size_t i = 0; i < block_size; i += 16) {
        Bytes values;
        std::memcpy(&values, data + i, 16);
        const Bytes high = values >> 4, low = values & 15;
        const Bytes of_low = __builtin_shuffle(low_rows, low),
                    of_high = __builtin_shuffle(high_rows, low);
        const Bytes choose = __builtin_shuffle(is_low, high);
        const Bytes found =
            ((of_low & choose) | (of_high & ~choose)) & __builtin_shuffle(bit, high);
        const Bytes one = reinterpret_cast<Bytes>(found != 0) & 1;
        std::memcpy(passes + i, &one, 16);
    }
}
#else
void look_up(const std::uint8_t* data, const std::uint8_t* table, std::uint8_t* passes) {
    for (std::size_t i = 0; i < block_size; ++i)
        passes[i] = table[data[i]];
}
#endif

template <class Number>
const Number* as(const char* data) {
    return reinterpret_cast<const Number*>(data);
}

}  // namespace

Cell Attribute::at(Dense customer) const {
    const std::size_t block = customer / block_size;
    if (block >= blocks.size() || !blocks[block])
        return missing;
    return decoded(encoded_at(*blocks[block], width, customer % block_size), width, *dictionary);
}

void Attribute::each_used(const std::function<void(Cell)>& visit) const {
    std::vector<bool> codes(width <= Width::code16 ? 65'536 : 0);
    for (const auto& block : blocks) {
        if (!block)
            continue;
        for (std::size_t i = 0; i < block_size; ++i) {
            const std::uint64_t value = encoded_at(*block, width, i);
            if (width <= Width::code16)
                codes[value] = true;
            else
                visit(decoded(value, width, *dictionary));
        }
    }
    for (std::size_t code = 0; code < codes.size(); ++code)
        if (codes[code])
            visit((*dictionary)[code]);
}

AttributeTest::AttributeTest(std::shared_ptr<const Attribute> attribute, Predicate predicate)
    : attribute_(std::move(attribute)), predicate_(std::move(predicate)) {
    if (!attribute_ || attribute_->width > Width::code16)
        return;
    passes_.assign(attribute_->width == Width::code8 ? 256 : 65'536, 0);
    for (std::size_t code = 0; code < attribute_->dictionary->size(); ++code) {
        passes_[code] = predicate_((*attribute_->dictionary)[code]) ? 1 : 0;
        if (passes_[code])
            few_.push_back(static_cast<std::uint32_t>(code));
    }
    use_few_ = few_.size() <= 4;
}

void AttributeTest::block(Dense block, BlockBits& out) const {
    if (!attribute_ || block >= attribute_->blocks.size() || !attribute_->blocks[block]) {
        std::memset(out.words, predicate_(missing) ? 0xff : 0, sizeof out.words);
        return;
    }
    alignas(64) std::uint8_t passes[block_size];
    const char* data = attribute_->blocks[block]->data();
    switch (attribute_->width) {
        case Width::code8:
            if (use_few_)
                equal_to_any(as<std::uint8_t>(data), few_, passes);
            else
                look_up(as<std::uint8_t>(data), passes_.data(), passes);
            break;
        case Width::code16:
            if (use_few_)
                equal_to_any(as<std::uint16_t>(data), few_, passes);
            else
                look_up(as<std::uint16_t>(data), passes_.data(), passes);
            break;
        case Width::cell32:
            compare<std::uint32_t>(data, passes);
            break;
        case Width::cell64:
            compare<Cell>(data, passes);
            break;
    }
    pack(passes, out);
}

// Ranges are compared without a branch; lists and turned-around ranges are rare on wide columns.
template <class Number>
void AttributeTest::compare(const char* data, std::uint8_t* passes) const {
    const bool is_range = !predicate_.listed && !predicate_.negated && !predicate_.takes_missing;
    constexpr Cell top = sizeof(Number) == 4 ? Cell{absent} - 1 : INT64_MAX;
    constexpr Cell bottom = sizeof(Number) == 4 ? 0 : INT64_MIN + 1;
    const Cell low = std::max(predicate_.low, bottom), high = std::min(predicate_.high, top);
    if (is_range && low > high) {
        std::memset(passes, 0, block_size);
        return;
    }
    if (is_range) {
        inside(as<Number>(data), static_cast<Number>(low), static_cast<Number>(high), passes);
        return;
    }
    for (std::size_t i = 0; i < block_size; ++i) {
        const Number value = as<Number>(data)[i];
        const bool gone = sizeof(Number) == 4 && static_cast<std::uint32_t>(value) == absent;
        passes[i] = predicate_(gone ? missing : static_cast<Cell>(value)) ? 1 : 0;
    }
}

std::uint64_t AttributeWriter::encode(Cell cell) {
    while (true) {
        if (width_ == Width::cell64)
            return static_cast<std::uint64_t>(cell);
        if (width_ == Width::cell32) {
            if (cell == missing)
                return absent;
            if (cell >= 0 && cell < absent)
                return static_cast<std::uint64_t>(cell);
            widen(Width::cell64);
            continue;
        }
        if (const auto found = codes_.find(cell); found != codes_.end())
            return found->second;
        const std::size_t limit = width_ == Width::code8 ? 256 : 65'536;
        if (dictionary_.size() < limit) {
            const auto code = static_cast<std::uint32_t>(dictionary_.size());
            dictionary_.push_back(cell);
            codes_.emplace(cell, code);
            dictionary_changed_ = true;
            return code;
        }
        widen(width_ == Width::code8 ? Width::code16 : Width::cell32);
    }
}

void AttributeWriter::widen(Width width) {
    if (width == Width::cell32) {
        for (const Cell cell : dictionary_)
            if (cell != missing && (cell < 0 || cell >= absent))
                width = Width::cell64;
    }
    for (auto& block : blocks_) {
        if (!block)
            continue;
        auto wider = std::make_shared<std::vector<char>>(empty_block(width));
        for (std::size_t i = 0; i < block_size; ++i) {
            const std::uint64_t old = encoded_at(*block, width_, i);
            std::uint64_t value = old;
            if (width > Width::code16) {
                const Cell cell = decoded(old, width_, dictionary_);
                value = width == Width::cell32 && cell == missing
                            ? absent
                            : static_cast<std::uint64_t>(cell);
            }
            put_at(*wider, width, i, value);
        }
        block = std::move(wider);
    }
    owned_.assign(blocks_.size(), true);
    width_ = width;
    if (width > Width::code16) {
        dictionary_ = {missing};
        codes_ = {{missing, 0}};
        dictionary_changed_ = true;
    }
}

std::vector<char>& AttributeWriter::writable(std::size_t block) {
    if (block >= blocks_.size()) {
        blocks_.resize(block + 1);
        owned_.resize(block + 1);
    }
    if (!blocks_[block])
        blocks_[block] = std::make_shared<std::vector<char>>(empty_block(width_));
    else if (!owned_[block])
        blocks_[block] = std::make_shared<std::vector<char>>(*blocks_[block]);
    owned_[block] = true;
    changed_ = true;
    return *blocks_[block];
}

void AttributeWriter::set(Dense customer, Cell cell) {
    if (at(customer) == cell)
        return;
    const std::uint64_t value = encode(cell);  // may widen the blocks
    put_at(writable(customer / block_size), width_, customer % block_size, value);
}

Cell AttributeWriter::at(Dense customer) const {
    const std::size_t block = customer / block_size;
    if (block >= blocks_.size() || !blocks_[block])
        return missing;
    return decoded(encoded_at(*blocks_[block], width_, customer % block_size), width_, dictionary_);
}

std::shared_ptr<const Attribute> AttributeWriter::publish() {
    if (!changed_)
        return published_;
    auto made = std::make_shared<Attribute>();
    made->width = width_;
    made->dictionary = published_ && !dictionary_changed_
                           ? published_->dictionary
                           : std::make_shared<const std::vector<Cell>>(dictionary_);
    made->blocks.assign(blocks_.begin(), blocks_.end());
    owned_.assign(blocks_.size(), false);
    dictionary_changed_ = false;
    changed_ = false;
    published_ = std::move(made);
    return published_;
}

void AttributeWriter::load(Attribute attribute) {
    width_ = attribute.width;
    dictionary_ = *attribute.dictionary;
    codes_.clear();
    for (std::size_t i = 0; i < dictionary_.size(); ++i)
        codes_.emplace(dictionary_[i], static_cast<std::uint32_t>(i));
    blocks_.clear();
    for (const auto& block : attribute.blocks)
        blocks_.push_back(std::const_pointer_cast<std::vector<char>>(block));
    owned_.assign(blocks_.size(), false);  // copied before their first change
    dictionary_changed_ = changed_ = true;
}

std::size_t AttributeWriter::memory() const {
    std::size_t bytes = dictionary_.size() * 56;
    for (const auto& block : blocks_)
        if (block)
            bytes += block->size();
    return bytes;
}

}  // namespace qiao::index
