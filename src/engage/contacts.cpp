#include "engage/contacts.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <optional>

namespace qiao::engage {

namespace json = boost::json;

// State keys of a shard, all under the letter K (docs/formats/contacts.md):
//   Kc <campaign>                         its configuration
//   Kp                                    the contact policy
//   Kn <profile>                          the customer's contacts that still count
//   Kw <campaign> 0x1f <profile> 0x1f <send key>   a reserved contact that has not left
struct Contacts::Waiting {
    ProfileId profile = ProfileId::none;
    std::string send_key;
    Time due{};
};

struct Contacts::ShardCache {
    std::optional<ContactPolicy> policy;
    std::map<std::string, CampaignConfig, std::less<>> campaigns;
};

namespace {

bool has_consent(const customer::Customer& customer, const CampaignConfig& config) {
    return allows_contact(customer, config.purpose, config.channel, config.is_exempt);
}

constexpr char separator = '\x1f';
constexpr std::array<std::string_view, 3> state_names = {"running", "paused", "ended"};

std::string text_of(const json::object& object, std::string_view name) {
    return std::string(object.at(name).as_string());
}

std::string property(const Fact& fact, std::string_view name) {
    const auto* value = find(fact.properties, name);
    const auto* text = value ? std::get_if<std::string>(value) : nullptr;
    return text ? *text : std::string{};
}

std::string campaign_key(std::string_view id) { return "Kc" + std::string(id); }
std::string contacts_key(ProfileId profile) { return "Kn" + format_profile(profile); }
std::string waiting_prefix(std::string_view campaign) {
    return "Kw" + std::string(campaign) + separator;
}
std::string waiting_key(std::string_view campaign, ProfileId profile, std::string_view send_key) {
    return waiting_prefix(campaign) + format_profile(profile) + separator + std::string(send_key);
}

json::object to_json(const CampaignConfig& config) {
    return {{"id", config.id},
            {"version", config.version},
            {"state", state_names[static_cast<std::size_t>(config.state)]},
            {"channel", action::name_of(config.channel)},
            {"purpose", config.purpose},
            {"exempt", config.is_exempt},
            {"priority", config.priority}};
}

// Of our own control fact or state: what does not read was never written.
CampaignConfig config_of(std::string_view text) {
    const auto value = json::parse(text);
    const auto& object = value.as_object();
    CampaignConfig config;
    config.id = text_of(object, "id");
    config.version = object.at("version").to_number<std::int64_t>();
    const auto state = std::find(state_names.begin(), state_names.end(), text_of(object, "state"));
    config.state = static_cast<CampaignConfig::State>(state - state_names.begin());
    config.channel = *action::channel_kind(text_of(object, "channel"));
    config.purpose = text_of(object, "purpose");
    config.is_exempt = object.at("exempt").as_bool();
    config.priority = object.at("priority").to_number<int>();
    return config;
}

std::string encode_contacts(const std::vector<Contact>& contacts) {
    json::array array;
    for (const auto& contact : contacts)
        array.push_back(json::array{contact.send_key, action::name_of(contact.channel), contact.day,
                                    contact.priority, contact.is_waiting});
    return json::serialize(array);
}

std::vector<Contact> decode_contacts(std::string_view bytes) {
    std::vector<Contact> contacts;
    const auto list = json::parse(bytes);
    for (const auto& entry : list.as_array()) {
        const auto& fields = entry.as_array();
        contacts.push_back(
            {std::string(fields[0].as_string()), *action::channel_kind(fields[1].as_string()),
             fields[2].to_number<Day>(), fields[3].to_number<int>(), fields[4].as_bool()});
    }
    return contacts;
}

}  // namespace

bool allows_contact(const customer::Customer& customer, std::string_view purpose,
                    action::ChannelKind channel, bool is_exempt) {
    const auto* consent = customer.consent(purpose, action::name_of(channel));
    return consent ? consent->granted : is_exempt;
}

Fact campaign_fact(const CampaignConfig& config, Time now) {
    Fact fact;
    fact.kind = FactKind::control;
    fact.time = fact.received_at = now;
    fact.source = "qiao";
    fact.name = campaign_control;
    fact.message_id = "campaign:" + config.id + ":" + std::to_string(config.version);
    fact.payload = json::serialize(to_json(config));
    return fact;
}

Fact policy_fact(const ContactPolicy& policy, std::int64_t version, Time now) {
    Fact fact;
    fact.kind = FactKind::control;
    fact.time = fact.received_at = now;
    fact.source = "qiao";
    fact.name = policy_control;
    fact.message_id = "contact_policy:" + std::to_string(version);
    fact.payload = json::serialize(to_json(policy));
    return fact;
}

std::string send_key_of(const Entry& entry) {
    return entry.campaign + ":" + entry.run + ":" + format_profile(entry.profile);
}

Fact entry_fact(const Entry& entry, Time now) {
    Fact fact;
    fact.time = fact.received_at = now;
    fact.source = "qiao";
    fact.name = "$campaign_entered";
    fact.message_id = send_key_of(entry);
    fact.profile = entry.profile;
    fact.properties = {{"campaign", entry.campaign},
                       {"arm", entry.arm},
                       {"channel", entry.channel},
                       {"goal_event", entry.goal_event},
                       {"send_key", fact.message_id}};
    if (entry.was_customer)
        fact.properties.emplace_back("was_customer", *entry.was_customer);
    return fact;
}

std::string encode(const PlannedSend& send) {
    return json::serialize(
        json::object{{"campaign", send.campaign}, {"profile", format_profile(send.profile)}});
}

Result<PlannedSend> decode_planned_send(std::string_view bytes) {
    boost::system::error_code malformed;
    const auto value = json::parse(bytes, malformed);
    if (malformed || !value.is_object())
        return fail(ErrorCode::invalid, "engage.corrupt", "a planned send cannot be read");
    const auto profile = parse_profile(text_of(value.get_object(), "profile"));
    if (!profile)
        return fail(profile.error());
    return PlannedSend{text_of(value.get_object(), "campaign"), *profile};
}

Contacts::Contacts(customer::Customers& customers, const Calendar& calendar, std::size_t position)
    : customers_(customers), calendar_(calendar), position_(position) {}

Contacts::~Contacts() = default;

Contacts::ShardCache& Contacts::cache(shard::ShardContext& context) {
    auto& cache = caches_[context.shard()];
    if (!cache)
        cache = std::make_unique<ShardCache>();
    if (!cache->policy) {
        const auto stored = context.get("Kp");
        cache->policy = stored ? *parse_policy(json::parse(*stored)) : ContactPolicy{};
    }
    return *cache;
}

void Contacts::discard(ShardId shard) { caches_[shard].reset(); }

const CampaignConfig* Contacts::campaign(const std::string& id, shard::ShardContext& context) {
    auto& known = cache(context).campaigns;
    if (const auto found = known.find(id); found != known.end())
        return &found->second;
    const auto stored = context.get(campaign_key(id));
    if (!stored)
        return nullptr;
    return &known.emplace(id, config_of(*stored)).first->second;
}

void Contacts::apply(shard::Applied& applied, shard::ShardContext& context) {
    const auto& fact = applied.fact;
    if (fact.kind == FactKind::control)
        return take_control(fact, context);
    if (applied.profile == ProfileId::none || fact.kind != FactKind::event || fact.source != "qiao")
        return;
    if (fact.name == "$campaign_entered" && property(fact, "arm") == "treated")
        return ask_contact(applied, context);
    // A definite failure was no contact; what is unknown may have been one and keeps counting.
    if (fact.name == "$message_failed")
        release(applied.profile, property(fact, "send_key"), context);
}

void Contacts::take_control(const Fact& fact, shard::ShardContext& context) {
    if (fact.name == policy_control) {
        context.put("Kp", fact.payload);
        cache(context).policy = *parse_policy(json::parse(fact.payload));
        return;
    }
    if (fact.name != campaign_control)
        return;
    auto config = config_of(fact.payload);
    const auto* known = campaign(config.id, context);
    if (known && known->version >= config.version)
        return;
    context.put(campaign_key(config.id), fact.payload);
    cache(context).campaigns[config.id] = config;
    if (config.state != CampaignConfig::State::paused)
        resume_waiting(config, context);
}

void Contacts::ask_contact(shard::Applied& applied, shard::ShardContext& context) {
    const auto profile = applied.profile;
    const auto* config = campaign(property(applied.fact, "campaign"), context);
    const auto send_key = property(applied.fact, "send_key");
    if (!config || send_key.empty())
        return;
    if (config->state == CampaignConfig::State::ended)
        return suppress(profile, *config, send_key, "campaign_stopped", context);

    const auto& customer = customers_.at(profile, context);
    const auto channel = action::name_of(config->channel);
    const auto contacts = contacts_of(profile, context);
    const bool is_repeat = std::any_of(contacts.begin(), contacts.end(),
                                       [&](const Contact& c) { return c.send_key == send_key; });
    if (is_repeat)
        return;
    const ContactRequest request{config->channel, config->priority, config->is_exempt,
                                 has_consent(customer, *config), customer.is_reachable_by(channel)};
    const auto verdict =
        judge_contact(request, *cache(context).policy, contacts, context.now(), calendar_);
    if (!verdict.suppressed.empty())
        return suppress(profile, *config, send_key, verdict.suppressed, context);
    for (const auto& displaced : verdict.displaced) {
        const auto* other = campaign(displaced.substr(0, displaced.find(':')), context);
        context.cancel_timer(position_, waiting_key(other->id, profile, displaced));
        context.erase(waiting_key(other->id, profile, displaced));
        release(profile, displaced, context);
        suppress(profile, *other, displaced, "displaced", context);
    }
    reserve(profile, send_key, *config, verdict, context);
}

void Contacts::reserve(ProfileId profile, const std::string& send_key, const CampaignConfig& config,
                       const ContactVerdict& verdict, shard::ShardContext& context) {
    const bool leaves_now =
        verdict.due <= context.now() && config.state == CampaignConfig::State::running;
    auto contacts = contacts_of(profile, context);
    contacts.push_back(
        {send_key, config.channel, calendar_.day_of(verdict.due), config.priority, !leaves_now});
    write_contacts(profile, contacts, context);
    if (leaves_now) {
        context.hand_out(sends_queue, send_key, encode(PlannedSend{config.id, profile}));
        return;
    }
    const auto key = waiting_key(config.id, profile, send_key);
    context.put(key, std::to_string(to_ms(verdict.due)));
    context.set_timer(position_, key, verdict.due);
}

void Contacts::on_timer(std::string_view key, Time due, shard::ShardContext& context) {
    const auto profile_at = key.find(separator) + 1;
    const auto send_at = key.find(separator, profile_at) + 1;
    const auto* config = campaign(std::string(key.substr(2, profile_at - 3)), context);
    if (!config || config->state == CampaignConfig::State::paused)
        return;  // a resume sends it on
    if (!context.get(key))
        return;
    const Waiting waiting{*parse_profile(key.substr(profile_at, send_at - 1 - profile_at)),
                          std::string(key.substr(send_at)), due};
    send_waiting(std::string(key), waiting, *config, context);
}

void Contacts::resume_waiting(const CampaignConfig& config, shard::ShardContext& context) {
    std::vector<std::pair<std::string, Waiting>> all;
    context.scan(waiting_prefix(config.id), [&](std::string_view key, std::string_view value) {
        const auto profile_at = key.find(separator) + 1;
        const auto send_at = key.find(separator, profile_at) + 1;
        all.emplace_back(key,
                         Waiting{*parse_profile(key.substr(profile_at, send_at - 1 - profile_at)),
                                 std::string(key.substr(send_at)),
                                 time_from_ms(std::stoll(std::string(value)))});
        return true;
    });
    for (const auto& [key, waiting] : all)
        if (config.state == CampaignConfig::State::ended || waiting.due <= context.now())
            send_waiting(key, waiting, config, context);
}

// Consent and quiet hours are judged again at the moment of leaving: both may have changed
// meanwhile.
void Contacts::send_waiting(const std::string& key, const Waiting& waiting,
                            const CampaignConfig& config, shard::ShardContext& context) {
    context.erase(key);
    context.cancel_timer(position_, key);
    const auto* customer = customers_.find(waiting.profile, context);
    release(waiting.profile, waiting.send_key, context);
    if (!customer || !customer->is_live())
        return;
    if (config.state == CampaignConfig::State::ended)
        return suppress(waiting.profile, config, waiting.send_key, "campaign_stopped", context);
    const auto channel = action::name_of(config.channel);
    const ContactRequest request{config.channel, config.priority, config.is_exempt,
                                 has_consent(*customer, config),
                                 customer->is_reachable_by(channel)};
    const auto verdict =
        judge_contact(request, *cache(context).policy, contacts_of(waiting.profile, context),
                      context.now(), calendar_);
    if (!verdict.suppressed.empty())
        return suppress(waiting.profile, config, waiting.send_key, verdict.suppressed, context);
    reserve(waiting.profile, waiting.send_key, config, {{}, verdict.due, {}}, context);
}

void Contacts::suppress(ProfileId profile, const CampaignConfig& config, std::string_view send_key,
                        std::string_view reason, shard::ShardContext& context) {
    Fact fact;
    fact.name = "$message_suppressed";
    fact.profile = profile;
    fact.properties = {{"campaign", config.id},
                       {"channel", std::string(action::name_of(config.channel))},
                       {"reason", std::string(reason)},
                       {"send_key", std::string(send_key)}};
    context.emit(std::move(fact));
}

void Contacts::release(ProfileId profile, std::string_view send_key, shard::ShardContext& context) {
    auto contacts = contacts_of(profile, context);
    const auto gone = std::remove_if(contacts.begin(), contacts.end(),
                                     [&](const Contact& c) { return c.send_key == send_key; });
    if (gone == contacts.end())
        return;
    contacts.erase(gone, contacts.end());
    write_contacts(profile, contacts, context);
}

std::vector<Contact> Contacts::contacts_of(ProfileId profile, shard::ShardContext& context) {
    const auto stored = context.get(contacts_key(profile));
    return stored ? decode_contacts(*stored) : std::vector<Contact>{};
}

void Contacts::write_contacts(ProfileId profile, const std::vector<Contact>& contacts,
                              shard::ShardContext& context) {
    const Day today = calendar_.day_of(context.now());
    std::vector<Contact> kept;
    std::copy_if(contacts.begin(), contacts.end(), std::back_inserter(kept),
                 [&](const Contact& c) { return c.is_waiting || !is_past(c.day, today); });
    if (kept.empty())
        context.erase(contacts_key(profile));
    else
        context.put(contacts_key(profile), encode_contacts(kept));
}

std::string Contacts::export_state(ProfileId profile, shard::ShardContext& context) {
    const auto stored = context.get(contacts_key(profile));
    if (stored)
        context.erase(contacts_key(profile));
    return stored.value_or(std::string{});
}

// Counts unite by send key. Waiting contacts of the merged profile stay in its shard: when due,
// they find the redirect and end there, so that nobody is reached twice.
void Contacts::import_state(ProfileId into, std::string_view bytes, shard::ShardContext& context) {
    if (bytes.empty())
        return;
    auto contacts = contacts_of(into, context);
    for (auto& contact : decode_contacts(bytes)) {
        const bool is_known = std::any_of(contacts.begin(), contacts.end(), [&](const Contact& c) {
            return c.send_key == contact.send_key;
        });
        if (is_known || contact.is_waiting)
            continue;
        contacts.push_back(std::move(contact));
    }
    write_contacts(into, contacts, context);
}

void Contacts::forget(ProfileId profile, shard::ShardContext& context) {
    context.erase(contacts_key(profile));
}

ContactCounts Contacts::counts(ProfileId profile, shard::ShardContext& context) {
    const Day today = calendar_.day_of(context.now());
    ContactCounts counts;
    for (const auto& contact : contacts_of(profile, context)) {
        counts.day += contact.day == today;
        counts.week += Calendar::week_start(contact.day) == Calendar::week_start(today);
        counts.month += Calendar::month_start(contact.day) == Calendar::month_start(today);
    }
    return counts;
}

}  // namespace qiao::engage
