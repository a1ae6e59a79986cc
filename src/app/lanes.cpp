#include "app/lanes.hpp"

#include <algorithm>

namespace qiao::app {

bool LongRoute::is(const http::Router::Route& route) const {
    if (method != "*" && method != route.method)
        return false;
    return pattern.ends_with('*') ? route.pattern.starts_with(pattern.substr(0, pattern.size() - 1))
                                  : route.pattern == pattern;
}

const std::vector<LongRoute>& long_routes() {
    static const std::vector<LongRoute> routes = {
        {"POST", "/api/v1/insights/*"},
        {"GET", "/api/v1/overview"},
        {"POST", "/api/v1/alerts/preview"},
        {"POST", "/api/v1/board-mails/{id}/send"},
        // A campaign is shown with how far it is, which is counted.
        {"*", "/api/v1/campaigns*"},
        // An audience or a tag that is made or changed gets its members.
        {"POST", "/api/v1/audiences*"},
        {"PUT", "/api/v1/audiences/{id}"},
        {"PATCH", "/api/v1/audiences/{id}"},
        {"GET", "/api/v1/audiences/{id}/members"},
        {"GET", "/api/v1/customers/{id}/explain"},
        {"POST", "/api/v1/customers/{id}/export"},
        {"POST", "/api/v1/dictionary/tags"},
        {"POST", "/api/v1/stage-models"},
        {"PUT", "/api/v1/stage-models/{id}"},
        {"*", "/api/v1/sql/runs*"},
        {"GET", "/api/v1/imports/{id}/errors"},
        {"GET", "/api/v1/audit/verify"},
    };
    return routes;
}

bool works_long(const http::Router::Route& route) {
    const auto& routes = long_routes();
    return std::any_of(routes.begin(), routes.end(),
                       [&](const LongRoute& one) { return one.is(route); });
}

}  // namespace qiao::app
