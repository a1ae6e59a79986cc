// POST /receipts/{channel}: a provider, or the gateway behind it, reports what became of messages.
//
// Signed with the channel's receipt secret; docs/formats/webhook.md describes it. The answer is
// {"counted":n}: how many receipts said something new. Those of unknown messages and repeats change
// nothing.
#pragma once

#include "http/router.hpp"

namespace qiao::channel {
class Channels;
}
namespace qiao::engage {
class Receipts;
}

namespace qiao::api {

// Both must outlive the router.
void add_receipts(http::Router& router, const channel::Channels& channels,
                  engage::Receipts& receipts);

}  // namespace qiao::api
