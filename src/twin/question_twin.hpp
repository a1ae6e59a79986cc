// The ground of property tests that hold ClickHouse's answers to questions against the index's.
#pragma once

#include "insight/question_property.hpp"
#include "twin/answer_text.hpp"
#include "twin/twin_world.hpp"

namespace qiao::twin::property {

namespace questions = insight::property;
using index::property::Random;

// The group of a new customer is any of those of the first moment: a person with several behaviours
// then is no case of this test.
inline bool has_one_beginning(const oracle::Person& person) {
    std::int64_t first = INT64_MAX;
    int events = 0;
    for (const auto& event : person.events) {
        if (!insight::is_behaviour(event.name) || event.time_ms > first)
            continue;
        events = event.time_ms == first ? events + 1 : 1;
        first = event.time_ms;
    }
    return events <= 1;
}

class QuestionTwin : public questions::QuestionProperty {
protected:
    void SetUp() override {
        std::string why;
        connection_ = open_engine(why);
        if (!connection_)
            GTEST_SKIP() << why;
    }
    void load(const Model& model, const oracle::World& world) override {
        Loader(*connection_).load(model, world);
    }
    Ground ground(const insight::Frame& frame, const oracle::World& world) {
        const Moment moment{world.as_of, &calendar_};
        return {*connection_, frame.audience ? members(audience_rule(frame), moment) : "",
                interval_of(frame, world), moment};
    }
    // Empty where both answer the same, or refuse for the same reason.
    template <class Answer>
    static std::string compared(const Result<Answer>& index, const Result<Answer>& twin) {
        if (!index || !twin) {
            if (!index && !twin && index.error().reason == twin.error().reason)
                return {};
            return index ? "twin: " + twin.error().detail : "index: " + index.error().reason;
        }
        const auto wanted = text_of(*index), found = text_of(*twin);
        return wanted == found ? "" : "index\n" + wanted + "\ntwin\n" + found;
    }
    // Questions whose names are known and whose index engine needs nothing more.
    template <class Question, class Parse, class Resolve, class Compute>
    std::string difference(const std::string& text, const oracle::World& world, Parse&& parse,
                           Resolve&& resolved, Compute&& compute) {
        const auto parsed = parse(json::parse(text), "");
        if (!parsed)
            return parsed.error().detail + parsed.error().pointer;
        const Result<Question> question = resolved(*parsed);
        if (!question)
            return question.error().detail + question.error().pointer;
        const auto people = people_of(question->frame, world);
        const auto interval = interval_of(question->frame, world);
        return compared(compute(*question, people, interval),
                        ask(ground(question->frame, world), *question));
    }

    Connection* connection_ = nullptr;
};

}  // namespace qiao::twin::property
