#include "base/value.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace qiao {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 7> type_names = {"null", "boolean",    "number", "string",
                                                        "time", "string_set", "sealed"};

tl::unexpected<Error> wrong_type(ValueType wanted) {
    return fail(ErrorCode::unprocessable, "value.type",
                "the value is not of the type " + std::string(name_of(wanted)) +
                    " that the dictionary asks for");
}

std::string text_of_scalar(const json::value& json) {
    return json.is_string() ? std::string(json.get_string()) : json::serialize(json);
}

bool is_scalar(const json::value& json) { return !json.is_array() && !json.is_object(); }

StringSet set_of(const json::array& array) {
    StringSet set;
    for (const auto& element : array)
        if (!element.is_null())
            set.push_back(text_of_scalar(element));
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
    return set;
}

struct JsonWriter {
    json::value operator()(std::monostate) const { return nullptr; }
    json::value operator()(bool value) const { return value; }
    json::value operator()(Decimal value) const {
        if (value.scaled() % Decimal::scale == 0)
            return value.scaled() / Decimal::scale;
        return value.to_double();
    }
    json::value operator()(const std::string& value) const { return json::value(value); }
    json::value operator()(Time value) const { return json::value(format_time(value)); }
    json::value operator()(const StringSet& value) const {
        json::array array;
        for (const auto& element : value)
            array.emplace_back(element);
        return array;
    }
    json::value operator()(const Sealed&) const { return json::value("•••"); }
};

}  // namespace

std::string_view name_of(ValueType type) { return type_names[static_cast<std::size_t>(type)]; }

Result<ValueType> value_type_of_name(std::string_view name) {
    auto at = std::find(type_names.begin(), type_names.end(), name);
    if (at == type_names.end())
        return fail(ErrorCode::unprocessable, "value.unknown_type",
                    "a type is one of boolean, number, string, time, string_set");
    return static_cast<ValueType>(at - type_names.begin());
}

const Value* find(const Properties& properties, std::string_view name) {
    for (const auto& [key, value] : properties)
        if (key == name)
            return &value;
    return nullptr;
}

void set(Properties& properties, std::string_view name, Value value) {
    for (auto& [key, old] : properties) {
        if (key == name) {
            old = std::move(value);
            return;
        }
    }
    properties.emplace_back(std::string(name), std::move(value));
}

Result<Value> value_from_json(const json::value& json) {
    switch (json.kind()) {
        case json::kind::null:
            return Value{};
        case json::kind::bool_:
            return Value{json.get_bool()};
        case json::kind::string:
            return Value{std::string(json.get_string())};
        case json::kind::int64:
            return Decimal::from_int(json.get_int64()).map([](Decimal d) { return Value{d}; });
        case json::kind::double_:
            return Decimal::from_double(json.get_double()).map([](Decimal d) { return Value{d}; });
        case json::kind::uint64:
            return fail(ErrorCode::unprocessable, "number.out_of_range",
                        "a number must lie within about plus or minus 922 trillion");
        case json::kind::array: {
            const auto& array = json.get_array();
            if (std::all_of(array.begin(), array.end(), is_scalar))
                return Value{set_of(array)};
            break;
        }
        case json::kind::object:
            break;
    }
    return fail(ErrorCode::unprocessable, "value.nested",
                "a value must be a scalar or a list of scalars");
}

json::value to_json(const Value& value) { return std::visit(JsonWriter{}, value); }

Result<Value> coerce(Value value, ValueType wanted) {
    if (type_of(value) == wanted || type_of(value) == ValueType::null ||
        type_of(value) == ValueType::sealed)
        return value;
    if (const auto* text = std::get_if<std::string>(&value)) {
        if (wanted == ValueType::number) {
            if (auto number = Decimal::parse(*text))
                return Value{*number};
        } else if (wanted == ValueType::time) {
            if (auto time = parse_time(*text))
                return Value{*time};
        } else if (wanted == ValueType::string_set) {
            return Value{StringSet{*text}};
        } else if (wanted == ValueType::boolean && (*text == "true" || *text == "false")) {
            return Value{*text == "true"};
        }
    }
    return wrong_type(wanted);
}

Result<void> add_json_object(Properties& properties, const json::object& object,
                             std::string_view prefix) {
    for (const auto& [key, member] : object) {
        if (member.is_null())
            continue;
        const auto name = std::string(prefix) + std::string(key);
        if (member.is_object()) {
            if (auto nested = add_json_object(properties, member.get_object(), name + "."); !nested)
                return nested;
            continue;
        }
        auto value = value_from_json(member);
        if (!value && value.error().reason == "value.nested")
            value = Value{json::serialize(member)};
        if (!value) {
            value.error().pointer = "/" + name;
            return fail(value.error());
        }
        set(properties, name, std::move(*value));
    }
    return {};
}

}  // namespace qiao
