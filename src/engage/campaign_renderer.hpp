// Writes the messages of campaigns: the customer's own values, its address in plain text, the link.
//
// Personal data lives in the answer alone and is never logged. Thread-safe. A campaign is kept
// parsed for a second, so that a run does not ask SQL for every message; forget() ends that at
// once.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "engage/message.hpp"
#include "engage/renderer.hpp"

namespace qiao::engage {

class CampaignRenderer final : public Renderer {
public:
    // The id of the channel of this kind that a draft's `provider` means. Error: channel.*.
    using ChannelChoice =
        std::function<Result<std::string>(action::ChannelKind kind, std::string_view provider)>;
    // The address that a message carries instead of the campaign's link. Error: tracking.*.
    using LinkMaker = std::function<Result<std::string>(
        std::string_view campaign, std::string_view send_key, std::string_view url)>;
    struct Parts {
        const Campaigns& campaigns;
        shard::Shards& shards;
        customer::Customers& customers;
        const customer::Vault& vault;
        const Calendar& calendar;
        ChannelChoice choose_channel;
        LinkMaker make_link;
        std::function<std::string(std::string_view send_key)> unsubscribe_link;
    };
    explicit CampaignRenderer(Parts parts) : parts_(std::move(parts)) {}

    // Errors: unavailable `engage.paused`; definite: engage.stopped, engage.customer_gone,
    // engage.no_consent (withdrawn since the contact was reserved), engage.unreachable,
    // campaign.not_found, liquid.*, channel.*.
    Result<Rendered> render(const PlannedSend& send, std::string_view send_key) override;
    // After a change of the campaign.
    void forget(std::string_view campaign);

private:
    struct Known;
    Result<std::shared_ptr<const Known>> known(const std::string& campaign);

    Parts parts_;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<const Known>, std::less<>> known_;
};

}  // namespace qiao::engage
