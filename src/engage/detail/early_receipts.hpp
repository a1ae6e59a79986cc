// Receipts that overtook the answer to their send (table engage_early_receipts), in the transaction
// of the caller. They name it by the provider's id, which comes with the answer, or by its send
// key.
#pragma once

#include "action/action.hpp"
#include "engage/sends.hpp"

namespace qiao::engage::detail {

// The effect of a receipt on its send; false where it changes nothing.
bool count_receipt(sql::Outbox& outbox, sql::Transaction& transaction, Send send,
                   std::string_view what, std::string_view reason, Time at, Time now);
void keep_early(sql::Transaction& transaction, const action::Receipt& receipt, Time now);
// Counts what was kept for a send whose outcome has just been written.
void count_early(sql::Outbox& outbox, sql::Transaction& transaction, const Send& send, Time now);

}  // namespace qiao::engage::detail
