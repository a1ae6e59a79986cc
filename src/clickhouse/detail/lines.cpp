#include "clickhouse/detail/lines.hpp"

#include <boost/json.hpp>

namespace qiao::clickhouse::detail {
namespace {

std::string json_text(std::string_view text) {
    return boost::json::serialize(boost::json::string(text));
}

void add_member(std::string& object, std::string_view name, std::string_view json) {
    if (!object.empty())
        object += ',';
    object += json_text(name);
    object += ':';
    object += json;
}

std::string list_of(const StringSet& set) {
    std::string made = "[";
    for (const auto& one : set)
        made += (made.size() > 1 ? "," : "") + json_text(one);
    return made + "]";
}

std::optional<Time> time_in(std::string_view text) {
    constexpr std::size_t shortest = 20;  // 2026-11-22T04:20:00Z
    if (text.size() < shortest || text[4] != '-' || text[7] != '-')
        return std::nullopt;
    const auto time = parse_time(text);
    return time ? std::optional(*time) : std::nullopt;
}

}  // namespace

Line& Line::raw(std::string_view name, std::string_view json) {
    if (!is_first_)
        lines_ += ',';
    is_first_ = false;
    lines_ += json_text(name);
    lines_ += ':';
    lines_ += json;
    return *this;
}

Line& Line::text(std::string_view name, std::string_view value) {
    return raw(name, json_text(value));
}

void Columns::put(const history::Property& property) {
    switch (property.type) {
        case ValueType::boolean:
            return add_member(numbers, property.name, property.truth ? "1" : "0");
        case ValueType::number:
            return add_member(numbers, property.name, std::to_string(property.number.scaled()));
        case ValueType::string_set:
            return add_member(items, property.name, list_of(property.set));
        case ValueType::string:
            if (const auto time = time_in(property.text))
                add_member(numbers, property.name, std::to_string(to_ms(*time)));
            return add_member(texts, property.name, json_text(property.text));
        case ValueType::sealed:
            return add_member(texts, property.name, json_text(property.text));
        case ValueType::time:
        case ValueType::null:
            return;
    }
}

void EventLines::add(const history::HistoryRow& row, std::string& lines) {
    Columns columns;
    reader_.read(row.properties, [&](const history::Property& one) { columns.put(one); });
    Line line(lines);
    line.number("profile", static_cast<std::uint64_t>(row.profile));
    line.whole("time_ms", to_ms(row.time)).whole("received_ms", to_ms(row.received_at));
    line.text("event", row.event).text("source", row.source).text("message_id", row.message_id);
    line.number("shard", row.shard).number("journal_offset", row.offset);
    line.number("ordinal", row.ordinal).number("feed_seq", row.feed_seq);
    line.raw("numbers", "{" + columns.numbers + "}").raw("texts", "{" + columns.texts + "}");
    line.raw("items", "{" + columns.items + "}").text("properties", row.properties);
}

void add_trait(const history::TraitChange& change, std::uint64_t version, std::string& lines) {
    static constexpr const char* spaces[] = {"tag", "identity", "consent"};
    std::int64_t number = 0;
    std::string text;
    StringSet items;
    if (const auto* flag = std::get_if<bool>(&change.value))
        number = *flag ? 1 : 0;
    else if (const auto* decimal = std::get_if<Decimal>(&change.value))
        number = decimal->scaled();
    else if (const auto* time = std::get_if<Time>(&change.value))
        number = to_ms(*time);
    else if (const auto* plain = std::get_if<std::string>(&change.value))
        text = *plain;
    else if (const auto* sealed = std::get_if<Sealed>(&change.value))
        text = sealed->hash;
    else if (const auto* set = std::get_if<StringSet>(&change.value))
        items = *set;
    Line line(lines);
    line.text("space", spaces[static_cast<std::size_t>(change.space)]).text("name", change.name);
    line.number("profile", static_cast<std::uint64_t>(change.profile));
    line.number("is_set", type_of(change.value) == ValueType::null ? 0 : 1);
    line.whole("number", number).text("text", text).raw("items", list_of(items));
    line.number("version", version);
}

}  // namespace qiao::clickhouse::detail
