#include "insight/metrics.hpp"

#include <chrono>

#include "index/kept.hpp"

namespace qiao::insight {
namespace {

constexpr auto most_time = std::chrono::seconds(20);
constexpr std::size_t most_units = 1'000;

Result<std::vector<Unit>> limited_units(const rule::Interval& interval, Per per,
                                        const Calendar& calendar) {
    auto units = units_of(interval, per, calendar);
    if (units.size() > most_units)
        return fail(
            ErrorCode::too_large, "insight.too_many_units",
            "The period has more than 1000 units; choose weeks or months, or a shorter period.",
            "/per");
    return units;
}

// The stretch of the same length that ends where the period begins.
rule::Interval before_of(const rule::Interval& interval) {
    return {interval.from_ms - (interval.until_ms - interval.from_ms), interval.from_ms};
}

}  // namespace

Result<ResolvedMetric> Metrics::resolve(const MetricQuestion& question, std::string_view at) const {
    const auto vocabulary = evaluation_.vocabularies().current();
    const auto unknown = [](std::string detail, std::string pointer) {
        return fail(ErrorCode::unprocessable, "rule.unknown", std::move(detail),
                    std::move(pointer));
    };
    ResolvedMetric made{question.subject, {}, question.measure, question.by, {}};
    if (question.subject == Subject::event) {
        auto match = rule::resolve(question.match, vocabulary);
        if (!match)
            return fail(match.error());
        made.match = std::move(*match);
    }
    const auto& event = question.match.event;
    const std::string base(at);
    if (const auto& property = question.measure.property; !property.empty()) {
        const auto type = vocabulary.property(event, property);
        if (!type)
            return unknown("There is no property \"" + property + "\".", base + "/measure");
        if (*type != ValueType::number)
            return fail(ErrorCode::unprocessable, "rule.type",
                        "\"" + property + "\" holds no numbers.", base + "/measure");
    }
    for (std::size_t i = 0; i < question.by.size(); ++i) {
        const auto& by = question.by[i];
        const auto pointer = base + "/by/" + std::to_string(i);
        std::optional<ValueType> type = ValueType::string;
        if (by.kind == By::Kind::property)
            type = vocabulary.property(event, by.name);
        if (by.kind == By::Kind::tag)
            type = vocabulary.tag(by.name);
        // A board that splits by a property which nobody has sent yet shows one group.
        if (!type && by.kind == By::Kind::property && question.subject != Subject::event)
            type = ValueType::string;
        if (!type)
            return unknown("There is no property or tag \"" + by.name + "\".", pointer);
        if (*type == ValueType::sealed)
            return fail(ErrorCode::unprocessable, "rule.type",
                        "\"" + by.name + "\" is personal data; numbers are not split by it.",
                        pointer);
        made.by_types.push_back(*type);
    }
    return made;
}

Result<Metrics::Prepared> Metrics::prepare(const MetricQuestion& question, std::string_view at,
                                           const access::Principal& who) const {
    auto metric = resolve(question, at);
    if (!metric)
        return fail(metric.error());
    auto limit = evaluation_.prepare(question.audience.value_or(R"({"all":[]})"),
                                     std::string(at) + "/audience", who);
    if (!limit)
        return fail(limit.error());
    if (question.fresh)
        if (auto fresh = evaluation_.wait_fresh(); !fresh)
            return fail(fresh.error());
    const Time as_of = question.as_of.value_or(evaluation_.now());
    auto people = evaluation_.evaluate(*limit, as_of);
    if (!people)
        return fail(people.error());
    return Prepared{std::move(*metric), std::move(people->snapshot), std::move(people->members),
                    as_of};
}

// A comparison looks back twice as far.
Result<void> Metrics::check_kept(const Prepared& prepared, const MetricQuestion& question,
                                 const rule::Interval& interval, std::string_view at) {
    return index::check_kept(*prepared.snapshot, question.compare ? before_of(interval) : interval,
                             at);
}

Result<MetricAnswer> Metrics::ask(const MetricQuestion& question, std::string_view at,
                                  const access::Principal& who) const {
    const auto begin = std::chrono::steady_clock::now();
    const auto deadline = begin + most_time;
    auto prepared = prepare(question, at, who);
    if (!prepared)
        return fail(prepared.error());
    const auto interval =
        rule::interval_of(question.period, prepared->as_of, evaluation_.calendar());
    if (auto kept = check_kept(*prepared, question, interval, at); !kept)
        return fail(kept.error());
    MetricAnswer answer;
    answer.measure = question.measure.kind;
    answer.data_version = prepared->snapshot->version;
    answer.kept_from = prepared->snapshot->kept_from;
    auto units = limited_units(interval, question.per, evaluation_.calendar());
    if (!units)
        return fail(units.error());
    answer.units = std::move(*units);
    auto now =
        compute(prepared->metric, prepared->snapshot, prepared->people, answer.units, deadline);
    if (!now)
        return fail(now.error());
    answer.now = std::move(*now);
    if (question.compare) {
        auto earlier = limited_units(before_of(interval), question.per, evaluation_.calendar());
        if (!earlier)
            return fail(earlier.error());
        answer.units_before = std::move(*earlier);
        auto before = compute(prepared->metric, prepared->snapshot, prepared->people,
                              answer.units_before, deadline);
        if (!before)
            return fail(before.error());
        answer.before = std::move(*before);
    }
    const std::chrono::duration<double, std::milli> spent =
        std::chrono::steady_clock::now() - begin;
    answer.elapsed_ms = spent.count();
    return answer;
}

Result<audience::Evaluated> Metrics::people(const PeopleQuestion& question, std::string_view at,
                                            const access::Principal& who) const {
    auto prepared = prepare(question.metric, at, who);
    if (!prepared)
        return fail(prepared.error());
    const auto interval =
        rule::interval_of(question.metric.period, prepared->as_of, evaluation_.calendar());
    if (auto kept = check_kept(*prepared, question.metric, interval, at); !kept)
        return fail(kept.error());
    auto units = limited_units(interval, question.metric.per, evaluation_.calendar());
    if (!units)
        return fail(units.error());
    if (question.at) {
        std::erase_if(*units, [&](const Unit& unit) { return unit.day != *question.at; });
        if (units->empty())
            return fail(ErrorCode::unprocessable, "insight.no_such_point",
                        "The period has no unit that begins on this day.", "/at");
    }
    auto people = people_behind(prepared->metric, prepared->snapshot, prepared->people, *units,
                                question.group, std::chrono::steady_clock::now() + most_time);
    if (!people)
        return fail(people.error());
    return audience::Evaluated{prepared->snapshot, std::move(*people)};
}

}  // namespace qiao::insight
