// /api/v1/insights: questions over all customers.
#pragma once

#include "api/endpoint.hpp"

namespace qiao::insight {
class Metrics;
struct MetricAnswer;
}  // namespace qiao::insight
namespace qiao::audience {
class PeopleCards;
}
namespace qiao::access {
class AuditLog;
}

namespace qiao::api {

struct InsightParts {
    const insight::Metrics& metrics;
    const audience::PeopleCards& cards;
    access::AuditLog& audit;
};

void add_insights(Endpoints& endpoints, const InsightParts& parts);

boost::json::object metric_json(const insight::MetricAnswer& answer);

}  // namespace qiao::api
