#include "engage/campaign_renderer.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace qiao::engage {

namespace json = boost::json;
using action::ChannelKind;
using Steady = std::chrono::steady_clock;

struct CampaignRenderer::Known {
    Campaign campaign;
    CompiledMessage message;
    std::string channel_id;
    Steady::time_point read_at;
};

namespace {

constexpr auto kept_for = std::chrono::seconds(1);
constexpr std::size_t most_known = 200;

// Mainland numbers are kept without their country: providers want them with it (ITU-T E.164).
std::string international(std::string phone) {
    const bool is_mainland =
        phone.size() == 11 && phone.front() == '1' &&
        std::all_of(phone.begin(), phone.end(), [](char c) { return c >= '0' && c <= '9'; });
    return is_mainland ? "+86" + phone : phone;
}

// Where a message of this kind goes; the inbox and the webhook know the customer by its id.
Result<std::string> destination_of(ChannelKind kind, const customer::Customer& customer,
                                   const customer::Vault& vault) {
    if (kind == ChannelKind::inbox || kind == ChannelKind::webhook)
        return std::string{};
    auto address = plain_identity(customer, kind == ChannelKind::sms ? "phone" : "email", vault);
    if (address.empty())
        return fail(ErrorCode::unprocessable, "engage.unreachable",
                    "the customer has no address for this channel any more");
    return kind == ChannelKind::sms ? international(std::move(address)) : address;
}

// For webhooks: who it is, and the values that the message names.
std::string extra_of(const customer::Customer& customer, const CompiledMessage& message) {
    json::array user_ids;
    for (const auto& known : customer.identities)
        if (known.identity.kind == "user_id")
            user_ids.emplace_back(known.identity.value);
    json::object tags;
    for (const auto& name : message.names())
        if (const auto* value = customer.value_of(name);
            value && type_of(*value) != ValueType::sealed)
            tags[name] = to_json(*value);
    return json::serialize(json::object{{"customer", format_profile(customer.id)},
                                        {"identities", {{"user_id", std::move(user_ids)}}},
                                        {"tags", std::move(tags)}});
}

Result<void> judge_state(CampaignState state) {
    if (state == CampaignState::paused)
        return fail(Error{ErrorCode::unavailable, "engage.paused",
                          "the campaign is paused; its messages wait", "", 1});
    if (is_over(state))
        return fail(ErrorCode::conflict, "engage.stopped",
                    "the campaign has ended; this message is not sent");
    return {};
}

const access::Principal& qiao_itself() {
    static const access::Principal itself{"system", "Qiao", "administrator", ~0u, {}, false};
    return itself;
}

}  // namespace

Result<std::shared_ptr<const CampaignRenderer::Known>> CampaignRenderer::known(
    const std::string& id) {
    const auto now = Steady::now();
    {
        const std::lock_guard lock(mutex_);
        const auto found = known_.find(id);
        if (found != known_.end() && now - found->second->read_at < kept_for)
            return found->second;
    }
    auto campaign = parts_.campaigns.get(id, qiao_itself());
    if (!campaign)
        return fail(campaign.error());
    const auto& draft = campaign->draft;
    auto message = CompiledMessage::compile(draft.message, draft.channel);
    if (!message)
        return fail(message.error());
    auto channel = parts_.choose_channel(draft.channel, draft.provider);
    if (!channel)
        return fail(channel.error());
    auto made = std::make_shared<const Known>(
        Known{std::move(*campaign), std::move(*message), std::move(*channel), now});
    const std::lock_guard lock(mutex_);
    if (known_.size() >= most_known)
        known_.clear();
    known_[id] = made;
    return made;
}

void CampaignRenderer::forget(std::string_view campaign) {
    const std::lock_guard lock(mutex_);
    if (const auto found = known_.find(campaign); found != known_.end())
        known_.erase(found);
}

Result<Renderer::Rendered> CampaignRenderer::render(const PlannedSend& send,
                                                    std::string_view send_key) {
    const auto known = this->known(send.campaign);
    if (!known)
        return fail(known.error());
    const auto& campaign = (*known)->campaign;
    if (auto running = judge_state(campaign.state); !running)
        return fail(running.error());
    const auto customer = ask_customer(parts_.shards, parts_.customers, send.profile);
    if (!customer)
        return fail(ErrorCode::not_found, "engage.customer_gone",
                    "the customer was merged with another or erased meanwhile");
    const auto& draft = campaign.draft;
    if (!allows_contact(*customer, draft.purpose, draft.channel, draft.is_exempt))
        return fail(ErrorCode::conflict, "engage.no_consent",
                    "the customer has withdrawn the consent meanwhile; this message is not sent");
    auto destination = destination_of(campaign.draft.channel, *customer, parts_.vault);
    if (!destination)
        return fail(destination.error());

    const auto& message = (*known)->message;
    const auto values = message_values(*customer, plain_name(*customer, parts_.vault));
    auto text =
        message.render([&](std::string_view name) { return find(values, name); }, parts_.calendar);
    if (!text)
        return fail(text.error());
    std::string link;
    if (!campaign.draft.message.link.empty()) {
        auto made = parts_.make_link(campaign.id, send_key, campaign.draft.message.link);
        if (!made)
            return fail(made.error());
        link = std::move(*made);
    }
    Rendered rendered;
    rendered.channel_id = (*known)->channel_id;
    auto& outgoing = rendered.outgoing;
    outgoing.send_key = send_key;
    outgoing.profile = send.profile;
    outgoing.campaign = campaign.id;
    outgoing.destination = std::move(*destination);
    outgoing.subject = std::move(text->subject);
    outgoing.body = campaign.draft.channel == ChannelKind::sms ? sms_text(text->body, link)
                                                               : std::move(text->body);
    outgoing.link = std::move(link);
    if (draft.channel == ChannelKind::email && !draft.is_exempt)
        outgoing.unsubscribe_link = parts_.unsubscribe_link(send_key);
    if (draft.channel == ChannelKind::webhook)
        outgoing.extra_json = extra_of(*customer, message);
    return rendered;
}

}  // namespace qiao::engage
