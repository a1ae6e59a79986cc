// Random rules over random facts, against the oracle. A failure is shrunk to few changes and a
// small rule. QIAO_SEED and QIAO_WORLDS repeat or lengthen a run.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <iostream>
#include <random>

#include "index/plan.hpp"
#include "index/random_facts.hpp"

namespace qiao::index::property {
namespace {

std::vector<ProfileId> by_oracle(const rule::Node& rule, const oracle::World& world) {
    std::vector<ProfileId> made;
    for (const auto& one : world.people)
        if (oracle::holds(rule, one, world))
            made.push_back(one.id);
    return made;
}

// Empty where index and oracle agree on the rule, in every way of asking.
std::string difference(const rule::Node& rule, Subject& subject, const oracle::World& world) {
    const Plan plan(rule, subject.index->snapshot(), world.as_of, *world.calendar);
    const auto wanted = by_oracle(rule, world);
    const auto found = plan.evaluate({});
    if (!found)
        return found.error().detail;
    if (members(plan.state(), *found) != wanted)
        return "members: index " + std::to_string(found->count()) + ", oracle " +
               std::to_string(wanted.size());
    if (const auto count = plan.count({}); !count || *count != wanted.size())
        return "count differs";
    const auto parts = plan.evaluate_parts({});
    if (!parts || members(plan.state(), parts->members) != wanted)
        return "evaluate_parts differs";
    for (const auto& one : world.people) {
        const auto dense = subject.index->find(plan.state(), one.id);
        if (!dense)
            return "a person is unknown to the index";
        if (plan.explain(*dense).holds != oracle::holds(rule, one, world))
            return "explain differs";
    }
    const auto* all = std::get_if<rule::All>(&rule.what);
    for (std::size_t i = 0; all && i < all->nodes.size(); ++i) {
        std::uint64_t own = 0, without = 0;
        for (const auto& one : world.people) {
            bool others = true;
            for (std::size_t j = 0; j < all->nodes.size(); ++j)
                others = others && (i == j || oracle::holds(all->nodes[j], one, world));
            const bool mine = oracle::holds(all->nodes[i], one, world);
            own += mine;
            without += others && !mine;
        }
        if (parts->parts[i].count != own || parts->parts[i].removes != without)
            return "a part differs";
    }
    return {};
}

std::string history_difference(Subject& subject, const oracle::World& world) {
    const auto state = subject.index->snapshot();
    if (state->alive->count() != world.people.size())
        return "the universe differs";
    for (const auto& one : world.people) {
        const auto dense = subject.index->find(*state, one.id);
        if (!dense)
            return "a person is unknown to the index";
        std::multiset<std::pair<std::int64_t, std::string>> wanted, found;
        for (const auto& event : one.events)
            wanted.emplace(event.time_ms, event.name);
        for (const auto& event : history_of(*state, *dense, 1000))
            found.emplace(to_ms(event.time), event.event);
        if (wanted != found)
            return "the history of a person differs";
        if (tags_of(*state, *dense).size() != one.tags.size())
            return "the tags of a person differ";
    }
    return {};
}

class RuleProperty : public ::testing::Test {
protected:
    RuleProperty() : calendar_(*Calendar::of_zone("Asia/Shanghai")) {
        subject_.directory =
            std::filesystem::temp_directory_path() / ("qiao-index-" + std::to_string(::getpid()));
    }
    ~RuleProperty() override {
        subject_.index.reset();  // its thread behind removes files, too
        std::filesystem::remove_all(subject_.directory);
    }

    rule::Node resolved(const std::string& text) {
        auto parsed = rule::parse(boost::json::parse(text));
        EXPECT_TRUE(parsed) << text << parsed.error().detail << parsed.error().pointer;
        auto made = rule::resolve(*parsed, names_);
        EXPECT_TRUE(made) << text << made.error().detail << made.error().pointer;
        return std::move(*made);
    }
    std::string check_world(const World& world, const std::string& text) {
        const Model model = build(world, subject_);
        return difference(resolved(text), subject_, model.world(calendar_));
    }
    // Replaces the rule by a part of it while the failure stays.
    std::string shrink_rule(const World& world, std::string text) {
        for (bool again = true; again;) {
            again = false;
            const auto json = boost::json::parse(text);
            std::vector<boost::json::value> parts;
            for (const char* group : {"all", "any"})
                if (const auto* list = json.as_object().if_contains(group))
                    for (const auto& part : list->as_array())
                        parts.push_back(part);
            if (const auto* inner = json.as_object().if_contains("not"))
                parts.push_back(*inner);
            for (const auto& part : parts) {
                const auto smaller = boost::json::serialize(part);
                if (check_world(world, smaller).empty())
                    continue;
                text = smaller;
                again = true;
                break;
            }
        }
        return text;
    }
    Names names_;
    Calendar calendar_;
    Subject subject_;
};

TEST_F(RuleProperty, IndexAndOracleAgree) {
    const std::uint64_t seed = setting("QIAO_SEED", std::random_device{}());
    const std::uint64_t worlds = setting("QIAO_WORLDS", 300);
    std::uint64_t cases = 0, chosen = 0;
    for (std::uint64_t i = 0; i < worlds; ++i) {
        Random random(seed + i);
        const World world = random_world(random);
        const Model model = build(world, subject_);
        const auto people = model.world(calendar_);
        ASSERT_EQ(history_difference(subject_, people), "")
            << "QIAO_SEED=" << seed + i << " QIAO_WORLDS=1\n"
            << describe(world);
        for (int r = 0; r < 25; ++r) {
            const std::string text = rule_text(random, 3);
            const auto rule = resolved(text);
            const std::string found = difference(rule, subject_, people);
            ++cases;
            chosen += by_oracle(rule, people).size();
            if (found.empty())
                continue;
            std::string smaller = shrink_rule(world, text);
            const World least = shrink(world, [&](const World& some) {
                return !check_world(some, smaller).empty();
            });
            FAIL() << found << "\nQIAO_SEED=" << seed + i << " QIAO_WORLDS=1\nrule " << smaller
                   << "\n"
                   << describe(least);
        }
    }
    EXPECT_GT(chosen, cases / 4);  // the rules choose somebody often enough to mean something
    std::cout << cases << " rules agreed, seed " << seed << '\n';
}

}  // namespace
}  // namespace qiao::index::property
