#include "customer/identity_kinds.hpp"

#include <algorithm>
#include <array>

namespace qiao::customer {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string without_separators(std::string_view text) {
    std::string kept;
    for (char c : text)
        if (!is_blank(c) && c != '-' && c != '(' && c != ')' && c != '.')
            kept.push_back(c);
    return kept;
}

// Mainland numbers are written with and without the country's code; all others keep theirs.
std::string normal_phone(std::string_view text) {
    auto digits = without_separators(text);
    for (std::string_view prefix : {"+86", "0086"})
        if (digits.starts_with(prefix))
            return digits.substr(prefix.size());
    if (digits.size() == 13 && digits.starts_with("861"))
        return digits.substr(2);
    return digits;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

IdentityClass class_of(std::string_view kind) {
    if (kind == "user_id")
        return IdentityClass::user;
    constexpr std::array<std::string_view, 4> shared = {"phone", "email", "id_card", "name"};
    const bool is_shared = std::find(shared.begin(), shared.end(), kind) != shared.end();
    return is_shared ? IdentityClass::attached : IdentityClass::following;
}

bool is_sensitive(std::string_view kind) {
    constexpr std::array<std::string_view, 5> sensitive = {"phone", "email", "account", "id_card",
                                                           "name"};
    return std::find(sensitive.begin(), sensitive.end(), kind) != sensitive.end();
}

std::string normalise(std::string_view kind, std::string_view text) {
    if (kind == "phone")
        return normal_phone(text);
    std::string normal{trimmed(text)};
    if (kind == "email")
        std::transform(normal.begin(), normal.end(), normal.begin(), lower);
    if (kind == "account" || kind == "id_card") {
        normal = without_separators(normal);
        std::transform(normal.begin(), normal.end(), normal.begin(), upper);
    }
    return normal;
}

IdentityKinds::IdentityKinds() {
    for (const char* kind : {"phone", "email", "account", "id_card", "open_id", "device_id"})
        kinds_.emplace(kind, kind);
}

void IdentityKinds::learn(std::string trait, std::string kind) {
    kinds_.insert_or_assign(std::move(trait), std::move(kind));
}

std::optional<std::string_view> IdentityKinds::of_trait(std::string_view trait) const {
    auto at = kinds_.find(trait);
    if (at == kinds_.end())
        return std::nullopt;
    return at->second;
}

}  // namespace qiao::customer
