// Little-endian pieces of the index's state file.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace qiao::index::detail {

template <class Number>
    requires std::is_trivially_copyable_v<Number>
void put(std::string& out, const Number& number) {
    out.append(reinterpret_cast<const char*>(&number), sizeof number);
}
template <class Number>
    requires std::is_trivially_copyable_v<Number>
[[nodiscard]] bool get(std::string_view& in, Number& number) {
    if (in.size() < sizeof number)
        return false;
    std::memcpy(&number, in.data(), sizeof number);
    in.remove_prefix(sizeof number);
    return true;
}

inline void put_text(std::string& out, std::string_view text) {
    put(out, static_cast<std::uint32_t>(text.size()));
    out += text;
}
[[nodiscard]] inline bool get_text(std::string_view& in, std::string_view& text) {
    std::uint32_t size = 0;
    if (!get(in, size) || in.size() < size)
        return false;
    text = in.substr(0, size);
    in.remove_prefix(size);
    return true;
}

template <class Item>
    requires std::is_trivially_copyable_v<Item>
void put_all(std::string& out, const std::vector<Item>& items) {
    put(out, static_cast<std::uint64_t>(items.size()));
    out.append(reinterpret_cast<const char*>(items.data()), items.size() * sizeof(Item));
}
template <class Item>
    requires std::is_trivially_copyable_v<Item>
[[nodiscard]] bool get_all(std::string_view& in, std::vector<Item>& items) {
    std::uint64_t size = 0;
    if (!get(in, size) || in.size() / sizeof(Item) < size)
        return false;
    items.resize(size);
    if (size > 0)  // memcpy takes no null pointer, not even for nothing
        std::memcpy(items.data(), in.data(), size * sizeof(Item));
    in.remove_prefix(size * sizeof(Item));
    return true;
}

}  // namespace qiao::index::detail
