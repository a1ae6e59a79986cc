// When a number is out of line, and what becomes of an alert then. Pure.
//
// A threshold compares with one number. A season compares with the units of the same season before:
// for days the same weekday of earlier weeks, for weeks and months those before. The middle is
// their median; it may be left by a percentage of it, or by a multiple of the median absolute
// deviation (Leys et al. 2013, unscaled: half of the earlier units lie within one).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "insight/metric_question.hpp"

namespace qiao::insight {

struct AlertRule {
    enum class Kind : std::uint8_t { above, below, season } kind = Kind::above;
    Decimal threshold;  // of above and below: beyond it, not at it
    // Of season:
    std::size_t seasons = 4;  // how many earlier units
    enum class Spread : std::uint8_t { percent, deviations } spread = Spread::percent;
    Decimal tolerance;
    enum class Side : std::uint8_t { both, above, below } side = Side::both;
};
inline constexpr std::size_t least_seasons = 3, most_seasons = 26;

// {"kind":"above|below","threshold":n} or
// {"kind":"season","seasons":4,"spread":"percent|deviations",
// "tolerance":n,"side"?:"both|above|below"}. Errors: insight.alert with pointers under `at`.
Result<AlertRule> parse_alert_rule(const boost::json::value& json, std::string_view at);

struct Verdict {
    bool is_known = false;  // there was a number, and enough earlier ones to compare with
    bool is_out = false;
    std::optional<Decimal> low, high;  // the bounds that it was held against
};
using Numbers = std::vector<std::optional<Decimal>>;
// `earlier`: the units of the season before, those without a value among them.
Verdict judge(const AlertRule& rule, std::optional<Decimal> value, const Numbers& earlier);

// How many units lie between a unit and the one before it of the same season.
std::size_t season_step(Per per);
// The verdicts of a line of units, each held against those before it; the first `skip` are only
// compared with.
std::vector<Verdict> judge_all(const AlertRule& rule, Per per, const Numbers& line,
                               std::size_t skip);
// How many units the rule looks back.
std::size_t look_back(const AlertRule& rule, Per per);

// ok → firing → acknowledged → ok. One stay outside of ok is an episode; an unknown verdict
// changes nothing.
enum class AlertState : std::uint8_t { ok, firing, acknowledged };
std::string_view name_of(AlertState state);
AlertState after(AlertState state, const Verdict& verdict);
// How often a line of verdicts would have begun to fire.
std::size_t episodes(std::span<const Verdict> verdicts);

// The last whole unit whose check is due at `now`, where checks are made `minute` minutes into the
// first day after it.
Day last_due_unit(Time now, int minute, Per per, const Calendar& calendar);

}  // namespace qiao::insight
