// The customer's inbox in the app: messages in SQL, delivered at once, read later.
//
// Title, body and link are sealed. A send key stands for one message for ever, so the provider is
// idempotent. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "action/action.hpp"
#include "channel/secret_box.hpp"
#include "runtime/clock.hpp"
#include "sql/database.hpp"

namespace qiao::channel {

struct InboxMessage {
    std::string send_key;
    std::string campaign;
    std::string title, body, link;
    Time at{};
    std::optional<Time> read_at;
};

class Inbox final : public action::Provider {
public:
    Inbox(sql::Database& database, const SecretBox& secrets, const Clock& clock)
        : database_(database), secrets_(secrets), clock_(clock) {}

    action::Submitted submit(const action::Outgoing& message, Duration deadline) override;
    std::vector<action::Submitted> submit_all(const std::vector<action::Outgoing>& messages,
                                              Duration deadline) override;
    std::size_t batch_size() const override { return 500; }
    bool is_idempotent() const override { return true; }

    // Newest first, of all `profiles` (a customer and those merged into it).
    std::vector<InboxMessage> list(const std::vector<ProfileId>& profiles, std::size_t limit) const;
    // True where it was unread until now. Error: not_found `inbox.no_message`.
    Result<bool> mark_read(ProfileId profile, std::string_view send_key);
    void forget(ProfileId profile);  // of an erased customer

private:
    sql::Database& database_;
    const SecretBox& secrets_;
    const Clock& clock_;
};

}  // namespace qiao::channel
