// How a resource of /api/v1 is offered: authentication, permission, typed bodies, problems, audit
// and OpenAPI in one call, so that a handler is only the rule of its resource.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <string>
#include <vector>

#include "access/principal.hpp"
#include "api/schema.hpp"
#include "http/router.hpp"
#include "runtime/clock.hpp"

namespace qiao::access {
class Access;
}

namespace qiao::api {

class Idempotency;

// One request on its way through: who asks, what came, and where the answer's extras go.
struct Call {
    const access::Principal& who;
    const http::Request& request;
    const boost::json::value& body;  // null where there is none
    Time now;
    http::Headers response_headers = {};

    std::string_view id() const { return request.path_param("id"); }
    std::string_view query(std::string_view name) const { return request.query_value(name); }
};

struct Answer {
    int status = 200;
    boost::json::value body;                                   // null with 204
    std::function<void(const http::BodyWriter&)> stream = {};  // instead of body
    std::string content_type = "application/json";
};

// A parameter of the query: {"state", "'active'|'archived'"}; from a name alone a text, or what
// the conventions of lists say of it ("limit").
struct QueryParameter {
    QueryParameter(const char* given) : name(given) {}
    QueryParameter(const char* given, Schema shape) : name(given), schema(std::move(shape)) {}

    std::string name;
    Schema schema = name == "limit" ? "integer" : "string";
};

// What /openapi.json and /docs say of an endpoint; the text cases hold it to that (api/schema.hpp).
//
//     {"Create a board", "boards", "BoardChange", created("Board")}
//     {"List the boards", "boards", nullptr, page_schema("Board"), {"text", "limit", "cursor"}}
struct EndpointDoc {
    std::string summary;  // English, for /docs
    std::string tag;      // resource
    RequestShape request;
    AnswerShapes answers;
    std::vector<QueryParameter> query = {};
};

struct Described {
    std::string method, path;
    EndpointDoc doc;
    bool needs_sign_in = true;
};

using EndpointHandler = std::function<Result<Answer>(Call&)>;

class Endpoints {
public:
    Endpoints(http::Router& router, access::Access& access, const Clock& clock);

    // Needs a signed-in principal with `permission`. POST honours Idempotency-Key.
    void add(std::string method, std::string path, access::Permission permission,
             EndpointHandler handler, EndpointDoc doc);
    // The same with another limit for the body.
    void add(std::string method, std::string path, access::Permission permission,
             EndpointHandler handler, EndpointDoc doc, http::RouteOptions options);
    // Answers anyone (sign-in, health).
    void add_open(std::string method, std::string path, EndpointHandler handler, EndpointDoc doc);

    // Where the answers of requests with an Idempotency-Key are kept; set before serving. Without
    // it that header has no effect.
    void keep_answers(Idempotency& idempotency) { idempotency_ = &idempotency; }

    // The shape that others name by `name` (api/schema.hpp); each name once.
    void define(std::string name, Schema shape);

    boost::json::value openapi() const;

    const std::vector<Described>& described() const { return described_; }
    const boost::json::object& shapes() const { return shapes_; }

private:
    Result<access::Principal> admit(const http::Request& request,
                                    const access::Permission* permission);
    http::Response serve(const http::Request& request, const access::Permission* permission,
                         const EndpointHandler& handler, bool takes_raw_body);
    http::Response carry_out(const http::Request& request, const access::Principal& who,
                             const EndpointHandler& handler, bool takes_raw_body);
    http::Router& router_;
    access::Access& access_;
    const Clock& clock_;
    Idempotency* idempotency_ = nullptr;
    std::vector<Described> described_;
    boost::json::object shapes_;
};

http::Response problem(const Error& error, std::string_view request_id);

}  // namespace qiao::api
