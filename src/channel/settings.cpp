#include "channel/settings.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "channel/mime.hpp"

namespace qiao::channel {

namespace json = boost::json;

namespace {

using Type = Field::Type;

constexpr std::array email_fields = {Field{"host", Type::host, true},
                                     Field{"port", Type::port, false, false, "587"},
                                     Field{"security", Type::choice, false, false, "starttls"},
                                     Field{"username"},
                                     Field{"password", Type::text, false, true},
                                     Field{"from", Type::mailbox, true},
                                     Field{"unsubscribe", Type::url},
                                     Field{"receipt_secret", Type::text, false, true}};
constexpr std::array sms_fields = {Field{"host", Type::host, true},
                                   Field{"port", Type::port, false, false, "2775"},
                                   Field{"system_id", Type::text, true},
                                   Field{"password", Type::text, false, true},
                                   Field{"system_type"},
                                   Field{"source", Type::text, true},
                                   Field{"window", Type::count, false, false, "16"},
                                   Field{"receipt_secret", Type::text, false, true}};
constexpr std::array webhook_fields = {Field{"url", Type::url, true},
                                       Field{"secret", Type::text, true, true},
                                       Field{"receipt_secret", Type::text, false, true}};

constexpr std::size_t longest_value = 1000;

auto refuse(std::string_view name, std::string detail) {
    return fail(ErrorCode::unprocessable, "channel.settings", std::move(detail),
                "/settings/" + std::string(name));
}

bool is_number_in(std::string_view text, int least, int most) {
    int number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failed == std::errc{} && end == text.data() + text.size() && number >= least &&
           number <= most;
}

bool has_only_printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) >= 32 && c != 127; });
}

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> starts) {
    return std::any_of(starts.begin(), starts.end(),
                       [&](auto start) { return text.starts_with(start); });
}

// The sentence of what is wrong; empty where nothing is.
std::string_view what_is_wrong(const Field& field, action::ChannelKind kind,
                               std::string_view value) {
    if (value.size() > longest_value || !has_only_printable(value))
        return "is a text of at most 1,000 bytes without control characters";
    switch (field.type) {
        case Type::text:
            return {};
        case Type::port:
            return is_number_in(value, 1, 65535) ? "" : "is a port from 1 to 65535";
        case Type::count:
            return is_number_in(value, 1, 100) ? "" : "is a number from 1 to 100";
        case Type::choice:
            return value == "starttls" || value == "none" ? "" : "is starttls or none";
        case Type::mailbox:
            return address_of(value).empty() ? "is an e-mail address, or Name <address>" : "";
        case Type::host:
            return value.find_first_of("/@ ?#") == std::string_view::npos
                       ? ""
                       : "is a host name or an IP address";
        case Type::url:
            if (kind == action::ChannelKind::email)
                return starts_with_any(value, {"https://", "mailto:"})
                           ? ""
                           : "begins with https:// or mailto:";
            return starts_with_any(value, {"http://", "https://"})
                       ? ""
                       : "begins with https:// or http://";
    }
    return {};
}

}  // namespace

std::span<const Field> fields_of(action::ChannelKind kind) {
    switch (kind) {
        case action::ChannelKind::inbox:
            return {};
        case action::ChannelKind::email:
            return email_fields;
        case action::ChannelKind::sms:
            return sms_fields;
        case action::ChannelKind::webhook:
            return webhook_fields;
    }
    return {};
}

Result<Settings> complete(action::ChannelKind kind, Settings settings) {
    const auto fields = fields_of(kind);
    for (const auto& [name, value] : settings)
        if (std::none_of(fields.begin(), fields.end(),
                         [&](const Field& f) { return f.name == name; }))
            return refuse(name, "a channel of this kind has no setting of this name; leave it out");
    for (const auto& field : fields) {
        auto& value = settings[std::string(field.name)];
        if (value.empty())
            value = field.otherwise;
        if (value.empty() && field.is_required)
            return refuse(field.name, "this setting is needed");
        const auto wrong = value.empty() ? std::string_view{} : what_is_wrong(field, kind, value);
        if (!wrong.empty())
            return refuse(field.name, "this setting " + std::string(wrong));
        if (value.empty())
            settings.erase(std::string(field.name));
    }
    return settings;
}

Result<Settings> parse_settings(action::ChannelKind, const json::value& value) {
    const auto* object = value.if_object();
    if (!object)
        return fail(ErrorCode::invalid, "channel.settings", "the settings are an object",
                    "/settings");
    Settings settings;
    for (const auto& [name, member] : *object) {
        if (std::string_view(name).starts_with("has_") || member.is_null())
            continue;
        if (const auto* text = member.if_string())
            settings[name] = *text;
        else if (member.is_int64())
            settings[name] = std::to_string(member.get_int64());
        else
            return refuse(std::string_view(name), "a setting is a text or a whole number");
    }
    return settings;
}

json::object settings_json(const Channel& channel) {
    json::object object;
    for (const auto& field : fields_of(channel.kind)) {
        const std::string name(field.name);
        if (field.is_secret) {
            object["has_" + name] = std::find(channel.secrets.begin(), channel.secrets.end(),
                                              name) != channel.secrets.end();
            continue;
        }
        const auto found = channel.settings.find(name);
        if (found == channel.settings.end())
            continue;
        const bool is_number = field.type == Type::port || field.type == Type::count;
        object[name] =
            is_number ? json::value(std::stoi(found->second)) : json::value(found->second);
    }
    return object;
}

}  // namespace qiao::channel
