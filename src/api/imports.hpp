// /api/v1/imports: files of customers' tags or of events.
#pragma once

#include "api/endpoint.hpp"

namespace qiao {
class Jobs;
namespace access {
class AuditLog;
}
namespace collect {
class Imports;
}
}  // namespace qiao

namespace qiao::api {

void add_imports(Endpoints& endpoints, collect::Imports& imports, Jobs& jobs,
                 access::AuditLog& audit);

}  // namespace qiao::api
