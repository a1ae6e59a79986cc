// Random questions over random facts, against oracles that look at one person at a time.
//
// Each test gives a way to make a question (its JSON) and a way to compare the engine's answer with
// the oracle's: an empty text where they agree. A failure is shrunk to few facts and printed with
// the seed that repeats it (QIAO_SEED, QIAO_WORLDS).
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <iostream>
#include <random>

#include "index/plan.hpp"
#include "index/random_facts.hpp"
#include "insight/question.hpp"
#include "runtime/executor.hpp"

namespace qiao::insight::property {

namespace oracle = index::oracle;
using index::property::Names;
using index::property::Random;
using index::property::Subject;

class QuestionProperty : public ::testing::Test {
protected:
    QuestionProperty() : calendar_(*Calendar::of_zone("Asia/Shanghai")), pool_(1, 8) {
        subject_.directory =
            std::filesystem::temp_directory_path() / ("qiao-insight-" + std::to_string(::getpid()));
        how_.pool = &pool_;
        how_.threads = 2;
    }
    ~QuestionProperty() override {
        subject_.index.reset();  // its thread behind removes files, too
        std::filesystem::remove_all(subject_.directory);
    }

    template <class Make, class Difference>
    void run(std::uint64_t worlds, int questions, Make&& make, Difference&& difference) {
        const std::uint64_t seed = index::property::setting("QIAO_SEED", std::random_device{}());
        worlds = index::property::setting("QIAO_WORLDS", worlds);
        std::uint64_t cases = 0;
        for (std::uint64_t i = 0; i < worlds; ++i) {
            Random random(seed + i);
            auto world = index::property::random_world(random);
            prepare(world, random);
            const auto people = built(world);
            for (int q = 0; q < questions; ++q, ++cases) {
                const std::string question = make(random);
                const std::string found = difference(question, people);
                if (found.empty())
                    continue;
                const auto least = index::property::shrink(world, [&](const auto& smaller) {
                    const auto left = built(smaller);
                    return !difference(question, left).empty();
                });
                const auto left = built(least);
                FAIL() << found << "\nQIAO_SEED=" << seed + i << " QIAO_WORLDS=1\nquestion "
                       << question << "\n"
                       << index::property::describe(least)
                       << "then: " << difference(question, left);
            }
        }
        std::cout << cases << " questions agreed, seed " << seed << '\n';
    }
    oracle::World built(const index::property::World& world) {
        const auto model = index::property::build(world, subject_);
        auto people = model.world(calendar_);
        load(model, people);
        return people;
    }
    // For facts that hold more.
    virtual void prepare(index::property::World&, Random&) {}
    // For another engine than the index.
    virtual void load(const index::property::Model&, const oracle::World&) {}
    index::Snapshot snapshot() const { return subject_.index->snapshot(); }
    // Every engine reads the audience that the index finds; the oracle holds it against the rule.
    std::vector<const oracle::Person*> audience_of(const Frame& frame, const oracle::World& world) {
        std::vector<const oracle::Person*> made;
        const auto rule = audience_rule(frame);
        for (const auto& person : world.people)
            if (oracle::holds(rule, person, world))
                made.push_back(&person);
        return made;
    }
    index::People people_of(const Frame& frame, const oracle::World& world) {
        const index::Plan plan(audience_rule(frame), snapshot(), world.as_of, calendar_);
        return *plan.evaluate({});
    }
    rule::Node audience_rule(const Frame& frame) {
        const auto text = frame.audience.value_or(R"({"all":[]})");
        return *rule::resolve(*rule::parse(boost::json::parse(text)), names_);
    }
    rule::Interval interval_of(const Frame& frame, const oracle::World& world) const {
        return rule::interval_of(frame.period, world.as_of, calendar_);
    }
    std::set<ProfileId> ids(const index::People& people) const {
        const auto list = index::property::members(*snapshot(), people);
        return {list.begin(), list.end()};
    }

    Names names_;
    Calendar calendar_;
    Subject subject_;
    WorkerPool pool_;
    index::Execution how_;
};

inline bool is_inside(const rule::Interval& interval, const oracle::Event& event) {
    return event.time_ms >= interval.from_ms && event.time_ms < interval.until_ms;
}
// The events of the period in ascending order of time.
inline std::vector<const oracle::Event*> events_of(const oracle::Person& person,
                                                   const rule::Interval& interval) {
    std::vector<const oracle::Event*> made;
    for (const auto& event : person.events)
        if (is_inside(interval, event))
            made.push_back(&event);
    std::stable_sort(made.begin(), made.end(),
                     [](const auto* a, const auto* b) { return a->time_ms < b->time_ms; });
    return made;
}
inline Value property_of(const oracle::Event& event, const std::string& name) {
    const Value* value = find(event.properties, name);
    return value ? *value : Value{};
}
inline std::string shown(const Value& value) {
    return type_of(value) == ValueType::null ? "~" : boost::json::serialize(to_json(value));
}
inline std::string shown(const Group& group) {
    std::string made;
    for (const auto& value : group)
        made += shown(value) + ";";
    return made;
}
// The nearest-rank quantile.
inline std::optional<std::int64_t> quantile(std::vector<std::int64_t> numbers, double share) {
    if (numbers.empty())
        return std::nullopt;
    std::sort(numbers.begin(), numbers.end());
    const auto rank =
        static_cast<std::size_t>(std::ceil(share * static_cast<double>(numbers.size())));
    return numbers[std::max<std::size_t>(rank, 1) - 1];
}

}  // namespace qiao::insight::property
