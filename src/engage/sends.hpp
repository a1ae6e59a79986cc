// The record of every send in SQL (table engage_sends), and the facts that tell the journal of it.
//
// A send is queued, attempting (durable before the first byte leaves), then accepted, delivered,
// failed or unknown. Every change that matters to customers puts a fact into the SQL outbox in the
// same transaction; MessageFacts brings it to the journal.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "action/action.hpp"
#include "base/decimal.hpp"
#include "journal/journal.hpp"
#include "sql/outbox.hpp"

namespace qiao::engage {

inline constexpr std::string_view message_facts_queue = "message_facts";

struct Send {
    std::string send_key;
    std::string campaign;
    ProfileId profile = ProfileId::none;
    std::string channel;  // "chn_…"; empty until it is known
    action::ChannelKind kind = action::ChannelKind::inbox;
    std::string token;
    std::string state;
    int tries = 0;
    bool maybe_left = false;  // an earlier attempt was never answered
    std::string provider_message_id;
    std::string reason;
    Time created_at{};
};

// What a fact `$message_<what>` says of a send; `what` is accepted, delivered, failed, unknown,
// opened, clicked or complained. The message id is "<send_key>:<what>". A send's cost (CNY) is
// booked with the first of accepted, delivered and unknown, when its provider has it or may have
// it; receipts book none.
Fact message_fact(const Send& send, std::string_view what, std::string_view reason, Time at,
                  std::optional<Decimal> cost = {});
// Puts it into the outbox; false where it was told before.
bool tell(sql::Outbox& outbox, sql::Transaction& transaction, const Send& send,
          std::string_view what, std::string_view reason, Time at,
          std::optional<Decimal> cost = {});

// Brings what was told to the journal. One caller at a time.
class MessageFacts {
public:
    MessageFacts(sql::Outbox& outbox, journal::Journal& journal)
        : outbox_(outbox), journal_(journal) {}
    // Appends at most 1,000 facts; how many. None where the journal refuses now: they stay.
    std::size_t publish_once();

private:
    sql::Outbox& outbox_;
    journal::Journal& journal_;
};

// The queries, each in the transaction of its caller.
namespace sends {

// False where the send is known already.
bool insert(sql::Transaction& transaction, const Send& send, Time now);
std::optional<Send> find(sql::Transaction& transaction, std::string_view send_key);
std::optional<Send> find_by_provider_id(sql::Transaction& transaction, std::string_view channel,
                                        std::string_view provider_message_id);
std::optional<Send> find_by_token(sql::Transaction& transaction, std::string_view token);
// Those of a channel that are due, oldest first.
std::vector<Send> due(sql::Transaction& transaction, std::string_view channel, Time now,
                      std::size_t limit);
std::vector<std::string> channels_with_due(sql::Transaction& transaction, Time now);
std::vector<Send> attempting(sql::Transaction& transaction);
void set_channel(sql::Transaction& transaction, const Send& send);
void set_attempting(sql::Transaction& transaction, std::string_view send_key, Time now);
// Back to the queue until `due`.
void set_queued(sql::Transaction& transaction, const Send& send, std::string_view reason, Time due,
                Time now);
void set_state(sql::Transaction& transaction, const Send& send, Time now);

struct Counts {
    std::int64_t sent = 0, failed = 0;
    std::string last_error;  // a stable reason
};
Counts counts_since(sql::Transaction& transaction, std::string_view channel, Time since);

}  // namespace sends

}  // namespace qiao::engage
