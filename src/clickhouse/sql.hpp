// SQL text for ClickHouse. Whatever comes from outside enters it through text_literal() or a
// number; names are this code's own.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qiao::clickhouse {

// A string constant that ClickHouse reads back byte by byte.
std::string text_literal(std::string_view text);
// ('a', 'b'), for IN: never empty.
std::string text_list(std::span<const std::string> texts);
// An array of String.
std::string texts_literal(std::span<const std::string> texts);
// An array of Int64.
std::string numbers_literal(std::span<const std::int64_t> numbers);

std::string joined(std::span<const std::string> parts, std::string_view between);
// Each part in parentheses; `neutral` where there are none.
std::string all_of(std::span<const std::string> parts);  // AND; of none: 1
std::string any_of(std::span<const std::string> parts);  // OR; of none: 0

// A SELECT, written in the order in which it reads.
class Select {
public:
    explicit Select(std::vector<std::string> columns) : columns_(std::move(columns)) {}

    Select& column(std::string text) { return add(columns_, std::move(text)); }
    Select& from(std::string table);
    Select& from(const Select& inner, std::string_view alias = {});
    // The whole of it: "LEFT JOIN t ON …".
    Select& join(std::string text) { return add(joins_, std::move(text)); }
    Select& where(std::string condition) { return add(where_, std::move(condition)); }
    Select& group_by(std::string keys) { return add(group_by_, std::move(keys)); }
    Select& having(std::string condition) { return add(having_, std::move(condition)); }
    Select& order_by(std::string keys) { return add(order_by_, std::move(keys)); }
    Select& limit(std::size_t rows);
    std::string text() const;

private:
    Select& add(std::vector<std::string>& to, std::string text);

    std::vector<std::string> columns_, joins_, where_, group_by_, having_, order_by_;
    std::string from_, limit_;
};

// A subquery in parentheses.
std::string within(const Select& inner);

}  // namespace qiao::clickhouse
