// /api/v1/boards: pages of questions.
#pragma once

#include "api/endpoint.hpp"

namespace qiao::insight {
class Boards;
}

namespace qiao::api {

void add_boards(Endpoints& endpoints, insight::Boards& boards);

}  // namespace qiao::api
