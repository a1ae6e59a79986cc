// The OpenAPI 3.1 document of the described endpoints, and the readable page made from it.
#pragma once

#include <string>
#include <vector>

#include "api/endpoint.hpp"

namespace qiao::api {

boost::json::value openapi_document(const std::vector<Described>& endpoints,
                                    const boost::json::object& shapes);
// A page without scripts: every endpoint with its summary, parameters, body and answers, by
// resource; then every shape, each linked from where it is named.
std::string readable_page(const std::vector<Described>& endpoints,
                          const boost::json::object& shapes);

// /openapi.json and /docs.
void add_openapi(http::Router& router, const Endpoints& endpoints);

}  // namespace qiao::api
