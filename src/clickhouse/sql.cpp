#include "clickhouse/sql.hpp"

#include "base/check.hpp"

namespace qiao::clickhouse {

std::string text_literal(std::string_view text) {
    std::string made = "'";
    for (const char letter : text) {
        if (letter == '\'' || letter == '\\')
            made += '\\';
        if (letter == '\0')
            made += "\\0";
        else
            made += letter;
    }
    return made + "'";
}

namespace {

std::string quoted(std::span<const std::string> texts) {
    std::vector<std::string> literals;
    for (const auto& text : texts)
        literals.push_back(text_literal(text));
    return joined(literals, ", ");
}

}  // namespace

std::string text_list(std::span<const std::string> texts) {
    check(!texts.empty());
    return "(" + quoted(texts) + ")";
}

std::string texts_literal(std::span<const std::string> texts) {
    return "CAST([" + quoted(texts) + "], 'Array(String)')";
}

std::string numbers_literal(std::span<const std::int64_t> numbers) {
    std::vector<std::string> texts;
    for (const auto number : numbers)
        texts.push_back(std::to_string(number));
    return "CAST([" + joined(texts, ", ") + "], 'Array(Int64)')";
}

std::string joined(std::span<const std::string> parts, std::string_view between) {
    std::string made;
    for (const auto& part : parts) {
        if (!made.empty())
            made += between;
        made += part;
    }
    return made;
}

namespace {

std::string combined(std::span<const std::string> parts, std::string_view word,
                     std::string_view neutral) {
    if (parts.empty())
        return std::string(neutral);
    if (parts.size() == 1)
        return parts.front();
    return "(" + joined(parts, word) + ")";
}

}  // namespace

std::string all_of(std::span<const std::string> parts) { return combined(parts, " AND ", "1"); }
std::string any_of(std::span<const std::string> parts) { return combined(parts, " OR ", "0"); }

Select& Select::add(std::vector<std::string>& to, std::string text) {
    to.push_back(std::move(text));
    return *this;
}

Select& Select::from(std::string table) {
    from_ = std::move(table);
    return *this;
}

Select& Select::from(const Select& inner, std::string_view alias) {
    return from(within(inner) + (alias.empty() ? "" : " AS " + std::string(alias)));
}

Select& Select::limit(std::size_t rows) {
    limit_ = std::to_string(rows);
    return *this;
}

std::string Select::text() const {
    std::string made = "SELECT " + joined(columns_, ", ");
    const auto clause = [&](std::string_view word, const std::string& body) {
        if (!body.empty())
            made += std::string(word) + body;
    };
    clause(" FROM ", from_);
    for (const auto& join : joins_)
        clause(" ", join);
    clause(" WHERE ", joined(where_, " AND "));
    clause(" GROUP BY ", joined(group_by_, ", "));
    clause(" HAVING ", joined(having_, " AND "));
    clause(" ORDER BY ", joined(order_by_, ", "));
    clause(" LIMIT ", limit_);
    return made;
}

std::string within(const Select& inner) { return "(" + inner.text() + ")"; }

}  // namespace qiao::clickhouse
