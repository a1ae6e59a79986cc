#include "api/openapi.hpp"

#include <algorithm>
#include <cctype>

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

json::object parameter(std::string_view name, std::string_view place, const json::value& schema) {
    return {{"name", name}, {"in", place}, {"required", place == "path"}, {"schema", schema}};
}

json::object reference(std::string_view place, std::string_view name) {
    std::string target("#/components/");
    target.append(place).append("/").append(name);
    return {{"$ref", target}};
}

// The object that a schema is, or that the shape it names is.
const json::object* resolved(const json::value& schema, const json::object& shapes) {
    const auto* object = schema.if_object();
    const auto* named = object ? object->if_contains("$ref") : nullptr;
    if (!named)
        return object;
    const std::string_view target = named->as_string();
    const auto* shape = shapes.if_contains(target.substr(target.rfind('/') + 1));
    return shape ? shape->if_object() : nullptr;
}

// Whether what the endpoint changes carries a version, which If-Match can name.
bool has_version(const Described& endpoint, const json::object& shapes) {
    for (const auto& answer : endpoint.doc.answers.all()) {
        const auto* object = resolved(answer.schema.json(), shapes);
        const auto* members = object ? object->if_contains("properties") : nullptr;
        if (members && members->as_object().contains("version"))
            return true;
    }
    return false;
}

json::array parameters_of(const Described& endpoint, const json::object& shapes) {
    json::array parameters;
    for (const auto& name : path_parameters(endpoint.path))
        parameters.push_back(parameter(name, "path", {{"type", "string"}}));
    for (const auto& [name, schema] : endpoint.doc.query)
        parameters.push_back(parameter(name, "query", schema.json()));
    if (endpoint.method == "POST" && endpoint.needs_sign_in)
        parameters.push_back(reference("parameters", "IdempotencyKey"));
    if ((endpoint.method == "PUT" || endpoint.method == "PATCH") && has_version(endpoint, shapes))
        parameters.push_back(reference("parameters", "IfMatch"));
    return parameters;
}

json::object content_of(const json::value& schema, const std::string& type) {
    json::object content;
    content[type] = {{"schema", schema}};
    return content;
}

const char* description_of(int status) {
    switch (status) {
        case 201:
            return "made";
        case 202:
            return "begun; the job tells how far it is";
        case 204:
            return "done; the answer is empty";
        default:
            return "done";
    }
}

json::object responses_of(const Described& endpoint) {
    json::object responses;
    for (const auto& answer : endpoint.doc.answers.all()) {
        auto& place = responses[std::to_string(answer.status)];
        if (!place.is_object())
            place = json::object{{"description", description_of(answer.status)}};
        if (answer.type.empty())
            continue;
        auto& content = place.get_object()["content"];
        if (!content.is_object())
            content = json::object{};
        content.get_object()[answer.type] = {{"schema", answer.schema.json()}};
    }
    responses["default"] = reference("responses", "Refusal");
    return responses;
}

// get_audiences_id_members
std::string operation_id(const Described& endpoint) {
    std::string id;
    for (const char c : endpoint.method)
        id += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    auto path = std::string_view(endpoint.path);
    if (path.starts_with("/api/v1"))
        path.remove_prefix(std::string_view("/api/v1").size());
    for (const char c : path) {
        const bool is_letter = std::isalnum(static_cast<unsigned char>(c)) != 0;
        if (is_letter)
            id += c;
        else if (c != '}' && id.back() != '_')
            id += '_';
    }
    return id;
}

json::object operation_of(const Described& endpoint, const json::object& shapes) {
    json::object operation{{"operationId", operation_id(endpoint)},
                           {"summary", endpoint.doc.summary},
                           {"tags", json::array{json::value(endpoint.doc.tag)}},
                           {"parameters", parameters_of(endpoint, shapes)}};
    if (const auto& request = endpoint.doc.request; !request.types.empty()) {
        json::object content;
        for (const auto& type : request.types)
            content[type] = {{"schema", request.schema.json()}};
        operation["requestBody"] = {{"required", request.is_required},
                                    {"content", std::move(content)}};
    }
    operation["responses"] = responses_of(endpoint);
    if (!endpoint.needs_sign_in)
        operation["security"] = json::array{};
    return operation;
}

json::object common_parameters() {
    auto key = parameter("Idempotency-Key", "header", {{"type", "string"}, {"maxLength", 255}});
    key["description"] =
        "The same key and body answer as before, with Idempotent-Replay: true; kept seven days.";
    auto version = parameter("If-Match", "header", {{"type", "string"}});
    version["description"] = "The ETag of an earlier answer; refused with 412 where it is stale.";
    return {{"IdempotencyKey", std::move(key)}, {"IfMatch", std::move(version)}};
}

}  // namespace

json::value openapi_document(const std::vector<Described>& endpoints, const json::object& shapes) {
    json::object paths;
    for (const auto& endpoint : endpoints) {
        auto& path = paths[endpoint.path];
        if (!path.is_object())
            path = json::object{};
        auto method = endpoint.method;
        std::transform(method.begin(), method.end(), method.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        path.get_object()[method] = operation_of(endpoint, shapes);
    }
    json::object refusal{
        {"description", "a refusal (RFC 9457)"},
        {"content", content_of(reference("schemas", "Problem"), "application/problem+json")}};
    return {{"openapi", "3.1.0"},
            {"info", {{"title", "Qiao management API"}, {"version", "1"}}},
            {"paths", std::move(paths)},
            {"security", json::array{{{"session", json::array{}}}, {{"token", json::array{}}}}},
            {"components",
             {{"schemas", shapes},
              {"parameters", common_parameters()},
              {"responses", {{"Refusal", std::move(refusal)}}},
              {"securitySchemes",
               {{"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "qiao_session"}}},
                {"token", {{"type", "http"}, {"scheme", "bearer"}}}}}}}};
}

void add_openapi(http::Router& router, const Endpoints& endpoints) {
    router.on("GET", "/openapi.json", [&endpoints](const http::Request&) {
        return http::Response::json(200, json::serialize(endpoints.openapi()));
    });
    router.on("GET", "/docs", [&endpoints](const http::Request&) {
        http::Response response;
        response.headers.emplace_back("Content-Type", "text/html; charset=utf-8");
        response.body = readable_page(endpoints.described(), endpoints.shapes());
        return response;
    });
}

}  // namespace qiao::api
