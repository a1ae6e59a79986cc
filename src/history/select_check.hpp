// Whether a text is one SELECT that reads nothing but the views it may read.
//
// The judgement is made on DuckDB's own parsed tree, by lists of what is allowed: a kind of table,
// of expression or a function that is not on them is refused, also when a later DuckDB brings it.
#pragma once

#include <duckdb.h>

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace qiao::history {

// A place in a text: both from 1, the column in characters.
struct TextPlace {
    std::int64_t line = 1, column = 1;
};
TextPlace place_of(std::string_view text, std::size_t offset);

// Why a query gives no answer, and where in its text, as far as that is known.
struct SelectError {
    Error error;
    std::optional<TextPlace> place = {};
};
template <class T>
using SelectResult = tl::expected<T, SelectError>;

inline constexpr std::size_t most_select_bytes = 100'000;

// The views that the text names, in small letters. Errors: query.empty, query.too_long,
// query.syntax, query.not_select, query.one_statement, query.unknown_table, query.not_allowed, each
// with its place. The connection only parses.
SelectResult<std::set<std::string>> check_select(duckdb_connection connection,
                                                 const std::string& text,
                                                 const std::vector<std::string_view>& views);

// Names of functions that a query may call, sorted; for the completion of an editor too.
const std::set<std::string, std::less<>>& allowed_functions();

}  // namespace qiao::history
