#include "insight/metrics.hpp"

#include "index/kept.hpp"

namespace qiao::insight {
namespace {

// The stretch of the same length that ends where the period begins.
rule::Interval before_of(const rule::Interval& interval) {
    return {interval.from_ms - (interval.until_ms - interval.from_ms), interval.from_ms};
}

Result<Computed> in_units(const ResolvedMetric& metric, const Ground& ground,
                          const rule::Interval& interval, Per per, std::string_view at,
                          std::vector<Unit>& units) {
    auto made = limited_units(interval, per, *ground.calendar, std::string(at) + "/per");
    if (!made)
        return fail(made.error());
    units = std::move(*made);
    return compute(metric, ground.snapshot, ground.people, units, ground.how);
}

}  // namespace

Result<ResolvedMetric> Metrics::resolve(const MetricQuestion& question, std::string_view at) const {
    const auto vocabulary = asking_.vocabulary();
    const std::string base(at);
    auto doing = insight::resolve(question.doing, vocabulary);
    if (!doing)
        return fail(doing.error());
    ResolvedMetric made{std::move(*doing), question.measure, question.by, {}};
    if (const auto& property = question.measure.property; !property.empty())
        if (auto number = check_number(property, question.doing.match.event, base + "/measure",
                                       vocabulary);
            !number)
            return fail(number.error());
    for (std::size_t i = 0; i < question.by.size(); ++i) {
        auto type = type_of(question.by[i], question.doing, base + "/by/" + std::to_string(i),
                            vocabulary);
        if (!type)
            return fail(type.error());
        made.by_types.push_back(*type);
    }
    return made;
}

Result<MetricAnswer> Metrics::ask(const MetricQuestion& question, std::string_view at,
                                  const access::Principal& who) const {
    const auto metric = resolve(question, at);
    if (!metric)
        return fail(metric.error());
    const auto answered = asking_.answer<MetricResult>(
        "metric", question.frame, at, who, [&](const Ground& ground) -> Result<MetricResult> {
            MetricResult made;
            auto now =
                in_units(*metric, ground, ground.interval, question.per, at, made.units);
            if (!now)
                return fail(now.error());
            made.now = std::move(*now);
            if (!question.compare)
                return made;
            // A comparison looks back twice as far.
            if (auto kept = index::check_kept(*ground.snapshot, before_of(ground.interval), at);
                !kept)
                return fail(kept.error());
            auto before = in_units(*metric, ground, before_of(ground.interval), question.per, at,
                                   made.units_before);
            if (!before)
                return fail(before.error());
            made.before = std::move(*before);
            return made;
        });
    if (!answered)
        return fail(answered.error());
    return MetricAnswer{*answered->result, question.measure.kind, answered->elapsed_ms,
                        answered->data_version, answered->kept_from};
}

Result<audience::Evaluated> Metrics::people(const PeopleQuestion& question, std::string_view at,
                                            const access::Principal& who) const {
    const auto metric = resolve(question.metric, at);
    if (!metric)
        return fail(metric.error());
    return asking_.people(
        question.metric.frame, at, who, [&](const Ground& ground) -> Result<index::People> {
            auto units = limited_units(ground.interval, question.metric.per, *ground.calendar,
                                       std::string(at) + "/per");
            if (!units)
                return fail(units.error());
            if (question.at) {
                std::erase_if(*units, [&](const Unit& unit) { return unit.day != *question.at; });
                if (units->empty())
                    return fail(ErrorCode::unprocessable, "insight.no_such_point",
                                "The period has no unit that begins on this day.", "/at");
            }
            return people_behind(*metric, ground.snapshot, ground.people, *units, question.group,
                                 ground.how);
        });
}

}  // namespace qiao::insight
