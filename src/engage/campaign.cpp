#include "engage/campaign.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cstdio>

namespace qiao::engage {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 3> schedule_names = {"now", "at", "daily"};
constexpr std::size_t max_name = 200, max_body = 64 << 10;
constexpr double max_control_share = 0.9;

// Reads members of one object and keeps the first error, with its pointer.
class Reader {
public:
    Reader(const json::value& value, std::string at) : at_(std::move(at)) {
        if (value.is_object())
            object_ = &value.get_object();
        else
            refuse("", "this must be an object");
    }

    const json::value* member(std::string_view name) const {
        const auto* value = object_ ? object_->if_contains(name) : nullptr;
        return value && !value->is_null() ? value : nullptr;
    }
    std::string text(std::string_view name, std::size_t most, std::string_view otherwise = {}) {
        const auto* value = member(name);
        if (!value)
            return std::string(otherwise);
        if (!value->is_string() || value->get_string().size() > most) {
            refuse(name, "this must be a text of at most " + std::to_string(most) + " bytes");
            return {};
        }
        return std::string(value->get_string());
    }
    double number(std::string_view name, double otherwise, double low, double high) {
        const auto* value = member(name);
        if (!value)
            return otherwise;
        boost::system::error_code error;
        const auto n = value->to_number<double>(error);
        if (error || !(n >= low && n <= high)) {
            char detail[80];
            std::snprintf(detail, sizeof detail, "this must be a number from %g to %g", low, high);
            refuse(name, detail);
        }
        return n;
    }
    bool flag(std::string_view name, bool otherwise) {
        const auto* value = member(name);
        if (!value)
            return otherwise;
        if (!value->is_bool())
            refuse(name, "this must be true or false");
        return value->is_bool() && value->get_bool();
    }
    void refuse(std::string_view name, std::string detail) {
        if (error_)
            return;
        error_ = Error{ErrorCode::unprocessable, "campaign.invalid", std::move(detail),
                       at_ + (name.empty() ? "" : "/" + std::string(name)), 0};
    }
    std::string at(std::string_view name) const { return at_ + "/" + std::string(name); }
    void adopt(const Reader& part) {
        if (!error_)
            error_ = part.error_;
    }
    const std::optional<Error>& error() const { return error_; }

private:
    std::string at_;
    const json::object* object_ = nullptr;
    std::optional<Error> error_;
};

const json::value empty_object = json::object{};

MessageDraft read_message(Reader& outer) {
    const auto* value = outer.member("message");
    Reader reader(value ? *value : empty_object, outer.at("message"));
    MessageDraft message{reader.text("subject", max_name), reader.text("title", max_name),
                         reader.text("body", max_body), reader.text("link", 2'000),
                         reader.text("language", 8, "zh")};
    if (!message.link.empty() && !message.link.starts_with("https://") &&
        !message.link.starts_with("http://"))
        reader.refuse("link", "a link begins with https:// or http://");
    outer.adopt(reader);
    return message;
}

Schedule read_schedule(Reader& outer) {
    const auto* value = outer.member("schedule");
    Reader reader(value ? *value : empty_object, outer.at("schedule"));
    Schedule schedule;
    const auto kind =
        std::find(schedule_names.begin(), schedule_names.end(), reader.text("kind", 10, "now"));
    if (kind == schedule_names.end())
        reader.refuse("kind", "the kind is now, at or daily");
    else
        schedule.kind = static_cast<Schedule::Kind>(kind - schedule_names.begin());
    if (schedule.kind == Schedule::Kind::at) {
        const auto at = parse_time(reader.text("at", 40));
        if (!at)
            reader.refuse("at", at.error().detail);
        if (at)
            schedule.at = *at;
    }
    if (schedule.kind == Schedule::Kind::daily) {
        const auto time = reader.text("time", 5, "09:00");
        int hour = -1, minute = -1;
        char rest = 0;
        if (std::sscanf(time.c_str(), "%2d:%2d%c", &hour, &minute, &rest) != 2 || hour < 0 ||
            hour > 23 || minute < 0 || minute > 59)
            reader.refuse("time", "a time of day looks like 09:00");
        schedule.minute = hour * 60 + minute;
        if (const auto until = reader.text("until", 10); !until.empty()) {
            const auto day = parse_day(until);
            if (!day)
                reader.refuse("until", day.error().detail);
            if (day)
                schedule.until = *day;
        }
    }
    outer.adopt(reader);
    return schedule;
}

std::optional<Goal> read_goal(Reader& outer) {
    const auto* value = outer.member("goal");
    if (!value)
        return std::nullopt;
    Reader reader(*value, outer.at("goal"));
    Goal goal;
    goal.event = reader.text("event", max_name);
    if (goal.event.empty())
        reader.refuse("event", "a goal needs an event");
    if (const auto* where = reader.member("where"))
        goal.where = json::serialize(*where);
    const auto window = parse_duration(reader.text("window", 10, "7d"));
    if (!window || *window > std::chrono::days(90))
        reader.refuse("window", "the window is a duration of at most 90d, such as 7d");
    else
        goal.window = *window;
    goal.value = reader.text("value", max_name);
    goal.income_share = reader.number("income_share", 1, 0, 1);
    outer.adopt(reader);
    return goal;
}

void read_audience(Reader& reader, CampaignDraft& draft) {
    const auto* value = reader.member("audience");
    if (!value)
        return reader.refuse("audience", "a campaign needs an audience");
    Reader audience(*value, reader.at("audience"));
    draft.audience = audience.text("id", 64);
    if (const auto* rule = audience.member("rule"); rule && draft.audience.empty())
        draft.rule = json::serialize(*rule);
    if (draft.audience.empty() && draft.rule.empty())
        audience.refuse("id", "choose an audience, or give a rule");
    reader.adopt(audience);
}

std::string clock_text(int minute) {
    char text[24];
    std::snprintf(text, sizeof text, "%02d:%02d", minute / 60, minute % 60);
    return text;
}

json::object schedule_json(const Schedule& schedule) {
    json::object object{{"kind", schedule_names[static_cast<std::size_t>(schedule.kind)]}};
    if (schedule.at)
        object["at"] = format_time(*schedule.at);
    if (schedule.kind == Schedule::Kind::daily)
        object["time"] = clock_text(schedule.minute);
    if (schedule.until)
        object["until"] = format_day(*schedule.until);
    return object;
}

}  // namespace

Result<CampaignDraft> parse_draft(const json::value& value) {
    Reader reader(value, "");
    CampaignDraft draft;
    draft.name = reader.text("name", max_name);
    if (draft.name.empty())
        reader.refuse("name", "a campaign needs a name");
    draft.description = reader.text("description", 2'000);
    read_audience(reader, draft);
    const auto channel = action::channel_kind(reader.text("channel", 20, "inbox"));
    if (!channel)
        reader.refuse("channel", channel.error().detail);
    if (channel)
        draft.channel = *channel;
    draft.provider = reader.text("provider", 64);
    draft.message = read_message(reader);
    draft.schedule = read_schedule(reader);
    draft.control_share = reader.number("control_share", 0.1, 0, max_control_share);
    draft.goal = read_goal(reader);
    draft.priority = static_cast<int>(reader.number("priority", 5, 1, 9));
    draft.purpose = reader.text("purpose", 20, "marketing");
    if (draft.purpose != "marketing" && draft.purpose != "service")
        reader.refuse("purpose", "the purpose is marketing or service");
    draft.is_exempt = reader.flag("exempt", false);
    if (draft.is_exempt && draft.purpose != "service")
        reader.refuse("exempt", "only service messages may be exempt from the contact policy");
    if (reader.error())
        return fail(*reader.error());
    return draft;
}

json::object to_json(const CampaignDraft& draft) {
    json::object audience;
    if (draft.audience.empty())
        audience["rule"] = json::parse(draft.rule);
    else
        audience["id"] = draft.audience;
    const auto& message = draft.message;
    json::object object{{"name", draft.name},
                        {"description", draft.description},
                        {"audience", std::move(audience)},
                        {"channel", action::name_of(draft.channel)},
                        {"provider", draft.provider},
                        {"message",
                         {{"subject", message.subject},
                          {"title", message.title},
                          {"body", message.body},
                          {"link", message.link},
                          {"language", message.language}}},
                        {"schedule", schedule_json(draft.schedule)},
                        {"control_share", draft.control_share},
                        {"goal", nullptr},
                        {"priority", draft.priority},
                        {"purpose", draft.purpose},
                        {"exempt", draft.is_exempt}};
    if (draft.goal)
        object["goal"] = {{"event", draft.goal->event},
                          {"where", json::parse(draft.goal->where)},
                          {"window", format_duration(draft.goal->window)},
                          {"value", draft.goal->value},
                          {"income_share", draft.goal->income_share}};
    return object;
}

json::object to_json(const Campaign& campaign) {
    auto object = to_json(campaign.draft);
    const auto time = [](const std::optional<Time>& at) -> json::value {
        return at ? json::value(format_time(*at)) : json::value(nullptr);
    };
    object["id"] = campaign.id;
    object["state"] = name_of(campaign.state);
    object["version"] = campaign.version;
    object["org"] = campaign.org;
    object["created_at"] = format_time(campaign.created_at);
    object["created_by"] = campaign.author_name;
    object["updated_at"] = format_time(campaign.updated_at);
    object["updated_by"] = campaign.last_editor_name;
    object["submitted_by"] = campaign.submitted_by;
    object["approved_by"] = campaign.approved_by;
    object["reject_reason"] = campaign.reject_reason;
    object["launched_at"] = time(campaign.launched_at);
    object["ended_at"] = time(campaign.ended_at);
    return object;
}

bool launches_later(const Schedule& schedule, Time now) {
    return schedule.kind == Schedule::Kind::at && schedule.at && *schedule.at > now;
}

std::string due_run(const Campaign& campaign, Time now, const Calendar& calendar) {
    const auto& schedule = campaign.draft.schedule;
    if (schedule.kind != Schedule::Kind::daily)
        return launches_later(schedule, now) ? "" : "1";
    const Day today = calendar.day_of(now);
    const bool is_early = now < calendar.start_of(today) + std::chrono::minutes(schedule.minute);
    const bool is_over = schedule.until && today > *schedule.until;
    return is_early || is_over ? "" : format_day(today);
}

bool has_run_out(const Campaign& campaign, Time now, const Calendar& calendar) {
    const Duration window =
        campaign.draft.goal ? campaign.draft.goal->window : Duration(std::chrono::days(1));
    const auto& schedule = campaign.draft.schedule;
    if (schedule.kind == Schedule::Kind::daily) {
        if (!schedule.until)
            return false;
        return now > calendar.start_of(*schedule.until + 1) + window;
    }
    return campaign.launched_at && campaign.last_run == "1" && now > *campaign.launched_at + window;
}

}  // namespace qiao::engage
