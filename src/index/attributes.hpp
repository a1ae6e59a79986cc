// What is known of a customer now: tags, identities and consents, a column each over dense ids.
//
// Columns are cut into blocks. The feeder writes into blocks that no snapshot has seen yet and
// copies a block before its first change after a publication, so that snapshots never change and
// cost little.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "index/column.hpp"
#include "index/detail/block_memory.hpp"
#include "index/detail/block_tests.hpp"
#include "index/people.hpp"

namespace qiao::index {

enum class Space : std::uint8_t { tag, identity, consent };
// Identities are set-valued: a customer may have several of a kind. Consents are booleans.
struct AttributeKey {
    Space space = Space::tag;
    ColumnKey column;
    friend auto operator<=>(const AttributeKey&, const AttributeKey&) = default;
};

// Blocks hold codes of a byte or two into `dictionary` (code 0: missing), or the cells themselves
// as u32 (`absent`: missing) or int64.
enum class Width : std::uint8_t { code8 = 1, code16 = 2, cell32 = 4, cell64 = 8 };

struct Attribute {
    using Block = std::shared_ptr<const char[]>;  // block_size values
    Width width = Width::code8;
    std::shared_ptr<const std::vector<Cell>> dictionary;
    std::vector<Block> blocks;  // null, or beyond the end: all missing

    std::size_t block_bytes() const { return block_size * static_cast<std::size_t>(width); }
    Cell at(Dense customer) const;
    // Calls visit(cell) for every cell that some customer has; perhaps more than once.
    void each_used(const std::function<void(Cell)>& visit) const;
    std::uint64_t bytes() const { return blocks.size() * block_bytes(); }
};

// A predicate bound to one attribute, evaluated a block at a time.
class AttributeTest {
public:
    AttributeTest(std::shared_ptr<const Attribute> attribute, Predicate predicate);
    // Who passes of the candidates.
    void block(Dense block, const BlockBits& candidates, BlockBits& out) const;
    bool one(Dense customer) const {
        return predicate_(attribute_ ? attribute_->at(customer) : missing);
    }

private:
    template <class Number, class Inside>
    void compare(const Number* cells, Inside&& inside, const BlockBits& candidates, BlockBits& out,
                 const char* ahead) const;
    static constexpr std::size_t most_few = 4;

    std::shared_ptr<const Attribute> attribute_;  // null: missing everywhere
    Predicate predicate_;
    std::vector<std::uint16_t> codes_;  // those that pass
    detail::ByteSet bytes_;             // the same of codes of a byte
    std::vector<std::uint8_t> passes_;  // by code, of two bytes and more than most_few
};

using AttributeMap = std::map<AttributeKey, std::shared_ptr<const Attribute>>;

// The feeder's side. One thread.
class AttributeWriter {
public:
    explicit AttributeWriter(std::shared_ptr<detail::BlockMemory> memory)
        : memory_(std::move(memory)) {}
    void set(Dense customer, Cell cell);
    Cell at(Dense customer) const;
    // The state that snapshots see from now on.
    std::shared_ptr<const Attribute> publish();
    // Takes a loaded column.
    void load(Attribute attribute);

private:
    std::uint64_t encode(Cell cell);
    void widen(Width width);
    std::size_t block_bytes() const { return block_size * static_cast<std::size_t>(width_); }
    detail::BlockBytes empty_block(Width width) const;
    char* writable(std::size_t block);

    std::shared_ptr<detail::BlockMemory> memory_;
    Width width_ = Width::code8;
    std::vector<Cell> dictionary_ = {missing};
    std::unordered_map<Cell, std::uint32_t> codes_ = {{missing, 0}};
    bool dictionary_changed_ = true;
    std::vector<detail::BlockBytes> blocks_;
    std::vector<bool> owned_;  // written since the last publication
    std::shared_ptr<const Attribute> published_;
    bool changed_ = true;
};

}  // namespace qiao::index
