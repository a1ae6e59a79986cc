// What an answer of a provider makes of its send. Pure.
#pragma once

#include <string_view>

#include "action/action.hpp"
#include "engage/breaker_rules.hpp"

namespace qiao::engage::detail {

struct Verdict {
    std::string_view state;  // queued, accepted, delivered, failed, unknown
    std::string_view what;   // the fact to tell; empty: none
};

// What is given up. Where an earlier attempt was never answered, the message may have arrived.
inline Verdict judge_end(bool maybe_left) {
    return maybe_left ? Verdict{"unknown", "unknown"} : Verdict{"failed", "failed"};
}

struct Circumstances {
    bool is_idempotent = false;  // the provider knows a send key again
    bool may_try_again = false;
    bool maybe_left = false;  // by an earlier attempt
};

// An unknown send is repeated only where the provider knows its key. A refusal is definite also
// after an unanswered attempt: who knows the key would have said that it has the message.
inline Verdict judge_answer(const action::Submitted& answer, const Circumstances& known) {
    switch (answer.outcome) {
        case action::Outcome::accepted:
            return {"accepted", "accepted"};
        case action::Outcome::delivered:
            return {"delivered", "delivered"};
        case action::Outcome::refused:
            return {"failed", "failed"};
        case action::Outcome::not_sent:
            return known.may_try_again ? Verdict{"queued", ""} : judge_end(known.maybe_left);
        case action::Outcome::unknown:
            return known.is_idempotent && known.may_try_again ? Verdict{"queued", ""}
                                                              : Verdict{"unknown", "unknown"};
    }
    return {"unknown", "unknown"};
}

// A fault of the provider, not of one message.
inline bool is_fault(action::Outcome outcome) {
    return outcome == action::Outcome::not_sent || outcome == action::Outcome::unknown;
}

}  // namespace qiao::engage::detail
