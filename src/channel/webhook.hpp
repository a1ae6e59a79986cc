// Messages to a system of the bank by HTTP POST, signed.
//
// The body is JSON {"send_key","campaign","customer","subject","body","link",…}. The header
// `X-Qiao-Signature: t=<seconds since 1970>,v1=<hex>` holds HMAC-SHA256 with the channel's secret
// over
// "<t>.<body>"; `Idempotency-Key` is the send key, by which the receiver must know a repeat. So a
// send whose answer is missing may be sent again.
#pragma once

#include <string>
#include <string_view>

#include "action/action.hpp"
#include "runtime/clock.hpp"

namespace qiao::channel {

struct WebhookOptions {
    std::string url;
    std::string secret;
};

std::string webhook_signature(std::string_view secret, std::int64_t seconds, std::string_view body);
// 2xx accepted; 408, 429 and 5xx not_sent, as a repeat does no harm; other answers refused.
action::Submitted judge_webhook_status(int status);

class Webhook final : public action::Provider {
public:
    Webhook(WebhookOptions options, const Clock& clock)
        : options_(std::move(options)), clock_(clock) {}

    action::Submitted submit(const action::Outgoing& message, Duration deadline) override;
    bool is_idempotent() const override { return true; }
    unsigned parallel() const override { return 4; }

private:
    WebhookOptions options_;
    const Clock& clock_;
};

}  // namespace qiao::channel
