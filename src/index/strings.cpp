#include "index/strings.hpp"

#include <algorithm>
#include <cstring>
#include <mutex>

#include "base/check.hpp"
#include "base/id.hpp"
#include "index/detail/bytes.hpp"

namespace qiao::index {
namespace {

// What stands for a forgotten text: no valid UTF-8, so no text of a fact equals it.
const std::string blank_text = "\xff";
const std::vector<Code> blank_set = {UINT32_MAX};
// Texts or sets that are worked off while others wait: about a millisecond.
constexpr std::size_t slice = 8 * 1024;

// Comparisons see the whole text through the hash; people see its beginning.
std::string shortened(std::string_view text) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string made(text.substr(0, longest_text - 35));
    made += "#";
    for (const std::uint64_t seed : {1ull, 2ull}) {
        const std::uint64_t hash = hash64(text, seed);
        for (int shift = 60; shift >= 0; shift -= 4)
            made += digits[(hash >> shift) & 15];
    }
    return made;
}

std::string bytes_of(const std::vector<Code>& codes) {
    return {reinterpret_cast<const char*>(codes.data()), codes.size() * sizeof(Code)};
}

}  // namespace

std::optional<Code> Strings::find_locked(std::string_view text) const {
    const auto found =
        text.size() > longest_text ? codes_.find(shortened(text)) : codes_.find(text);
    if (found == codes_.end())
        return std::nullopt;
    return found->second;
}

Code Strings::code_locked(std::string_view text) {
    if (const auto found = find_locked(text)) {
        if (watches_ && *found < asked_texts_.size())
            asked_texts_[*found] = true;
        return *found;
    }
    check(texts_.size() < UINT32_MAX);
    const Code made = static_cast<Code>(texts_.size());
    texts_.push_back(text.size() > longest_text ? shortened(text) : std::string(text));
    codes_.emplace(texts_.back(), made);
    bytes_ += texts_.back().capacity() + sizeof(std::string) + 48;
    return made;
}

Code Strings::code(std::string_view text) {
    {
        std::shared_lock lock(mutex_);
        if (const auto found = watches_ ? std::nullopt : find_locked(text))
            return *found;
    }
    std::unique_lock lock(mutex_);
    return code_locked(text);
}

std::optional<Code> Strings::find(std::string_view text) const {
    std::shared_lock lock(mutex_);
    return find_locked(text);
}

std::string Strings::text(Code code) const {
    std::shared_lock lock(mutex_);
    check(code < texts_.size());
    return texts_[code];
}

std::size_t Strings::size() const {
    std::shared_lock lock(mutex_);
    return texts_.size();
}

Code Strings::set_code(const StringSet& set) {
    std::unique_lock lock(mutex_);
    std::vector<Code> codes;
    for (const auto& text : set)
        codes.push_back(code_locked(text));
    auto key = bytes_of(codes);
    if (const auto found = set_codes_.find(key); found != set_codes_.end()) {
        if (watches_ && found->second < asked_sets_.size())
            asked_sets_[found->second] = true;
        return found->second;
    }
    const Code made = static_cast<Code>(sets_.size());
    bytes_ += 2 * key.size() + 96;
    sets_.push_back(std::move(codes));
    set_codes_.emplace(std::move(key), made);
    return made;
}

StringSet Strings::set(Code code) const {
    std::shared_lock lock(mutex_);
    check(code < sets_.size());
    StringSet made;
    if (sets_[code] == blank_set)
        return made;
    for (const Code member : sets_[code])
        made.push_back(texts_[member]);
    return made;
}

std::vector<Cell> Strings::sets_with(std::string_view text) const {
    std::shared_lock lock(mutex_);
    std::vector<Cell> made;
    const auto wanted = find_locked(text);
    if (!wanted)
        return made;
    for (std::size_t i = 0; i < sets_.size(); ++i) {
        const auto& members = sets_[i];
        if (std::find(members.begin(), members.end(), *wanted) != members.end())
            made.push_back(static_cast<Cell>(i));
    }
    return made;
}

std::size_t Strings::set_count() const {
    std::shared_lock lock(mutex_);
    return sets_.size();
}

Cell Strings::cell(const Value& value) {
    switch (type_of(value)) {
        case ValueType::null:
            return missing;
        case ValueType::boolean:
            return std::get<bool>(value) ? 1 : 0;
        case ValueType::number:
            return std::get<Decimal>(value).scaled();
        case ValueType::string:
            return code(std::get<std::string>(value));
        case ValueType::time:
            return to_ms(std::get<Time>(value));
        case ValueType::string_set:
            return set_code(std::get<StringSet>(value));
        case ValueType::sealed:
            return code(std::get<Sealed>(value).hash);
    }
    return missing;
}

std::optional<Cell> Strings::find_cell(const Value& value) const {
    switch (type_of(value)) {
        case ValueType::null:
            return std::nullopt;
        case ValueType::boolean:
            return std::get<bool>(value) ? 1 : 0;
        case ValueType::number:
            return std::get<Decimal>(value).scaled();
        case ValueType::string:
            return find(std::get<std::string>(value));
        case ValueType::time:
            return to_ms(std::get<Time>(value));
        case ValueType::string_set:
            return std::nullopt;
        case ValueType::sealed:
            return find(std::get<Sealed>(value).hash);
    }
    return std::nullopt;
}

Value Strings::value(Cell cell, ValueType type) const {
    if (cell == missing)
        return {};
    switch (type) {
        case ValueType::null:
            return {};
        case ValueType::boolean:
            return cell != 0;
        case ValueType::number:
            return Decimal::from_scaled(cell);
        case ValueType::string:
            return text(static_cast<Code>(cell));
        case ValueType::time:
            return time_from_ms(cell);
        case ValueType::string_set:
            return set(static_cast<Code>(cell));
        case ValueType::sealed:
            return Sealed{text(static_cast<Code>(cell)), {}};
    }
    return {};
}

void Strings::watch_uses() {
    std::unique_lock lock(mutex_);
    asked_texts_.assign(texts_.size(), false);
    asked_sets_.assign(sets_.size(), false);
    watches_ = true;
}

// In slices: whoever needs a code waits for one of them at most. What is newer than watch_uses()
// counts as asked for.
void Strings::blank_unused(std::vector<bool> used_texts, const std::vector<bool>& used_sets) {
    const auto texts = asked_texts_.size(), sets = asked_sets_.size();
    used_texts.resize(texts);
    for (std::size_t i = 0; i < sets;) {
        std::unique_lock lock(mutex_);
        for (const auto end = std::min(sets, i + slice); i < end; ++i) {
            const bool is_used = (i < used_sets.size() && used_sets[i]) || asked_sets_[i];
            if (!is_used && sets_[i] != blank_set) {
                set_codes_.erase(bytes_of(sets_[i]));
                sets_[i] = blank_set;
            }
            if (sets_[i] == blank_set)
                continue;
            for (const Code member : sets_[i])
                if (member < texts)
                    used_texts[member] = true;
        }
    }
    for (std::size_t i = 0; i < texts;) {
        std::unique_lock lock(mutex_);
        for (const auto end = std::min(texts, i + slice); i < end; ++i) {
            if (used_texts[i] || asked_texts_[i] || texts_[i] == blank_text)
                continue;
            codes_.erase(texts_[i]);
            bytes_ -= std::min(bytes_, texts_[i].capacity());
            texts_[i] = std::string(blank_text);
        }
    }
    std::unique_lock lock(mutex_);
    watches_ = false;
    asked_texts_.clear();
    asked_sets_.clear();
}

// What is added meanwhile comes after what was there, and is not written: a state knows how many
// texts there were.
void Strings::save(std::string& out) const {
    std::size_t texts = 0, sets = 0;
    {
        std::shared_lock lock(mutex_);
        texts = texts_.size();
        sets = sets_.size();
    }
    detail::put(out, static_cast<std::uint64_t>(texts));
    for (std::size_t i = 0; i < texts;) {
        std::shared_lock lock(mutex_);
        for (const auto end = std::min(texts, i + slice); i < end; ++i)
            detail::put_text(out, texts_[i]);
    }
    detail::put(out, static_cast<std::uint64_t>(sets));
    for (std::size_t i = 0; i < sets;) {
        std::shared_lock lock(mutex_);
        for (const auto end = std::min(sets, i + slice); i < end; ++i)
            detail::put_text(out, bytes_of(sets_[i]));
    }
}

bool Strings::load(std::string_view& in) {
    std::unique_lock lock(mutex_);
    std::uint64_t texts = 0;
    if (!detail::get(in, texts))
        return false;
    for (std::uint64_t i = 0; i < texts; ++i) {
        std::string_view text;
        if (!detail::get_text(in, text))
            return false;
        texts_.emplace_back(text);
        if (text != blank_text)
            codes_.emplace(texts_.back(), static_cast<Code>(i));
        bytes_ += texts_.back().capacity() + sizeof(std::string) + 48;
    }
    std::uint64_t sets = 0;
    if (!detail::get(in, sets))
        return false;
    for (std::uint64_t i = 0; i < sets; ++i) {
        std::string_view bytes;
        if (!detail::get_text(in, bytes) || bytes.size() % sizeof(Code) != 0)
            return false;
        std::vector<Code> codes(bytes.size() / sizeof(Code));
        if (!bytes.empty())
            std::memcpy(codes.data(), bytes.data(), bytes.size());
        sets_.push_back(std::move(codes));
        if (sets_.back() == blank_set)
            continue;
        for (const Code code : sets_.back())
            if (code >= texts_.size())
                return false;
        set_codes_.emplace(std::string(bytes), static_cast<Code>(i));
    }
    return true;
}

std::size_t Strings::memory() const {
    std::shared_lock lock(mutex_);
    return bytes_;
}

}  // namespace qiao::index
