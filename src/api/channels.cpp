#include "api/channels.hpp"

#include "api/resource.hpp"
#include "channel/channels.hpp"
#include "engage/dispatcher.hpp"
#include "engage/receipts.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

constexpr auto test_deadline = std::chrono::seconds(15);

json::object channel_json(const ChannelParts& parts, const channel::Channel& channel) {
    const auto health = parts.dispatcher.health(channel.id);
    return {{"id", channel.id},
            {"kind", action::name_of(channel.kind)},
            {"name", channel.name},
            {"settings", channel::settings_json(channel)},
            {"rate_per_s", channel.rate_per_s},
            {"active", channel.active},
            {"health",
             {{"state", engage::name_of(health.state)},
              {"sent_1h", health.sent_1h},
              {"failed_1h", health.failed_1h},
              {"last_error",
               health.last_error.empty() ? json::value(nullptr) : json::value(health.last_error)}}},
            {"version", channel.version},
            {"created_at", format_time(channel.created_at)},
            {"updated_at", format_time(channel.updated_at)},
            {"created_by", channel.created_by}};
}

Answer channel_answer(Call& call, const ChannelParts& parts, const channel::Channel& channel,
                      int status) {
    set_etag(call, channel.version);
    return Answer{status, channel_json(parts, channel)};
}

Result<channel::ChannelChange> change_of(Body& body, action::ChannelKind kind) {
    channel::ChannelChange change;
    change.name = body.maybe_text("name");
    change.rate_per_s = body.maybe_number("rate_per_s");
    change.active = body.maybe_flag("active");
    if (const auto* settings = body.member("settings"); settings && !settings->is_null()) {
        auto parsed = channel::parse_settings(kind, *settings);
        if (!parsed)
            return fail(parsed.error());
        change.settings = std::move(*parsed);
    }
    body.ignore({"health"});
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    return change;
}

Result<Answer> create(const ChannelParts& parts, Call& call) {
    Body body(call.body);
    const auto kind = action::channel_kind(body.text("kind"));
    const auto change = change_of(body, kind.value_or(action::ChannelKind::inbox));
    if (!change)
        return fail(change.error());
    if (!kind) {
        auto error = kind.error();
        error.pointer = "/kind";
        return fail(error);
    }
    const auto channel = parts.channels.create(call.who, *kind, *change);
    if (!channel)
        return fail(channel.error());
    return channel_answer(call, parts, *channel, 201);
}

Result<Answer> update(const ChannelParts& parts, Call& call) {
    const auto former = parts.channels.get(call.id());
    if (!former)
        return fail(former.error());
    Body body(call.body);
    const auto kind = body.maybe_text("kind");
    const auto change = change_of(body, former->kind);
    if (!change)
        return fail(change.error());
    if (kind && *kind != action::name_of(former->kind))
        return fail(ErrorCode::unprocessable, "channel.kind",
                    "the kind of a channel stays as it is; make another channel instead", "/kind");
    const auto version = expected_version(call);
    if (!version)
        return fail(version.error());
    const auto channel = parts.channels.update(call.who, call.id(), *change, *version);
    if (!channel)
        return fail(channel.error());
    return channel_answer(call, parts, *channel, 200);
}

std::string_view name_of(action::Outcome outcome) {
    switch (outcome) {
        case action::Outcome::accepted:
            return "accepted";
        case action::Outcome::delivered:
            return "delivered";
        case action::Outcome::refused:
            return "refused";
        case action::Outcome::not_sent:
            return "not_sent";
        case action::Outcome::unknown:
            return "unknown";
    }
    return "";
}

// A message to the staff, not a customer's: it counts in no campaign and no policy.
Result<action::Outgoing> test_message(const channel::Channel& channel, std::string_view to,
                                      Time now) {
    action::Outgoing message;
    message.send_key = new_id("test", now);
    message.campaign = "test";
    message.subject = "Qiao: " + channel.name;
    message.body = channel.kind == action::ChannelKind::sms
                       ? "Qiao: test message / 测试短信"
                       : "This is a test message of Qiao.\n这是一条测试消息。";
    if (channel.kind == action::ChannelKind::inbox) {
        const auto profile = parse_profile(to);
        if (!profile)
            return fail(ErrorCode::unprocessable, "channel.test_to",
                        "a test of an inbox goes to a customer: give an id such as cus_…", "/to");
        message.profile = *profile;
        return message;
    }
    if (to.empty() && channel.kind != action::ChannelKind::webhook)
        return fail(ErrorCode::unprocessable, "channel.test_to",
                    "say where the test message goes: an e-mail address or a phone number", "/to");
    message.destination = to;
    return message;
}

Result<Answer> test(const ChannelParts& parts, Call& call) {
    Body body(call.body);
    const auto to = body.maybe_text("to").value_or("");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    const auto channel = parts.channels.get(call.id());
    if (!channel)
        return fail(channel.error());
    const auto message = test_message(*channel, to, call.now);
    if (!message)
        return fail(message.error());
    const auto ready = parts.channels.open(call.id());
    if (!ready)
        return fail(ready.error());
    parts.audit.add(call.who, {"channel.tested", channel->id, "test message by " + channel->name});
    const auto answer = ready->provider->submit(*message, test_deadline);
    return Answer{200,
                  json::object{{"outcome", name_of(answer.outcome)},
                               {"send_key", message->send_key},
                               {"provider_message_id", answer.provider_message_id},
                               {"reason", answer.reason.empty() ? json::value(nullptr)
                                                                : json::value(answer.reason)}}};
}

Result<Answer> inbox(const ChannelParts& parts, Call& call) {
    const auto page = page_of(call);
    if (!page)
        return fail(page.error());
    const auto owners = parts.inbox_owners(call.who, call.id());
    if (!owners)
        return fail(owners.error());
    parts.audit.add(call.who, {"customer.inbox_seen", std::string(call.id()), "the inbox"});
    json::array items;
    for (const auto& message : parts.inbox.list(*owners, page->limit))
        items.push_back(
            {{"id", message.send_key},
             {"campaign", message.campaign},
             {"title", message.title},
             {"body", message.body},
             {"link", message.link.empty() ? json::value(nullptr) : json::value(message.link)},
             {"at", format_time(message.at)},
             {"read_at", time_json(message.read_at)}});
    return Answer{200, page_json(std::move(items), {})};
}

// As the app does it for its customer; staff may do it while the app has no surface of its own.
Result<Answer> read_message(const ChannelParts& parts, Call& call) {
    const auto owners = parts.inbox_owners(call.who, call.id());
    if (!owners)
        return fail(owners.error());
    const auto send_key = call.request.path_param("message");
    Result<bool> read = false;
    for (const auto owner : *owners) {
        read = parts.inbox.mark_read(owner, send_key);
        if (read)
            break;
    }
    if (!read)
        return fail(read.error());
    if (*read)
        parts.receipts.take({{}, {}, std::string(send_key), "opened", {}, call.now});
    return Answer{204, nullptr};
}

void define_shapes(Endpoints& endpoints) {
    endpoints.define("ChannelKind", "'inbox'|'email'|'sms'|'webhook'");
    endpoints.define("ChannelHealth", object_schema({{"state", "'closed'|'open'|'half_open'"},
                                                     {"sent_1h", "integer"},
                                                     {"failed_1h", "integer"},
                                                     {"last_error", "string|null"}}));
    // By kind; a secret shows as has_password or has_secret, true or false.
    endpoints.define("ChannelSettings", map_schema("string|integer|boolean|null"));
    endpoints.define("Channel", object_schema({{"id", "string"},
                                               {"kind", "ChannelKind"},
                                               {"name", "string"},
                                               {"settings", "ChannelSettings"},
                                               {"rate_per_s", "number"},
                                               {"active", "boolean"},
                                               {"health", "ChannelHealth"},
                                               {"version", "integer"},
                                               {"created_at", "time"},
                                               {"updated_at", "time"},
                                               {"created_by", "string"}}));
    endpoints.define("NewChannel", body_schema({{"kind", "ChannelKind"},
                                                {"name?", "string"},
                                                {"settings?", "ChannelSettings"},
                                                {"rate_per_s?", "number"},
                                                {"active?", "boolean"}},
                                               {"health"}));
    endpoints.define("ChannelChange", body_schema({{"kind?", "ChannelKind"},  // stays as it is
                                                   {"name?", "string"},
                                                   {"settings?", "ChannelSettings"},
                                                   {"rate_per_s?", "number"},
                                                   {"active?", "boolean"}},
                                                  {"health"}));
    endpoints.define("ChannelTest", body_schema({{"to?", "string"}}));
    endpoints.define(
        "ChannelTested",
        object_schema({{"outcome", "'accepted'|'delivered'|'refused'|'not_sent'|'unknown'"},
                       {"send_key", "string"},
                       {"provider_message_id", "string"},
                       {"reason", "string|null"}}));
    endpoints.define("InboxMessage", object_schema({{"id", "string"},
                                                    {"campaign", "string"},
                                                    {"title", "string"},
                                                    {"body", "string"},
                                                    {"link", "string|null"},
                                                    {"at", "time"},
                                                    {"read_at", "time|null"}}));
}

void add_inbox(Endpoints& endpoints, const ChannelParts& parts) {
    using enum access::Permission;
    const std::string path = "/api/v1/customers/{id}/inbox";
    endpoints.add("GET", path, view_personal, [parts](Call& call) { return inbox(parts, call); },
                  {"The customer's inbox, newest first; each look is audited",
                   "customers",
                   nullptr,
                   page_schema("InboxMessage"),
                   {"limit"}});
    endpoints.add("POST", path + "/{message}/read", edit_customers,
                  [parts](Call& call) { return read_message(parts, call); },
                  {"Mark a message of the inbox as read", "customers", nullptr, no_content()});
}

}  // namespace

void add_channels(Endpoints& endpoints, const ChannelParts& parts) {
    const std::string path = "/api/v1/channels", one = path + "/{id}";
    using enum access::Permission;
    define_shapes(endpoints);
    add_inbox(endpoints, parts);
    endpoints.add("GET", path, view,
                  [parts](Call& call) -> Result<Answer> {
                      json::array items;
                      for (const auto& channel : parts.channels.list())
                          items.push_back(channel_json(parts, channel));
                      return Answer{200, page_json(std::move(items), {})};
                  },
                  {"The channels with their health; secrets are never shown", "channels", nullptr,
                   page_schema("Channel")});
    endpoints.add("POST", path, manage_settings,
                  [parts](Call& call) { return create(parts, call); },
                  {"Configure a channel", "channels", "NewChannel", created("Channel")});
    endpoints.add("GET", one, view,
                  [parts](Call& call) -> Result<Answer> {
                      const auto channel = parts.channels.get(call.id());
                      if (!channel)
                          return fail(channel.error());
                      return channel_answer(call, parts, *channel, 200);
                  },
                  {"One channel", "channels", nullptr, "Channel"});
    for (const auto* method : {"PUT", "PATCH"})
        endpoints.add(method, one, manage_settings,
                      [parts](Call& call) { return update(parts, call); },
                      {"Change a channel; secrets that are left out stay", "channels",
                       "ChannelChange", "Channel"});
    endpoints.add("DELETE", one, manage_settings,
                  [parts](Call& call) -> Result<Answer> {
                      const auto version = expected_version(call);
                      if (!version)
                          return fail(version.error());
                      if (auto removed = parts.channels.remove(call.who, call.id(), *version);
                          !removed)
                          return fail(removed.error());
                      return Answer{204, nullptr};
                  },
                  {"Remove a channel; what waits for it fails", "channels", nullptr, no_content()});
    endpoints.add("POST", one + "/test", manage_settings,
                  [parts](Call& call) { return test(parts, call); },
                  {"Send a test message at once, outside all campaigns", "channels", "ChannelTest",
                   "ChannelTested"});
}

}  // namespace qiao::api
