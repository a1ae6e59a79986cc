#include "history/properties_reader.hpp"

#include <simdjson.h>

#include <algorithm>
#include <optional>

namespace qiao::history {

namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::int64_t powers[] = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000};

// What decimals usually look like ("12", "12.5", "1.25E2"), without an allocation.
std::optional<Decimal> plain_decimal(std::string_view text) {
    const bool is_negative = text.starts_with('-');
    std::size_t at = is_negative ? 1 : 0;
    std::int64_t digits = 0;
    int count = 0, places = 0;
    bool has_point = false;
    for (; at < text.size() && text[at] != 'E' && text[at] != 'e'; ++at) {
        if (text[at] == '.') {
            has_point = true;
            continue;
        }
        if (text[at] < '0' || text[at] > '9' || ++count > 14)
            return std::nullopt;
        digits = digits * 10 + (text[at] - '0');
        places += has_point ? 1 : 0;
    }
    int exponent = 0;
    if (at < text.size()) {
        // One digit, as of numbers below ten billion.
        if (text.size() - at != 2 || text[at + 1] < '0' || text[at + 1] > '9')
            return std::nullopt;
        exponent = text[at + 1] - '0';
    }
    const int shift = 4 - places + exponent;
    if (count == 0 || shift < 0 || shift > 7 || count + shift > 18)
        return std::nullopt;
    const auto scaled = digits * powers[shift];
    return Decimal::from_scaled(is_negative ? -scaled : scaled);
}

std::string_view without_blanks(std::string_view text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\n'))
        text.remove_suffix(1);
    return text;
}

bool read_set(ondemand::value value, StringSet& set) {
    set.clear();
    ondemand::array array;
    if (value.get_array().get(array))
        return false;
    for (auto element : array) {
        std::string_view text;
        if (element.get_string().get(text))
            return false;
        set.emplace_back(text);
    }
    return true;
}

bool read_value(ondemand::value value, Property& property) {
    ondemand::json_type type;
    if (value.type().get(type))
        return false;
    switch (type) {
        case ondemand::json_type::number: {
            property.type = ValueType::number;
            const auto token = without_blanks(value.raw_json_token());
            auto number = plain_decimal(token);
            if (!number) {
                const auto parsed = Decimal::parse(token);
                if (!parsed)
                    return false;
                number = *parsed;
            }
            property.number = *number;
            return true;
        }
        case ondemand::json_type::string:
            property.type = ValueType::string;
            return !value.get_string().get(property.text);
        case ondemand::json_type::boolean:
            property.type = ValueType::boolean;
            return !value.get_bool().get(property.truth);
        case ondemand::json_type::array:
            property.type = ValueType::string_set;
            return read_set(value, property.set);
        case ondemand::json_type::object:
            property.type = ValueType::sealed;
            return !value["sealed"].get_string().get(property.text);
        case ondemand::json_type::null:
            property.type = ValueType::null;
            return !value.is_null().error();
        default:
            return false;
    }
}

}  // namespace

struct PropertiesReader::Parser {
    ondemand::parser parser;
    std::string padded;
    Property property;
};

PropertiesReader::PropertiesReader() : parser_(std::make_unique<Parser>()) {}
PropertiesReader::~PropertiesReader() = default;

bool PropertiesReader::read(std::string_view json,
                            const std::function<void(const Property&)>& visit) {
    if (json == "{}")
        return true;
    auto& [parser, padded, property] = *parser_;
    if (padded.size() < json.size() + simdjson::SIMDJSON_PADDING)
        padded.resize(2 * json.size() + simdjson::SIMDJSON_PADDING);
    std::copy(json.begin(), json.end(), padded.begin());
    ondemand::document document;
    ondemand::object object;
    if (parser.iterate(padded.data(), json.size(), padded.size()).get(document) ||
        document.get_object().get(object))
        return false;
    for (auto field : object) {
        ondemand::value value;
        if (field.unescaped_key().get(property.name) || field.value().get(value) ||
            !read_value(value, property))
            return false;
        visit(property);
    }
    return true;
}

}  // namespace qiao::history
