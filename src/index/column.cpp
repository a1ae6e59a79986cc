#include "index/column.hpp"

#include <cstring>
#include <numeric>

namespace qiao::index {
namespace {

// The distinct cells in order, or nothing where there are more than `limit`.
std::optional<std::vector<Cell>> distinct_cells(std::span<const Cell> cells, std::size_t limit) {
    std::size_t mask = 1023;
    std::vector<Cell> slots(mask + 1);
    std::vector<bool> taken(mask + 1);
    std::vector<Cell> found;
    const auto slot_of = [&](Cell cell) {
        auto slot = (static_cast<std::uint64_t>(cell) * 0x9E3779B97F4A7C15ull >> 32) & mask;
        while (taken[slot] && slots[slot] != cell)
            slot = (slot + 1) & mask;
        return slot;
    };
    Cell last = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const Cell cell = cells[i];
        if (i > 0 && cell == last)
            continue;
        last = cell;
        const auto slot = slot_of(cell);
        if (taken[slot])
            continue;
        if (found.size() == limit)
            return std::nullopt;
        taken[slot] = true;
        slots[slot] = cell;
        found.push_back(cell);
        if (found.size() * 2 <= mask)
            continue;
        mask = mask * 4 + 3;
        slots.assign(mask + 1, 0);
        taken.assign(mask + 1, false);
        for (const Cell known : found) {
            const auto place = slot_of(known);
            taken[place] = true;
            slots[place] = known;
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

template <class Number, class Of>
std::string packed(std::span<const Cell> cells, Of&& of) {
    std::string data(cells.size() * sizeof(Number), '\0');
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const Number number = of(cells[i]);
        std::memcpy(data.data() + i * sizeof(Number), &number, sizeof number);
    }
    return data;
}

template <class Number>
std::string dictionary_coded(std::span<const Cell> cells, const std::vector<Cell>& dictionary) {
    Cell last = dictionary.front();
    Number last_code = 0;
    return packed<Number>(cells, [&](Cell cell) {
        if (cell != last) {
            const auto place = std::lower_bound(dictionary.begin(), dictionary.end(), cell);
            last = cell;
            last_code = static_cast<Number>(place - dictionary.begin());
        }
        return last_code;
    });
}

struct Range {
    Cell low = INT64_MAX, high = INT64_MIN;
    std::uint64_t unit = 0;  // the greatest common divisor of the distances
};

Range range_of(std::span<const Cell> cells) {
    Range range;
    for (const Cell cell : cells) {
        if (cell == missing)
            continue;
        range.low = std::min(range.low, cell);
        range.high = std::max(range.high, cell);
    }
    for (const Cell cell : cells) {
        if (cell == missing || range.unit == 1)
            continue;
        range.unit = std::gcd(
            range.unit, static_cast<std::uint64_t>(cell) - static_cast<std::uint64_t>(range.low));
    }
    range.unit = std::max<std::uint64_t>(range.unit, 1);
    return range;
}

}  // namespace

EncodedColumn encode_column(std::span<const Cell> cells) {
    EncodedColumn made;
    const std::size_t limit =
        cells.size() > 4096 ? std::min<std::size_t>(65'536, cells.size() / 16) : 256;
    if (auto dictionary = distinct_cells(cells, limit); dictionary && !dictionary->empty()) {
        made.dictionary = std::move(*dictionary);
        const bool narrow = made.dictionary.size() <= 256;
        made.encoding = narrow ? Encoding::dict8 : Encoding::dict16;
        made.data = narrow ? dictionary_coded<std::uint8_t>(cells, made.dictionary)
                           : dictionary_coded<std::uint16_t>(cells, made.dictionary);
        return made;
    }
    const Range range = range_of(cells);
    const auto width =
        static_cast<std::uint64_t>(range.high) - static_cast<std::uint64_t>(range.low);
    if (!cells.empty() && range.low <= range.high && width / range.unit < absent) {
        made.encoding = Encoding::offset32;
        made.base = range.low;
        made.unit = static_cast<Cell>(range.unit);
        made.data = packed<std::uint32_t>(cells, [&](Cell cell) {
            return cell == missing
                       ? absent
                       : static_cast<std::uint32_t>((static_cast<std::uint64_t>(cell) -
                                                     static_cast<std::uint64_t>(range.low)) /
                                                    range.unit);
        });
        return made;
    }
    made.encoding = Encoding::raw64;
    made.data = packed<Cell>(cells, [](Cell cell) { return cell; });
    return made;
}

BoundTest::BoundTest(const Column& column, const Predicate& predicate)
    : column_(column), predicate_(predicate) {
    if (column.encoding == Encoding::dict8 || column.encoding == Encoding::dict16) {
        // Every byte of the column is a valid place, so a short table needs no bounds check.
        passes_.assign(column.encoding == Encoding::dict8 ? 256 : 65'536, 0);
        std::size_t passing = 0;
        for (std::size_t i = 0; i < column.dictionary.size(); ++i) {
            passes_[i] = predicate(column.dictionary[i]) ? 1 : 0;
            passing += passes_[i];
        }
        always_ = passing == column.dictionary.size();
        never_ = passing == 0;
        return;
    }
    is_range_ = !predicate.listed && !predicate.negated && !predicate.takes_missing;
    low_ = predicate.low;
    high_ = predicate.high;
}

}  // namespace qiao::index
