// Contacts in the shards: every planned message of a customer is judged, reserved and released
// here.
//
// A `$campaign_entered` fact of the treated arm asks for a contact. Check and reservation are one
// step on the customer's own shard, so that parallel campaigns can never exceed the policy. What
// passes is handed out to the queue `sends_queue` once it is due and its campaign runs; what does
// not becomes a
// `$message_suppressed` fact with its reason. Campaigns and the policy arrive as control facts.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "customer/customers.hpp"
#include "engage/contact_rules.hpp"
#include "shard/projection.hpp"

namespace qiao::engage {

inline constexpr std::string_view sends_queue = "sends";
inline constexpr std::string_view campaign_control = "campaign";
inline constexpr std::string_view policy_control = "contact_policy";

// What a shard knows of a campaign.
struct CampaignConfig {
    enum class State : std::uint8_t { running, paused, ended };
    std::string id;
    std::int64_t version = 0;
    State state = State::paused;
    action::ChannelKind channel = action::ChannelKind::inbox;
    std::string purpose = "marketing";
    bool is_exempt = false;
    int priority = 5;
};
Fact campaign_fact(const CampaignConfig& config, Time now);
Fact policy_fact(const ContactPolicy& policy, std::int64_t version, Time now);

// The fact by which a member enters a campaign. The message id is the send key: a repeated launch
// changes nothing.
struct Entry {
    std::string campaign;
    std::string run;  // of a daily campaign: the day; else "1"
    std::string arm;  // treated, control, holdout
    std::string channel;
    std::string goal_event;
    ProfileId profile = ProfileId::none;
    // By the steps of acquisition, as they were at that moment; nothing where nobody could tell.
    std::optional<bool> was_customer = std::nullopt;
};
std::string send_key_of(const Entry& entry);
Fact entry_fact(const Entry& entry, Time now);

// What the queue carries: the send key is the entry's key.
struct PlannedSend {
    std::string campaign;
    ProfileId profile = ProfileId::none;
};
std::string encode(const PlannedSend& send);
Result<PlannedSend> decode_planned_send(std::string_view bytes);

// Marketing needs a yes; an exempt service message goes out unless the customer refused it.
bool allows_contact(const customer::Customer& customer, std::string_view purpose,
                    action::ChannelKind channel, bool is_exempt);

// How many contacts of the customer count for the present day, week and month.
struct ContactCounts {
    int day = 0, week = 0, month = 0;
};

class Contacts final : public shard::Projection {
public:
    // `position`: the place of this projection among those of the shards.
    Contacts(customer::Customers& customers, const Calendar& calendar, std::size_t position);
    ~Contacts() override;

    std::string_view name() const override { return "contact"; }
    void apply(shard::Applied& applied, shard::ShardContext& context) override;
    void on_timer(std::string_view key, Time due, shard::ShardContext& context) override;
    void discard(ShardId shard) override;
    std::string export_state(ProfileId profile, shard::ShardContext& context) override;
    void import_state(ProfileId into, std::string_view bytes,
                      shard::ShardContext& context) override;
    void forget(ProfileId profile, shard::ShardContext& context) override;

    // For asks, on the shard's thread.
    ContactCounts counts(ProfileId profile, shard::ShardContext& context);

private:
    struct Waiting;
    struct ShardCache;
    ShardCache& cache(shard::ShardContext& context);
    const CampaignConfig* campaign(const std::string& id, shard::ShardContext& context);

    void take_control(const Fact& fact, shard::ShardContext& context);
    void ask_contact(shard::Applied& applied, shard::ShardContext& context);
    void reserve(ProfileId profile, const std::string& send_key, const CampaignConfig& config,
                 const ContactVerdict& verdict, shard::ShardContext& context);
    // Waiting entries of a campaign that changed its state: sent on, kept or suppressed.
    void resume_waiting(const CampaignConfig& config, shard::ShardContext& context);
    void send_waiting(const std::string& waiting_key, const Waiting& waiting,
                      const CampaignConfig& config, shard::ShardContext& context);
    void suppress(ProfileId profile, const CampaignConfig& config, std::string_view send_key,
                  std::string_view reason, shard::ShardContext& context);
    void release(ProfileId profile, std::string_view send_key, shard::ShardContext& context);
    std::vector<Contact> contacts_of(ProfileId profile, shard::ShardContext& context);
    void write_contacts(ProfileId profile, const std::vector<Contact>& contacts,
                        shard::ShardContext& context);

    customer::Customers& customers_;
    const Calendar& calendar_;
    std::size_t position_;
    std::array<std::unique_ptr<ShardCache>, shard_count> caches_;
};

}  // namespace qiao::engage
