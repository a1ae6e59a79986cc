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

// An unknown send is repeated only where the provider knows its key; then it is as if not sent.
inline Verdict judge_answer(const action::Submitted& answer, bool is_idempotent, bool may_try_again) {
    switch (answer.outcome) {
        case action::Outcome::accepted: return {"accepted", "accepted"};
        case action::Outcome::delivered: return {"delivered", "delivered"};
        case action::Outcome::refused: return {"failed", "failed"};
        case action::Outcome::not_sent:
            return may_try_again ? Verdict{"queued", ""} : Verdict{"failed", "failed"};
        case action::Outcome::unknown:
            return is_idempotent && may_try_again ? Verdict{"queued", ""}
                                                  : Verdict{"unknown", "unknown"};
    }
    return {"unknown", "unknown"};
}

// A fault of the provider, not of one message.
inline bool is_fault(action::Outcome outcome) {
    return outcome == action::Outcome::not_sent || outcome == action::Outcome::unknown;
}

}  // namespace qiao::engage::detail
