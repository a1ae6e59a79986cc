// What a rule needs of a shard, and whether a shard can give it.
#include <algorithm>
#include <map>
#include <set>

#include "audience/realtime_rules.hpp"
#include "base/check.hpp"

namespace qiao::audience {
namespace {

using rule::Node;

template <class Visit>
void walk(const Node& node, const Visit& visit) {
    visit(node);
    if (const auto* all = std::get_if<rule::All>(&node.what))
        for (const auto& child : all->nodes)
            walk(child, visit);
    if (const auto* any = std::get_if<rule::Any>(&node.what))
        for (const auto& child : any->nodes)
            walk(child, visit);
    if (const auto* negation = std::get_if<rule::Not>(&node.what))
        walk(*negation->node, visit);
    if (const auto* audience = std::get_if<rule::AudienceTest>(&node.what))
        if (audience->rule)
            walk(*audience->rule, visit);
}

// Quarters and years look back further than a shard keeps events.
std::optional<Duration> look_back_of(const rule::Period& period) {
    using W = rule::CalendarWindow;
    if (period.within)
        return *period.within;
    if (!period.calendar)
        return std::nullopt;
    switch (*period.calendar) {
        case W::today:
        case W::yesterday:
            return std::chrono::hours(24 * 3);
        case W::this_week:
        case W::last_week:
            return std::chrono::hours(24 * 15);
        case W::this_month:
        case W::last_month:
            return std::chrono::hours(24 * 63);
        case W::this_quarter:
        case W::this_year:
            return std::nullopt;
    }
    check(false);
    return std::nullopt;
}

tl::unexpected<Error> not_realtime(std::string_view why, const std::string& pointer) {
    return fail(ErrorCode::unprocessable, "audience.not_realtime",
                "This condition cannot be decided in real time: " + std::string(why) +
                    ". Choose hourly, or change the condition.",
                pointer);
}

Result<void> check_period(const rule::Period& period, const std::string& pointer) {
    const auto back = look_back_of(period);
    if (!back || *back > keep_for)
        return not_realtime("it needs a window of at most 90 days that moves with time", pointer);
    return {};
}

Result<void> check_match(const rule::EventMatch& match, const std::string& pointer) {
    if (match.event.starts_with("$audience_"))
        return not_realtime("entering and leaving audiences would feed on itself", pointer);
    return {};
}

Result<void> check_node(const Node& node) {
    if (const auto* score = std::get_if<rule::ScoreTest>(&node.what);
        score && score->test.op == rule::Op::top)
        return not_realtime("the top of a score depends on all other customers", node.pointer);
    if (const auto* event = std::get_if<rule::EventTest>(&node.what)) {
        if (auto fine = check_match(event->match, node.pointer); !fine)
            return fine;
        return check_period(event->period, node.pointer);
    }
    if (const auto* sequence = std::get_if<rule::SequenceTest>(&node.what)) {
        for (const auto& step : sequence->steps)
            if (auto fine = check_match(step, step.pointer); !fine)
                return fine;
        return check_period(sequence->period, node.pointer);
    }
    return {};
}

struct Gathered {
    std::set<std::string> properties;
    Duration look_back{};
};

void gather(std::map<std::string, Gathered>& needs, const rule::EventMatch& match,
            const rule::Period& period, const std::string& measured = {}) {
    auto& need = needs[match.event];
    for (const auto& test : match.where)
        need.properties.insert(test.property);
    if (!measured.empty())
        need.properties.insert(measured);
    need.look_back = std::max(need.look_back, look_back_of(period).value_or(keep_for));
}

}  // namespace

Result<void> check_realtime(const Node& rule) {
    Result<void> verdict;
    walk(rule, [&](const Node& node) {
        if (verdict)
            verdict = check_node(node);
    });
    return verdict;
}

std::vector<Need> needs_of(const Node& rule) {
    std::map<std::string, Gathered> needs;
    walk(rule, [&](const Node& node) {
        if (const auto* event = std::get_if<rule::EventTest>(&node.what))
            gather(needs, event->match, event->period, event->measure.property);
        if (const auto* sequence = std::get_if<rule::SequenceTest>(&node.what))
            for (const auto& step : sequence->steps)
                gather(needs, step, sequence->period);
    });
    std::vector<Need> list;
    for (auto& [event, need] : needs)
        list.push_back({event, {need.properties.begin(), need.properties.end()}, need.look_back});
    return list;
}

bool asks_state(const Node& rule) {
    bool asks = false;
    walk(rule, [&](const Node& node) {
        asks = asks || std::holds_alternative<rule::TagTest>(node.what) ||
               std::holds_alternative<rule::ScoreTest>(node.what) ||
               std::holds_alternative<rule::IdentityTest>(node.what) ||
               std::holds_alternative<rule::OrgTest>(node.what) ||
               std::holds_alternative<rule::ConsentTest>(node.what);
    });
    return asks;
}

bool has_calendar_window(const Node& rule) {
    bool has = false;
    walk(rule, [&](const Node& node) {
        if (const auto* event = std::get_if<rule::EventTest>(&node.what))
            has = has || event->period.calendar.has_value();
        if (const auto* sequence = std::get_if<rule::SequenceTest>(&node.what))
            has = has || sequence->period.calendar.has_value();
    });
    return has;
}

std::uint32_t Names::give(std::string_view name) {
    auto [at, fresh] = numbers_.try_emplace(std::string(name), size() + 1);
    if (fresh)
        texts_.push_back(at->first);
    return at->second;
}

std::uint32_t Names::find(std::string_view name) const {
    const auto at = numbers_.find(std::string(name));
    return at == numbers_.end() ? 0 : at->second;
}

const std::string& Names::text(std::uint32_t number) const {
    check(number >= 1 && number <= size());
    return texts_[number - 1];
}

}  // namespace qiao::audience
