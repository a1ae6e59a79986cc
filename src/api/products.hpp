// /api/v1/products and /api/v1/targets
#pragma once

#include "api/endpoint.hpp"
#include "insight/products.hpp"
#include "insight/targets.hpp"

namespace qiao::api {

void add_products(Endpoints& endpoints, insight::Products& products, insight::Targets& targets);

boost::json::object product_json(const insight::Product& product);
boost::json::object target_json(const insight::Target& target);

}  // namespace qiao::api
