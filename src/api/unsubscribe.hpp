// /u/{token}: the page of an e-mail's unsubscribe link. Open to all who hold the link.
//
// GET shows a button and changes nothing, as mail filters follow every link; POST withdraws the
// consent, by the button or by a mail program's one click (RFC 8058: no cookie, no redirect).
#pragma once

#include "http/router.hpp"

namespace qiao::engage {
class Unsubscribes;
}

namespace qiao::api {

// `unsubscribes` must outlive the router.
void add_unsubscribe(http::Router& router, engage::Unsubscribes& unsubscribes);

}  // namespace qiao::api
