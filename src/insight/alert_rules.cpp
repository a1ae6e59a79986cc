#include "insight/alert_rules.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/check.hpp"

namespace qiao::insight {
namespace {

namespace json = boost::json;

// Of an even number of values the mean of the two in the middle.
Exact median(std::vector<Exact> values) {
    check(!values.empty());
    std::sort(values.begin(), values.end());
    const auto half = values.size() / 2;
    return values.size() % 2 ? values[half] : Exact((values[half - 1] + values[half]) / 2);
}

Exact exact_of(Decimal value) { return Exact(value.scaled()) / Decimal::scale; }

struct Bounds {
    Exact low, high;
};
Bounds bounds_of(const AlertRule& rule, const std::vector<Exact>& earlier) {
    const Exact middle = median(earlier);
    Exact room = abs(middle) * exact_of(rule.tolerance) / 100;
    if (rule.spread == AlertRule::Spread::deviations) {
        std::vector<Exact> deviations;
        for (const auto& value : earlier)
            deviations.push_back(abs(value - middle));
        room = median(std::move(deviations)) * exact_of(rule.tolerance);
    }
    return {middle - room, middle + room};
}

Decimal decimal_of(Form& form, std::string_view name, bool may_be_negative) {
    const auto* value = form.member(name);
    const auto number = value && value->is_number()
                            ? Decimal::parse(json::serialize(*value))
                            : Result<Decimal>(fail(ErrorCode::invalid, "", ""));
    if (number && (may_be_negative || number->scaled() > 0))
        return *number;
    form.refuse(form.pointer(name),
                may_be_negative ? "This is to be a number." : "This is to be a number above zero.");
    return {};
}

}  // namespace

Result<AlertRule> parse_alert_rule(const json::value& value, std::string_view at) {
    Form form(value, at);
    AlertRule made;
    made.kind = static_cast<AlertRule::Kind>(form.choice("kind", {"above", "below", "season"}, ""));
    if (made.kind == AlertRule::Kind::season) {
        made.seasons =
            static_cast<std::size_t>(form.integer("seasons", 4, least_seasons, most_seasons));
        made.spread = static_cast<AlertRule::Spread>(
            form.choice("spread", {"percent", "deviations"}, "percent"));
        made.tolerance = decimal_of(form, "tolerance", false);
        made.side =
            static_cast<AlertRule::Side>(form.choice("side", {"both", "above", "below"}, "both"));
    } else {
        made.threshold = decimal_of(form, "threshold", true);
    }
    auto sound = form.finish();
    if (sound)
        return made;
    sound.error().reason = "insight.alert";
    return fail(sound.error());
}

Verdict judge(const AlertRule& rule, std::optional<Decimal> value, const Numbers& earlier) {
    Verdict made;
    if (!value)
        return made;
    if (rule.kind != AlertRule::Kind::season) {
        const bool is_above = rule.kind == AlertRule::Kind::above;
        (is_above ? made.high : made.low) = rule.threshold;
        made.is_known = true;
        made.is_out = is_above ? *value > rule.threshold : *value < rule.threshold;
        return made;
    }
    std::vector<Exact> known;
    for (const auto& one : earlier)
        if (one)
            known.push_back(exact_of(*one));
    if (known.size() < least_seasons)
        return made;
    const auto bounds = bounds_of(rule, known);
    made.is_known = true;
    if (rule.side != AlertRule::Side::above) {
        made.low = rounded(bounds.low);
        made.is_out = exact_of(*value) < bounds.low;
    }
    if (rule.side != AlertRule::Side::below) {
        made.high = rounded(bounds.high);
        made.is_out = made.is_out || exact_of(*value) > bounds.high;
    }
    return made;
}

std::size_t season_step(Per per) { return per == Per::day ? 7 : 1; }

std::size_t look_back(const AlertRule& rule, Per per) {
    return rule.kind == AlertRule::Kind::season ? rule.seasons * season_step(per) : 0;
}

std::vector<Verdict> judge_all(const AlertRule& rule, Per per, const Numbers& line,
                               std::size_t skip) {
    std::vector<Verdict> made;
    const auto step = season_step(per);
    for (std::size_t unit = skip; unit < line.size(); ++unit) {
        Numbers earlier;
        for (std::size_t i = 1; i <= rule.seasons && i * step <= unit; ++i)
            earlier.push_back(line[unit - i * step]);
        made.push_back(judge(rule, line[unit], earlier));
    }
    return made;
}

std::string_view name_of(AlertState state) {
    constexpr std::string_view names[] = {"ok", "firing", "acknowledged"};
    return names[static_cast<std::size_t>(state)];
}

AlertState after(AlertState state, const Verdict& verdict) {
    if (!verdict.is_known)
        return state;
    if (!verdict.is_out)
        return AlertState::ok;
    return state == AlertState::ok ? AlertState::firing : state;
}

std::size_t episodes(std::span<const Verdict> verdicts) {
    std::size_t made = 0;
    auto state = AlertState::ok;
    for (const auto& verdict : verdicts) {
        const auto next = after(state, verdict);
        made += state == AlertState::ok && next == AlertState::firing;
        state = next;
    }
    return made;
}

Day last_due_unit(Time now, int minute, Per per, const Calendar& calendar) {
    Day day = calendar.day_of(now);
    if (now < calendar.start_of(day) + std::chrono::minutes(minute))
        --day;
    return unit_start(unit_start(day, per) - 1, per);
}

}  // namespace qiao::insight
