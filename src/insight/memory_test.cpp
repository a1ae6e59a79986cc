// Questions whose tables grow with people, groups or pairs end at the memory that one may take.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <functional>

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

// Everybody does `a`, then `b`, several times, in an order of one's own among other events, with a
// value and a unit of one's own.
std::unique_ptr<index::Index> index_of(unsigned people) {
    constexpr unsigned rounds = 6, other_events = 8;
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
    const auto question =
        *resolve(*parse_funnel(boost::json::parse(
                     R"({"steps":[{"event":"a"},{"event":"b"}],"window":"7d","by":["who"]})")),
                 names, "");
    return outcome(compute(question, asked.state(), asked.people(), period, {}, asked.how));
}
Result<void> retention(const Asked& asked) {
    const auto question =
        *resolve(*parse_retention(boost::json::parse(
                     R"({"first":{"event":"a"},"then":{"event":"b"},"unit":"day","periods":7,
                         "by":["who"]})")),
                 names, "");
    const RetentionTime time{period, time_from_ms(period.until_ms), &calendar()};
    return outcome(compute(question, asked.state(), asked.people(), time, asked.how));
}
Result<void> paths(const Asked& asked) {
    const auto question = *resolve(
        *parse_paths(boost::json::parse(R"({"start":{"event":"a"},"gap":"1d","steps":8})")), names,
        "");
    return outcome(compute(question, asked.state(), asked.people(), period, asked.how));
}
Result<void> distribution(const Asked& asked) {
    const auto question =
        *resolve(*parse_distribution(boost::json::parse(R"({"event":"a","measure":"sum:amount"})")),
                 names, "");
    return outcome(compute(question, asked.state(), asked.people(), period, calendar(), asked.how));
}
Result<void> interval(const Asked& asked) {
    const auto question = *resolve(
        *parse_interval(
            boost::json::parse(R"({"first":{"event":"a"},"then":{"event":"b"},"window":"1d"})")),
        names);
    return outcome(compute(question, asked.state(), asked.people(), period, asked.how));
}
Result<void> attribution(const Asked& asked) {
    const auto question =
        *resolve(*parse_attribution(boost::json::parse(
                     R"({"goal":{"event":"b"},"touches":[{"event":"a"}],"by":"who","window":"7d",
                         "model":"linear"})")),
                 names, "");
    return outcome(compute(question, asked.state(), asked.people(), period, asked.how));
}
Result<void> screen(const Asked& asked) {
    auto question =
        *resolve(*parse_screen(boost::json::parse(R"({"clicks":{"event":"a"}})")), names, "");
    question.names.page = "who";
    return outcome(compute(question, asked.state(), asked.people(), period, asked.how));
}
Result<void> effort(const Asked& asked) {
    auto question =
        *resolve(*parse_effort(boost::json::parse(R"({"clicks":{"event":"a"}})")), names, "");
    question.page = "who";
    return outcome(
        compute(question, {product()}, asked.state(), asked.people(), period, asked.how));
}
Result<void> entries(const Asked& asked) {
    const auto question = *parse_entries(boost::json::parse(
        R"({"product":"prd_1","by":["who"],"exposure":{"event":"a"},"click":{"event":"b"}})"));
    const auto plan = *resolve(question, product(), names, {}, "", "");
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
constexpr Kind kinds[] = {{"metric", metric},           {"funnel", funnel},
                          {"retention", retention},     {"paths", paths},
                          {"interval", interval},       {"distribution", distribution},
                          {"attribution", attribution}, {"screen", screen},
                          {"effort", effort},           {"entries", entries},
                          {"league", activity},         {"acquisition", acquisition}};

TEST(QuestionMemory, IsLimitedForEveryKindThatCanGrow) {
    const auto few = index_of(40), many = index_of(3 * index::block_size);
    WorkerPool pool(1, 8);
    const auto outcome_of = [&](const Kind& kind, const index::Index& index, std::size_t limit) {
        MemoryBudget budget(limit);
        const MemoryScope scope(&budget);
        index::Execution how;
        how.pool = &pool;
        how.threads = 2;
        const auto done = kind.ask({index.snapshot(), how});
        return done ? std::string("fine") : done.error().reason;
    };
    constexpr std::size_t little = 384 << 10, much = std::size_t{256} << 20;
    for (const auto& kind : kinds) {
        EXPECT_EQ(outcome_of(kind, *few, little), "fine") << kind.name;
        EXPECT_EQ(outcome_of(kind, *many, little), "index.too_large") << kind.name;
        EXPECT_EQ(outcome_of(kind, *many, much), "fine") << kind.name;
    }
}

}  // namespace
}  // namespace qiao::insight
