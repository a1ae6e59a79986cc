#include "api/schema.hpp"

#include <array>

#include "base/check.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

constexpr std::string_view components = "#/components/schemas/";
constexpr std::array<std::string_view, 5> ignored_everywhere = {"id", "version", "created_at",
                                                                "updated_at", "created_by"};

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' '))
        text.remove_prefix(1);
    while (text.ends_with(' '))
        text.remove_suffix(1);
    return text;
}

json::value nothing_but_null() { return {{"type", "null"}}; }

json::value read_word(std::string_view word) {
    word = trimmed(word);
    if (word.ends_with("[]"))
        return {{"type", "array"}, {"items", read_word(word.substr(0, word.size() - 2))}};
    if (word == "any")
        return json::object{};
    if (word == "time")
        return {{"type", "string"}, {"format", "date-time"}};
    if (word == "day")
        return {{"type", "string"}, {"format", "date"}};
    if (word.size() > 2 && word.starts_with('\'') && word.ends_with('\''))
        return {{"const", word.substr(1, word.size() - 2)}};
    if (!word.empty() && word.front() >= 'A' && word.front() <= 'Z')
        return {{"$ref", std::string(components) + std::string(word)}};
    for (const auto* known : {"string", "integer", "number", "boolean", "null"})
        if (word == known)
            return {{"type", word}};
    check(false);  // not a word of the notation
    return nullptr;
}

// Texts become one enum and plain types one list, as people write them; the rest is an anyOf.
json::value union_of(const std::vector<json::value>& parts) {
    json::array texts, types, others;
    for (const auto& part : parts) {
        const auto& object = part.as_object();
        if (const auto* text = object.if_contains("const"))
            texts.push_back(*text);
        else if (object.size() == 1 && object.contains("type"))
            types.push_back(object.at("type"));
        else
            others.push_back(part);
    }
    if (!texts.empty() && others.empty() && types == json::array{"null"}) {
        texts.push_back(nullptr);
        return {{"type", {"string", "null"}}, {"enum", std::move(texts)}};
    }
    if (!texts.empty())
        others.emplace_back(json::object{{"type", "string"}, {"enum", std::move(texts)}});
    if (types.size() == 1)
        others.emplace_back(json::object{{"type", types.front()}});
    else if (!types.empty())
        others.emplace_back(json::object{{"type", std::move(types)}});
    return others.size() == 1 ? others.front() : json::value{{"anyOf", std::move(others)}};
}

json::value read_words(std::string_view words) {
    std::vector<json::value> parts;
    while (true) {
        const auto bar = words.find('|');
        parts.push_back(read_word(words.substr(0, bar)));
        if (bar == words.npos)
            break;
        words.remove_prefix(bar + 1);
    }
    const bool is_text = parts.front().as_object().contains("const");
    return parts.size() == 1 && !is_text ? parts.front() : union_of(parts);
}

json::value or_null(const json::value& schema) {
    const auto& object = schema.as_object();
    const auto* type = object.if_contains("type");
    if (object.empty() || (type && *type == json::value("null")))
        return schema;
    if (type && type->is_array())
        for (const auto& one : type->get_array())
            if (one == json::value("null"))
                return schema;
    if (type && type->is_string() && object.size() == 1)
        return union_of({schema, nothing_but_null()});
    return {{"anyOf", {schema, nothing_but_null()}}};
}

void add_members(json::object& schema, Members members, bool null_is_absent) {
    auto& properties = schema["properties"].as_object();
    auto& required = schema["required"].as_array();
    for (auto [name, shape] : members) {
        const bool is_optional = name.ends_with('?');
        if (is_optional)
            name.remove_suffix(1);
        else
            required.emplace_back(name);
        const auto* known = properties.if_contains(name);
        check(!known || known->as_object().contains("readOnly"));
        properties[name] = is_optional && null_is_absent ? or_null(shape.json()) : shape.json();
    }
}

json::object closed_object() {
    return {{"type", "object"},
            {"properties", json::object{}},
            {"required", json::array{}},
            {"additionalProperties", false}};
}

}  // namespace

Schema::Schema(const char* words) : json_(read_words(words)) {}
Schema::Schema(const std::string& words) : json_(read_words(words)) {}

Schema object_schema(Members members) {
    auto schema = closed_object();
    add_members(schema, members, false);
    return Schema(json::value(std::move(schema)));
}

Schema extended(const Schema& base, Members more) {
    auto schema = base.json().as_object();
    add_members(schema, more, false);
    return Schema(json::value(std::move(schema)));
}

Schema body_schema(Members members, const std::vector<std::string_view>& ignored) {
    auto schema = closed_object();
    add_members(schema, members, true);
    auto& properties = schema["properties"].as_object();
    const auto ignore = [&](std::string_view name) {
        if (!properties.contains(name))
            properties[name] = {{"readOnly", true}};
    };
    for (const auto name : ignored)
        ignore(name);
    for (const auto name : ignored_everywhere)
        ignore(name);
    return Schema(json::value(std::move(schema)));
}

Schema list_schema(const Schema& item) {
    return Schema(json::value{{"type", "array"}, {"items", item.json()}});
}

Schema page_schema(const Schema& item) {
    return object_schema({{"items", list_schema(item)}, {"next_cursor", "string|null"}});
}

Schema map_schema(const Schema& value) {
    return Schema(json::value{{"type", "object"}, {"additionalProperties", value.json()}});
}

Schema tuple_schema(std::initializer_list<Schema> items) {
    json::array places;
    for (const auto& item : items)
        places.push_back(item.json());
    return Schema(json::value{{"type", "array"},
                              {"prefixItems", std::move(places)},
                              {"minItems", items.size()},
                              {"maxItems", items.size()}});
}

Schema either(std::initializer_list<Schema> schemas) {
    json::array all;
    for (const auto& schema : schemas)
        all.push_back(schema.json());
    return Schema(json::value{{"oneOf", std::move(all)}});
}

Schema words_schema(const std::vector<std::string>& words) {
    return Schema(
        json::value{{"type", "string"}, {"enum", json::array(words.begin(), words.end())}});
}

RequestShape optional_body(Schema schema) {
    RequestShape shape(std::move(schema));
    shape.is_required = false;
    return shape;
}

RequestShape file_body(std::vector<std::string> types) {
    RequestShape shape;
    shape.schema = Schema(json::value{{"type", "string"}, {"format", "binary"}});
    shape.types = std::move(types);
    shape.is_file = true;
    return shape;
}

AnswerShapes::AnswerShapes(Schema schema)
    : AnswerShapes(One{200, "application/json", std::move(schema)}) {}

AnswerShapes AnswerShapes::operator|(const AnswerShapes& other) const {
    auto both = *this;
    both.all_.insert(both.all_.end(), other.all_.begin(), other.all_.end());
    return both;
}

AnswerShapes created(Schema schema) {
    return AnswerShapes({201, "application/json", std::move(schema)});
}
AnswerShapes accepted(Schema schema) {
    return AnswerShapes({202, "application/json", std::move(schema)});
}
AnswerShapes no_content() { return AnswerShapes({204, "", "null"}); }
AnswerShapes lines(Schema schema) {
    return AnswerShapes({200, "application/x-ndjson", std::move(schema)});
}
AnswerShapes csv_table() { return AnswerShapes({200, "text/csv", "string"}); }

}  // namespace qiao::api
