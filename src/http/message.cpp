#include "http/message.hpp"

namespace qiao::http {

namespace {

const std::string* first_value(const Headers& pairs, std::string_view name) {
    for (const auto& [key, value] : pairs)
        if (key == name)
            return &value;
    return nullptr;
}

std::string_view value_or_empty(const Headers& pairs, std::string_view name) {
    const auto* value = first_value(pairs, name);
    return value ? std::string_view(*value) : std::string_view();
}

Response typed_response(int status, const char* type, std::string body) {
    Response response;
    response.status = status;
    response.headers.emplace_back("Content-Type", type);
    response.body = std::move(body);
    return response;
}

}  // namespace

std::string_view Request::header(std::string_view lower_case_name) const {
    return value_or_empty(headers, lower_case_name);
}

std::string_view Request::query_value(std::string_view name) const {
    return value_or_empty(query, name);
}

bool Request::has_query(std::string_view name) const { return first_value(query, name) != nullptr; }

std::string_view Request::path_param(std::string_view name) const {
    return value_or_empty(path_params, name);
}

Response Response::json(int status, std::string body) {
    return typed_response(status, "application/json", std::move(body));
}

Response Response::text(int status, std::string body) {
    return typed_response(status, "text/plain; charset=utf-8", std::move(body));
}

}  // namespace qiao::http
