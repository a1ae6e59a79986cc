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

// Real-time rules look back 90 days, so that fewer than four months would leave them short.
Refusal judge_months(const json::value& value) {
    constexpr std::int64_t fewest = 4, most = 1'200;
    if (value.is_int64() &&
        (value.get_int64() == 0 || (value.get_int64() >= fewest && value.get_int64() <= most)))
        return {};
    return "must be 0 (everything is kept) or a number of months from 4 to 1200";
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
        {"history_months", "0",
         "How many whole months before the present one facts are kept in the history; 0: all.",
         judge_months},
        {"index_months", "0",
         "How many whole months before the present one events can be asked about in rules and "
         "insights; 0: as many as the history keeps.",
         judge_months},
    };
}

}  // namespace qiao::access
