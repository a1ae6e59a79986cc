// One-click unsubscribing (RFC 8058): the reader of an e-mail withdraws consent by its own link.
//
// What is withdrawn is the consent for the purpose of the message's campaign on the message's
// channel: a consent fact of source "unsubscribe_link", so that every decision after it in the
// journal sees it. The token names the message, and stands for nobody else. Thread-safe.
#pragma once

#include <string_view>

#include "engage/campaigns.hpp"
#include "engage/tracking.hpp"

namespace qiao::engage {

class Unsubscribes {
public:
    struct Parts {
        sql::Database& database;
        const Tracking& tracking;
        const Campaigns& campaigns;
        shard::Shards& shards;
        customer::Customers& customers;
        journal::Journal& journal;
        const Clock& clock;
    };
    explicit Unsubscribes(const Parts& parts) : parts_(parts) {}

    bool is_known(std::string_view token) const {
        return parts_.tracking.unsubscribed(token).has_value();
    }
    // Durable when it returns. Where the consent is refused already, nothing changes. Errors:
    // not_found `unsubscribe.token`, those of the journal.
    Result<void> withdraw(std::string_view token);

private:
    Parts parts_;
};

}  // namespace qiao::engage
