#include "collect/import_mapping.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cctype>

namespace qiao::collect {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 6> time_formats = {"rfc3339", "date",    "datetime",
                                                          "compact", "epoch_s", "epoch_ms"};
constexpr std::string_view id_names[] = {
    "user_id", "userid", "customer_id", "customerid", "cust_id", "custid", "customer_no",
    "cust_no", "uid",    "客户号",      "客户编号",   "用户id",  "id"};
constexpr std::size_t max_id_bytes = 255;

// Public data sets without ids, by their first columns.
struct KnownFile {
    std::string_view first_columns;
    std::string_view row_prefix;
};
constexpr KnownFile known_files[] = {
    // UCI Bank Marketing (S. Moro, P. Cortez, P. Rita)
    {"age,job,marital,education,default,balance,housing,loan,contact", "uci-"},
};

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

bool is_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<int> number_at(std::string_view text, std::size_t at, std::size_t length) {
    if (at + length > text.size() || !is_digits(text.substr(at, length)))
        return std::nullopt;
    int n = 0;
    for (char c : text.substr(at, length))
        n = n * 10 + (c - '0');
    return n;
}

// "00120" and long digits are codes, not amounts: as numbers they would lose what they are.
bool looks_like_number(std::string_view text) {
    auto digits = text;
    if (digits.starts_with('-') || digits.starts_with('+'))
        digits.remove_prefix(1);
    if (digits.size() > 1 && digits[0] == '0' && digits[1] != '.')
        return false;
    if (digits.size() > 15 || digits.empty())
        return false;
    const bool is_plain = std::all_of(digits.begin(), digits.end(),
                                      [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
    return is_plain && Decimal::parse(text).has_value();
}

std::string_view time_format_of(std::string_view text) {
    if (text.size() == 10 && parse_day(text))
        return "date";
    if (text.size() == 19 && text[10] == ' ' && parse_day(text.substr(0, 10)))
        return "datetime";
    if (text.size() > 10 && parse_time(text))
        return "rfc3339";
    return {};
}

// What all values of a column have in common.
struct Common {
    bool any = false, numbers = true, truths = true, sets = true;
    std::string_view time_format;
    bool times = true;

    void add(const Value& value) {
        const auto* text = std::get_if<std::string>(&value);
        const auto format = text ? time_format_of(*text) : std::string_view();
        numbers =
            numbers && (text ? looks_like_number(*text) : type_of(value) == ValueType::number);
        truths = truths && (text ? *text == "true" || *text == "false"
                                 : type_of(value) == ValueType::boolean);
        sets = sets && type_of(value) == ValueType::string_set;
        times = times && !format.empty() && (!any || format == time_format);
        time_format = format;
        any = true;
    }
    ValueType type() const {
        if (!any)
            return ValueType::string;
        if (numbers)
            return ValueType::number;
        if (truths)
            return ValueType::boolean;
        if (sets)
            return ValueType::string_set;
        return times ? ValueType::time : ValueType::string;
    }
};

std::string text_of(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value))
        return *text;
    if (const auto* number = std::get_if<Decimal>(&value))
        return number->text();
    return json::serialize(to_json(value));
}

std::string prefix_of(const std::vector<ColumnSketch>& columns, std::string_view file_name) {
    std::string names;
    for (const auto& column : columns)
        names += (names.empty() ? "" : ",") + lower_case(column.name);
    for (const auto& known : known_files)
        if (names.starts_with(known.first_columns))
            return std::string(known.row_prefix);
    auto stem = file_name.substr(file_name.rfind('/') + 1);
    stem = stem.substr(0, stem.find('.'));
    return std::string(stem.empty() ? "row" : stem.substr(0, 100)) + "-";
}

tl::unexpected<Error> bad(std::string detail, std::string pointer) {
    return fail(ErrorCode::invalid, "imports.mapping", std::move(detail), std::move(pointer));
}

bool has_column(const std::vector<ColumnSketch>& columns, std::string_view name) {
    return std::any_of(columns.begin(), columns.end(),
                       [&](const auto& c) { return c.name == name; });
}

// A member that is a text; empty where it is absent.
Result<std::string> text_member(const json::object& object, std::string_view name,
                                const std::string& at) {
    const auto* member = object.if_contains(name);
    if (!member || member->is_null())
        return std::string();
    if (!member->is_string())
        return bad("this must be a text", at + "/" + std::string(name));
    return std::string(member->get_string());
}

Result<std::string> column_member(const json::object& object, std::string_view name,
                                  const std::string& at, const std::vector<ColumnSketch>& columns) {
    auto column = text_member(object, name, at);
    if (column && !column->empty() && !has_column(columns, *column))
        return bad("the file has no column of this name", at + "/" + std::string(name));
    return column;
}

Result<void> check_format(const std::string& format, const std::string& pointer) {
    if (std::find(time_formats.begin(), time_formats.end(), format) != time_formats.end())
        return {};
    return bad("a time format is one of rfc3339, date, datetime, compact, epoch_s, epoch_ms",
               pointer);
}

Result<const json::object*> object_member(const json::object& object, std::string_view name) {
    const auto* member = object.if_contains(name);
    if (!member || member->is_null())
        return nullptr;
    if (!member->is_object())
        return bad("this must be an object", "/" + std::string(name));
    return &member->get_object();
}

Result<void> read_id(const json::object& top, const std::vector<ColumnSketch>& columns,
                     ImportMapping& mapping) {
    const auto id = object_member(top, "id");
    if (!id)
        return fail(id.error());
    if (!*id)
        return {};
    auto column = column_member(**id, "column", "/id", columns);
    auto prefix = text_member(**id, "row_prefix", "/id");
    auto kind = text_member(**id, "kind", "/id");
    for (const auto* member : {&column, &prefix, &kind})
        if (!*member)
            return fail(member->error());
    if (column->empty() == prefix->empty())
        return bad("id needs either a column or a row_prefix", "/id");
    if (prefix->size() > 100)
        return bad("a row_prefix may be at most 100 bytes long", "/id/row_prefix");
    mapping.id_column = *column;
    mapping.row_prefix = *prefix;
    if (!kind->empty())
        mapping.id_kind = *kind;
    return {};
}

Result<void> read_column(const std::string& name, const json::value& json, ImportMapping& mapping) {
    const auto at = "/columns/" + name;
    if (!mapping.columns.contains(name))
        return bad("the file has no column of this name", at);
    if (!json.is_object())
        return bad("this must be an object", at);
    const auto& object = json.get_object();
    auto& column = mapping.columns[name];
    if (const auto* skip = object.if_contains("skip")) {
        if (!skip->is_bool())
            return bad("skip must be true or false", at + "/skip");
        column.skip = skip->get_bool();
    }
    auto to = text_member(object, "to", at);
    auto type = text_member(object, "type", at);
    auto format = text_member(object, "format", at);
    for (const auto* member : {&to, &type, &format})
        if (!*member)
            return fail(member->error());
    if (!to->empty())
        column.to = *to;
    if (!type->empty()) {
        const auto known = value_type_of_name(*type);
        if (!known || *known == ValueType::null || *known == ValueType::sealed)
            return bad("a type is one of boolean, number, string, time, string_set", at + "/type");
        column.type = *known;
    }
    if (!format->empty()) {
        if (auto good = check_format(*format, at + "/format"); !good)
            return good;
        column.time_format = *format;
    }
    return {};
}

Result<void> read_event_and_time(const json::object& top, const std::vector<ColumnSketch>& columns,
                                 ImportMapping& mapping) {
    const auto event = object_member(top, "event");
    const auto time = object_member(top, "time");
    for (const auto* member : {&event, &time})
        if (!*member)
            return fail(member->error());
    if (*event) {
        auto name = text_member(**event, "name", "/event");
        auto column = column_member(**event, "column", "/event", columns);
        if (!name)
            return fail(name.error());
        if (!column)
            return fail(column.error());
        mapping.event_name = *name;
        mapping.event_column = *column;
    }
    if (*time) {
        auto column = column_member(**time, "column", "/time", columns);
        auto format = text_member(**time, "format", "/time");
        if (!column)
            return fail(column.error());
        if (!format)
            return fail(format.error());
        mapping.time_column = *column;
        if (!format->empty()) {
            if (auto good = check_format(*format, "/time/format"); !good)
                return good;
            mapping.time_format = *format;
        } else {
            for (const auto& sketch : columns)
                if (sketch.name == *column && !sketch.time_format.empty())
                    mapping.time_format = sketch.time_format;
        }
    }
    if (mapping.is_events && mapping.event_name.empty() && mapping.event_column.empty())
        return bad("an import of events needs event.name or event.column", "/event");
    return {};
}

std::optional<bool> truth_of(std::string_view text) {
    const auto lower = lower_case(text);
    for (const auto* yes : {"true", "yes", "y", "1", "是"})
        if (lower == yes)
            return true;
    for (const auto* no : {"false", "no", "n", "0", "否"})
        if (lower == no)
            return false;
    return std::nullopt;
}

// The cell in the type that the mapping says; the reason where it cannot be.
tl::expected<Value, std::string> typed(Value value, const ColumnMapping& column,
                                       const Calendar& calendar) {
    const auto* text = std::get_if<std::string>(&value);
    if (column.type == ValueType::string && !text)
        return Value{text_of(value)};
    if (text && column.type == ValueType::boolean) {
        if (auto truth = truth_of(*text))
            return Value{*truth};
        return tl::unexpected<std::string>("the value is not true or false");
    }
    if (text && column.type == ValueType::time) {
        if (auto time = read_time(*text, column.time_format, calendar))
            return Value{*time};
        return tl::unexpected<std::string>("the value is not a time in the format " +
                                           column.time_format);
    }
    if (text && column.type == ValueType::number) {
        auto number = Decimal::parse(*text);
        if (number)
            return Value{*number};
        return tl::unexpected<std::string>(number.error().reason == "number.out_of_range"
                                               ? "the number is out of range"
                                               : "the value is not a number");
    }
    auto coerced = coerce(std::move(value), column.type);
    if (coerced)
        return std::move(*coerced);
    return tl::unexpected<std::string>("the value is not of the type " +
                                       std::string(name_of(column.type)));
}

std::string cell_text(const ImportRow& row, const std::string& column) {
    for (const auto& [name, value] : row.cells)
        if (name == column)
            return text_of(value);
    return {};
}

}  // namespace

std::optional<Time> read_time(std::string_view text, std::string_view format,
                              const Calendar& calendar) {
    using namespace std::chrono;
    if (format == "rfc3339") {
        if (auto time = parse_time(text))
            return *time;
        return std::nullopt;
    }
    if (format == "epoch_s" || format == "epoch_ms") {
        if (!is_digits(text) || text.size() > 14)
            return std::nullopt;
        const auto n = std::stoll(std::string(text));
        return time_from_ms(format == "epoch_s" ? n * 1000 : n);
    }
    if (format == "compact") {
        if (text.size() != 8 || !is_digits(text))
            return std::nullopt;
        const auto day =
            parse_day(std::string(text.substr(0, 4)) + "-" + std::string(text.substr(4, 2)) + "-" +
                      std::string(text.substr(6, 2)));
        return day ? std::optional(calendar.start_of(*day)) : std::nullopt;
    }
    const auto day = parse_day(text.substr(0, 10));
    if (!day || (format == "date" && text.size() != 10))
        return std::nullopt;
    if (format == "date")
        return calendar.start_of(*day);
    const auto h = number_at(text, 11, 2), m = number_at(text, 14, 2), s = number_at(text, 17, 2);
    if (text.size() != 19 || !h || !m || !s || *h > 23 || *m > 59 || *s > 60)
        return std::nullopt;
    return calendar.start_of(*day) + hours(*h) + minutes(*m) + seconds(*s);
}

std::vector<ColumnSketch> sketch_columns(ImportRows& rows, std::size_t limit) {
    std::vector<ColumnSketch> sketches;
    std::vector<Common> common(rows.columns().size());
    for (const auto& name : rows.columns())
        sketches.push_back({name, ValueType::string, {}, {}});
    ImportRow row;
    for (std::size_t n = 0; n < limit && rows.next(row); ++n) {
        if (!row.problem.empty())
            continue;
        std::size_t at = 0;
        for (const auto& [name, value] : row.cells) {
            while (at < sketches.size() && sketches[at].name != name)
                ++at;
            if (at == sketches.size()) {  // NDJSON's members come in any order
                at =
                    static_cast<std::size_t>(std::find_if(sketches.begin(), sketches.end(),
                                                          [&](auto& s) { return s.name == name; }) -
                                             sketches.begin());
                if (at == sketches.size()) {
                    at = 0;
                    continue;
                }
            }
            common[at].add(value);
            auto& samples = sketches[at].samples;
            auto text = text_of(value);
            if (samples.size() < 5 && text.size() <= 200 &&
                std::find(samples.begin(), samples.end(), text) == samples.end())
                samples.push_back(std::move(text));
        }
    }
    for (std::size_t i = 0; i < sketches.size(); ++i) {
        sketches[i].type = common[i].type();
        if (sketches[i].type == ValueType::time)
            sketches[i].time_format = std::string(common[i].time_format);
    }
    return sketches;
}

ImportMapping suggest_mapping(const std::vector<ColumnSketch>& columns,
                              std::string_view file_name) {
    ImportMapping mapping;
    for (const auto& sketch : columns) {
        ColumnMapping column;
        column.to = sketch.name;
        column.type = sketch.type;
        if (!sketch.time_format.empty())
            column.time_format = sketch.time_format;
        mapping.columns.emplace(sketch.name, std::move(column));
    }
    for (const auto name : id_names) {
        for (const auto& sketch : columns)
            if (mapping.id_column.empty() && lower_case(sketch.name) == name)
                mapping.id_column = sketch.name;
    }
    if (mapping.id_column.empty())
        mapping.row_prefix = prefix_of(columns, file_name);
    return mapping;
}

Result<ImportMapping> parse_mapping(const json::value& json,
                                    const std::vector<ColumnSketch>& columns,
                                    std::string_view file_name) {
    if (!json.is_object())
        return bad("the mapping must be a JSON object", "");
    const auto& top = json.get_object();
    auto mapping = suggest_mapping(columns, file_name);
    const auto kind = text_member(top, "kind", "");
    if (!kind)
        return fail(kind.error());
    if (!kind->empty() && *kind != "tags" && *kind != "events")
        return bad("kind is tags or events", "/kind");
    mapping.is_events = *kind == "events";
    if (auto read = read_id(top, columns, mapping); !read)
        return fail(read.error());
    const auto given = object_member(top, "columns");
    if (!given)
        return fail(given.error());
    if (*given)
        for (const auto& [name, column] : **given)
            if (auto read = read_column(std::string(name), column, mapping); !read)
                return fail(read.error());
    if (auto read = read_event_and_time(top, columns, mapping); !read)
        return fail(read.error());
    return mapping;
}

json::value to_json(const ImportMapping& mapping) {
    json::object id;
    if (mapping.id_column.empty())
        id["row_prefix"] = mapping.row_prefix;
    else
        id = {{"column", mapping.id_column}, {"kind", mapping.id_kind}};
    json::object columns;
    for (const auto& [name, column] : mapping.columns) {
        if (column.skip || name == mapping.id_column) {
            columns[name] = {{"skip", true}};
            continue;
        }
        json::object one{{"to", column.to}, {"type", name_of(column.type)}};
        if (column.type == ValueType::time)
            one["format"] = column.time_format;
        columns[name] = std::move(one);
    }
    json::object out{{"kind", mapping.is_events ? "events" : "tags"},
                     {"id", std::move(id)},
                     {"columns", std::move(columns)}};
    if (mapping.is_events) {
        out["event"] = mapping.event_column.empty()
                           ? json::object{{"name", mapping.event_name}}
                           : json::object{{"column", mapping.event_column}};
    }
    if (!mapping.time_column.empty())
        out["time"] = {{"column", mapping.time_column}, {"format", mapping.time_format}};
    return out;
}

tl::expected<Fact, BadCell> fact_of(ImportRow& row, const ImportMapping& mapping, Time began_at,
                                    const Calendar& calendar) {
    const auto refuse = [](std::string column, std::string reason) {
        return tl::unexpected<BadCell>(BadCell{std::move(column), std::move(reason)});
    };
    if (!row.problem.empty())
        return refuse(row.problem_column, row.problem);
    Fact fact;
    fact.time = began_at;
    fact.kind = mapping.is_events ? FactKind::event : FactKind::profile_set;
    auto id = mapping.id_column.empty() ? mapping.row_prefix + std::to_string(row.number)
                                        : cell_text(row, mapping.id_column);
    if (id.empty())
        return refuse(mapping.id_column, "the id is empty");
    if (id.size() > max_id_bytes)
        return refuse(mapping.id_column, "the id is longer than 255 bytes");
    fact.identities.push_back({mapping.id_kind, std::move(id), {}});
    if (mapping.is_events) {
        fact.name = mapping.event_column.empty() ? mapping.event_name
                                                 : cell_text(row, mapping.event_column);
        if (fact.name.empty())
            return refuse(mapping.event_column, "the name of the event is empty");
        if (fact.name.size() > 200)
            return refuse(mapping.event_column, "the name of the event is too long");
    }
    if (!mapping.time_column.empty()) {
        const auto time =
            read_time(cell_text(row, mapping.time_column), mapping.time_format, calendar);
        if (!time)
            return refuse(mapping.time_column,
                          "the value is not a time in the format " + mapping.time_format);
        fact.time = *time;
    }
    for (auto& [name, value] : row.cells) {
        if (name == mapping.id_column || name == mapping.event_column ||
            name == mapping.time_column)
            continue;
        const auto column = mapping.columns.find(name);
        if (column != mapping.columns.end() && column->second.skip)
            continue;
        // NDJSON may have members that its first rows had not: they are taken as they are.
        const ColumnMapping as_is{name, type_of(value), {}, false};
        const auto& wanted = column == mapping.columns.end() ? as_is : column->second;
        auto converted = typed(std::move(value), wanted, calendar);
        if (!converted)
            return refuse(name, converted.error());
        set(fact.properties, wanted.to, std::move(*converted));
    }
    return fact;
}

}  // namespace qiao::collect
