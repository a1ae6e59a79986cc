#include "engage/contact_rules.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cstdio>

namespace qiao::engage {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 3> period_names = {"day", "week", "month"};
constexpr std::size_t max_caps = 30;
constexpr int max_cap_limit = 1000;

Day period_start(CapPeriod period, Day day) {
    switch (period) {
        case CapPeriod::day:
            return day;
        case CapPeriod::week:
            return Calendar::week_start(day);
        case CapPeriod::month:
            return Calendar::month_start(day);
    }
    return day;
}

bool counts_against(const Contact& contact, const Cap& cap, Day planned) {
    return (!cap.channel || *cap.channel == contact.channel) &&
           period_start(cap.per, contact.day) == period_start(cap.per, planned);
}

std::string name_of_cap(const Cap& cap) {
    const auto channel = cap.channel ? action::name_of(*cap.channel) : std::string_view("any");
    return "cap_" + std::string(channel) + "_" +
           std::string(period_names[static_cast<std::size_t>(cap.per)]);
}

std::string clock_text(int minute) {
    char text[24];
    std::snprintf(text, sizeof text, "%02d:%02d", minute / 60, minute % 60);
    return text;
}

std::optional<int> parse_clock(const json::value* value) {
    if (!value || !value->is_string())
        return std::nullopt;
    const std::string text(value->get_string());
    int hour = 0, minute = 0;
    char rest = 0;
    if (text.size() != 5 || std::sscanf(text.c_str(), "%2d:%2d%c", &hour, &minute, &rest) != 2)
        return std::nullopt;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return std::nullopt;
    return hour * 60 + minute;
}

std::string_view text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view{};
}

tl::unexpected<Error> wrong(std::string detail, std::string pointer) {
    return fail(ErrorCode::unprocessable, "contact_policy.invalid", std::move(detail),
                std::move(pointer));
}

Result<Cap> parse_cap(const json::value& value, const std::string& pointer) {
    if (!value.is_object())
        return wrong("a cap is an object with channel, per and limit", pointer);
    const auto& object = value.get_object();
    Cap cap;
    const auto channel = text_of(object, "channel");
    if (channel != "any") {
        const auto kind = action::channel_kind(channel);
        if (!kind)
            return wrong("the channel is any, inbox, email, sms or webhook", pointer + "/channel");
        cap.channel = *kind;
    }
    const auto per = std::find(period_names.begin(), period_names.end(), text_of(object, "per"));
    if (per == period_names.end())
        return wrong("a cap counts per day, week or month", pointer + "/per");
    cap.per = static_cast<CapPeriod>(per - period_names.begin());
    const auto* limit = object.if_contains("limit");
    if (!limit || !limit->is_int64() || limit->get_int64() < 0 ||
        limit->get_int64() > max_cap_limit)
        return wrong("a limit is a whole number from 0 to 1000", pointer + "/limit");
    cap.limit = static_cast<int>(limit->get_int64());
    return cap;
}

Result<std::optional<QuietHours>> parse_quiet(const json::value* value) {
    if (!value || value->is_null())
        return std::optional<QuietHours>{};
    if (!value->is_object())
        return wrong("quiet hours are an object with from, to and action", "/quiet_hours");
    const auto& object = value->get_object();
    const auto from = parse_clock(object.if_contains("from")),
               to = parse_clock(object.if_contains("to"));
    if (!from)
        return wrong("a time of day looks like 21:00", "/quiet_hours/from");
    if (!to)
        return wrong("a time of day looks like 08:00", "/quiet_hours/to");
    const auto action = text_of(object, "action");
    if (action != "defer" && action != "drop")
        return wrong("the action is defer or drop", "/quiet_hours/action");
    return QuietHours{*from, *to, action == "drop"};
}

// Which waiting contacts of lower priority could make room, the least important and newest first.
std::vector<const Contact*> room_makers(const std::vector<Contact>& contacts, const Cap& cap,
                                        Day planned, int priority,
                                        const std::vector<std::string>& already) {
    std::vector<const Contact*> makers;
    for (auto contact = contacts.rbegin(); contact != contacts.rend(); ++contact) {
        const bool is_taken =
            std::find(already.begin(), already.end(), contact->send_key) != already.end();
        if (contact->is_waiting && contact->priority > priority && !is_taken &&
            counts_against(*contact, cap, planned))
            makers.push_back(&*contact);
    }
    std::stable_sort(makers.begin(), makers.end(),
                     [](auto* a, auto* b) { return a->priority > b->priority; });
    return makers;
}

}  // namespace

Result<ContactPolicy> parse_policy(const json::value& value) {
    if (!value.is_object())
        return wrong("a contact policy is an object", "");
    const auto& object = value.get_object();
    ContactPolicy policy;
    if (const auto* caps = object.if_contains("caps")) {
        if (!caps->is_array() || caps->get_array().size() > max_caps)
            return wrong("caps are a list of at most 30", "/caps");
        for (std::size_t at = 0; at < caps->get_array().size(); ++at) {
            auto cap = parse_cap(caps->get_array()[at], "/caps/" + std::to_string(at));
            if (!cap)
                return fail(cap.error());
            policy.caps.push_back(*cap);
        }
    }
    auto quiet = parse_quiet(object.if_contains("quiet_hours"));
    if (!quiet)
        return fail(quiet.error());
    policy.quiet_hours = *quiet;
    if (const auto* share = object.if_contains("holdout_share")) {
        boost::system::error_code error;
        policy.holdout_share = share->to_number<double>(error);
        if (error || !(policy.holdout_share >= 0 && policy.holdout_share <= 0.5))
            return wrong("the hold-out share lies between 0 and 0.5", "/holdout_share");
    }
    return policy;
}

json::value to_json(const ContactPolicy& policy) {
    json::array caps;
    for (const auto& cap : policy.caps)
        caps.push_back(
            {{"channel", cap.channel ? action::name_of(*cap.channel) : std::string_view("any")},
             {"per", period_names[static_cast<std::size_t>(cap.per)]},
             {"limit", cap.limit}});
    json::object object{{"caps", std::move(caps)},
                        {"quiet_hours", nullptr},
                        {"holdout_share", policy.holdout_share}};
    if (const auto& quiet = policy.quiet_hours)
        object["quiet_hours"] = {{"from", clock_text(quiet->from_minute)},
                                 {"to", clock_text(quiet->to_minute)},
                                 {"action", quiet->drops ? "drop" : "defer"}};
    return object;
}

Time leaves_at(const std::optional<QuietHours>& quiet, Time now, const Calendar& calendar) {
    if (!quiet || quiet->from_minute == quiet->to_minute)
        return now;
    const Day today = calendar.day_of(now);
    const auto minute = static_cast<int>((now - calendar.start_of(today)).count() / 60'000);
    const bool spans_midnight = quiet->from_minute > quiet->to_minute;
    const bool is_quiet = spans_midnight
                              ? minute >= quiet->from_minute || minute < quiet->to_minute
                              : minute >= quiet->from_minute && minute < quiet->to_minute;
    if (!is_quiet)
        return now;
    const bool ends_tomorrow = spans_midnight && minute >= quiet->from_minute;
    return calendar.start_of(today + (ends_tomorrow ? 1 : 0)) +
           std::chrono::minutes(quiet->to_minute);
}

ContactVerdict judge_contact(const ContactRequest& request, const ContactPolicy& policy,
                             const std::vector<Contact>& contacts, Time now,
                             const Calendar& calendar) {
    ContactVerdict verdict;
    verdict.due = now;
    if (!request.has_consent)
        return {"no_consent", now, {}};
    if (!request.is_reachable)
        return {"unreachable", now, {}};
    if (request.is_exempt)
        return verdict;

    verdict.due = leaves_at(policy.quiet_hours, now, calendar);
    if (verdict.due != now && policy.quiet_hours->drops)
        return {"quiet_hours", now, {}};
    const Day planned = calendar.day_of(verdict.due);
    for (const auto& cap : policy.caps) {
        if (cap.channel && *cap.channel != request.channel)
            continue;
        const auto used =
            std::count_if(contacts.begin(), contacts.end(), [&](const Contact& contact) {
                const bool is_displaced =
                    std::find(verdict.displaced.begin(), verdict.displaced.end(),
                              contact.send_key) != verdict.displaced.end();
                return !is_displaced && counts_against(contact, cap, planned);
            });
        auto excess = used + 1 - cap.limit;
        if (excess <= 0)
            continue;
        const auto makers =
            room_makers(contacts, cap, planned, request.priority, verdict.displaced);
        if (cap.limit == 0 || static_cast<std::ptrdiff_t>(makers.size()) < excess)
            return {name_of_cap(cap), now, {}};
        for (std::ptrdiff_t at = 0; at < excess; ++at)
            verdict.displaced.push_back(makers[static_cast<std::size_t>(at)]->send_key);
    }
    return verdict;
}

bool is_past(Day day, Day today) {
    return period_start(CapPeriod::month, day) < period_start(CapPeriod::month, today) &&
           period_start(CapPeriod::week, day) < period_start(CapPeriod::week, today);
}

bool falls_in(std::string_view salt, ProfileId profile, double share) {
    const auto hash = hash64(format_profile(profile), hash64(salt));
    return static_cast<double>(hash >> 11) * 0x1.0p-53 < share;
}

}  // namespace qiao::engage
