#include "demo/reactions.hpp"

#include <vector>

#include "demo/random.hpp"

namespace qiao::demo {

namespace {

using namespace std::chrono_literals;

constexpr char separator = '\x1f';

std::string text_of(const Fact& fact, std::string_view property) {
    const auto* value = find(fact.properties, property);
    const auto* text = value ? std::get_if<std::string>(value) : nullptr;
    return text ? *text : std::string{};
}

std::string goal_key(ProfileId profile, std::string_view campaign) {
    return "Dg" + format_profile(profile) + std::string(campaign);
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.emplace_back(text.substr(0, end));
        if (end == text.npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

Random chances(ProfileId profile, const std::string& campaign, std::uint64_t of) {
    return Random(static_cast<std::uint64_t>(profile), hash64(campaign), of);
}

Duration within(Random& random, Duration most) {
    return Duration{
        1 + static_cast<std::int64_t>(random.uniform() * static_cast<double>(most.count()))};
}

}  // namespace

void Reactions::plan(shard::ShardContext& context, ProfileId profile, std::string_view what,
                     const std::string& campaign, const std::string& detail, Duration wait) {
    const auto key = std::string(what) + separator + format_profile(profile) + separator +
                     campaign + separator + detail;
    context.set_timer(index_, key, context.now() + wait);
}

void Reactions::apply(shard::Applied& applied, shard::ShardContext& context) {
    const auto& fact = applied.fact;
    if (applied.profile == ProfileId::none || fact.kind != FactKind::event ||
        !fact.name.starts_with('$'))
        return;
    const auto campaign = text_of(fact, "campaign");
    if (campaign.empty())
        return;

    if (fact.name == "$campaign_entered") {
        const auto goal = text_of(fact, "goal_event");
        if (goal.empty() || goal.starts_with('$'))
            return;
        context.put(goal_key(applied.profile, campaign), goal);
        auto random = chances(applied.profile, campaign, 1);
        if (random.chance(spontaneous_rate))
            plan(context, applied.profile, "goal", campaign, goal, within(random, 30min));
    } else if (fact.name == "$message_delivered") {
        auto random = chances(applied.profile, campaign, 2);
        if (random.chance(open_rate))
            plan(context, applied.profile, "open", campaign, text_of(fact, "channel"),
                 within(random, 5min));
        const auto goal = context.get(goal_key(applied.profile, campaign));
        if (goal && random.chance(persuaded_rate))
            plan(context, applied.profile, "goal", campaign, *goal, within(random, 20min));
    }
}

void Reactions::on_timer(std::string_view key, Time due, shard::ShardContext& context) {
    const auto parts = split(key);
    Fact fact;
    fact.time = due;
    fact.received_at = context.now();
    fact.source = "demo";
    fact.profile = *parse_profile(parts.at(1));
    if (parts.at(0) == "open") {
        fact.name = "$message_opened";
        fact.properties = {{"campaign", parts.at(2)}, {"channel", parts.at(3)}};
    } else {
        fact.name = parts.at(3);
        fact.properties = {{"channel", std::string("app")}};
        if (fact.name.find("purchase") != std::string::npos) {
            set(fact.properties, "amount", *Decimal::from_int(10'000));
            set(fact.properties, "currency", std::string("CNY"));
        }
    }
    context.emit(std::move(fact));
}

void Reactions::forget(ProfileId profile, shard::ShardContext& context) {
    std::vector<std::string> keys;
    context.scan("Dg" + format_profile(profile), [&](std::string_view key, std::string_view) {
        keys.emplace_back(key);
        return true;
    });
    for (const auto& key : keys)
        context.erase(key);
}

}  // namespace qiao::demo
