#include "api/resource.hpp"

#include <charconv>

#include "base/value.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

constexpr std::size_t largest_page = 500;

template <class Number>
std::optional<Number> parse_whole(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

// RFC 6901: ~ and / are escaped.
std::string pointer_to(std::string_view at, std::string_view name) {
    std::string pointer(at);
    pointer += '/';
    for (const char c : name) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
    return pointer;
}

}  // namespace

Body::Body(const json::value& value, std::string at)
    : at_(std::move(at)), known_{"id", "version", "created_at", "updated_at", "created_by"} {
    object_ = value.if_object();
    if (object_ == nullptr)
        error_ = Error{ErrorCode::invalid, "api.body",
                       "send a JSON object with Content-Type: application/json", at_, 0};
}

void Body::refuse(std::string_view name, std::string detail) {
    if (!error_)
        error_ = Error{ErrorCode::invalid, "api.body", std::string(name) + " " + detail,
                       pointer_to(at_, name), 0};
}

const json::value* Body::take(std::string_view name) {
    known_.emplace(name);
    const auto* found = object_ ? object_->if_contains(name) : nullptr;
    return found == nullptr || found->is_null() ? nullptr : found;
}

std::string Body::text(std::string_view name) {
    auto found = maybe_text(name);
    if (!found)
        refuse(name, "is missing");
    return std::move(found).value_or("");
}

std::optional<std::string> Body::maybe_text(std::string_view name) {
    const auto* found = take(name);
    if (found == nullptr)
        return std::nullopt;
    const auto* text = found->if_string();
    if (text == nullptr || text->find('\0') != json::string::npos) {
        refuse(name, "must be a text");
        return std::nullopt;
    }
    return std::string(*text);
}

std::optional<bool> Body::maybe_flag(std::string_view name) {
    const auto* found = take(name);
    if (found == nullptr)
        return std::nullopt;
    if (const auto* flag = found->if_bool())
        return *flag;
    refuse(name, "must be true or false");
    return std::nullopt;
}

std::optional<std::int64_t> Body::maybe_integer(std::string_view name) {
    const auto* found = take(name);
    if (found == nullptr)
        return std::nullopt;
    if (const auto* integer = found->if_int64())
        return *integer;
    refuse(name, "must be a whole number");
    return std::nullopt;
}

std::optional<double> Body::maybe_number(std::string_view name) {
    const auto* found = take(name);
    if (found == nullptr)
        return std::nullopt;
    if (found->is_number())
        return found->to_number<double>();
    refuse(name, "must be a number");
    return std::nullopt;
}

std::optional<Decimal> Body::maybe_decimal(std::string_view name) {
    const auto* found = take(name);
    if (found == nullptr)
        return std::nullopt;
    const auto value = found->is_number() ? value_from_json(*found) : Result<Value>(Value());
    const auto* number = value ? std::get_if<Decimal>(&*value) : nullptr;
    if (number)
        return *number;
    refuse(name, "must be a number of at most 14 places before the point");
    return std::nullopt;
}

std::optional<Time> Body::maybe_time(std::string_view name) {
    const auto text = maybe_text(name);
    if (!text)
        return std::nullopt;
    if (const auto time = parse_time(*text))
        return *time;
    refuse(name, "must be a time such as 2026-11-22T09:00:00+08:00");
    return std::nullopt;
}

const json::value* Body::member(std::string_view name) { return take(name); }

void Body::ignore(std::initializer_list<std::string_view> names) {
    for (const auto name : names)
        known_.emplace(name);
}

Result<void> Body::finish() {
    if (object_ != nullptr)
        for (const auto& [name, value] : *object_)
            if (!known_.contains(std::string_view(name)))
                refuse(name, "is not a member of this request");
    if (error_)
        return fail(*error_);
    return {};
}

Result<std::optional<std::int64_t>> expected_version(const Call& call) {
    auto tag = call.request.header("if-match");
    if (tag.empty() || tag == "*")
        return std::optional<std::int64_t>{};
    if (tag.starts_with("W/"))
        tag.remove_prefix(2);
    if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"') {
        tag = tag.substr(1, tag.size() - 2);
        if (const auto version = parse_whole<std::int64_t>(tag))
            return version;
    }
    return fail(ErrorCode::invalid, "api.if_match", "If-Match takes the ETag of an earlier answer");
}

void set_etag(Call& call, std::int64_t version) {
    call.response_headers.emplace_back("ETag", '"' + std::to_string(version) + '"');
}

Result<Page> page_of(const Call& call) {
    Page page;
    page.cursor = call.query("cursor");
    if (!call.request.has_query("limit"))
        return page;
    const auto limit = parse_whole<std::size_t>(call.query("limit"));
    if (!limit || *limit < 1 || *limit > largest_page)
        return fail(ErrorCode::invalid, "api.limit", "limit is a number from 1 to 500");
    page.limit = *limit;
    return page;
}

json::value page_json(json::array items, const std::optional<std::string>& next_cursor) {
    json::object page;
    page["items"] = std::move(items);
    page["next_cursor"] = next_cursor ? json::value(*next_cursor) : json::value(nullptr);
    return page;
}

json::value time_json(const std::optional<Time>& time) {
    if (!time)
        return nullptr;
    return json::string(format_time(*time));
}

}  // namespace qiao::api
