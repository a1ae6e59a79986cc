#include "channel/channels.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "channel/channels_sql.hpp"
#include "channel/receipt_hook.hpp"
#include "channel/settings.hpp"
#include "channel/smpp_client.hpp"
#include "channel/smtp.hpp"
#include "channel/webhook.hpp"

namespace qiao::channel {

namespace json = boost::json;
using action::ChannelKind;

namespace {

constexpr double highest_rate = 10'000;

Error no_such_channel() {
    return {ErrorCode::not_found, "channel.not_found", "there is no such channel", {}, 0};
}

std::string place_of(std::string_view id) { return "channel:" + std::string(id); }

std::string text_of(const Settings& settings, std::string_view name) {
    const auto found = settings.find(name);
    return found == settings.end() ? std::string{} : found->second;
}

std::uint16_t port_of(const Settings& settings) {
    return static_cast<std::uint16_t>(std::stoi(text_of(settings, "port")));
}

Result<void> judge_version(std::int64_t version, std::optional<std::int64_t> expected) {
    if (!expected || *expected == version)
        return {};
    return fail(ErrorCode::stale, "channel.stale",
                "someone changed this channel meanwhile; load it again and repeat your change");
}

// A channel that only the inbox needs no one to configure.
Channel first_channel(Time now) {
    Channel channel;
    channel.id = new_id("chn", now);
    channel.name = "手机银行站内信 / App inbox";
    channel.created_at = channel.updated_at = now;
    channel.created_by = "system";
    return channel;
}

Result<void> judge_plain(const Channel& channel) {
    if (channel.name.empty() || channel.name.size() > 200)
        return fail(ErrorCode::unprocessable, "channel.name",
                    "a channel needs a name of at most 200 bytes", "/name");
    if (!(channel.rate_per_s >= 0 && channel.rate_per_s <= highest_rate))
        return fail(ErrorCode::unprocessable, "channel.rate",
                    "the rate is a number of messages a second from 0 (no limit) to 10,000",
                    "/rate_per_s");
    return {};
}

}  // namespace

Channels::Channels(sql::Database& database, const Clock& clock, access::AuditLog& audit,
                   const SecretBox& secrets, Inbox& inbox)
    : database_(database), clock_(clock), audit_(audit), secrets_(secrets), inbox_(inbox) {
    auto transaction = database_.begin();
    const bool was_started = transaction->query_one("SELECT 1 FROM channel_started").has_value();
    if (was_started)
        return;
    channels_sql::write(*transaction, {first_channel(clock_.now()), ""});
    transaction->execute("INSERT INTO channel_started (at) VALUES ($1)",
                         {sql::param(clock_.now())});
    transaction->commit();
}

Channels::~Channels() { stop(); }

void Channels::stop() {
    std::map<std::string, Opened, std::less<>> ended;
    std::lock_guard lock(mutex_);
    is_stopped_ = true;
    ended.swap(opened_);
}

std::vector<Channel> Channels::list() const {
    std::vector<Channel> channels;
    for (auto& row : channels_sql::all(*database_.read()))
        channels.push_back(std::move(row.channel));
    return channels;
}

Result<Channel> Channels::get(std::string_view id) const {
    const auto row = channels_sql::find(*database_.read(), id);
    if (!row)
        return fail(no_such_channel());
    return row->channel;
}

namespace {

// The whole of the settings, secrets included, as they are and as `change` makes them.
Result<Settings> merge(const Channel& channel, const Settings& secrets,
                       const std::optional<Settings>& change) {
    auto merged = change ? *change : channel.settings;
    for (const auto& [name, value] : secrets)
        merged.try_emplace(name, value);
    return complete(channel.kind, std::move(merged));
}

Result<Settings> open_secrets(const SecretBox& box, const channels_sql::Row& row) {
    if (row.sealed.empty())
        return Settings{};
    const auto opened = box.open(row.sealed, place_of(row.channel.id));
    if (!opened)
        return fail(opened.error());
    return json::value_to<Settings>(json::parse(*opened));
}

void split(channels_sql::Row& row, Settings merged, const SecretBox& box) {
    auto& channel = row.channel;
    Settings secrets;
    for (const auto& field : fields_of(channel.kind))
        if (const auto found = merged.find(field.name); field.is_secret && found != merged.end())
            secrets.insert(merged.extract(found));
    channel.settings = std::move(merged);
    channel.secrets.clear();
    for (const auto& [name, value] : secrets)
        channel.secrets.push_back(name);
    row.sealed = secrets.empty()
                     ? std::string{}
                     : box.seal(json::serialize(json::value_from(secrets)), place_of(channel.id));
}

Result<void> apply(channels_sql::Row& row, const ChannelChange& change, const SecretBox& box) {
    // Secrets of another key are lost; who enters them again mends the channel.
    auto secrets = open_secrets(box, row);
    if (!secrets && !change.settings)
        return fail(secrets.error());
    const auto merged = merge(row.channel, secrets ? *secrets : Settings{}, change.settings);
    if (!merged)
        return fail(merged.error());
    split(row, *merged, box);
    auto& channel = row.channel;
    channel.name = change.name.value_or(channel.name);
    channel.rate_per_s = change.rate_per_s.value_or(channel.rate_per_s);
    channel.active = change.active.value_or(channel.active);
    return judge_plain(channel);
}

}  // namespace

Result<Channel> Channels::create(const access::Principal& who, ChannelKind kind,
                                 const ChannelChange& change) {
    const auto now = clock_.now();
    channels_sql::Row row;
    row.channel.id = new_id("chn", now);
    row.channel.kind = kind;
    row.channel.created_at = row.channel.updated_at = now;
    row.channel.created_by = who.id;
    if (auto sound = apply(row, change, secrets_); !sound)
        return fail(sound.error());
    auto transaction = database_.begin();
    channels_sql::write(*transaction, row);
    audit_.add(*transaction, who,
               {"channel.created", row.channel.id,
                std::string(action::name_of(kind)) + " channel " + row.channel.name});
    transaction->commit();
    return row.channel;
}

Result<Channel> Channels::update(const access::Principal& who, std::string_view id,
                                 const ChannelChange& change,
                                 std::optional<std::int64_t> expected_version) {
    auto transaction = database_.begin();
    auto row = channels_sql::find(*transaction, id);
    if (!row)
        return fail(no_such_channel());
    if (auto fresh = judge_version(row->channel.version, expected_version); !fresh)
        return fail(fresh.error());
    if (auto sound = apply(*row, change, secrets_); !sound)
        return fail(sound.error());
    ++row->channel.version;
    row->channel.updated_at = clock_.now();
    channels_sql::write(*transaction, *row);
    audit_.add(*transaction, who,
               {"channel.updated", row->channel.id,
                "channel " + row->channel.name +
                    (row->channel.active ? " is active" : " is switched off")});
    transaction->commit();
    return row->channel;
}

Result<void> Channels::remove(const access::Principal& who, std::string_view id,
                              std::optional<std::int64_t> expected_version) {
    auto transaction = database_.begin();
    const auto row = channels_sql::find(*transaction, id);
    if (!row)
        return fail(no_such_channel());
    if (auto fresh = judge_version(row->channel.version, expected_version); !fresh)
        return fail(fresh.error());
    channels_sql::remove(*transaction, id);
    audit_.add(*transaction, who,
               {"channel.removed", row->channel.id, "channel " + row->channel.name});
    transaction->commit();
    return {};
}

Result<Channel> Channels::choose(ChannelKind kind, std::string_view provider) const {
    const auto refuse = [](const char* reason, const char* detail) {
        return fail(ErrorCode::unprocessable, reason, detail, "/provider");
    };
    std::optional<Channel> chosen;
    for (auto& channel : list()) {
        if (channel.kind != kind || !channel.active ||
            (!provider.empty() && channel.id != provider))
            continue;
        if (chosen)
            return refuse("channel.ambiguous",
                          "there are several active channels of this kind; say which one");
        chosen = std::move(channel);
    }
    if (!chosen)
        return refuse("channel.none",
                      "there is no such active channel; configure one in the settings");
    return *chosen;
}

Result<action::ReadyChannel> Channels::open(std::string_view channel_id) {
    const auto row = channels_sql::find(*database_.read(), channel_id);
    if (!row)
        return fail(no_such_channel());
    const auto& channel = row->channel;
    if (!channel.active)
        return fail(ErrorCode::unavailable, "channel.inactive",
                    "this channel is switched off; switch it on to send");
    std::shared_ptr<action::Provider> former;  // its connections end outside the lock
    std::lock_guard lock(mutex_);
    if (is_stopped_)
        return fail(ErrorCode::unavailable, "channel.stopping", "the server is stopping");
    auto& opened = opened_[channel.id];
    if (!opened.provider || opened.version != channel.version) {
        const auto secrets = open_secrets(secrets_, *row);
        if (!secrets)
            return fail(secrets.error());
        former = std::exchange(opened.provider, make(channel, *secrets));
        opened.version = channel.version;
    }
    return action::ReadyChannel{opened.provider, channel.kind, channel.rate_per_s};
}

Result<std::vector<action::Receipt>> Channels::receipts_of(std::string_view id,
                                                           std::string_view signature,
                                                           std::string_view body) const {
    const auto row = channels_sql::find(*database_.read(), id);
    const auto secrets = row ? open_secrets(secrets_, *row) : Settings{};
    if (!secrets)
        return fail(secrets.error());
    const auto now = clock_.now();
    if (auto theirs = judge_signature(text_of(*secrets, "receipt_secret"), signature, body, now);
        !theirs)
        return fail(theirs.error());
    return parse_receipts(id, body, now);
}

std::shared_ptr<action::Provider> Channels::make(const Channel& channel, const Settings& secrets) {
    const auto& set = channel.settings;
    switch (channel.kind) {
        case ChannelKind::inbox:
            return {std::shared_ptr<void>{}, &inbox_};  // not owned
        case ChannelKind::email:
            return std::make_shared<Smtp>(
                SmtpOptions{text_of(set, "host"), port_of(set), text_of(set, "security") != "none",
                            text_of(set, "username"), text_of(secrets, "password"),
                            text_of(set, "from"), text_of(set, "unsubscribe")},
                clock_);
        case ChannelKind::webhook:
            return std::make_shared<Webhook>(
                WebhookOptions{text_of(set, "url"), text_of(secrets, "secret")}, clock_);
        case ChannelKind::sms:
            break;
    }
    SmppOptions options;
    options.host = text_of(set, "host");
    options.port = port_of(set);
    options.system_id = text_of(set, "system_id");
    options.password = text_of(secrets, "password");
    options.system_type = text_of(set, "system_type");
    options.source = text_of(set, "source");
    options.window = static_cast<unsigned>(std::stoi(text_of(set, "window")));
    return std::make_shared<SmppClient>(
        std::move(options), [this, id = channel.id](const smpp::DeliveryReceipt& receipt) {
            if (!on_receipt_ || !receipt.is_final())
                return;
            const bool is_delivered = receipt.is_delivered();
            on_receipt_({id,
                         receipt.message_id,
                         {},
                         is_delivered ? "delivered" : "failed",
                         is_delivered ? std::string{} : "smpp." + receipt.state,
                         clock_.now()});
        });
}

}  // namespace qiao::channel
