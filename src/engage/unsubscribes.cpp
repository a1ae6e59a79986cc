#include "engage/unsubscribes.hpp"

#include "engage/message.hpp"
#include "engage/sends.hpp"

namespace qiao::engage {

namespace {

auto unknown_token() {
    return fail(ErrorCode::not_found, "unsubscribe.token",
                "this link is not known here; use the link of a newer message");
}

const access::Principal& qiao_itself() {
    static const access::Principal itself{"system", "Qiao", "administrator", ~0u, {}, false};
    return itself;
}

// A new fact each time: who consented again after an older message may leave by its link again.
Fact withdrawal(const Send& send, std::string_view purpose, Time now) {
    Fact fact;
    fact.kind = FactKind::consent;
    fact.time = fact.received_at = now;
    fact.source = "qiao";
    fact.message_id = send.send_key + ":unsubscribed:" + std::to_string(to_ms(now));
    fact.profile = send.profile;
    fact.properties = {{"purpose", std::string(purpose)},
                       {"channel", std::string(action::name_of(send.kind))},
                       {"granted", false},
                       {"source", std::string("unsubscribe_link")}};
    return fact;
}

}  // namespace

Result<void> Unsubscribes::withdraw(std::string_view token) {
    const auto send_key = parts_.tracking.unsubscribed(token);
    if (!send_key)
        return unknown_token();
    const auto send = sends::find(*parts_.database.read(), *send_key);
    if (!send)
        return unknown_token();
    const auto campaign = parts_.campaigns.get(send->campaign, qiao_itself());
    if (!campaign)
        return unknown_token();
    const auto& purpose = campaign->draft.purpose;
    // Of a profile that was merged away nothing is known here: its fact follows the merge.
    const auto customer = ask_customer(parts_.shards, parts_.customers, send->profile);
    const auto* consent =
        customer ? customer->consent(purpose, action::name_of(send->kind)) : nullptr;
    if (consent && !consent->granted)
        return {};
    const auto appended =
        parts_.journal.append_and_wait({withdrawal(*send, purpose, parts_.clock.now())});
    if (!appended)
        return fail(appended.error());
    return {};
}

}  // namespace qiao::engage
