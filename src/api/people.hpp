// /api/v1/people and /api/v1/roles.
#pragma once

#include "api/endpoint.hpp"

namespace qiao::access {
class Orgs;
}

namespace qiao::api {

void add_people(Endpoints& endpoints, access::Access& access, const access::Orgs& orgs);

}  // namespace qiao::api
