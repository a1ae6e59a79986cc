// GET /r/{token} and /o/{token}: clicks on links of messages, and e-mails that were opened. Open to
// all.
#pragma once

#include "http/router.hpp"
#include "runtime/clock.hpp"

namespace qiao::engage {
class Receipts;
class Tracking;
}  // namespace qiao::engage

namespace qiao::api {

// All must outlive the router.
void add_tracking(http::Router& router, const engage::Tracking& tracking,
                  engage::Receipts& receipts, const Clock& clock);

}  // namespace qiao::api
