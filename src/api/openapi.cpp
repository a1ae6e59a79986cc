#include "api/openapi.hpp"

#include <algorithm>
#include <map>

namespace qiao::api {

namespace json = boost::json;

namespace {

std::vector<std::string> path_parameters(std::string_view path) {
    std::vector<std::string> names;
    for (auto open = path.find('{'); open != path.npos; open = path.find('{', open + 1)) {
        const auto close = path.find('}', open);
        names.emplace_back(path.substr(open + 1, close - open - 1));
    }
    return names;
}

json::array parameters_of(const Described& endpoint) {
    json::array parameters;
    const auto add = [&](std::string_view name, std::string_view place) {
        parameters.push_back({{"name", name},
                              {"in", place},
                              {"required", place == "path"},
                              {"schema", {{"type", "string"}}}});
    };
    for (const auto& name : path_parameters(endpoint.path))
        add(name, "path");
    for (const auto& name : endpoint.doc.query)
        add(name, "query");
    return parameters;
}

json::value content_of(const json::value& schema, std::string_view type) {
    json::object content;
    content[type] = {{"schema", schema.is_null() ? json::value(json::object{}) : schema}};
    return content;
}

json::object operation_of(const Described& endpoint) {
    json::object operation{{"summary", endpoint.doc.summary},
                           {"tags", json::array{json::value(endpoint.doc.tag)}},
                           {"parameters", parameters_of(endpoint)}};
    if (!endpoint.doc.request_schema.is_null())
        operation["requestBody"] = {
            {"required", true},
            {"content", content_of(endpoint.doc.request_schema, "application/json")}};
    json::object answer{{"description", "done"}};
    answer["content"] = content_of(endpoint.doc.response_schema, "application/json");
    json::object refusal{{"description", "a refusal (RFC 9457)"}};
    refusal["content"] =
        content_of({{"$ref", "#/components/schemas/Problem"}}, "application/problem+json");
    operation["responses"] = {{"200", answer}, {"default", refusal}};
    if (!endpoint.needs_sign_in)
        operation["security"] = json::array{};
    return operation;
}

json::value problem_schema() {
    json::object text{{"type", "string"}};
    return {{"type", "object"},
            {"required", {"status", "code", "detail"}},
            {"properties",
             {{"type", text},
              {"title", text},
              {"status", {{"type", "integer"}}},
              {"code", text},
              {"detail", text},
              {"pointer", text},
              {"request_id", text}}}};
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    return text;
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char letter : text) {
        switch (letter) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            default:
                out.push_back(letter);
        }
    }
    return out;
}

}  // namespace

json::value openapi_document(const std::vector<Described>& endpoints) {
    json::object paths;
    for (const auto& endpoint : endpoints) {
        auto& path = paths[endpoint.path];
        if (!path.is_object())
            path = json::object{};
        path.get_object()[lower(endpoint.method)] = operation_of(endpoint);
    }
    return {{"openapi", "3.1.0"},
            {"info", {{"title", "Qiao management API"}, {"version", "1"}}},
            {"paths", std::move(paths)},
            {"security", json::array{{{"session", json::array{}}}, {{"token", json::array{}}}}},
            {"components",
             {{"schemas", {{"Problem", problem_schema()}}},
              {"securitySchemes",
               {{"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "qiao_session"}}},
                {"token", {{"type", "http"}, {"scheme", "bearer"}}}}}}}};
}

std::string readable_page(const std::vector<Described>& endpoints) {
    std::map<std::string, std::string> sections;
    for (const auto& endpoint : endpoints) {
        auto& section = sections[endpoint.doc.tag];
        section += "<h3><code>" + endpoint.method + " " + escaped(endpoint.path) +
                   "</code></h3><p>" + escaped(endpoint.doc.summary) + "</p>";
        if (!endpoint.doc.request_schema.is_null())
            section += "<details><summary>Body</summary><pre>" +
                       escaped(json::serialize(endpoint.doc.request_schema)) + "</pre></details>";
        if (!endpoint.doc.response_schema.is_null())
            section += "<details><summary>Answer</summary><pre>" +
                       escaped(json::serialize(endpoint.doc.response_schema)) + "</pre></details>";
    }
    std::string page =
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Qiao API</title>"
        "<style>body{font:14px/1.6 system-ui;max-width:860px;margin:2rem auto;padding:0 1rem;"
        "color-scheme:light dark}pre{overflow:auto}h3{margin:1.2rem 0 .2rem}</style><h1>Qiao "
        "API</h1>"
        "<p>The machine-readable form is <a href=\"/openapi.json\">/openapi.json</a>.</p>";
    for (const auto& [tag, section] : sections)
        page += "<h2>" + escaped(tag) + "</h2>" + section;
    return page + "</html>";
}

void add_openapi(http::Router& router, const Endpoints& endpoints) {
    router.on("GET", "/openapi.json", [&endpoints](const http::Request&) {
        return http::Response::json(200, json::serialize(endpoints.openapi()));
    });
    router.on("GET", "/docs", [&endpoints](const http::Request&) {
        http::Response response;
        response.headers.emplace_back("Content-Type", "text/html; charset=utf-8");
        response.body = readable_page(endpoints.described());
        return response;
    });
}

}  // namespace qiao::api
