// The contact policy: how often, when and in what order customers may be reached. Pure.
//
// A contact counts on the institution's day for which it is planned, from its reservation until it
// definitely failed. Weeks start on Monday; months are the calendar's.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "action/action.hpp"
#include "base/time.hpp"

namespace qiao::engage {

enum class CapPeriod : std::uint8_t { day, week, month };

struct Cap {
    std::optional<action::ChannelKind> channel;  // none: over all channels together
    CapPeriod per = CapPeriod::day;
    int limit = 1;
    friend bool operator==(const Cap&, const Cap&) = default;
};

// From `from_minute` of a day until `to_minute`, past midnight where it is smaller. Equal: never
// quiet.
struct QuietHours {
    int from_minute = 0, to_minute = 0;
    bool drops = false;  // else a contact waits until they end
    friend bool operator==(const QuietHours&, const QuietHours&) = default;
};

struct ContactPolicy {
    std::vector<Cap> caps;
    std::optional<QuietHours> quiet_hours;
    double holdout_share = 0;  // of all customers, left out of every campaign
    friend bool operator==(const ContactPolicy&, const ContactPolicy&) = default;
};

// {"caps":[{"channel":"sms"|"any","per":"day","limit":1}],"quiet_hours":{"from":"21:00","to":"08:00",
// "action":"defer"|"drop"}|null,"holdout_share":0.02}. Errors `contact_policy.*` with pointers.
Result<ContactPolicy> parse_policy(const boost::json::value& json);
boost::json::value to_json(const ContactPolicy& policy);

// A reservation or a contact that happened.
struct Contact {
    std::string send_key;
    action::ChannelKind channel = action::ChannelKind::inbox;
    Day day = 0;              // for which it is planned
    int priority = 5;         // 1 (most important) … 9
    bool is_waiting = false;  // reserved, not yet handed to the provider
    friend bool operator==(const Contact&, const Contact&) = default;
};

struct ContactRequest {
    action::ChannelKind channel = action::ChannelKind::inbox;
    int priority = 5;
    bool is_exempt = false;     // service messages: no caps, no quiet hours
    bool has_consent = false;   // for its purpose and channel
    bool is_reachable = false;  // an address is known
};

struct ContactVerdict {
    // Why it is suppressed: no_consent, unreachable, quiet_hours, cap_<channel|any>_<period>.
    // Empty: reserve it.
    std::string suppressed;
    Time due{};  // when it may leave
    std::vector<std::string>
        displaced;  // send keys of waiting contacts of lower priority that make room
};

// When a contact that is wanted at `now` may leave: at once, or at the end of the quiet hours.
Time leaves_at(const std::optional<QuietHours>& quiet, Time now, const Calendar& calendar);

ContactVerdict judge_contact(const ContactRequest& request, const ContactPolicy& policy,
                             const std::vector<Contact>& contacts, Time now,
                             const Calendar& calendar);

// True where a contact of `day` can no longer count on or after `today`: it may be forgotten.
bool is_past(Day day, Day today);

// Which arm a profile falls in, for ever the same for the same salt: below `share` of [0, 1).
bool falls_in(std::string_view salt, ProfileId profile, double share);

}  // namespace qiao::engage
