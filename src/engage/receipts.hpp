// What becomes of a send after it left: receipts of providers, opens and clicks, as facts.
//
// A fact `$message_<what>` is told once per send (delivered, failed, opened, clicked, complained):
// further ones change nothing. A provider speaks of its own channel's sends alone. A receipt that
// comes before its send's answer is kept and counted when the answer is there. Thread-safe; take()
// returns when the receipt is durable.
#pragma once

#include <span>

#include "action/action.hpp"
#include "engage/sends.hpp"

namespace qiao::engage {

class Receipts {
public:
    Receipts(sql::Database& database, sql::Outbox& outbox, const Clock& clock)
        : database_(database), outbox_(outbox), clock_(clock) {}

    // False where it belongs to no send that is known yet, or was told before.
    bool take(const action::Receipt& receipt);
    // Of one report, in one transaction: how many said something new.
    std::size_t take(std::span<const action::Receipt> receipts);

    void purge();  // receipts that waited a week for their send

private:
    sql::Database& database_;
    sql::Outbox& outbox_;
    const Clock& clock_;
};

}  // namespace qiao::engage
