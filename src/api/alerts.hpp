// Metrics that are watched: /api/v1/alerts.
#pragma once

#include <functional>

#include "api/endpoint.hpp"
#include "insight/alerts.hpp"

namespace qiao::api {

struct AlertParts {
    insight::Alerts& alerts;
    std::function<std::string(std::string_view id)> name_of_person;
};
void add_alerts(Endpoints& endpoints, const AlertParts& parts);

}  // namespace qiao::api
