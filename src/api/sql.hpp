// /api/v1/sql: the analysts' desk.
#pragma once

#include "api/endpoint.hpp"

namespace qiao::insight {
class SqlDesk;
}

namespace qiao::api {

void add_sql(Endpoints& endpoints, insight::SqlDesk& desk);

}  // namespace qiao::api
