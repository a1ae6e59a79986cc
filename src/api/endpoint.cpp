#include "api/endpoint.hpp"

#include "access/access.hpp"
#include "access/roles.hpp"
#include "api/idempotency.hpp"
#include "api/openapi.hpp"
#include "base/check.hpp"
#include "runtime/log.hpp"
#include "sql/database.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

constexpr std::size_t max_json_depth = 64;
constexpr int database_retry_s = 5;

bool changes_something(std::string_view method) { return method != "GET" && method != "HEAD"; }

// The value of one cookie of the Cookie header (RFC 6265, section 5.4).
std::string_view cookie(std::string_view header, std::string_view name) {
    while (!header.empty()) {
        const auto end = header.find(';');
        auto pair = header.substr(0, end);
        pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
        if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
            return pair.substr(name.size() + 1);
        if (end == header.npos)
            break;
        header.remove_prefix(end + 1);
    }
    return {};
}

// curl labels a body that it was given as a form; what looks like JSON is read as JSON. Changes by
// cookie are guarded by the CSRF token, not by the label.
bool is_json(const http::Request& request) {
    const auto type = request.header("content-type");
    const bool looks_so = request.body.starts_with('{') || request.body.starts_with('[');
    return type.empty() || type.find("json") != type.npos ||
           (looks_so && type.find("form-urlencoded") != type.npos);
}

Result<json::value> parse_body(const http::Request& request) {
    if (request.body.empty() || !is_json(request))
        return json::value(nullptr);
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = max_json_depth;
    auto value = json::parse(request.body, error, {}, options);
    if (error)
        return fail(ErrorCode::invalid, "api.malformed_json",
                    "the body is not valid JSON, or nests deeper than 64 levels");
    return value;
}

http::Response respond(Answer answer, http::Headers extra) {
    http::Response response;
    response.status = answer.status;
    response.headers = std::move(extra);
    if (answer.stream) {
        response.stream = std::move(answer.stream);
    } else if (!answer.body.is_null() || answer.status != 204) {
        response.body = answer.content_type == "application/json" || !answer.body.is_string()
                            ? json::serialize(answer.body)
                            : std::string(answer.body.get_string());
    }
    response.headers.emplace_back("Content-Type", std::move(answer.content_type));
    // Answers of the management API hold personal data: no shared or private cache may keep them.
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

// The edge where a lost or full database becomes an answer; what was begun has been rolled back.
Result<Answer> guarded(const EndpointHandler& handler, Call& call) {
    try {
        return handler(call);
    } catch (const sql::Fault&) {
        log::error("the database failed under the request " + call.request.request_id);
        return fail(Error{ErrorCode::unavailable, "api.database_unavailable",
                          "The database cannot be used at the moment, so nothing was changed; try "
                          "again in a few seconds.",
                          "", database_retry_s});
    }
}

}  // namespace

Endpoints::Endpoints(http::Router& router, access::Access& access, const Clock& clock)
    : router_(router), access_(access), clock_(clock) {
    define("Problem", object_schema({{"type", "string"},
                                     {"title", "string"},
                                     {"status", "integer"},
                                     {"code", "string"},
                                     {"detail", "string"},
                                     {"pointer?", "string"},
                                     {"request_id", "string"}}));
}

void Endpoints::add(std::string method, std::string path, access::Permission permission,
                    EndpointHandler handler, EndpointDoc doc) {
    add(std::move(method), std::move(path), permission, std::move(handler), std::move(doc), {});
}

void Endpoints::add(std::string method, std::string path, access::Permission permission,
                    EndpointHandler handler, EndpointDoc doc, http::RouteOptions options) {
    const bool raw = doc.request.is_file;
    described_.push_back({method, path, std::move(doc), true});
    router_.on(
        std::move(method), std::move(path),
        [this, permission, raw, handler = std::move(handler)](const http::Request& request) {
            return serve(request, &permission, handler, raw);
        },
        std::move(options));
}

void Endpoints::add_open(std::string method, std::string path, EndpointHandler handler,
                         EndpointDoc doc) {
    described_.push_back({method, path, std::move(doc), false});
    router_.on(std::move(method), std::move(path),
               [this, handler = std::move(handler)](const http::Request& request) {
                   return serve(request, nullptr, handler, false);
               });
}

Result<access::Principal> Endpoints::admit(const http::Request& request,
                                           const access::Permission* permission) {
    if (permission == nullptr)
        return access::Principal{};
    auto principal = access_.authenticate(
        request.header("authorization"), cookie(request.header("cookie"), "qiao_session"),
        request.header("x-csrf-token"), changes_something(request.method), clock_.now());
    if (principal && !principal->may(*permission))
        return fail(access::refusal(*permission));
    return principal;
}

http::Response Endpoints::serve(const http::Request& request, const access::Permission* permission,
                                const EndpointHandler& handler, bool takes_raw_body) {
    const auto who = admit(request, permission);
    if (!who)
        return problem(who.error(), request.request_id);
    // Open endpoints have no principal whose keys could be told apart.
    if (idempotency_ == nullptr || permission == nullptr || request.method != "POST")
        return carry_out(request, *who, handler, takes_raw_body);
    return once(*idempotency_, who->id, request,
                [&] { return carry_out(request, *who, handler, takes_raw_body); });
}

http::Response Endpoints::carry_out(const http::Request& request, const access::Principal& who,
                                    const EndpointHandler& handler, bool takes_raw_body) {
    const auto body = takes_raw_body ? Result<json::value>(nullptr) : parse_body(request);
    if (!body)
        return problem(body.error(), request.request_id);
    Call call{who, request, *body, clock_.now()};
    auto answer = guarded(handler, call);
    if (!answer)
        return problem(answer.error(), request.request_id);
    return respond(std::move(*answer), std::move(call.response_headers));
}

void Endpoints::define(std::string name, Schema shape) {
    check(!shapes_.contains(name));
    shapes_[name] = shape.json();
}

json::value Endpoints::openapi() const { return openapi_document(described_, shapes_); }

}  // namespace qiao::api
