// What a campaign is: one message to one audience, with a goal and a control group.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>

#include "action/action.hpp"
#include "base/time.hpp"
#include "engage/campaign_rules.hpp"

namespace qiao::engage {

struct MessageDraft {
    std::string subject;  // of an e-mail
    std::string title;    // of an inbox message
    std::string body;
    std::string link;  // http or https; empty: none
    std::string language = "zh";
    friend bool operator==(const MessageDraft&, const MessageDraft&) = default;
};

struct Schedule {
    enum class Kind : std::uint8_t { now, at, daily } kind = Kind::now;
    std::optional<Time> at;    // of `at`
    int minute = 9 * 60;       // of `daily`: minute of the institution's day
    std::optional<Day> until;  // of `daily`: the last day; none: until stopped
    friend bool operator==(const Schedule&, const Schedule&) = default;
};

struct Goal {
    std::string event;
    std::string where = "[]";  // JSON text of property conditions, as in the rule tree
    Duration window = std::chrono::days(7);
    std::string value;        // a number of the event, such as "amount"; empty: none
    double income_share = 1;  // the part of it that the bank earns, from 0 to 1
    friend bool operator==(const Goal&, const Goal&) = default;
};

// What its author writes.
struct CampaignDraft {
    std::string name, description;
    std::string audience;  // "aud_…", or empty where `rule` is given
    std::string rule;      // JSON text of a rule tree
    action::ChannelKind channel = action::ChannelKind::inbox;
    std::string provider;  // "chn_…"; empty: the only active one of the kind
    MessageDraft message;
    Schedule schedule;
    double control_share = 0.1;
    std::optional<Goal> goal;
    int priority = 5;
    std::string purpose = "marketing";
    bool is_exempt = false;
    friend bool operator==(const CampaignDraft&, const CampaignDraft&) = default;
};

struct Campaign {
    std::string id;  // "cmp_…"
    CampaignDraft draft;
    CampaignState state = CampaignState::draft;
    std::int64_t version = 1;
    std::string org;  // data scope of its author: members outside never enter
    std::string author, author_name, last_editor, last_editor_name;
    std::string submitted_by, approved_by, reject_reason;  // names, as people read them
    Time created_at{}, updated_at{};
    std::optional<Time> launched_at, ended_at;
    std::string last_run;      // the run whose members have all entered
    std::int64_t planned = 0;  // members of all runs so far, all arms
};

// The body of docs/api.md, members that the server adds being ignored. Errors `campaign.invalid`
// with pointers; names in rule and goal are checked by Campaigns.
Result<CampaignDraft> parse_draft(const boost::json::value& json);
boost::json::object to_json(const CampaignDraft& draft);
boost::json::object to_json(const Campaign& campaign);

// The run that is due at `now`: "1", or the day of a daily campaign ("2026-10-01"); empty: none
// yet, or over. Pure.
std::string due_run(const Campaign& campaign, Time now, const Calendar& calendar);
// Whether the launch of an approved campaign lies ahead.
bool launches_later(const Schedule& schedule, Time now);
// When nothing more can happen: after the goal's window (or a day) of the last run.
bool has_run_out(const Campaign& campaign, Time now, const Calendar& calendar);

}  // namespace qiao::engage
