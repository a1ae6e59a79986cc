// An immutable column of cells in a segment, in the smallest of four encodings.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "index/predicate.hpp"
#include "index/strings.hpp"

namespace qiao::index {

enum class Encoding : std::uint32_t {
    dict8,     // a byte per row into a sorted dictionary of at most 256 cells
    dict16,    // two bytes, at most 65,536 cells
    offset32,  // base + unit · u32; `absent` stands for missing
    raw64,
};
inline constexpr std::uint32_t absent = UINT32_MAX;

// What a property is told apart by: its name and its type. A property whose type ever changed has
// several columns, and a rule reads the one of the dictionary's type.
struct ColumnKey {
    Code name = 0;
    ValueType type = ValueType::null;
    friend auto operator<=>(const ColumnKey&, const ColumnKey&) = default;
};

// A view into a segment's bytes.
struct Column {
    Encoding encoding = Encoding::raw64;
    const void* data = nullptr;
    std::span<const Cell> dictionary;
    Cell base = 0;
    Cell unit = 1;

    std::uint32_t width() const {  // bytes per row
        constexpr std::uint32_t widths[] = {1, 2, 4, 8};
        return widths[static_cast<std::uint32_t>(encoding)];
    }
    Cell at(std::uint32_t row) const {
        switch (encoding) {
            case Encoding::dict8:
                return dictionary[static_cast<const std::uint8_t*>(data)[row]];
            case Encoding::dict16:
                return dictionary[static_cast<const std::uint16_t*>(data)[row]];
            case Encoding::offset32: {
                const auto offset = static_cast<const std::uint32_t*>(data)[row];
                return offset == absent ? missing : base + unit * static_cast<Cell>(offset);
            }
            case Encoding::raw64:
                return static_cast<const Cell*>(data)[row];
        }
        return missing;
    }
};

// A predicate bound to one column, so that a row costs a look-up or two comparisons.
class BoundTest {
public:
    BoundTest(const Column& column, const Predicate& predicate);
    // The same answer for every row: the column need not be read.
    bool always() const { return always_; }
    bool never() const { return never_; }
    std::uint32_t width() const { return column_.width(); }

    bool operator()(std::uint32_t row) const {
        switch (column_.encoding) {
            case Encoding::dict8:
                return passes_[static_cast<const std::uint8_t*>(column_.data)[row]] != 0;
            case Encoding::dict16:
                return passes_[static_cast<const std::uint16_t*>(column_.data)[row]] != 0;
            case Encoding::offset32:
            case Encoding::raw64:
                break;
        }
        const Cell cell = column_.at(row);
        if (is_range_)
            return cell >= low_ && cell <= high_;
        return predicate_(cell);
    }

private:
    Column column_;
    Predicate predicate_;
    std::vector<std::uint8_t> passes_;
    bool is_range_ = false;
    Cell low_ = 0, high_ = 0;
    bool always_ = false, never_ = false;
};

// An encoded column before it stands in a segment.
struct EncodedColumn {
    Encoding encoding = Encoding::raw64;
    std::vector<Cell> dictionary;
    Cell base = 0;
    Cell unit = 1;
    std::string data;
};
EncodedColumn encode_column(std::span<const Cell> cells);

}  // namespace qiao::index
