#include "engage/report_rules.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace qiao::engage {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 20> set_names = {"eligible",
                                                        "treated",
                                                        "control",
                                                        "holdout",
                                                        "held_out",
                                                        "suppressed",
                                                        "sent",
                                                        "delivered",
                                                        "failed",
                                                        "unknown",
                                                        "opened",
                                                        "clicked",
                                                        "complained",
                                                        "converted",
                                                        "control_converted",
                                                        "holdout_converted",
                                                        "acquired",
                                                        "activated",
                                                        "control_acquired",
                                                        "control_activated"};

json::object equals(std::string_view property, std::string_view value) {
    return {{"property", property}, {"op", "eq"}, {"value", value}};
}

// An event of this campaign; `also` is one more condition on it.
json::object event_of(const Campaign& campaign, std::string_view name,
                      std::optional<json::object> also = std::nullopt) {
    json::array where{equals("campaign", campaign.id)};
    if (also)
        where.push_back(std::move(*also));
    return {{"event", name}, {"where", std::move(where)}};
}

json::object happened(json::object event, Day first_day) {
    event["from"] = format_day(first_day);
    return event;
}

json::object arm_in(std::initializer_list<std::string_view> arms) {
    json::array values;
    for (const auto arm : arms)
        values.emplace_back(arm);
    return {{"property", "arm"}, {"op", "in"}, {"value", std::move(values)}};
}

std::string converted(const Campaign& campaign, std::string_view arm, Day first_day) {
    const auto& goal = campaign.draft.goal;
    json::array steps{event_of(campaign, "$campaign_entered", equals("arm", arm)),
                      json::object{{"event", goal->event}, {"where", json::parse(goal->where)}}};
    return json::serialize(json::object{{"sequence", std::move(steps)},
                                        {"from", format_day(first_day)},
                                        {"window", format_duration(goal->window)},
                                        {"op", "gte"},
                                        {"reached", 2}});
}

std::string any_message(const Campaign& campaign, std::initializer_list<std::string_view> events,
                        Day first_day) {
    json::array any;
    for (const auto event : events)
        any.push_back(happened(event_of(campaign, event), first_day));
    return json::serialize(json::object{{"any", std::move(any)}});
}

std::string entered(const Campaign& campaign, std::initializer_list<std::string_view> arms,
                    Day first_day) {
    return json::serialize(
        happened(event_of(campaign, "$campaign_entered", arm_in(arms)), first_day));
}

std::string_view arm_of(PeopleSet set) {
    const bool is_control =
        set == PeopleSet::control_acquired || set == PeopleSet::control_activated;
    return is_control ? "control" : "treated";
}

json::object entry(const Campaign& campaign, std::string_view arm, bool was_customer) {
    auto made = event_of(campaign, "$campaign_entered", equals("arm", arm));
    made.at("where").as_array().push_back(
        json::object{{"property", "was_customer"}, {"op", "eq"}, {"value", was_customer}});
    return made;
}

std::string acquired(const Campaign& campaign, std::string_view arm, Day first_day,
                     const std::string& customer) {
    return json::serialize(
        json::object{{"all", json::array{happened(entry(campaign, arm, false), first_day),
                                         json::parse(customer)}}});
}

}  // namespace

bool has_set(const Campaign& campaign, PeopleSet set) {
    return set < PeopleSet::converted || campaign.draft.goal.has_value();
}

std::string entry_of_customer(const Campaign& campaign, PeopleSet set) {
    return json::serialize(entry(campaign, arm_of(set), true));
}

std::string entry_that_tells(const Campaign& campaign, Day first_day) {
    return json::serialize(
        json::object{{"any", json::array{happened(entry(campaign, "treated", true), first_day),
                                         happened(entry(campaign, "treated", false), first_day)}}});
}

std::optional<Time> settled_at(const Campaign& campaign) {
    if (!campaign.ended_at || !campaign.draft.goal)
        return std::nullopt;
    // It is completed when that window has ended; stopped at any moment.
    const bool is_stopped = campaign.state == CampaignState::stopped;
    return *campaign.ended_at + (is_stopped ? campaign.draft.goal->window : Duration(0));
}

Result<PeopleSet> people_set(std::string_view name) {
    const auto at = std::find(set_names.begin(), set_names.end(), name);
    if (at == set_names.end())
        return fail(ErrorCode::invalid, "campaign.set",
                    "the set is one of eligible, treated, held_out, suppressed, sent, delivered, "
                    "failed, unknown, opened, clicked, complained, converted, acquired and "
                    "activated",
                    "/set");
    return static_cast<PeopleSet>(at - set_names.begin());
}

std::optional<std::string> rule_of_set(const Campaign& campaign, PeopleSet set, Day first_day,
                                       const SetWords& words) {
    if (!has_set(campaign, set))
        return std::nullopt;
    const auto one = [&](std::string_view event) {
        return any_message(campaign, {event}, first_day);
    };
    switch (set) {
        case PeopleSet::eligible:
            return entered(campaign, {"treated", "control", "holdout"}, first_day);
        case PeopleSet::treated:
            return entered(campaign, {"treated"}, first_day);
        case PeopleSet::control:
            return entered(campaign, {"control"}, first_day);
        case PeopleSet::holdout:
            return entered(campaign, {"holdout"}, first_day);
        case PeopleSet::held_out:
            return entered(campaign, {"control", "holdout"}, first_day);
        case PeopleSet::suppressed: {
            if (words.reason.empty())
                return one("$message_suppressed");
            return json::serialize(
                happened(event_of(campaign, "$message_suppressed", equals("reason", words.reason)),
                         first_day));
        }
        case PeopleSet::sent:
            return any_message(campaign,
                               {"$message_accepted", "$message_delivered", "$message_unknown"},
                               first_day);
        case PeopleSet::delivered:
            return one("$message_delivered");
        case PeopleSet::failed:
            return one("$message_failed");
        case PeopleSet::unknown:
            return one("$message_unknown");
        case PeopleSet::opened:
            return one("$message_opened");
        case PeopleSet::clicked:
            return one("$message_clicked");
        case PeopleSet::complained:
            return one("$message_complained");
        case PeopleSet::converted:
            return converted(campaign, "treated", first_day);
        case PeopleSet::control_converted:
            return converted(campaign, "control", first_day);
        case PeopleSet::holdout_converted:
            return converted(campaign, "holdout", first_day);
        case PeopleSet::acquired:
        case PeopleSet::control_acquired:
            return acquired(campaign, arm_of(set), first_day, words.customer);
        case PeopleSet::activated:
        case PeopleSet::control_activated:
            return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace qiao::engage
