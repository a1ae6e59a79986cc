// /api/v1/quarantine: records that could not be taken; see, mend, replay, drop.
#pragma once

#include "api/endpoint.hpp"

namespace qiao {
class Jobs;
namespace access {
class AuditLog;
}
namespace collect {
class Intake;
class Quarantine;
}  // namespace collect
namespace dictionary {
class Dictionary;
}
}  // namespace qiao

namespace qiao::api {

void add_quarantine(Endpoints& endpoints, collect::Quarantine& quarantine, collect::Intake& intake,
                    dictionary::Dictionary& dictionary, Jobs& jobs, access::AuditLog& audit);

}  // namespace qiao::api
