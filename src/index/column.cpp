#include "index/column.hpp"

#include <cstring>
#include <functional>
#include <numeric>

namespace qiao::index {
namespace {

// Cells as places in a sorted dictionary.
struct Coded {
    std::vector<Cell> dictionary;
    std::vector<std::uint16_t> places;
};

// Nothing where there are more than `limit` different cells.
class Coder {
public:
    std::optional<Coded> code(std::span<const Cell> cells, std::size_t limit) {
        Coded made;
        made.places.reserve(cells.size());
        for (const Cell cell : cells) {
            const bool again = !made.places.empty() && cell == found_[made.places.back()];
            const std::uint32_t place = again ? made.places.back() : place_of(cell, limit);
            if (place == none)
                return std::nullopt;
            made.places.push_back(static_cast<std::uint16_t>(place));
        }
        std::vector<std::uint16_t> order(found_.size()), place(found_.size());
        std::iota(order.begin(), order.end(), std::uint16_t{0});
        std::sort(order.begin(), order.end(),
                  [&](std::uint16_t a, std::uint16_t b) { return found_[a] < found_[b]; });
        for (const auto met : order) {
            place[met] = static_cast<std::uint16_t>(made.dictionary.size());
            made.dictionary.push_back(found_[met]);
        }
        for (auto& one : made.places)
            one = place[one];
        return made;
    }

private:
    static constexpr std::uint32_t none = UINT32_MAX;

    std::size_t slot_of(Cell cell) const {
        auto slot = (static_cast<std::uint64_t>(cell) * 0x9E3779B97F4A7C15ull >> 32) & mask_;
        while (slots_[slot] != none && found_[slots_[slot]] != cell)
            slot = (slot + 1) & mask_;
        return slot;
    }
    // `none` where it would be one too many.
    std::uint32_t place_of(Cell cell, std::size_t limit) {
        auto& slot = slots_[slot_of(cell)];
        if (slot != none)
            return slot;
        if (found_.size() == limit)
            return none;
        const auto place = slot = static_cast<std::uint32_t>(found_.size());
        found_.push_back(cell);
        if (found_.size() * 2 > mask_) {
            mask_ = mask_ * 4 + 3;
            slots_.assign(mask_ + 1, none);
            for (std::uint32_t i = 0; i < found_.size(); ++i)
                slots_[slot_of(found_[i])] = i;
        }
        return place;
    }

    std::size_t mask_ = 1023;
    std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(mask_ + 1, none);
    std::vector<Cell> found_;  // as they were met
};

template <class Number, class Values, class Of>
std::string packed(const Values& values, Of&& of) {
    std::string data(values.size() * sizeof(Number), '\0');
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Number number = of(values[i]);
        std::memcpy(data.data() + i * sizeof(Number), &number, sizeof number);
    }
    return data;
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
    if (auto coded = Coder().code(cells, limit); coded && !coded->dictionary.empty()) {
        const auto narrowed = [](std::uint16_t place) { return static_cast<std::uint8_t>(place); };
        const bool narrow = coded->dictionary.size() <= 256;
        made.encoding = narrow ? Encoding::dict8 : Encoding::dict16;
        made.data = narrow ? packed<std::uint8_t>(coded->places, narrowed)
                           : packed<std::uint16_t>(coded->places, std::identity());
        made.dictionary = std::move(coded->dictionary);
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
