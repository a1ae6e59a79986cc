#include "insight/metrics.hpp"

#include "index/kept.hpp"
#include "insight/detail/metric_table.hpp"
#include "insight/history_steps.hpp"
#include "runtime/progress.hpp"

namespace qiao::insight {
namespace {

// A history finds them itself.
Result<SplitPeople> split_of(const AudienceSplit& split, const Ground& ground) {
    if (auto kept = check_kept(split, ground); !kept)
        return fail(kept.error());
    return ground.history ? SplitPeople{} : people_by_group(split, ground);
}

// At most: whether there are rests shows only on the way.
void expect_statements(const MetricQuestion& question) {
    auto* progress = Progress::current();
    if (!progress)
        return;
    const std::size_t of_part = question.top || !question.split.empty() ? 2 : 1;
    const std::size_t tables = question.compare == Comparison::none ? 1 : 2;
    const std::size_t periods = question.average && question.per != Per::total ? 2 : 1;
    progress->expect(question.parts.size() * of_part * tables * periods * history_steps);
}

}  // namespace

Result<std::vector<ResolvedMetric>> Metrics::resolve(const MetricQuestion& question,
                                                     std::string_view at) const {
    const auto vocabulary = asking_.vocabulary();
    const auto split = insight::resolve(question.split, vocabulary, std::string(at) + "/by");
    if (!split)
        return fail(split.error());
    std::vector<ResolvedMetric> made;
    for (const auto& part : question.parts) {
        const std::string base = std::string(at) + part.at;
        auto doing = insight::resolve(part.doing, vocabulary);
        if (!doing)
            return fail(doing.error());
        ResolvedMetric metric{std::move(*doing), part.measure, question.by, {}, *split};
        if (const auto& property = part.measure.property; !property.empty())
            if (auto number =
                    check_number(property, part.doing.match.event, base + "/measure", vocabulary);
                !number)
                return fail(number.error());
        for (std::size_t i = 0; i < question.by.size(); ++i) {
            const auto pointer = std::string(at) + "/by/" + std::to_string(i);
            auto type = type_of(question.by[i], part.doing, pointer, vocabulary);
            if (!type)
                return fail(type.error());
            if (!made.empty() && made.front().by_types[i] != *type)
                return fail(ErrorCode::unprocessable, "rule.type",
                            "\"" + question.by[i].name +
                                "\" holds values of unlike types in the parts of this metric.",
                            pointer);
            metric.by_types.push_back(*type);
        }
        made.push_back(std::move(metric));
    }
    return made;
}

Result<void> Metrics::check(const MetricQuestion& question, std::string_view at) const {
    if (auto parts = resolve(question, at); !parts)
        return fail(parts.error());
    return {};
}

Result<MetricAnswer> Metrics::ask(const MetricQuestion& question, std::string_view at,
                                  const access::Principal& who) const {
    const auto parts = resolve(question, at);
    if (!parts)
        return fail(parts.error());
    const auto answered = asking_.answer<MetricResult>(
        "metric", question.frame, at, who,
        [&](const Ground& ground) -> Result<MetricResult> {
            auto split = split_of(parts->front().split, ground);
            if (!split)
                return fail(split.error());
            if (ground.history)
                expect_statements(question);
            detail::MetricGround from{question,        *parts, ground,
                                      ground.interval, at,     std::move(*split)};
            auto now = detail::metric_table(from, nullptr);
            if (!now)
                return fail(now.error());
            MetricResult made{std::move(*now), {}};
            if (question.compare == Comparison::none)
                return made;
            from.interval = compared(ground.interval, question.compare, *ground.calendar);
            if (auto kept = index::check_kept(ground.kept_from, from.interval, at); !kept)
                return fail(kept.error());
            auto before = detail::metric_table(from, &made.now.rows);
            if (!before)
                return fail(before.error());
            made.before = std::move(*before);
            return made;
        },
        asking_.history());
    if (!answered)
        return fail(answered.error());
    return MetricAnswer{*answered->result, answered->elapsed_ms, answered->data_version,
                        answered->kept_from};
}

Result<audience::Evaluated> Metrics::people(const PeopleQuestion& question, std::string_view at,
                                            const access::Principal& who) const {
    const auto parts = resolve(question.metric, at);
    if (!parts)
        return fail(parts.error());
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
            const auto split = split_of(parts->front().split, ground);
            if (!split)
                return fail(split.error());
            index::People found(ground.snapshot->customers);
            for (const auto& part : *parts) {
                auto behind = people_behind(part, ground.snapshot, ground.people, *units,
                                            question.group, ground.how, *split);
                if (!behind)
                    return fail(behind.error());
                found |= *behind;
            }
            return found;
        });
}

}  // namespace qiao::insight
