// The ground of property tests that hold ClickHouse's answers to questions against the index's.
#pragma once

#include "insight/question_property.hpp"
#include "twin/answer_text.hpp"
#include "twin/twin_world.hpp"

namespace qiao::twin::property {

namespace questions = insight::property;
using index::property::Random;

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
