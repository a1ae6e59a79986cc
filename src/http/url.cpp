#include "http/url.hpp"

#include <algorithm>
#include <optional>

namespace qiao::http {

namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

std::string decode_component(std::string_view text, bool plus_is_space) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
            hex_digit(text[i + 2]) >= 0) {
            decoded += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            decoded += c == '+' && plus_is_space ? ' ' : c;
        }
    }
    return decoded;
}

// Cuts `text` at the first `separator`: answers what stands before, leaves what stands after.
std::string_view cut(std::string_view& text, char separator) {
    const auto at = text.find(separator);
    const auto before = text.substr(0, at);
    text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
    return before;
}

std::string_view trim_blanks(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// A weight is zero where it is written as 0, 0.0, 0.00 or 0.000.
bool has_zero_weight(std::string_view parameters) {
    while (!parameters.empty()) {
        auto parameter = trim_blanks(cut(parameters, ';'));
        const auto name = trim_blanks(cut(parameter, '='));
        const auto weight = trim_blanks(parameter);
        if (equals_ignoring_case(name, "q"))
            return !weight.empty() && weight.find_first_not_of("0.") == std::string_view::npos;
    }
    return false;
}

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

Target split_target(std::string_view target) {
    target = target.substr(0, target.find('#'));
    if (!target.starts_with('/')) {
        const auto scheme_end = target.find("://");
        if (scheme_end == std::string_view::npos)
            return {};
        target.remove_prefix(scheme_end + 3);
        const auto path_start = target.find_first_of("/?");
        if (path_start == std::string_view::npos)
            return {"/", {}};
        target.remove_prefix(path_start);
    }
    const auto path = cut(target, '?');
    return {path.empty() ? std::string_view("/") : path, target};
}

std::string percent_decode(std::string_view text) { return decode_component(text, false); }

Headers parse_query(std::string_view query) {
    Headers pairs;
    while (!query.empty()) {
        auto pair = cut(query, '&');
        if (pair.empty())
            continue;
        const auto name = cut(pair, '=');
        pairs.emplace_back(decode_component(name, true), decode_component(pair, true));
    }
    return pairs;
}

bool accepts_gzip(std::string_view accept_encoding) {
    std::optional<bool> by_name, by_star;
    while (!accept_encoding.empty()) {
        auto item = cut(accept_encoding, ',');
        const auto coding = trim_blanks(cut(item, ';'));
        if (equals_ignoring_case(coding, "gzip") || equals_ignoring_case(coding, "x-gzip"))
            by_name = !has_zero_weight(item);
        else if (coding == "*")
            by_star = !has_zero_weight(item);
    }
    return by_name.value_or(by_star.value_or(false));
}

}  // namespace qiao::http
