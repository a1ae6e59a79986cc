#include <boost/json.hpp>

#include "access/settings_store.hpp"
#include "base/time.hpp"

namespace qiao::access {

namespace {

namespace json = boost::json;
using Refusal = std::optional<std::string>;

Refusal judge_name(const json::value& value) {
    if (value.is_string() && !value.get_string().empty() && value.get_string().size() <= 200)
        return {};
    return "must be a name of at most 200 bytes";
}

Refusal judge_zone(const json::value& value) {
    if (value.is_string() && Calendar::of_zone(std::string_view(value.get_string())))
        return {};
    return "must be a time zone by its IANA name, such as Asia/Shanghai";
}

Refusal judge_unknown_events(const json::value& value) {
    if (value == "accept" || value == "refuse")
        return {};
    return "must be accept or refuse";
}

Refusal judge_address(const json::value& value) {
    if (value.is_string()) {
        const std::string_view text = value.get_string();
        if (text.empty() || text.starts_with("https://") || text.starts_with("http://"))
            return {};
    }
    return "must begin with https:// or http://, or be empty";
}

Refusal judge_language(const json::value& value) {
    if (value == "zh" || value == "en")
        return {};
    return "must be zh or en";
}

Refusal judge_days(const json::value& value) {
    constexpr std::int64_t longest = 36'500;
    if (value.is_int64() && value.get_int64() >= 30 && value.get_int64() <= longest)
        return {};
    return "must be a number of days from 30 to 36500";
}

}  // namespace

std::vector<SettingDescription> basic_settings() {
    return {
        {"institution_name", "\"Qiao\"", "The name of the bank, in the console and in messages.",
         judge_name},
        {"time_zone", "\"Asia/Shanghai\"",
         "The calendar of the institution: its days, weeks and quiet hours.", judge_zone},
        {"unknown_events", "\"accept\"",
         "Whether events, properties and traits that the dictionary does not know are accepted as "
         "unreviewed or refused into the quarantine.",
         judge_unknown_events},
        {"public_address", "\"\"",
         "Where customers reach this server, for the links in messages; empty: where it listens.",
         judge_address},
        {"default_language", "\"zh\"", "The language of new people and of messages without one.",
         judge_language},
        {"retention_days", "1830", "How long facts are kept in the history.", judge_days},
    };
}

}  // namespace qiao::access
