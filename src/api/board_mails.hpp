// /api/v1/boards/{id}/mails and /api/v1/board-mails: boards that go out by e-mail.
#pragma once

#include "api/endpoint.hpp"

namespace qiao::insight {
class BoardMails;
}

namespace qiao::api {

void add_board_mails(Endpoints& endpoints, insight::BoardMails& mails);

}  // namespace qiao::api
