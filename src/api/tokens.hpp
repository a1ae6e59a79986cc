// /api/v1/tokens: bearer tokens of scripts.
#pragma once

#include "api/endpoint.hpp"

namespace qiao::api {

void add_tokens(Endpoints& endpoints, access::Access& access);

}  // namespace qiao::api
