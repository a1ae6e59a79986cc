// /api/v1/orgs: the organisation tree.
#pragma once

#include "api/endpoint.hpp"

namespace qiao::access {
class Orgs;
}

namespace qiao::api {

void add_orgs(Endpoints& endpoints, access::Orgs& orgs);

}  // namespace qiao::api
