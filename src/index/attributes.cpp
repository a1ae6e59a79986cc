#include "index/attributes.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

#include "index/detail/block_tests.hpp"

namespace qiao::index {
namespace {

template <class Number>
Number load(const char* block, std::size_t i) {
    Number number;
    std::memcpy(&number, block + i * sizeof(Number), sizeof number);
    return number;
}
template <class Number>
void store(char* block, std::size_t i, std::uint64_t value) {
    const Number number = static_cast<Number>(value);
    std::memcpy(block + i * sizeof(Number), &number, sizeof number);
}

std::uint64_t encoded_at(const char* block, unsigned bits, std::size_t i) {
    if (bits == 64)
        return load<std::uint64_t>(block, i);
    if (bits == 32)
        return load<std::uint32_t>(block, i);
    std::uint64_t code = 0;
    for (unsigned plane = 0; plane < bits; ++plane)
        code |= (load<std::uint64_t>(block, plane * block_words + i / 64) >> i % 64 & 1) << plane;
    return code;
}

void put_at(char* block, unsigned bits, std::size_t i, std::uint64_t value) {
    if (bits == 64)
        return store<std::uint64_t>(block, i, value);
    if (bits == 32)
        return store<std::uint32_t>(block, i, value);
    for (unsigned plane = 0; plane < bits; ++plane) {
        const std::size_t at = plane * block_words + i / 64;
        const std::uint64_t others = load<std::uint64_t>(block, at) & ~(std::uint64_t{1} << i % 64);
        store<std::uint64_t>(block, at, others | (value >> plane & 1) << i % 64);
    }
}

Cell decoded(std::uint64_t value, unsigned bits, const std::vector<Cell>& dictionary) {
    if (bits == 64)
        return static_cast<Cell>(value);
    if (bits == 32)
        return value == absent ? missing : static_cast<Cell>(value);
    return dictionary[value];
}

template <class Number>
const Number* as(const char* data) {
    return reinterpret_cast<const Number*>(data);
}

}  // namespace

Cell Attribute::at(Dense customer) const {
    const std::size_t block = customer / block_size;
    if (block >= blocks.size() || !blocks[block])
        return missing;
    return decoded(encoded_at(blocks[block].get(), bits, customer % block_size), bits, *dictionary);
}

void Attribute::each_used(const std::function<void(Cell)>& visit) const {
    std::vector<bool> used(is_coded() ? dictionary->size() : 0);
    for (const auto& block : blocks) {
        if (!block)
            continue;
        if (is_coded()) {
            detail::BlockCodes codes;
            detail::read_codes(as<std::uint64_t>(block.get()), bits, codes);
            for (const auto code : codes)
                used[code] = true;
            continue;
        }
        for (std::size_t i = 0; i < block_size; ++i)
            visit(decoded(encoded_at(block.get(), bits, i), bits, *dictionary));
    }
    for (std::size_t code = 0; code < used.size(); ++code)
        if (used[code])
            visit((*dictionary)[code]);
}

AttributeTest::AttributeTest(std::shared_ptr<const Attribute> attribute, Predicate predicate)
    : attribute_(std::move(attribute)), predicate_(std::move(predicate)) {
    if (!attribute_ || !attribute_->is_coded())
        return;
    std::vector<std::uint8_t> passes;
    for (const Cell cell : *attribute_->dictionary)
        passes.push_back(predicate_(cell));
    codes_ = detail::CodeTest(std::move(passes), attribute_->bits);
}

double AttributeTest::cost() const {
    constexpr double byte = 0.1;
    if (!attribute_)
        return 0;
    return attribute_->is_coded() ? codes_.cost()
                                  : byte * static_cast<double>(attribute_->block_bytes());
}

void AttributeTest::block(Dense block, const BlockBits& candidates, BlockBits& out) const {
    if (!attribute_ || block >= attribute_->blocks.size() || !attribute_->blocks[block]) {
        out = predicate_(missing) ? candidates : BlockBits{};
        return;
    }
    const auto& blocks = attribute_->blocks;
    const char* data = blocks[block].get();
    const char* ahead =
        block + 1 < blocks.size() && blocks[block + 1] ? blocks[block + 1].get() : data;
    if (attribute_->is_coded())
        codes_.block(as<std::uint64_t>(data), candidates, out, ahead);
    else if (attribute_->bits == 32)
        compare(as<std::uint32_t>(data), detail::block_tests.inside_32, candidates, out, ahead);
    else
        compare(as<Cell>(data), detail::block_tests.inside_64, candidates, out, ahead);
}

// Ranges are compared without a branch; lists and turned-around ranges are rare on wide columns.
template <class Number, class Inside>
void AttributeTest::compare(const Number* cells, Inside&& inside, const BlockBits& candidates,
                            BlockBits& out, const char* ahead) const {
    const bool is_range = !predicate_.listed && !predicate_.negated && !predicate_.takes_missing;
    constexpr Cell top = sizeof(Number) == 4 ? Cell{absent} - 1 : INT64_MAX;
    constexpr Cell bottom = sizeof(Number) == 4 ? 0 : INT64_MIN + 1;
    const Cell low = std::max(predicate_.low, bottom), high = std::min(predicate_.high, top);
    if (is_range && low > high) {
        out = BlockBits{};
        return;
    }
    if (is_range)
        return inside(cells, static_cast<Number>(low), static_cast<Number>(high), candidates, out,
                      ahead);
    detail::set_bits(candidates, out, [&](std::size_t i) {
        const bool gone = sizeof(Number) == 4 && static_cast<std::uint32_t>(cells[i]) == absent;
        return predicate_(gone ? missing : static_cast<Cell>(cells[i]));
    });
}

std::uint64_t AttributeWriter::encode(Cell cell) {
    while (true) {
        if (bits_ == 64)
            return static_cast<std::uint64_t>(cell);
        if (bits_ == 32) {
            if (cell == missing)
                return absent;
            if (cell >= 0 && cell < absent)
                return static_cast<std::uint64_t>(cell);
            leave_codes(64);
            continue;
        }
        if (const auto found = codes_.find(cell); found != codes_.end())
            return found->second;
        if (dictionary_.size() < std::size_t{1} << bits_) {
            const auto code = static_cast<std::uint32_t>(dictionary_.size());
            dictionary_.push_back(cell);
            codes_.emplace(cell, code);
            dictionary_changed_ = true;
            return code;
        }
        if (bits_ < detail::most_planes)
            add_plane();
        else
            leave_codes(32);
    }
}

// Every block is written anew, so codes can take the order of their cells as well: a range of cells
// then takes few choices.
void AttributeWriter::add_plane() {
    std::vector<std::uint16_t> order(dictionary_.size()), renamed(dictionary_.size());
    std::iota(order.begin(), order.end(), std::uint16_t{0});
    std::sort(order.begin() + 1, order.end(),
              [&](std::uint16_t a, std::uint16_t b) { return dictionary_[a] < dictionary_[b]; });
    std::vector<Cell> sorted;
    for (const auto code : order) {
        renamed[code] = static_cast<std::uint16_t>(sorted.size());
        sorted.push_back(dictionary_[code]);
    }
    for (auto& [cell, code] : codes_)
        code = renamed[code];
    dictionary_ = std::move(sorted);
    dictionary_changed_ = true;
    detail::BlockCodes codes;
    for (auto& block : blocks_) {
        if (!block)
            continue;
        detail::read_codes(as<std::uint64_t>(block.get()), bits_, codes);
        for (auto& code : codes)
            code = renamed[code];
        block = memory_->take(detail::plane_bytes * (bits_ + 1));
        detail::write_codes(codes, bits_ + 1, reinterpret_cast<std::uint64_t*>(block.get()));
    }
    owned_.assign(blocks_.size(), true);
    ++bits_;
}

void AttributeWriter::leave_codes(unsigned bits) {
    for (const Cell cell : dictionary_)
        if (cell != missing && (cell < 0 || cell >= absent))
            bits = 64;
    for (auto& block : blocks_) {
        if (!block)
            continue;
        auto wider = empty_block(bits);
        for (std::size_t i = 0; i < block_size; ++i) {
            const Cell cell = decoded(encoded_at(block.get(), bits_, i), bits_, dictionary_);
            put_at(wider.get(), bits, i,
                   bits == 32 && cell == missing ? absent : static_cast<std::uint64_t>(cell));
        }
        block = std::move(wider);
    }
    owned_.assign(blocks_.size(), true);
    bits_ = bits;
    dictionary_ = {missing};
    codes_ = {{missing, 0}};
    dictionary_changed_ = true;
}

detail::BlockBytes AttributeWriter::empty_block(unsigned bits) const {
    auto block = memory_->take(detail::plane_bytes * bits);
    std::memset(block.get(), bits == 32 ? 0xff : 0, detail::plane_bytes * bits);
    if (bits == 64)
        for (std::size_t i = 0; i < block_size; ++i)
            put_at(block.get(), bits, i, static_cast<std::uint64_t>(missing));
    return block;
}

char* AttributeWriter::writable(std::size_t block) {
    if (block >= blocks_.size()) {
        blocks_.resize(block + 1);
        owned_.resize(block + 1);
    }
    if (!blocks_[block]) {
        blocks_[block] = empty_block(bits_);
    } else if (!owned_[block]) {
        auto copy = memory_->take(block_bytes());
        std::memcpy(copy.get(), blocks_[block].get(), block_bytes());
        blocks_[block] = std::move(copy);
    }
    owned_[block] = true;
    changed_ = true;
    return blocks_[block].get();
}

void AttributeWriter::set(Dense customer, Cell cell) {
    if (at(customer) == cell)
        return;
    const std::uint64_t value = encode(cell);  // may widen the blocks
    put_at(writable(customer / block_size), bits_, customer % block_size, value);
}

Cell AttributeWriter::at(Dense customer) const {
    const std::size_t block = customer / block_size;
    if (block >= blocks_.size() || !blocks_[block])
        return missing;
    return decoded(encoded_at(blocks_[block].get(), bits_, customer % block_size), bits_,
                   dictionary_);
}

// Bytes of the blocks where a quarter of them, or more, do not lie behind the one before; else 0.
std::size_t AttributeWriter::scattered_bytes() const {
    std::size_t there = 0, apart = 0;
    const char* next = nullptr;
    for (const auto& block : blocks_) {
        if (!block)
            continue;
        ++there;
        apart += next && block.get() != next ? 1 : 0;
        next = block.get() + block_bytes();
    }
    return apart > 0 && apart * 4 >= there ? there * block_bytes() : 0;
}

// Rows have sizes of few kinds, so that they are used again although customers become more.
void AttributeWriter::put_in_a_row() {
    const auto step = std::max(std::bit_floor(scattered_) / 8, detail::BlockMemory::unit);
    const auto row = memory_->take((scattered_ + step - 1) / step * step);
    char* place = row.get();
    for (auto& block : blocks_) {
        if (!block)
            continue;
        std::memcpy(place, block.get(), block_bytes());
        block = {row, place};
        place += block_bytes();
    }
    scattered_ = 0;
    changed_ = true;
}

std::shared_ptr<const Attribute> AttributeWriter::publish(std::size_t& bytes) {
    // Wider ones have blocks that are long enough.
    if (changed_)
        scattered_ = bits_ <= detail::most_planes ? scattered_bytes() : 0;
    if (scattered_ > 0 && scattered_ <= bytes) {
        bytes -= scattered_;
        put_in_a_row();
    }
    if (!changed_)
        return published_;
    auto made = std::make_shared<Attribute>();
    made->bits = bits_;
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
    bits_ = attribute.bits;
    dictionary_ = *attribute.dictionary;
    codes_.clear();
    for (std::size_t i = 0; i < dictionary_.size(); ++i)
        codes_.emplace(dictionary_[i], static_cast<std::uint32_t>(i));
    blocks_.clear();
    for (const auto& block : attribute.blocks)
        blocks_.push_back(std::const_pointer_cast<char[]>(block));
    owned_.assign(blocks_.size(), false);  // copied before their first change
    dictionary_changed_ = changed_ = true;
}

}  // namespace qiao::index
