// Which unit of a period a moment falls in.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "insight/question.hpp"

namespace qiao::insight::detail {

// Units follow each other without gaps.
class UnitTable {
public:
    explicit UnitTable(const std::vector<Unit>& units) {
        for (const auto& unit : units)
            starts_.push_back(unit.from_ms);
        if (units.empty())
            return;
        until_ms_ = units.back().until_ms;
        // The first and the last are cut; those between tell the length.
        const auto length = units.size() > 2 ? units[1].until_ms - units[1].from_ms : 0;
        if (length < 1024 || length % 1024 != 0)
            return;
        for (std::size_t i = 2; i + 1 < units.size(); ++i)
            if (units[i].until_ms - units[i].from_ms != length)
                return;
        if (units.front().until_ms - units.front().from_ms > length ||
            units.back().until_ms - units.back().from_ms > length)
            return;
        base_ms_ = units[1].from_ms - length;
        // ⌈2^64 / (length / 1024)⌉: exact for fewer than 2^32 steps of 1,024 ms (139 years).
        factor_ = ~std::uint64_t{0} / static_cast<std::uint64_t>(length / 1024) + 1;
    }
    bool holds(std::int64_t time_ms) const {
        return !starts_.empty() && time_ms >= starts_.front() && time_ms < until_ms_;
    }
    // `time_ms` lies in one of them.
    std::size_t of(std::int64_t time_ms) const {
        if (factor_ != 0)
            return static_cast<std::size_t>(
                static_cast<unsigned __int128>(static_cast<std::uint64_t>(time_ms - base_ms_) >>
                                               10) *
                    factor_ >>
                64);
        return static_cast<std::size_t>(
                   std::upper_bound(starts_.begin(), starts_.end(), time_ms) - starts_.begin()) -
               1;
    }
    std::size_t size() const { return starts_.size(); }

private:
    std::vector<std::int64_t> starts_;
    std::int64_t until_ms_ = 0, base_ms_ = 0;
    std::uint64_t factor_ = 0;  // zero: units of unlike length
};

}  // namespace qiao::insight::detail
