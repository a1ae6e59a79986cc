#include "engage/receipts.hpp"

#include <algorithm>
#include <array>

#include "engage/detail/early_receipts.hpp"

namespace qiao::engage {

namespace {

constexpr std::array<std::string_view, 5> known = {"delivered", "failed", "opened", "clicked",
                                                   "complained"};

}  // namespace

namespace detail {

bool count_receipt(sql::Outbox& outbox, sql::Transaction& transaction, Send send,
                   std::string_view what, std::string_view reason, Time at, Time now) {
    const bool ends = what == "delivered" || what == "failed";
    if (ends) {
        // The first final word holds: a later one that differs is a fault of the provider.
        if (send.state == "delivered" || send.state == "failed")
            return false;
        send.state = what;
        send.reason = reason;
        sends::set_state(transaction, send, now);
    }
    return tell(outbox, transaction, send, what, reason, at);
}

void keep_early(sql::Transaction& transaction, const action::Receipt& receipt, Time now) {
    transaction.execute(
        "INSERT INTO engage_early_receipts (channel, provider_message_id, what, reason, at, "
        "received_at) VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT (channel, provider_message_id, what) DO NOTHING",
        {receipt.provider, receipt.provider_message_id, receipt.what, receipt.reason,
         sql::param(receipt.at), sql::param(now)});
}

void count_early(sql::Outbox& outbox, sql::Transaction& transaction, const Send& send, Time now) {
    const std::vector<sql::Param> params = {send.channel, send.provider_message_id};
    const auto rows = transaction.query(
        "SELECT what, reason, at FROM engage_early_receipts "
        "WHERE channel = $1 AND provider_message_id = $2",
        params);
    for (const auto& row : rows)
        count_receipt(outbox, transaction, send, row.text(0), row.text(1), row.time(2), now);
    if (!rows.empty())
        transaction.execute(
            "DELETE FROM engage_early_receipts "
            "WHERE channel = $1 AND provider_message_id = $2",
            params);
}

}  // namespace detail

bool Receipts::take(const action::Receipt& receipt) {
    if (std::find(known.begin(), known.end(), receipt.what) == known.end())
        return false;
    const auto now = clock_.now();
    auto transaction = database_.begin();
    const auto send = receipt.send_key.empty()
                          ? sends::find_by_provider_id(*transaction, receipt.provider,
                                                       receipt.provider_message_id)
                          : sends::find(*transaction, receipt.send_key);
    bool is_told = false;
    if (send) {
        is_told = detail::count_receipt(outbox_, *transaction, *send, receipt.what, receipt.reason,
                                        receipt.at, now);
    } else if (!receipt.provider_message_id.empty()) {
        detail::keep_early(*transaction, receipt, now);
    }
    transaction->commit();
    return is_told;
}

void Receipts::purge() {
    database_.execute("DELETE FROM engage_early_receipts WHERE received_at < $1",
                      {sql::param(clock_.now() - std::chrono::days(7))});
}

}  // namespace qiao::engage
