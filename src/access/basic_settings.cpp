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

Refusal judge_share(const json::value& value) {
    if (value.is_number() && value.to_number<double>() >= 0 && value.to_number<double>() <= 0.5)
        return {};
    return "must be a share from 0 to 0.5";
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
        {"holdout_share", "0", "The share of customers that no campaign ever contacts.",
         judge_share},
        {"default_language", "\"zh\"", "The language of new people and of messages without one.",
         judge_language},
        {"retention_days", "1830", "How long facts are kept in the history.", judge_days},
    };
}

}  // namespace qiao::access
