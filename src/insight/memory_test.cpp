// Questions whose tables grow with people, groups or pairs end at the memory that one may take.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <stdexcept>

#include "insight/acquisition.hpp"
#include "insight/activity.hpp"
#include "insight/attribution.hpp"
#include "insight/distribution.hpp"
#include "insight/effort.hpp"
#include "insight/entries.hpp"
#include "insight/funnel.hpp"
#include "insight/interval.hpp"
#include "insight/metric_engine.hpp"
#include "insight/paths.hpp"
#include "insight/retention.hpp"
#include "insight/screen.hpp"

namespace qiao::insight {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr rule::Interval period{0, 30 * day_ms};

const Calendar& calendar() {
    static const auto made = Calendar::of_zone("Asia/Shanghai").value();
    return made;
}

// Everybody does `a`, then `b`, so many times, among other events by chance, with a value and a
// unit of one's own.
std::unique_ptr<index::Index> index_of(unsigned people, unsigned rounds) {
    constexpr unsigned other_events = 64;
    auto index = index::Index::open({}).value();
    std::vector<index::IndexChange> changes;
    std::uint64_t chance = 1;
    for (std::uint64_t person = 1; person <= people; ++person) {
        index::IndexChange create, org;
        create.kind = index::IndexChange::Kind::create;
        create.profile = org.profile = ProfileId{person};
        org.kind = index::IndexChange::Kind::tag;
        org.name = "org";
        org.value = "unit " + std::to_string(person);
        changes.push_back(create);
        changes.push_back(org);
        std::int64_t minute = static_cast<std::int64_t>(person % 1'000);
        const auto did = [&](std::string event) {
            index::IndexChange row;
            row.profile = create.profile;
            row.name = std::move(event);
            row.time = time_from_ms(++minute * 60'000);
            row.properties = {{"who", "value " + std::to_string(person)},
                              {"amount", *Decimal::from_int(static_cast<std::int64_t>(person))}};
            changes.push_back(std::move(row));
        };
        for (unsigned round = 0; round < rounds; ++round) {
            did("a");
            chance = chance * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u;
            did("other " + std::to_string((chance >> 33) % other_events));
            did("b");
        }
    }
    index->apply(changes, {});
    return index;
}

class Names final : public rule::Vocabulary {
public:
    std::optional<ValueType> tag(std::string_view) const override { return ValueType::string; }
    bool has_event(std::string_view) const override { return true; }
    std::optional<ValueType> property(std::string_view, std::string_view name) const override {
        return name == "amount" ? ValueType::number : ValueType::string;
    }
    bool has_score(std::string_view) const override { return true; }
    bool has_identity(std::string_view) const override { return true; }
    bool has_consent(std::string_view) const override { return true; }
    std::optional<std::vector<std::string>> org(std::string_view) const override { return {}; }
    const rule::Node* audience(std::string_view) const override { return nullptr; }
};
const Names names;

struct Asked {
    index::Snapshot snapshot;
    index::Execution how;
    const index::State& state() const { return *snapshot; }
    const index::People& people() const { return *snapshot->alive; }
};
rule::EventMatch event(const char* name) { return {name, {}, {}}; }
ProductUse product() {
    ProductUse made;
    made.uses = {event("a")};
    made.transactions = {event("b")};
    made.steps = {event("a"), event("b")};
    return made;
}
template <class T>
T must(Result<T> made) {
    if (!made)
        throw std::runtime_error(made.error().detail);
    return std::move(*made);
}
boost::json::value json(const char* text) { return boost::json::parse(text); }
template <class Question, class... At>
Question known(Result<Question> parsed, const At&... at) {
    return must(resolve(must(std::move(parsed)), names, at...));
}
template <class Answer>
Result<void> outcome(const Answer& answer) {
    if (!answer)
        return fail(answer.error());
    return {};
}

Result<void> metric(const Asked& asked) {
    ResolvedMetric metric;
    metric.doing.match.event = "a";
    metric.by = {{By::Kind::property, "who"}};
    metric.by_types = {ValueType::string};
    const auto units = units_of(period, Per::total, calendar());
    return outcome(compute(metric, asked.snapshot, asked.people(), units, asked.how));
}
Result<void> funnel(const Asked& asked) {
    const auto question = known(
        parse_funnel(json(R"({"steps":[{"event":"a"},{"event":"b"}],"window":"7d","by":["who"]})")),
        "");
    return outcome(compute(question, asked.state(), asked.people(), period, {}, asked.how));
}
Result<void> retention(const Asked& asked) {
    const auto question =
        known(parse_retention(json(R"({"first":{"event":"a"},"then":{"event":"b"},"unit":"day",
                                       "periods":7,"by":["who"]})")),
              "");
    const RetentionTime time{period, time_from_ms(period.until_ms), &calendar()};
    return outcome(compute(question, asked.state(), asked.people(), time, asked.how));
}
Result<void> paths(const Asked& asked) {
    const auto question =
        known(parse_paths(json(R"({"start":{"event":"a"},"gap":"1d","steps":8})")), "");
    return outcome(compute(question, asked.state(), asked.people(), period, asked.how));
}
Result<void> distribution(const Asked& asked) {
    const auto question =
        known(parse_distribution(json(R"({"event":"a","measure":"sum:amount"})")), "");
    return outcome(compute(question, asked.state(), asked.people(), period, calendar(), asked.how));
}
Result<void> interval(const Asked& asked) {
    const auto question = known(
        parse_interval(json(R"({"first":{"event":"a"},"then":{"event":"b"},"window":"1d"})")));
    return outcome(compute(question, asked.state(), asked.people(), period, asked.how));
}
Result<void> attribution(const Asked& asked) {
    const auto question =
        known(parse_attribution(json(R"({"goal":{"event":"b"},"touches":[{"event":"a"}],
                                         "by":"who","window":"7d","model":"linear"})")),
              "");
    return outcome(compute(question, asked.state(), asked.people(), period, asked.how));
}
Result<void> screen(const Asked& asked) {
    auto question = known(parse_screen(json(R"({"clicks":{"event":"a"}})")), "");
    question.names.page = question.names.element = "who";
    return outcome(compute(question, asked.state(), asked.people(), period, asked.how));
}
Result<void> effort(const Asked& asked) {
    auto question = known(parse_effort(json(R"({"clicks":{"event":"a"}})")), "");
    question.page = "who";
    return outcome(
        compute(question, {product()}, asked.state(), asked.people(), period, asked.how));
}
Result<void> entries(const Asked& asked) {
    const auto question =
        must(parse_entries(json(R"({"product":"prd_1","by":["who"],"exposures":{"event":"a"},
                                    "clicks":{"event":"b"}})")));
    const auto plan = must(resolve(question, product(), names, {}, "", ""));
    return outcome(compute(plan, asked.state(), asked.people(), period, asked.how));
}
Result<void> activity(const Asked& asked) {
    return outcome(
        activity_by_org(product(), asked.state(), asked.people(), period, calendar(), asked.how));
}
Result<void> acquisition(const Asked& asked) {
    AcquisitionQuestion question;
    question.by = {By::Kind::property, "who"};
    question.by_type = ValueType::string;
    StepRules rules;
    for (auto& rule : rules)
        rule = rule::Node{rule::All{}, ""};
    Ground ground;
    ground.snapshot = asked.snapshot;
    ground.people = asked.people();
    ground.interval = period;
    ground.as_of = time_from_ms(period.until_ms);
    ground.how = asked.how;
    ground.calendar = &calendar();
    return outcome(compute(question, rules, ground));
}

struct Kind {
    const char* name;
    Result<void> (*ask)(const Asked&);
};
constexpr Kind kinds[] = {
    {"metric", metric},   {"funnel", funnel},          {"retention", retention},
    {"paths", paths},     {"interval", interval},      {"attribution", attribution},
    {"screen", screen},   {"effort", effort},          {"entries", entries},
    {"league", activity}, {"acquisition", acquisition}};
constexpr std::size_t little = 384 << 10, much = std::size_t{256} << 20;

class QuestionMemory : public testing::Test {
protected:
    std::string outcome_of(const Kind& kind, const index::Index& index, std::size_t limit) {
        MemoryBudget budget(limit);
        const MemoryScope scope(&budget);
        index::Execution how;
        how.pool = &pool_;
        how.threads = 2;
        const auto done = kind.ask({index.snapshot(), how});
        return done ? std::string("fine") : done.error().reason;
    }
    void expect_limited(const Kind& kind, const index::Index& few, const index::Index& many) {
        EXPECT_EQ(outcome_of(kind, few, little), "fine") << kind.name;
        EXPECT_EQ(outcome_of(kind, many, little), "index.too_large") << kind.name;
        EXPECT_EQ(outcome_of(kind, many, much), "fine") << kind.name;
    }
    WorkerPool pool_{1, 8};
};

TEST_F(QuestionMemory, IsLimitedWhereGroupsOrPairsGrow) {
    const auto few = index_of(40, 6), many = index_of(3 * index::block_size, 6);
    for (const auto& kind : kinds)
        expect_limited(kind, *few, *many);
}

// A distribution keeps one number for each person.
TEST_F(QuestionMemory, IsLimitedWherePeopleGrow) {
    const auto few = index_of(40, 1), many = index_of(25 * index::block_size, 1);
    expect_limited({"distribution", distribution}, *few, *many);
}

}  // namespace
}  // namespace qiao::insight
