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
#include "index/detail/bit_planes.hpp"
#include "index/detail/block_memory.hpp"
#include "index/people.hpp"

namespace qiao::index {

enum class Space : std::uint8_t { tag, identity, consent };
// Identities are set-valued: a customer may have several of a kind. Consents are booleans.
struct AttributeKey {
    Space space = Space::tag;
    ColumnKey column;
    friend auto operator<=>(const AttributeKey&, const AttributeKey&) = default;
};

// A value takes `bits` of a block: 1 to 16, a code into `dictionary` (code 0: missing), in planes
// of bits (detail/bit_planes.hpp); 32 or 64, the cell itself as u32 (`absent`: missing) or int64.
struct Attribute {
    using Block = std::shared_ptr<const char[]>;  // block_size values
    unsigned bits = 1;
    std::shared_ptr<const std::vector<Cell>> dictionary;
    std::vector<Block> blocks;  // null, or beyond the end: all missing

    bool is_coded() const { return bits <= detail::most_planes; }
    std::size_t block_bytes() const { return detail::plane_bytes * bits; }
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
    // Rough nanoseconds for a block.
    double cost() const;

private:
    template <class Number, class Inside>
    void compare(const Number* cells, Inside&& inside, const BlockBits& candidates, BlockBits& out,
                 const char* ahead) const;

    std::shared_ptr<const Attribute> attribute_;  // null: missing everywhere
    Predicate predicate_;
    detail::CodeTest codes_;  // of an attribute of codes
};

using AttributeMap = std::map<AttributeKey, std::shared_ptr<const Attribute>>;

// The feeder's side. One thread.
class AttributeWriter {
public:
    explicit AttributeWriter(std::shared_ptr<detail::BlockMemory> memory)
        : memory_(std::move(memory)) {}
    void set(Dense customer, Cell cell);
    Cell at(Dense customer) const;
    // The state that snapshots see from now on. Blocks that changes have scattered are put in a row
    // again, where they are no more than `bytes`, of which that takes some: in their order a
    // processor reads them by itself ahead of time.
    std::shared_ptr<const Attribute> publish(std::size_t& bytes);
    // Takes a loaded column.
    void load(Attribute attribute);

private:
    std::uint64_t encode(Cell cell);
    void add_plane();
    void leave_codes(unsigned bits);  // for the cells themselves
    std::size_t block_bytes() const { return detail::plane_bytes * bits_; }
    detail::BlockBytes empty_block(unsigned bits) const;
    char* writable(std::size_t block);
    std::size_t scattered_bytes() const;
    void put_in_a_row();

    std::shared_ptr<detail::BlockMemory> memory_;
    unsigned bits_ = 1;
    std::vector<Cell> dictionary_ = {missing};
    std::unordered_map<Cell, std::uint32_t> codes_ = {{missing, 0}};
    bool dictionary_changed_ = true;
    std::vector<detail::BlockBytes> blocks_;
    std::vector<bool> owned_;  // written since the last publication
    std::shared_ptr<const Attribute> published_;
    bool changed_ = true;
    std::size_t scattered_ = 0;  // bytes that put_in_a_row() would copy
};

}  // namespace qiao::index
