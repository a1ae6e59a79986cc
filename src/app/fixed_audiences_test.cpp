// Fixed audiences on a whole server: their limit, and what a restart makes of half-written ones.
#include "audience/fixed_audiences.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "access/roles.hpp"
#include "app/server.hpp"
#include "dictionary/reserved_tag.hpp"

namespace qiao::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr int customers = 2'500;

class FixedAudiencesTest : public testing::Test {
protected:
    FixedAudiencesTest()
        : directory_(fs::temp_directory_path() / ("qiao-fixed-" + random_token(6))) {
        fs::create_directories(directory_);
        open();
        std::vector<Fact> facts;
        for (int i = 0; i < customers; ++i) {
            Fact fact;
            fact.time = fact.received_at = server_->clock.now();
            fact.source = "test";
            fact.message_id = "m" + std::to_string(i);
            fact.name = "login";
            fact.identities = {{"user_id", "u" + std::to_string(i), {}}};
            facts.push_back(std::move(fact));
        }
        EXPECT_TRUE(server_->journal.append_and_wait(std::move(facts)));
        EXPECT_TRUE(server_->wait_fresh(60s));
    }
    ~FixedAudiencesTest() override {
        server_.reset();
        fs::remove_all(directory_);
    }

    void open() {
        ServeOptions options;
        options.data_dir = directory_ / "data";
        options.port = 0;
        options.is_port_given = true;
        options.has_demo = false;
        auto stores = Stores::open(options);
        ASSERT_TRUE(stores);
        server_ = std::make_unique<Server>(options, std::move(*stores));
        ASSERT_TRUE(server_->start());
    }
    void restart() {
        server_.reset();
        open();
    }

    audience::Evaluated everyone() {
        return server_->evaluation
            .evaluate(R"({"identity":"user_id"})", "", server_->clock.now(), who_)
            .value();
    }
    std::int64_t count(const std::string& audience) {
        EXPECT_TRUE(server_->evaluation.wait_fresh());
        const auto found = server_->evaluation.evaluate(R"({"audience":")" + audience + "\"}", "",
                                                        server_->clock.now(), who_);
        return found ? static_cast<std::int64_t>(found->members.count()) : -1;
    }
    audience::FixedAudience settled(const std::string& audience) {
        for (int i = 0; i < 600; ++i) {
            const auto fixed = server_->fixed_audiences.find(audience).value();
            if (fixed.status != audience::FixedStatus::filling)
                return fixed;
            std::this_thread::sleep_for(50ms);
        }
        return server_->fixed_audiences.find(audience).value();
    }
    // As a server leaves it that ended after `done` of the people.
    std::string half_written(std::size_t done, bool has_people) {
        const auto found = everyone();
        audience::MemberSet people{1, 1, server_->clock.now(), {}};
        found.members.each([&](index::Dense customer) {
            people.members.push_back(found.snapshot->profile(customer));
            return true;
        });
        std::sort(people.members.begin(), people.members.end());
        const auto id = new_id("aud", server_->clock.now());
        const audience::FixedAudience fixed{id,
                                            server_->clock.now(),
                                            "{}",
                                            customers,
                                            static_cast<std::int64_t>(done),
                                            people.members[done - 1],
                                            audience::FixedStatus::filling,
                                            ""};
        if (has_people)
            server_->member_sets.stage(id + ".fixed", people);
        const auto made = server_->audiences.create(
            {"half", "", R"({"tag":"$fixed_audiences","op":"contains","value":")" + id + "\"}",
             audience::Refresh::manual, id},
            who_,
            [&](sql::Transaction& transaction) { audience::queries::insert(transaction, fixed); });
        EXPECT_TRUE(made) << made.error().detail;
        return id;
    }

    fs::path directory_;
    std::unique_ptr<Server> server_;
    const access::Principal who_ = access::system_principal();
};

TEST_F(FixedAudiencesTest, KeepsEverybodyAndTellsWhatItWasMadeFrom) {
    const auto made =
        server_->fixed_audiences.keep({"All", "", R"({"metric":1})"}, everyone(), who_);
    ASSERT_TRUE(made) << made.error().detail;
    const auto fixed = settled(made->id);
    EXPECT_EQ(fixed.status, audience::FixedStatus::done) << fixed.message;
    EXPECT_EQ(fixed.done, customers);
    EXPECT_EQ(count(made->id), customers);
    EXPECT_EQ(server_->audiences.get(made->id)->latest->count, customers);
    EXPECT_NE(made->description.find(R"({"metric":1})"), std::string::npos);
    EXPECT_FALSE(server_->member_sets.staged(made->id + ".fixed"));
    // Whoever comes later is not in it.
    Fact later;
    later.time = later.received_at = server_->clock.now();
    later.source = "test";
    later.message_id = "later";
    later.name = "login";
    later.identities = {{"user_id", "late", {}}};
    ASSERT_TRUE(server_->journal.append_and_wait({later}));
    EXPECT_EQ(count(made->id), customers);
}

TEST_F(FixedAudiencesTest, RefusesMoreThanTheLimitAndNobody) {
    audience::FixedAudiences narrow({*server_->stores.database, server_->audiences,
                                     server_->refresher, server_->member_sets, server_->journal,
                                     server_->jobs, server_->audit, server_->clock, customers - 1});
    const auto refused = narrow.keep({"All", "", "{}"}, everyone(), who_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, "audience.too_many_people");
    EXPECT_NE(refused.error().detail.find(std::to_string(customers - 1)), std::string::npos);
    auto nobody = everyone();
    nobody.members -= everyone().members;
    EXPECT_EQ(narrow.keep({"None", "", "{}"}, nobody, who_).error().reason, "audience.no_people");
    EXPECT_TRUE(server_->audiences.list({}).empty());
}

TEST_F(FixedAudiencesTest, ARestartGoesOnWhereItWas) {
    const auto id = half_written(1'000, true);
    EXPECT_EQ(count(id), 0);
    restart();
    const auto fixed = settled(id);
    EXPECT_EQ(fixed.status, audience::FixedStatus::done) << fixed.message;
    EXPECT_EQ(fixed.done, customers);
    // The first thousand were said to be written already, and are not written again.
    EXPECT_EQ(count(id), customers - 1'000);
}

TEST_F(FixedAudiencesTest, SaysThatItFailedWhereThePeopleAreLost) {
    const auto id = half_written(1, false);
    server_->fixed_audiences.resume();
    const auto fixed = settled(id);
    EXPECT_EQ(fixed.status, audience::FixedStatus::failed);
    EXPECT_FALSE(fixed.message.empty());
}

TEST_F(FixedAudiencesTest, NobodyElseSetsTheTag) {
    {
        auto session = server_->dictionary.session();
        for (const auto kind :
             {FactKind::profile_set, FactKind::profile_append, FactKind::profile_unset}) {
            Fact fact;
            fact.kind = kind;
            fact.properties = {{std::string(dictionary::fixed_audiences_tag), StringSet{"aud_1"}}};
            const auto refusal = session.check(fact);
            ASSERT_TRUE(refusal);
            EXPECT_EQ(refusal->reason, "dictionary.reserved_tag");
            EXPECT_TRUE(session.judge(fact));
        }
    }
    auto definition = *server_->dictionary.snapshot()->tag(dictionary::fixed_audiences_tag);
    definition.status = dictionary::Status::blocked;
    EXPECT_EQ(server_->dictionary.put(definition, 0).error().reason, "dictionary.reserved_tag");
}

}  // namespace
}  // namespace qiao::app
