// The index's one dictionary: texts and sets of texts as numbers, and every value as an int64
// "cell".
//
// Names of events and properties, and all text values, share one space of codes from 0. Codes are
// never given twice, so every segment and every snapshot reads them alike. Texts longer than
// `longest_text` are kept as their beginning and a hash, which is all that comparisons need.
// Thread-safe: one feeder adds, any thread looks up.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/value.hpp"

namespace qiao::index {

using Code = std::uint32_t;
// A value in a column: scaled decimal, milliseconds, 0 or 1, or a code. `missing` is none of them.
using Cell = std::int64_t;
inline constexpr Cell missing = INT64_MIN;
inline constexpr std::size_t longest_text = 256;

class Strings {
public:
    Code code(std::string_view text);
    std::optional<Code> find(std::string_view text) const;
    std::string text(Code code) const;
    std::size_t size() const;

    Code set_code(const StringSet& set);
    StringSet set(Code code) const;
    // The codes of all sets that contain the text.
    std::vector<Cell> sets_with(std::string_view text) const;
    std::size_t set_count() const;

    // The cell of a value; sealed values are known by their hash alone. A number or time that would
    // be `missing` cannot occur: decimals and times end before it.
    Cell cell(const Value& value);
    // The cell of a constant, without adding to the dictionary; nothing where no row can hold it.
    std::optional<Cell> find_cell(const Value& value) const;
    Value value(Cell cell, ValueType type) const;

    // Forgetting, in two steps, so that nobody waits long: from watch_uses() on it is remembered
    // which texts and sets anybody asks a code for; blank_unused() then forgets those that neither
    // are marked nor were asked for (erased customers leave nothing behind). Their codes stay
    // taken.
    void watch_uses();
    void blank_unused(std::vector<bool> used_texts, const std::vector<bool>& used_sets);

    // All texts and sets in order, for the state file.
    void save(std::string& out) const;
    bool load(std::string_view& in);
    std::size_t memory() const;

private:
    std::optional<Code> find_locked(std::string_view text) const;
    Code code_locked(std::string_view text);

    mutable std::shared_mutex mutex_;
    std::deque<std::string> texts_;
    std::unordered_map<std::string_view, Code> codes_;
    std::deque<std::vector<Code>> sets_;
    std::unordered_map<std::string, Code> set_codes_;  // by the bytes of their codes
    std::size_t bytes_ = 0;
    bool watches_ = false;
    std::vector<bool> asked_texts_, asked_sets_;  // since watch_uses()
};

}  // namespace qiao::index
