#include "engage/lift_rules.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace qiao::engage {

namespace {

constexpr double z95 = 1.959963984540054;
constexpr std::int64_t least_people = 100;
constexpr double least_expected = 5;

double square(double x) { return x * x; }

std::string formatted(const char* format, double a, double b, double c) {
    char text[400];
    std::snprintf(text, sizeof text, format, a, b, c);
    return text;
}

// Conversions each arm would have if both converted at the pooled rate; the smaller of the two
// arms.
double least_expected_conversions(const Arm& treated, const Arm& control) {
    const double pooled = static_cast<double>(treated.converted + control.converted) /
                          static_cast<double>(treated.people + control.people);
    return pooled * static_cast<double>(std::min(treated.people, control.people));
}

double pooled_p_value(const Arm& treated, const Arm& control) {
    const auto n1 = static_cast<double>(treated.people), n2 = static_cast<double>(control.people);
    const double pooled = static_cast<double>(treated.converted + control.converted) / (n1 + n2);
    const double deviation = std::sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2));
    if (deviation == 0)
        return 1;
    return std::erfc(std::abs(treated.rate() - control.rate()) / deviation / std::sqrt(2.0));
}

}  // namespace

Interval wilson_interval(const Arm& arm) {
    if (arm.people == 0)
        return {0, 1};
    const auto n = static_cast<double>(arm.people);
    const double p = arm.rate();
    const double centre = p + square(z95) / (2 * n);
    const double spread = z95 * std::sqrt(p * (1 - p) / n + square(z95) / (4 * square(n)));
    const double scale = 1 + square(z95) / n;
    return {std::max(0.0, (centre - spread) / scale), std::min(1.0, (centre + spread) / scale)};
}

Lift judge_lift(const Arm& treated, const Arm& control) {
    Lift lift{treated, control, treated.rate() - control.rate(), {-1, 1}, 1, false};
    if (treated.people == 0 || control.people == 0)
        return lift;
    const auto t = wilson_interval(treated), c = wilson_interval(control);
    lift.interval.low = lift.difference -
                        std::sqrt(square(treated.rate() - t.low) + square(c.high - control.rate()));
    lift.interval.high = lift.difference + std::sqrt(square(t.high - treated.rate()) +
                                                     square(control.rate() - c.low));
    lift.p_value = pooled_p_value(treated, control);
    lift.has_enough_data = std::min(treated.people, control.people) >= least_people &&
                           least_expected_conversions(treated, control) >= least_expected;
    return lift;
}

std::string sentence_zh(const Lift& lift) {
    if (!lift.has_enough_data)
        return "数据还不够，暂时不能判断活动是否有效。";
    const double points = std::abs(lift.difference) * 100;
    const double low = lift.interval.low * 100, high = lift.interval.high * 100;
    if (lift.interval.low > 0)
        return formatted(
            "收到触达的客户转化率高出 %.1f 个百分点（95%% 区间 %.1f 至 %.1f），活动有效。", points,
            low, high);
    if (lift.interval.high < 0)
        return formatted(
            "收到触达的客户转化率低了 %.1f 个百分点（95%% 区间 %.1f 至 %.1f），活动起了反作用。",
            points, low, high);
    return formatted("两组转化率相差 %.1f 个百分点（95%% 区间 %.1f 至 %.1f），看不出活动有作用。",
                     points, low, high);
}

std::string sentence_en(const Lift& lift) {
    if (!lift.has_enough_data)
        return "Not enough data yet to tell whether the campaign works.";
    const double points = std::abs(lift.difference) * 100;
    const double low = lift.interval.low * 100, high = lift.interval.high * 100;
    if (lift.interval.low > 0)
        return formatted(
            "Customers who were contacted converted %.1f points more often (95%% interval %.1f to "
            "%.1f): the campaign works.",
            points, low, high);
    if (lift.interval.high < 0)
        return formatted(
            "Customers who were contacted converted %.1f points less often (95%% interval %.1f to "
            "%.1f): the campaign does harm.",
            points, low, high);
    return formatted(
        "The arms differ by %.1f points (95%% interval %.1f to %.1f): no effect can be seen.",
        points, low, high);
}

}  // namespace qiao::engage
