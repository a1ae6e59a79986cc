// /api/v1/settings: what people change while the server runs.
#pragma once

#include "api/endpoint.hpp"

namespace qiao::access {
class SettingsStore;
}

namespace qiao::api {

void add_settings(Endpoints& endpoints, access::SettingsStore& settings);

}  // namespace qiao::api
