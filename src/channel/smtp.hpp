// E-mail by SMTP (RFC 5321) through libcurl: one connection per message.
#pragma once

#include <string>
#include <string_view>

#include "action/action.hpp"
#include "runtime/clock.hpp"

namespace qiao::channel {

struct SmtpOptions {
    std::string host;
    std::uint16_t port = 587;
    bool needs_tls = true;  // STARTTLS, the certificate checked; else plain (a relay of one's own)
    std::string username, password;
    std::string from;
    // An https address of the bank's own takes the place of a message's unsubscribe link; a mailto
    // address stands beside it.
    std::string unsubscribe;
};

// What is known of a dialogue that failed. `last_reply` is the last code of the server, 0: none;
// `has_all` says that the whole text was handed to the connection. A text that was handed over and
// not answered is unknown; 4xx has not been sent; 5xx is refused (550, 551, 553 for good).
action::Submitted judge_smtp(int last_reply, bool has_all);

class Smtp final : public action::Provider {
public:
    Smtp(SmtpOptions options, const Clock& clock) : options_(std::move(options)), clock_(clock) {}

    action::Submitted submit(const action::Outgoing& message, Duration deadline) override;
    unsigned parallel() const override { return 4; }

private:
    SmtpOptions options_;
    const Clock& clock_;
};

}  // namespace qiao::channel
