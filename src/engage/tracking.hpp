// Links that tell who followed them, the picture that tells that an e-mail was opened, and the link
// by which its reader unsubscribes.
//
// A link's token names a stored address and a send. The address was stored by a campaign, so a
// redirect never leads where no campaign pointed. Tokens are made from the send key with the data
// directory's secret: no row per message, and none can be guessed. Thread-safe.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "channel/secret_box.hpp"
#include "runtime/clock.hpp"
#include "sql/database.hpp"

namespace qiao::engage {

class Tracking {
public:
    // `base_url` gives the address under which customers reach this server, such as
    // "https://bank.example"; empty: links stay as they are.
    Tracking(sql::Database& database, const channel::SecretBox& secrets, const Clock& clock,
             std::function<std::string()> base_url);

    // The link that goes into the message of `send_key`. Error: unprocessable `tracking.url` where
    // `url` is no http or https address.
    Result<std::string> link(std::string_view campaign, std::string_view send_key,
                             std::string_view url);
    std::string open_link(std::string_view send_key) const;  // empty without a base address
    // Its token cannot be made from those of the other links, which are shown to third parties more
    // often. Empty without a base address.
    std::string unsubscribe_link(std::string_view send_key) const;

    // 16 letters that stand for the send; kept with it.
    std::string token_of(std::string_view send_key) const;

    struct Followed {
        std::string url;
        std::string send_key;
    };
    // What a link's token means; nothing where it means nothing.
    std::optional<Followed> follow(std::string_view token) const;
    // The send key of an open token.
    std::optional<std::string> opened(std::string_view token) const;
    // The send key of an unsubscribe token.
    std::optional<std::string> unsubscribed(std::string_view token) const;

private:
    std::string proof_of(std::string_view send_key) const;

    sql::Database& database_;
    const channel::SecretBox& secrets_;
    const Clock& clock_;
    std::function<std::string()> base_url_;
    std::mutex mutex_;
    std::set<std::string, std::less<>> stored_;  // ids of links known to be in SQL
};

}  // namespace qiao::engage
