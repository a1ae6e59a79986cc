// Random questions over random facts: the answer of ClickHouse's engine, asked by the SQL that the
// twin writes, is that of the index, which insight's own tests hold against oracles.
#include "insight/random_questions.hpp"
#include "twin/question_twin.hpp"

namespace qiao::twin::property {
namespace {

TEST_F(QuestionTwin, Funnels) {
    const auto make = [](Random& random) { return questions::random_funnel(random, 30); };
    run(2, 6, make, [&](const std::string& text, const oracle::World& world) {
        return difference<insight::FunnelQuestion>(
            text, world, insight::parse_funnel,
            [&](const auto& parsed) { return insight::resolve(parsed, names_, ""); },
            [&](const auto& question, const auto& people, const auto& interval) {
                const auto units = question.per
                                       ? insight::units_of(interval, *question.per, calendar_)
                                       : std::vector<insight::Unit>{};
                const auto split = *insight::people_by_group(question.split, snapshot(),
                                                             world.as_of, calendar_, how_);
                return insight::compute(question, *snapshot(), people, interval, units, how_,
                                        split);
            });
    });
}

TEST_F(QuestionTwin, Retention) {
    run(6, 10, questions::random_retention,
        [&](const std::string& text, const oracle::World& world) {
            return difference<insight::RetentionQuestion>(
                text, world, insight::parse_retention,
                [&](const auto& parsed) { return insight::resolve(parsed, names_, ""); },
                [&](const auto& question, const auto& people, const auto& interval) {
                    const auto split = *insight::people_by_group(question.split, snapshot(),
                                                                 world.as_of, calendar_, how_);
                    return insight::compute(question, *snapshot(), people,
                                            {interval, world.as_of, &calendar_}, how_, split);
                });
        });
}

TEST_F(QuestionTwin, Lifecycles) {
    run(6, 10, questions::random_lifecycle,
        [&](const std::string& text, const oracle::World& world) {
            return difference<insight::LifecycleQuestion>(
                text, world, insight::parse_lifecycle,
                [&](const auto& parsed) { return insight::resolve(parsed, names_); },
                [&](const auto& question, const auto& people,
                    const auto& interval) -> Result<insight::Lifecycle> {
                    const auto units = insight::lifecycle_units(question, interval, calendar_);
                    if (!units)
                        return fail(units.error());
                    return insight::compute(question, *snapshot(), people, *units, how_);
                });
        });
}

TEST_F(QuestionTwin, Paths) {
    run(4, 10, questions::random_paths, [&](const std::string& text, const oracle::World& world) {
        return difference<insight::PathQuestion>(
            text, world, insight::parse_paths,
            [&](const auto& parsed) { return insight::resolve(parsed, names_, ""); },
            [&](const auto& question, const auto& people, const auto& interval) {
                return insight::compute(question, *snapshot(), people, interval, how_);
            });
    });
}

TEST_F(QuestionTwin, Distributions) {
    run(6, 10, questions::random_distribution,
        [&](const std::string& text, const oracle::World& world) {
            return difference<insight::DistributionQuestion>(
                text, world, insight::parse_distribution,
                [&](const auto& parsed) { return insight::resolve(parsed, names_, ""); },
                [&](const auto& question, const auto& people, const auto& interval) {
                    return insight::compute(question, *snapshot(), people, interval, calendar_,
                                            how_);
                });
        });
}

TEST_F(QuestionTwin, Intervals) {
    run(4, 10, questions::random_interval,
        [&](const std::string& text, const oracle::World& world) {
            return difference<insight::IntervalQuestion>(
                text, world, insight::parse_interval,
                [&](const auto& parsed) { return insight::resolve(parsed, names_); },
                [&](const auto& question, const auto& people, const auto& interval) {
                    return insight::compute(question, *snapshot(), people, interval, how_);
                });
        });
}

TEST_F(QuestionTwin, Attributions) {
    run(3, 8, questions::random_attribution,
        [&](const std::string& text, const oracle::World& world) {
            return difference<insight::AttributionQuestion>(
                text, world, insight::parse_attribution,
                [&](const auto& parsed) { return insight::resolve(parsed, names_, ""); },
                [&](const auto& question, const auto& people, const auto& interval) {
                    return insight::compute(question, *snapshot(), people, interval, how_);
                });
        });
}

TEST_F(QuestionTwin, Metrics) {
    run(6, 10, questions::random_metric,
        [&](const std::string& text, const oracle::World& world) -> std::string {
            const auto question = insight::parse_metric(json::parse(text));
            if (!question)
                return question.error().detail + question.error().pointer;
            const auto& part = question->parts.front();
            insight::ResolvedMetric metric{*insight::resolve(part.doing, names_),
                                           part.measure,
                                           question->by,
                                           {},
                                           *insight::resolve(question->split, names_, "")};
            for (const auto& by : question->by)
                metric.by_types.push_back(*insight::type_of(by, part.doing, "", names_));
            if (metric.doing.subject == insight::Subject::new_customer &&
                !std::all_of(world.people.begin(), world.people.end(), has_one_beginning))
                return {};
            const auto interval = interval_of(question->frame, world);
            const auto units = insight::units_of(interval, question->per, calendar_);
            if (units.size() > insight::most_units)
                return {};
            const auto people = people_of(question->frame, world);
            const auto split =
                *insight::people_by_group(metric.split, snapshot(), world.as_of, calendar_, how_);
            const auto of_index = insight::compute(metric, snapshot(), people, units, how_, split);
            const auto asked = ground(question->frame, world);
            if (auto unlike = compared(of_index, ask(asked, metric, units)); !unlike.empty())
                return unlike;
            if (!of_index || metric.by.empty() || of_index->series.empty())
                return {};
            std::vector<insight::Group> but;
            for (std::size_t i = 0; i < (of_index->series.size() + 1) / 2; ++i)
                but.push_back(of_index->series[i].group);
            return compared(insight::compute_rest(metric, snapshot(), people, units, but, how_),
                            ask_rest(asked, metric, units, but));
        });
}

}  // namespace
}  // namespace qiao::twin::property
