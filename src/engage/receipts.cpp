#include "engage/receipts.hpp"

#include <algorithm>
#include <array>

#include "engage/detail/early_receipts.hpp"

namespace qiao::engage {

namespace {

constexpr std::array<std::string_view, 5> known = {"delivered", "failed", "opened", "clicked",
                                                   "complained"};

bool is_final(std::string_view what) { return what == "delivered" || what == "failed"; }

}  // namespace

namespace detail {

bool count_receipt(sql::Outbox& outbox, sql::Transaction& transaction, Send send,
                   std::string_view what, std::string_view reason, Time at, Time now) {
    if (is_final(what)) {
        // The first final word holds: a later one that differs is a fault of the provider.
        if (send.state == "delivered" || send.state == "failed")
            return false;
        send.state = what;
        send.reason = reason;
        sends::set_state(transaction, send, now);
    }
    // Nothing happens to a message before it was made, whatever the provider's clock says.
    return tell(outbox, transaction, send, what, reason, std::max(at, send.created_at));
}

void keep_early(sql::Transaction& transaction, const action::Receipt& receipt, Time now) {
    transaction.execute(
        "INSERT INTO engage_early_receipts (channel, reference, what, reason, at, received_at) "
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (channel, reference, what) DO NOTHING",
        {receipt.provider,
         receipt.send_key.empty() ? receipt.provider_message_id : receipt.send_key, receipt.what,
         receipt.reason, sql::param(receipt.at), sql::param(now)});
}

void count_early(sql::Outbox& outbox, sql::Transaction& transaction, const Send& send, Time now) {
    constexpr std::string_view those = "WHERE channel = $1 AND reference IN ($2, $3)";
    // No receipt refers to nothing, so that an id that is missing finds none.
    const std::vector<sql::Param> params = {send.channel, send.send_key, send.provider_message_id};
    const auto rows = transaction.query("SELECT what, reason, at FROM engage_early_receipts " +
                                            std::string(those) + " ORDER BY received_at",
                                        params);
    if (rows.empty())
        return;
    transaction.execute("DELETE FROM engage_early_receipts " + std::string(those), params);
    auto counted = send;
    for (const auto& row : rows)
        if (count_receipt(outbox, transaction, counted, row.text(0), row.text(1), row.time(2),
                          now) &&
            is_final(row.text(0)))
            counted.state = row.text(0);
}

}  // namespace detail

namespace {

std::optional<Send> send_of(sql::Transaction& transaction, const action::Receipt& receipt) {
    auto send = receipt.send_key.empty() ? sends::find_by_provider_id(transaction, receipt.provider,
                                                                      receipt.provider_message_id)
                                         : sends::find(transaction, receipt.send_key);
    // A provider speaks of its own sends alone; without one it is our own word (a link, the inbox).
    if (send && !receipt.provider.empty() && send->channel != receipt.provider)
        return {};
    return send;
}

}  // namespace

bool Receipts::take(const action::Receipt& receipt) { return take(std::span(&receipt, 1)) == 1; }

std::size_t Receipts::take(std::span<const action::Receipt> receipts) {
    const auto now = clock_.now();
    std::size_t told = 0;
    auto transaction = database_.begin();
    for (const auto& receipt : receipts) {
        if (std::find(known.begin(), known.end(), receipt.what) == known.end())
            continue;
        const auto send = send_of(*transaction, receipt);
        const bool is_under_way = send && (send->state == "queued" || send->state == "attempting");
        if (send && !(is_under_way && is_final(receipt.what)))
            told += detail::count_receipt(outbox_, *transaction, *send, receipt.what,
                                          receipt.reason, receipt.at, now);
        else if (send || (receipt.send_key.empty() && !receipt.provider_message_id.empty()))
            detail::keep_early(*transaction, receipt, now);
    }
    transaction->commit();
    return told;
}

void Receipts::purge() {
    database_.execute("DELETE FROM engage_early_receipts WHERE received_at < $1",
                      {sql::param(clock_.now() - std::chrono::days(7))});
}

}  // namespace qiao::engage
