#include "history/select_check.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "history/detail/query.hpp"

namespace qiao::history {
namespace {

namespace json = boost::json;
using Names = std::set<std::string>;

constexpr auto no_offset = static_cast<std::size_t>(-1);

std::string small(std::string_view text) {
    std::string made(text);
    std::transform(made.begin(), made.end(), made.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return made;
}

template <std::size_t count>
bool is_one_of(std::string_view word, const std::string_view (&words)[count]) {
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

std::string_view text_of(const json::object& node, const char* name) {
    const auto* value = node.if_contains(name);
    const auto* text = value ? value->if_string() : nullptr;
    return text ? std::string_view(*text) : std::string_view();
}

std::size_t offset_of(const json::object& node) {
    const auto* value = node.if_contains("query_location");
    return value && value->is_int64() ? static_cast<std::size_t>(value->get_int64()) : no_offset;
}

// What the parsed tree may be made of; the words are DuckDB's.
constexpr std::string_view queries[] = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE",
                                        "CTE_NODE"};
constexpr std::string_view tables[] = {"BASE_TABLE", "SUBQUERY", "JOIN", "EMPTY",
                                       "EXPRESSION_LIST"};
constexpr std::string_view modifiers[] = {"ORDER_MODIFIER", "LIMIT_MODIFIER", "DISTINCT_MODIFIER",
                                          "LIMIT_PERCENT_MODIFIER", "ASCENDING", "DESCENDING",
                                          "ORDER_DEFAULT"};
constexpr std::string_view type_infos[] = {"DECIMAL_TYPE_INFO", "LIST_TYPE_INFO",
                                           "STRUCT_TYPE_INFO",  "ARRAY_TYPE_INFO",
                                           "STRING_TYPE_INFO",  "GENERIC_TYPE_INFO"};
constexpr std::string_view classes[] = {"COLUMN_REF", "CONSTANT", "COMPARISON", "CONJUNCTION",
                                        "CAST",       "FUNCTION", "OPERATOR",   "CASE",
                                        "BETWEEN",    "SUBQUERY", "WINDOW",     "STAR",
                                        "LAMBDA",     "COLLATE",  "POSITIONAL_REFERENCE",
                                        "LAMBDA_REF"};

class Walk {
public:
    Walk(const std::string& text, const std::vector<std::string_view>& views)
        : text_(text), views_(views.begin(), views.end()) {}

    // `ctes`: the names of WITH that this part sees.
    void visit(const json::value& value, const Names& ctes) {
        if (error_)
            return;
        if (const auto* list = value.if_array())
            for (const auto& item : *list)
                visit(item, ctes);
        if (const auto* object = value.if_object())
            visit_object(*object, ctes);
    }

    SelectResult<Names> finish() && {
        if (error_)
            return tl::unexpected(std::move(*error_));
        return std::move(used_);
    }

private:
    void visit_object(const json::object& node, const Names& ctes) {
        judge(node, ctes);
        if (const auto* map = node.if_contains("cte_map"))
            return visit_query(node, *map, ctes);
        for (const auto& [name, member] : node)
            visit(member, ctes);
    }

    // A name of WITH is seen by the ones after it, by the query, and by the second part of itself
    // where it recurs: anywhere else the same word would mean a table.
    void visit_query(const json::object& node, const json::value& map, const Names& ctes) {
        auto seen = ctes;
        const auto* object = map.if_object();
        const auto* entries = object ? object->if_contains("map") : nullptr;
        const auto* list = entries ? entries->if_array() : nullptr;
        if (!list)
            return refuse("query.not_allowed", "This WITH cannot be checked.", node);
        for (const auto& entry : *list) {
            const auto* pair = entry.if_object();
            const auto* value = pair ? pair->if_contains("value") : nullptr;
            if (!value)
                return refuse("query.not_allowed", "This WITH cannot be checked.", node);
            visit(*value, seen);
            seen.insert(small(text_of(*pair, "key")));
        }
        auto again = seen;
        if (text_of(node, "type") == "RECURSIVE_CTE_NODE")
            again.insert(small(text_of(node, "cte_name")));
        for (const auto& [name, member] : node)
            if (name != "cte_map")
                visit(member, name == "right" ? again : seen);
    }

    void judge(const json::object& node, const Names& ctes) {
        const auto* type = node.if_contains("type");
        if (!type || !type->is_string() || error_)
            return;
        const std::string_view word(type->get_string());
        if (node.contains("class"))
            return judge_expression(node, text_of(node, "class"));
        if (word == "BASE_TABLE")
            return judge_table(node, ctes);
        if (word == "TABLE_FUNCTION")
            return refuse("query.not_allowed",
                          "Table functions are not allowed; read the tables beside the editor. "
                          "unnest() works in the SELECT list.",
                          node);
        if (!is_one_of(word, queries) && !is_one_of(word, tables) && !is_one_of(word, modifiers) &&
            !is_one_of(word, type_infos))
            refuse("query.not_allowed", "This form of query is not allowed here.", node);
    }

    void judge_expression(const json::object& node, std::string_view kind) {
        if (!is_one_of(kind, classes))
            return refuse("query.not_allowed", "This kind of expression is not allowed here.",
                          node);
        if (kind != "FUNCTION" && kind != "WINDOW")
            return;
        const auto schema = text_of(node, "schema");
        const auto name = small(text_of(node, "function_name"));
        if ((!schema.empty() && schema != "main") || !text_of(node, "catalog").empty() ||
            !allowed_functions().contains(name))
            refuse("query.not_allowed", "The function \"" + name + "\" is not allowed here.", node);
    }

    void judge_table(const json::object& node, const Names& ctes) {
        const auto name = small(text_of(node, "table_name"));
        const bool is_plain =
            text_of(node, "schema_name").empty() && text_of(node, "catalog_name").empty();
        if (is_plain && ctes.contains(name))
            return;
        if (!is_plain || !views_.contains(name))
            return refuse("query.unknown_table",
                          "There is no table \"" + name +
                              "\" here; the ones to read stand beside the editor.",
                          node);
        used_.insert(name);
    }

    void refuse(const char* reason, std::string detail, const json::object& node) {
        if (error_)
            return;
        error_ = SelectError{{ErrorCode::unprocessable, reason,
                              std::move(detail), "/text", 0}};
        if (const auto offset = offset_of(node); offset < text_.size())
            error_->place = place_of(text_, offset);
    }

    const std::string& text_;
    Names views_, used_;
    std::optional<SelectError> error_;
};

tl::unexpected<SelectError> refused(const char* reason, std::string detail,
                                    std::optional<TextPlace> place = {}) {
    return tl::unexpected(SelectError{
        {ErrorCode::unprocessable, reason, std::move(detail), "/text", 0},
        place});
}

// The parsed statements as JSON text. The text is a parameter, so it cannot end the question.
std::string parsed(duckdb_connection connection, const std::string& text) {
    duckdb_prepared_statement statement = nullptr;
    if (duckdb_prepare(connection, "SELECT json_serialize_sql($1::VARCHAR)", &statement) ==
        DuckDBError) {
        duckdb_destroy_prepare(&statement);
        throw std::runtime_error("history: DuckDB cannot show what it parsed");
    }
    duckdb_bind_varchar_length(statement, 1, text.data(), text.size());
    detail::Answer answer;
    const auto state = duckdb_execute_prepared(statement, &answer.result);
    duckdb_destroy_prepare(&statement);
    if (state == DuckDBError)  // as DuckDB says of what is no SELECT
        return R"({"error":true,"error_type":"not implemented","error_message":""})";
    std::string made;
    detail::for_each_chunk(answer, [&](const detail::ChunkReader& chunk, idx_t) {
        made = chunk.text(0, 0);
        return false;
    });
    return made;
}

SelectResult<Names> of_parse_error(const json::object& answer, const std::string& text) {
    const auto message = std::string(text_of(answer, "error_message"));
    if (text_of(answer, "error_type") != "parser")
        return refused("query.not_select",
                       "Only a SELECT is allowed here: nothing can be changed.");
    std::optional<TextPlace> place;
    if (const auto position = text_of(answer, "position"); !position.empty())
        place = place_of(text, std::strtoull(std::string(position).c_str(), nullptr, 10));
    return refused("query.syntax", message, place);
}

}  // namespace

TextPlace place_of(std::string_view text, std::size_t offset) {
    TextPlace place;
    for (std::size_t at = 0; at < std::min(offset, text.size()); ++at) {
        if (text[at] == '\n') {
            ++place.line;
            place.column = 1;
        } else if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80) {
            ++place.column;
        }
    }
    return place;
}

SelectResult<Names> check_select(duckdb_connection connection, const std::string& text,
                                 const std::vector<std::string_view>& views) {
    if (text.find_first_not_of(" \t\r\n;") == std::string::npos)
        return refused("query.empty", "Write a SELECT first.");
    if (text.size() > most_select_bytes || text.find('\0') != std::string::npos)
        return refused("query.too_long", "A query has at most 100,000 bytes of text.");
    json::parse_options options;
    options.max_depth = 3'000;
    json::error_code error;
    const auto answer = json::parse(parsed(connection, text), error, {}, options);
    if (error || !answer.is_object())
        return refused("query.too_long", "This query is nested too deeply.");
    const auto& object = answer.get_object();
    if (const auto* failed = object.if_contains("error"); !failed || !failed->is_bool() ||
                                                          failed->get_bool())
        return of_parse_error(object, text);
    const auto* statements = object.if_contains("statements");
    if (!statements || !statements->is_array() || statements->get_array().size() != 1)
        return refused("query.one_statement", "Write one SELECT at a time.");
    Walk walk(text, views);
    walk.visit(statements->get_array()[0], {});
    return std::move(walk).finish();
}

}  // namespace qiao::history
