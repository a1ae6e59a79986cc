// /api/v1/audit: who did what, and the check of its chain.
#pragma once

#include "api/endpoint.hpp"

namespace qiao::access {
class AuditLog;
}

namespace qiao::api {

void add_audit(Endpoints& endpoints, const access::AuditLog& audit);

}  // namespace qiao::api
