// Receipts that a provider, or the gateway behind it, reports by HTTP: is it theirs, and what does
// it say. Pure; docs/formats/webhook.md shows both to those who write the other side.
//
// The signature stands in `X-Qiao-Signature: t=<seconds since 1970>,v1=<hex>`: HMAC-SHA256 with the
// channel's receipt secret over "<t>.<body>". A `t` more than `replay_window` away is refused; what
// is repeated within it changes nothing, as a receipt counts once per send.
#pragma once

#include <chrono>
#include <string_view>
#include <vector>

#include "action/action.hpp"
#include "base/error.hpp"

namespace qiao::channel {

inline constexpr std::chrono::minutes replay_window{5};
inline constexpr std::size_t most_receipts = 1'000;  // of one report

// Compares in constant time. Errors: unauthenticated `receipt.signature` (missing, malformed, or
// of another secret or body), `receipt.expired`.
Result<void> judge_signature(std::string_view secret, std::string_view header,
                             std::string_view body, Time now);

// The receipts of the channel's report {"receipts":[{"send_key"|"message_id","what","at"?,
// "reason"?}…]}; other members are ignored. No `at` lies after `now`. Errors, with pointers:
// invalid `receipt.body`, unprocessable `receipt.send`, `receipt.what`, `receipt.at`,
// `receipt.reason`, too_large `receipt.too_many`. One wrong receipt refuses the whole report.
Result<std::vector<action::Receipt>> parse_receipts(std::string_view channel, std::string_view body,
                                                    Time now);

}  // namespace qiao::channel
