#include "clickhouse/connection.hpp"

#include <boost/json.hpp>

namespace qiao::clickhouse {
namespace {

// " (code 241)" of "Code: 241. DB::Exception: …"; empty where the text does not begin so.
std::string code_in(std::string_view text) {
    constexpr std::string_view before = "Code: ";
    if (!text.starts_with(before))
        return {};
    text.remove_prefix(before.size());
    const auto digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits > 5 || text[digits] != '.')
        return {};
    return " (code " + std::string(text.substr(0, digits)) + ")";
}

}  // namespace

Error error_of(std::string_view text) {
    if (text.find("rule.mixed_currencies") != std::string_view::npos)
        return {ErrorCode::unprocessable,
                "rule.mixed_currencies",
                "The amounts are in several currencies; add a condition on the currency.",
                {},
                0};
    if (text.find("clickhouse.too_many_conditions") != std::string_view::npos)
        return {ErrorCode::unprocessable,
                "clickhouse.too_many_conditions",
                "The steps of a chain ask for too many different things of one event to be counted "
                "by ClickHouse; take steps away, or let them ask for the same.",
                {},
                0};
    if (text.find("TIMEOUT_EXCEEDED") != std::string_view::npos)
        return {ErrorCode::unavailable,
                "clickhouse.too_slow",
                "ClickHouse did not answer within the time limit; choose a shorter period.",
                {},
                0};
    if (text.find("MEMORY_LIMIT_EXCEEDED") != std::string_view::npos)
        return {ErrorCode::too_large,
                "clickhouse.too_large",
                "ClickHouse needs more memory for this than one question may take; ask about a "
                "shorter period, fewer groups or fewer people.",
                {},
                0};
    // Its own words may quote the statement, and with it values of customers.
    return {ErrorCode::unavailable,
            "clickhouse.refused",
            "ClickHouse refused a statement" + code_in(text) + "; its own log says why.",
            {},
            0};
}

Rows read_rows(std::string_view lines) {
    Rows rows;
    while (!lines.empty()) {
        const auto end = lines.find('\n');
        const auto line = lines.substr(0, end);
        if (!line.empty())
            rows.push_back(boost::json::parse(line).as_array());
        if (end == std::string_view::npos)
            break;
        lines.remove_prefix(end + 1);
    }
    return rows;
}

std::vector<std::pair<std::string, std::string>> settings() {
    // Compiled expressions are off: in 26.5 least() and greatest() of Int128 come out wrong once
    // they have been asked for often enough to be compiled.
    return {{"compile_expressions", "0"},
            {"output_format_json_quote_64bit_integers", "0"},
            {"join_use_nulls", "1"},
            {"async_insert", "0"},
            {"max_partitions_per_insert_block", "0"},
            {"prefer_global_in_and_join", "1"},
            {"max_query_size", "16000000"},
            {"lightweight_deletes_sync", "2"},
            {"insert_distributed_sync", "1"}};
}

}  // namespace qiao::clickhouse
