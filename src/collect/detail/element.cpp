#include "collect/detail/element.hpp"

#include <algorithm>
#include <atomic>

namespace qiao::collect::detail {

Result<dom::element> parse(std::string& text) {
    thread_local dom::parser parser(max_batch_bytes * 4);
    if (parser.max_depth() != max_depth) {
        if (parser.allocate(1 << 16, max_depth) != simdjson::SUCCESS)
            return fail(ErrorCode::unavailable, "collect.no_memory",
                        "no memory is left for this body");
    }
    text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
    auto parsed = parser.parse(text);
    if (!parsed.error())
        return parsed.value_unsafe();
    if (parsed.error() == simdjson::DEPTH_ERROR)
        return fail(ErrorCode::invalid, "collect.too_deep",
                    "the JSON is nested deeper than " + std::to_string(max_depth) + " levels");
    return fail(ErrorCode::invalid, "collect.bad_json", "the body is not valid JSON in UTF-8");
}

Result<Decimal> decimal_of(const dom::element& element) {
    switch (element.type()) {
        case dom::element_type::INT64:
            return Decimal::from_int(element.get_int64().value_unsafe());
        case dom::element_type::DOUBLE:
            return Decimal::from_double(element.get_double().value_unsafe());
        default:
            return fail(ErrorCode::unprocessable, "number.out_of_range",
                        "a number must lie within about plus or minus 922 trillion");
    }
}

std::string cut_text(std::string_view text, std::size_t max_bytes) {
    if (text.size() > max_bytes) {
        text = text.substr(0, max_bytes);
        while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80)
            text.remove_suffix(1);
        if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0)
            text.remove_suffix(1);
    }
    return std::string(text);
}

namespace {

bool is_nested(const dom::element& element) {
    return element.type() == dom::element_type::ARRAY ||
           element.type() == dom::element_type::OBJECT;
}

std::string text_of_scalar(const dom::element& element, std::size_t max_text) {
    if (element.type() == dom::element_type::STRING)
        return cut_text(element.get_string().value_unsafe(), max_text);
    if (element.type() == dom::element_type::DOUBLE)
        if (auto decimal = decimal_of(element))
            return decimal->text();
    return simdjson::minify(element);
}

Value value_of_list(const dom::element& element, std::size_t max_text) {
    const auto array = element.get_array().value_unsafe();
    if (std::any_of(array.begin(), array.end(), [](dom::element e) { return is_nested(e); }))
        return Value{cut_text(simdjson::minify(element), max_text)};
    StringSet set;
    for (dom::element member : array)
        if (!member.is_null())
            set.push_back(text_of_scalar(member, max_text));
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
    return Value{std::move(set)};
}

}  // namespace

Refused Flattener::add_one(std::string name, const dom::element& element) {
    Value value;
    switch (element.type()) {
        case dom::element_type::NULL_VALUE:
            return {};
        case dom::element_type::OBJECT:
            return add(element.get_object().value_unsafe(), name + ".");
        case dom::element_type::STRING:
            value = cut_text(element.get_string().value_unsafe(), max_text);
            break;
        case dom::element_type::BOOL:
            value = element.get_bool().value_unsafe();
            break;
        case dom::element_type::ARRAY:
            value = value_of_list(element, max_text);
            break;
        default: {
            auto number = decimal_of(element);
            if (!number) {
                std::replace(name.begin(), name.end(), '.', '/');
                return {number.error().reason, number.error().detail, pointer + "/" + name};
            }
            value = *number;
        }
    }
    if (properties.size() >= max_properties)
        return {"collect.too_many_properties",
                "a record may carry at most " + std::to_string(max_properties) + " properties",
                pointer};
    if (may_repeat)
        set(properties, name, std::move(value));
    else
        properties.emplace_back(std::move(name), std::move(value));
    return {};
}

Refused Flattener::add(const dom::object& object, std::string_view prefix) {
    // At most what a record may carry, however long the object claims to be.
    if (properties.empty())
        properties.reserve(std::min(object.size(), max_properties));
    for (const auto field : object) {
        std::string name;
        name.reserve(prefix.size() + field.key.size());
        name.append(prefix).append(field.key);
        if (auto refused = add_one(std::move(name), field.value))
            return refused;
    }
    return {};
}

std::optional<std::string_view> text_at(const dom::object& object, std::string_view key) {
    std::string_view text;
    if (object.at_key(key).get(text))
        return std::nullopt;
    return text;
}

std::optional<dom::object> object_at(const dom::object& object, std::string_view key) {
    dom::object member;
    if (object.at_key(key).get(member))
        return std::nullopt;
    return member;
}

std::optional<std::string> id_of(const dom::element& element) {
    switch (element.type()) {
        case dom::element_type::STRING:
            return std::string(element.get_string().value_unsafe());
        case dom::element_type::INT64:
            return std::to_string(element.get_int64().value_unsafe());
        case dom::element_type::UINT64:
            return std::to_string(element.get_uint64().value_unsafe());
        default:
            return std::nullopt;
    }
}

std::optional<std::string> id_at(const dom::object& object, std::string_view key) {
    dom::element member;
    if (object.at_key(key).get(member))
        return std::nullopt;
    return id_of(member);
}

Result<Time> time_of(const dom::element& element) {
    // Years 1970 to 9999: beyond them a client's clock or unit is broken.
    constexpr std::int64_t last_ms = 253'402'300'799'999;
    std::int64_t ms = 0;
    if (element.type() == dom::element_type::STRING) {
        auto time = parse_time(element.get_string().value_unsafe());
        if (time)
            return time;
    } else if (element.type() == dom::element_type::INT64) {
        ms = element.get_int64().value_unsafe();
        if (ms >= 0 && ms <= last_ms)
            return time_from_ms(ms);
    } else if (element.type() == dom::element_type::DOUBLE) {
        const auto real = element.get_double().value_unsafe();
        if (real >= 0 && real <= static_cast<double>(last_ms))
            return time_from_ms(static_cast<std::int64_t>(real));
    }
    return fail(ErrorCode::unprocessable, "collect.bad_time",
                "a time must be RFC 3339 text or milliseconds since 1970");
}

std::string new_message_id() {
    thread_local const std::string prefix = "srv-" + random_token(12) + "-";
    thread_local std::uint64_t count = 0;
    return prefix + std::to_string(++count);
}

std::string message_id_of(std::string_view text) {
    if (text.size() <= 100)
        return std::string(text);
    char hex[40];
    std::snprintf(hex, sizeof hex, "hash-%016llx%016llx",
                  static_cast<unsigned long long>(hash64(text, 1)),
                  static_cast<unsigned long long>(hash64(text, 2)));
    return hex;
}

Identity subject_of(const Fact& fact) {
    const Identity* first = nullptr;
    for (const auto& identity : fact.identities)
        if (!first || routing_rank(identity.kind) < routing_rank(first->kind))
            first = &identity;
    return first ? *first : Identity{};
}

}  // namespace qiao::collect::detail
