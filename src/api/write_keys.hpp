// /api/v1/write-keys: the keys with which SDKs and servers deliver facts.
#pragma once

#include "api/endpoint.hpp"

namespace qiao::access {
class WriteKeys;
}

namespace qiao::api {

void add_write_keys(Endpoints& endpoints, access::WriteKeys& keys);

}  // namespace qiao::api
