// Random rules over random facts: ClickHouse's engine, asked by the SQL that the twin writes,
// against the oracle.
#include <iostream>

#include "twin/rule_sql.hpp"
#include "twin/twin_world.hpp"

namespace qiao::twin::property {
namespace {

using index::property::Random;

class RuleTwin : public ::testing::Test {
protected:
    void SetUp() override {
        std::string why;
        connection_ = open_engine(why);
        if (!connection_)
            GTEST_SKIP() << why;
        subject_.directory =
            std::filesystem::temp_directory_path() / ("qiao-twin-" + std::to_string(::getpid()));
    }
    void TearDown() override { std::filesystem::remove_all(subject_.directory); }

    // Empty where both agree.
    std::string difference(const std::string& text, const oracle::World& world) {
        const auto rule = *rule::resolve(*rule::parse(json::parse(text)), names_);
        const auto sql = people_of(rule, {world.as_of, &calendar_}).text();
        const auto rows = connection_->ask(sql);
        if (!rows)
            return rows.error().detail + "\n" + sql;
        std::vector<ProfileId> found, wanted;
        for (const auto& row : *rows)
            found.push_back(ProfileId{row[0].to_number<std::uint64_t>()});
        for (const auto& one : world.people)
            if (oracle::holds(rule, one, world))
                wanted.push_back(one.id);
        chosen_ += wanted.size();
        if (found == wanted)
            return {};
        return "ClickHouse " + std::to_string(found.size()) + ", oracle " +
               std::to_string(wanted.size()) + "\n" + sql;
    }
    std::string check_world(const index::property::World& world, const std::string& text) {
        const auto model = index::property::build(world, subject_);
        const auto people = model.world(calendar_);
        Loader(*connection_).load(model, people);
        return difference(text, people);
    }

    Connection* connection_ = nullptr;
    index::property::Names names_;
    Calendar calendar_ = *Calendar::of_zone("Asia/Shanghai");
    index::property::Subject subject_;
    std::uint64_t chosen_ = 0;
};

TEST_F(RuleTwin, ClickHouseAndOracleAgree) {
    const std::uint64_t seed = index::property::setting("QIAO_SEED", std::random_device{}());
    const std::uint64_t worlds = index::property::setting("QIAO_WORLDS", 15);
    std::uint64_t cases = 0;
    for (std::uint64_t i = 0; i < worlds; ++i) {
        Random random(seed + i);
        const auto world = index::property::random_world(random);
        const auto model = index::property::build(world, subject_);
        const auto people = model.world(calendar_);
        Loader(*connection_).load(model, people);
        for (int r = 0; r < 25; ++r, ++cases) {
            const auto text = index::property::rule_text(random, 3);
            const auto found = difference(text, people);
            if (found.empty())
                continue;
            const auto least = index::property::shrink(
                world, [&](const auto& some) { return !check_world(some, text).empty(); });
            FAIL() << found << "\nQIAO_SEED=" << seed + i << " QIAO_WORLDS=1\nrule " << text << "\n"
                   << index::property::describe(least);
        }
    }
    EXPECT_GT(chosen_, cases / 4);
    std::cout << cases << " rules agreed, seed " << seed << '\n';
}

}  // namespace
}  // namespace qiao::twin::property
