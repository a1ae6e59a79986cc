// /api/v1/prices: what a message over each channel costs.
#pragma once

#include "api/endpoint.hpp"

namespace qiao::channel {
class Prices;
}

namespace qiao::api {

void add_prices(Endpoints& endpoints, channel::Prices& prices);

}  // namespace qiao::api
