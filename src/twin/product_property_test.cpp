// Random questions about products, units and screens over random facts: the answer of ClickHouse's
// engine is that of the index.
#include "insight/league.hpp"
#include "insight/random_products.hpp"
#include "twin/history_answers.hpp"
#include "twin/question_twin.hpp"

namespace qiao::twin::property {
namespace {

class ProductTwin : public QuestionTwin {
protected:
    template <class Parsed>
    static std::string refused(const Parsed& parsed) {
        return parsed.error().detail + parsed.error().pointer;
    }
};

TEST_F(ProductTwin, Entries) {
    run(4, 8, questions::random_entries,
        [&](const std::string& text, const oracle::World& world) -> std::string {
            const auto asked = json::parse(text);
            const auto question = insight::parse_entries(asked.at("entries"));
            if (!question)
                return refused(question);
            insight::ProductUse product;
            for (const auto& step : asked.at("steps").as_array())
                product.steps.push_back(
                    *rule::resolve(*rule::parse_event_match(step.as_object(), ""), names_));
            const auto plan =
                insight::resolve(*question, product, names_, questions::units_of_facts(), "", "");
            if (!plan)
                return refused(plan);
            return compared(insight::compute(*plan, *snapshot(), people_of(question->frame, world),
                                             interval_of(question->frame, world), how_),
                            ask(ground(question->frame, world), *plan));
        });
}

TEST_F(ProductTwin, Activity) {
    run(4, 8, questions::random_league,
        [&](const std::string& text, const oracle::World& world) -> std::string {
            const auto asked = json::parse(text);
            const auto draft = insight::parse_product(asked.at("product"));
            if (!draft)
                return refused(draft);
            const auto use = insight::use_of(draft->definition, names_);
            const auto question = insight::parse_products_question(asked.at("question"));
            if (!use || !question)
                return "the product or the question is not sound";
            const auto units =
                insight::compared_units(question->per, question->at, world.as_of, calendar_, "");
            if (!units)
                return refused(units);
            const auto people = people_of(question->frame, world);
            auto asked_of = ground(question->frame, world);
            for (const auto& unit : {units->now, units->before}) {
                asked_of.interval = {unit.from_ms, unit.until_ms};
                const auto of_index = insight::activity_by_org(*use, *snapshot(), people,
                                                               asked_of.interval, calendar_, how_);
                if (auto unlike = compared(of_index, ask(asked_of, *use)); !unlike.empty())
                    return unlike;
            }
            const Day first = calendar_.day_of(world.as_of) - insight::month_days - 3;
            const auto days =
                insight::units_of({to_ms(calendar_.start_of(first)), to_ms(world.as_of) + 1},
                                  insight::Per::day, calendar_);
            return compared(insight::activity_curve(*use, *snapshot(), people, days, how_),
                            ask(asked_of, *use, days));
        });
}

class AcquisitionTwin : public ProductTwin {
protected:
    // Some rows tell what a message cost.
    void prepare(index::property::World& world, Random& random) override {
        for (auto& action : world.actions) {
            auto& change = action.change;
            if (change.kind != index::IndexChange::Kind::row || !random.chance(30))
                continue;
            change.name = random.pick(insight::contact_cost_events);
            if (random.chance(80))
                change.properties.emplace_back("cost", index::property::random_number(random));
        }
    }
    std::string difference(const std::string& text, const oracle::World& world) {
        const auto asked = json::parse(text);
        auto question = insight::parse_acquisition(asked.at("question"));
        if (!question)
            return refused(question);
        insight::Doing first;
        first.subject = insight::Subject::new_customer;
        question->by_type = *insight::type_of(question->by, first, "", names_);
        if (question->by.kind == insight::By::Kind::property &&
            !std::all_of(world.people.begin(), world.people.end(), has_one_beginning))
            return {};
        insight::AcquisitionRules texts;
        for (std::size_t i = 0; i < texts.size(); ++i)
            texts[i] = json::serialize(asked.at("rules").at(i));
        const auto steps = insight::resolve(texts, names_, "");
        if (!steps)
            return refused(steps);
        const auto& frame = question->frame;
        const insight::Ground of_index{
            snapshot(), people_of(frame, world), interval_of(frame, world), world.as_of, how_,
            &calendar_};
        return compared(insight::compute(*question, *steps, of_index),
                        ask(ground(frame, world), *question, *steps));
    }
};

TEST_F(AcquisitionTwin, AgreesWithTheIndex) {
    static const char* by[] = {"tag:level", "tag:age", "tag:held", "channel"};
    run(
        4, 8, [](Random& random) { return questions::random_acquisition(random, random.pick(by)); },
        [&](const std::string& text, const oracle::World& world) {
            return difference(text, world);
        });
}

TEST_F(ProductTwin, RefusesBeforeTheHistoryIsWhole) {
    const SystemClock clock;
    bool is_whole = false;
    HistoryAnswers answers(HistoryAnswers::Parts{
        *connection_, [] { return std::nullopt; }, clock, [](Duration) { return true; },
        [&]() -> Result<void> {
            if (is_whole)
                return {};
            return fail(ErrorCode::unavailable, "insight.history_incomplete", "not yet");
        }});
    const auto refused = answers.kept_from();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, "insight.history_incomplete");
    is_whole = true;
    EXPECT_TRUE(answers.kept_from());
}

// What insight puts together from the history's parts, against what it finds in the index.
TEST_F(ProductTwin, StageFlow) {
    constexpr std::size_t few_units = 6;
    const SystemClock clock;
    HistoryAnswers answers(HistoryAnswers::Parts{
        *connection_, [] { return std::nullopt; }, clock, [](Duration) { return true; }, {}});
    run(4, 8, questions::random_stages,
        [&](const std::string& text, const oracle::World& world) -> std::string {
            const auto asked = json::parse(text);
            const auto question = insight::parse_stages(asked.at("question"));
            if (!question)
                return refused(question);
            insight::StageRules rules;
            for (const auto& rule : asked.at("rules").as_array())
                rules.push_back(*rule::resolve(*rule::parse(rule), names_));
            const auto& frame = question->frame;
            insight::Ground asked_of{
                snapshot(), people_of(frame, world), interval_of(frame, world), world.as_of, how_,
                &calendar_};
            const auto units = insight::units_of(asked_of.interval, question->per, calendar_);
            if (units.size() > few_units)
                return {};
            const auto of_index = insight::compute(rules, asked_of, units);
            asked_of.history = &answers;
            if (frame.audience)
                asked_of.limit = std::make_shared<const rule::Node>(audience_rule(frame));
            return compared(of_index, insight::compute(rules, asked_of, units));
        });
}

class ScreenTwin : public ProductTwin {
protected:
    void prepare(index::property::World& world, Random& random) override {
        questions::put_on_screens(world, random);
        // In some worlds all is at one moment.
        if (random.chance(30))
            for (auto& action : world.actions)
                action.change.time = time_from_ms(index::property::now_ms - index::property::hour);
    }
};

TEST_F(ScreenTwin, Screens) {
    run(6, 10, questions::random_screen, [&](const std::string& text, const oracle::World& world) {
        return difference<insight::ScreenQuestion>(
            text, world, insight::parse_screen,
            [&](const auto& parsed) {
                auto question = insight::resolve(parsed, names_, "");
                if (question)
                    question->names.x = question->names.y = "value";
                return question;
            },
            [&](const auto& question, const auto& people, const auto& interval) {
                return insight::compute(question, *snapshot(), people, interval, how_);
            });
    });
}

TEST_F(ScreenTwin, Effort) {
    run(4, 6, questions::random_effort,
        [&](const std::string& text, const oracle::World& world) -> std::string {
            const auto asked = json::parse(text);
            const auto parsed = insight::parse_effort(asked.at("effort"));
            if (!parsed)
                return refused(parsed);
            const auto question = insight::resolve(*parsed, names_, "");
            if (!question)
                return refused(question);
            std::vector<insight::ProductUse> functions;
            for (const auto& function : asked.at("functions").as_array()) {
                const auto draft = insight::parse_product(function);
                if (!draft)
                    return refused(draft);
                functions.push_back(*insight::use_of(draft->definition, names_));
            }
            const auto& frame = question->frame;
            return compared(
                insight::compute(*question, functions, *snapshot(), people_of(frame, world),
                                 interval_of(frame, world), how_),
                ask(ground(frame, world), *question, functions));
        });
}

}  // namespace
}  // namespace qiao::twin::property
