// /api/v1/overview: what needs me, what runs, and four numbers.
#pragma once

#include <functional>

#include "api/endpoint.hpp"

namespace qiao::insight {
class Metrics;
}

namespace qiao::api {

// What other modules add to the page; each may be empty.
struct OverviewParts {
    const insight::Metrics& metrics;
    // Items {"kind","title","link","count"} that wait for this person.
    std::vector<std::function<boost::json::array(const access::Principal&)>> needs_me;
    // Campaigns that run, as their own resource shows them.
    std::function<boost::json::array(const access::Principal&)> running;
    std::function<boost::json::object()> health;
};

void add_overview(Endpoints& endpoints, OverviewParts parts);

}  // namespace qiao::api
