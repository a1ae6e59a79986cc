#include "index/attributes.hpp"

#include <algorithm>
#include <cstring>

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

std::uint64_t encoded_at(const char* block, Width width, std::size_t i) {
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

void put_at(char* block, Width width, std::size_t i, std::uint64_t value) {
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

template <class Number>
const Number* as(const char* data) {
    return reinterpret_cast<const Number*>(data);
}

}  // namespace

Cell Attribute::at(Dense customer) const {
    const std::size_t block = customer / block_size;
    if (block >= blocks.size() || !blocks[block])
        return missing;
    return decoded(encoded_at(blocks[block].get(), width, customer % block_size), width,
                   *dictionary);
}

void Attribute::each_used(const std::function<void(Cell)>& visit) const {
    std::vector<bool> codes(width <= Width::code16 ? 65'536 : 0);
    for (const auto& block : blocks) {
        if (!block)
            continue;
        for (std::size_t i = 0; i < block_size; ++i) {
            const std::uint64_t value = encoded_at(block.get(), width, i);
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
    const auto& dictionary = *attribute_->dictionary;
    for (std::size_t code = 0; code < dictionary.size(); ++code)
        if (predicate_(dictionary[code]))
            codes_.push_back(static_cast<std::uint16_t>(code));
    if (attribute_->width == Width::code8) {
        for (const auto code : codes_)
            bytes_.add(static_cast<std::uint8_t>(code));
    } else if (codes_.size() > most_few) {
        passes_.resize(65'536);
        for (const auto code : codes_)
            passes_[code] = true;
    }
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
    switch (attribute_->width) {
        case Width::code8:
            return detail::block_tests.in_set(as<std::uint8_t>(data), bytes_, candidates, out,
                                              ahead);
        case Width::code16:
            if (codes_.size() <= most_few)
                return detail::block_tests.among(as<std::uint16_t>(data), codes_, candidates, out,
                                                 ahead);
            return detail::set_bits(candidates, out, [&](std::size_t i) {
                return passes_[as<std::uint16_t>(data)[i]] != 0;
            });
        case Width::cell32:
            return compare(as<std::uint32_t>(data), detail::block_tests.inside_32, candidates, out,
                           ahead);
        case Width::cell64:
            return compare(as<Cell>(data), detail::block_tests.inside_64, candidates, out, ahead);
    }
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
        auto wider = empty_block(width);
        for (std::size_t i = 0; i < block_size; ++i) {
            const std::uint64_t old = encoded_at(block.get(), width_, i);
            std::uint64_t value = old;
            if (width > Width::code16) {
                const Cell cell = decoded(old, width_, dictionary_);
                value = width == Width::cell32 && cell == missing
                            ? absent
                            : static_cast<std::uint64_t>(cell);
            }
            put_at(wider.get(), width, i, value);
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

detail::BlockBytes AttributeWriter::empty_block(Width width) const {
    const auto bytes = block_size * static_cast<std::size_t>(width);
    auto block = memory_->take(bytes);
    std::memset(block.get(), width == Width::cell32 ? 0xff : 0, bytes);
    if (width == Width::cell64)
        for (std::size_t i = 0; i < block_size; ++i)
            put_at(block.get(), width, i, static_cast<std::uint64_t>(missing));
    return block;
}

char* AttributeWriter::writable(std::size_t block) {
    if (block >= blocks_.size()) {
        blocks_.resize(block + 1);
        owned_.resize(block + 1);
    }
    if (!blocks_[block]) {
        blocks_[block] = empty_block(width_);
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
    put_at(writable(customer / block_size), width_, customer % block_size, value);
}

Cell AttributeWriter::at(Dense customer) const {
    const std::size_t block = customer / block_size;
    if (block >= blocks_.size() || !blocks_[block])
        return missing;
    return decoded(encoded_at(blocks_[block].get(), width_, customer % block_size), width_,
                   dictionary_);
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
        blocks_.push_back(std::const_pointer_cast<char[]>(block));
    owned_.assign(blocks_.size(), false);  // copied before their first change
    dictionary_changed_ = changed_ = true;
}

}  // namespace qiao::index
