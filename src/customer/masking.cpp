#include "customer/masking.hpp"

#include <algorithm>
#include <vector>

#include "customer/identity_kinds.hpp"

namespace qiao::customer {

namespace {

// The characters of a UTF-8 text; a broken byte counts as one.
std::vector<std::string_view> characters(std::string_view text) {
    std::vector<std::string_view> all;
    while (!text.empty()) {
        std::size_t size = 1;
        while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
            ++size;
        all.push_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return all;
}

std::string stars(std::size_t count) { return std::string(count, '*'); }

// The first and the last characters stay; at least half of all must be hidden.
std::string keep_ends(std::string_view text, std::size_t head, std::size_t tail) {
    const auto all = characters(text);
    if (all.size() < 2 * (head + tail) && all.size() < head + tail + 4)
        return stars(all.size());
    std::string masked;
    for (std::size_t i = 0; i < all.size(); ++i)
        masked += i < head || i >= all.size() - tail ? std::string(all[i]) : "*";
    return masked;
}

std::string mask_email(std::string_view text) {
    const auto at = text.find('@');
    if (at == std::string_view::npos || at == 0)
        return stars(characters(text).size());
    return std::string(characters(text).front()) + "***" + std::string(text.substr(at));
}

// Each word keeps its first character, so that a western name is as hidden as a Chinese one.
std::string mask_name(std::string_view text) {
    std::string masked;
    bool is_first = true;
    for (auto character : characters(text)) {
        const bool is_blank = character == " " || character == "·" || character == "　";
        masked += is_blank || is_first ? std::string(character) : "*";
        is_first = is_blank;
    }
    return characters(text).size() == 1 ? "*" : masked;
}

}  // namespace

std::string mask(std::string_view kind, std::string_view plaintext) {
    if (!is_sensitive(kind))
        return std::string(plaintext);
    if (kind == "phone")
        return keep_ends(plaintext, 3, 4);
    if (kind == "email")
        return mask_email(plaintext);
    if (kind == "name")
        return mask_name(plaintext);
    return keep_ends(plaintext, 4, 4);
}

std::string mask_value(std::string_view plaintext) {
    return stars(std::clamp<std::size_t>(characters(plaintext).size(), 3, 8));
}

}  // namespace qiao::customer
