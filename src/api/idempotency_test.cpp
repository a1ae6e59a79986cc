#include "api/idempotency.hpp"

#include "api/sealed_answer.hpp"
#include "sql/testing/both_engines.hpp"

namespace qiao::api {
namespace {

class IdempotencyTest : public sql::testing::BothEngines {
protected:
    void SetUp() override {
        BothEngines::SetUp();
        if (IsSkipped() || HasFatalFailure())
            return;
        database().execute("CREATE TABLE effect (id TEXT PRIMARY KEY)");
        idempotency = std::make_unique<Idempotency>(database(), clock);
    }
    void take_effect(const std::string& id) {
        database().execute("INSERT INTO effect (id) VALUES ($1)", {id});
    }
    std::int64_t effects() {
        return database().query_one("SELECT count(*) FROM effect")->integer(0);
    }

    TestClock clock{time_from_ms(1'790'000'000'000)};
    const IdempotencyKey key{"usr_1", "POST /things", "k1"};
    std::unique_ptr<Idempotency> idempotency;
};
QIAO_ON_BOTH_ENGINES(IdempotencyTest);

TEST_P(IdempotencyTest, ARepeatGetsTheSameAnswer) {
    ASSERT_FALSE(idempotency->begin(key, "{}").value());
    take_effect("a");
    idempotency->finish(key,
                        {201, {{"ETag", "\"1\""}, {"Set-Cookie", "secret"}}, "{\"id\":\"a\"}"});

    const auto again = idempotency->begin(key, "{}").value();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->status, 201);
    EXPECT_EQ(again->body, "{\"id\":\"a\"}");
    EXPECT_EQ(again->headers, (http::Headers{{"ETag", "\"1\""}}));
    EXPECT_TRUE(Idempotency(database(), clock).begin(key, "{}").value());
}

TEST_P(IdempotencyTest, AnotherBodyIsRefusedAndAnotherCallerIsNot) {
    ASSERT_TRUE(idempotency->begin(key, "{}"));
    EXPECT_EQ(idempotency->begin(key, "{1}").error().reason, "api.idempotency_reused");
    idempotency->finish(key, {201, {}, "x"});
    EXPECT_EQ(idempotency->begin(key, "{1}").error().code, ErrorCode::unprocessable);
    const IdempotencyKey others{"usr_2", key.path, key.key};
    EXPECT_FALSE(idempotency->begin(others, "{1}").value());
    idempotency->abandon(others);
}

TEST_P(IdempotencyTest, ATwinWaitsWhileTheFirstRuns) {
    ASSERT_TRUE(idempotency->begin(key, "{}"));
    const auto twin = idempotency->begin(key, "{}").error();
    EXPECT_EQ(twin.reason, "api.idempotency_running");
    EXPECT_GT(twin.retry_after_s, 0);
    idempotency->abandon(key);
    EXPECT_FALSE(idempotency->begin(key, "{}").value());
    idempotency->abandon(key);
}

TEST_P(IdempotencyTest, ACrashAfterTheEffectNeverRepeatsIt) {
    ASSERT_TRUE(idempotency->begin(key, "{}"));
    take_effect("a");
    idempotency->abandon(key);  // what is left in SQL is what a crash leaves
    EXPECT_EQ(Idempotency(database(), clock).begin(key, "{}").error().reason,
              "api.idempotency_answer_lost");
    EXPECT_EQ(effects(), 1);
}

TEST_P(IdempotencyTest, AnEffectThatFailedLeavesNoClaim) {
    take_effect("a");
    ASSERT_TRUE(idempotency->begin(key, "{}"));
    EXPECT_THROW(take_effect("a"), sql::Constraint);
    idempotency->abandon(key);
    ASSERT_FALSE(idempotency->begin(key, "{}").value());
    take_effect("b");
    idempotency->finish(key, {200, {}, "x"});
    EXPECT_TRUE(idempotency->begin(key, "{}").value());
}

TEST_P(IdempotencyTest, WhatChangedNothingIsNotKept) {
    ASSERT_TRUE(idempotency->begin(key, "{}"));
    idempotency->finish(key, {200, {}, "a preview"});
    EXPECT_FALSE(idempotency->begin(key, "{}").value());
    idempotency->abandon(key);
    EXPECT_EQ(database().query_one("SELECT count(*) FROM api_idempotency")->integer(0), 0);
}

TEST_P(IdempotencyTest, AnswersLiveSevenDays) {
    ASSERT_TRUE(idempotency->begin(key, "{}"));
    idempotency->finish(key, {202, {}, "x"});
    clock.set(clock.now() + std::chrono::hours(24 * 7) - Duration(1));
    EXPECT_TRUE(idempotency->begin(key, "{}").value());
    clock.set(clock.now() + Duration(1));
    ASSERT_FALSE(idempotency->begin(key, "{other}").value());
    take_effect("a");
    idempotency->finish(key, {201, {}, "y"});
    EXPECT_EQ(idempotency->begin(key, "{other}").value()->body, "y");
    idempotency->purge();
    EXPECT_TRUE(idempotency->begin(key, "{other}").value());
    clock.set(clock.now() + std::chrono::hours(24 * 7));
    idempotency->purge();
    EXPECT_EQ(database().query_one("SELECT count(*) FROM api_idempotency")->integer(0), 0);
}

TEST_P(IdempotencyTest, KeysHaveALimit) {
    const auto begin = [&](std::size_t size) {
        const IdempotencyKey long_key{"usr_1", "POST /things", std::string(size, 'k')};
        auto begun = idempotency->begin(long_key, "");
        if (begun)
            idempotency->abandon(long_key);
        return begun.has_value();
    };
    EXPECT_TRUE(begin(255));
    EXPECT_FALSE(begin(256));
    EXPECT_FALSE(begin(0));
}

TEST_P(IdempotencyTest, AnswersAreSealed) {
    ASSERT_TRUE(idempotency->begin(key, "{}"));
    idempotency->finish(key, {201, {}, "13800138000"});
    const auto kept = database().query_one("SELECT id, answer FROM api_idempotency");
    EXPECT_EQ((kept->text(0) + kept->text(1)).find("13800138000"), std::string::npos);
    EXPECT_EQ(kept->text(0).find("k1"), std::string::npos);
}

TEST(SealedAnswer, OpensWithItsSecretAlone) {
    for (const auto& plain : {std::string(), std::string("x"), std::string(5000, '\0')}) {
        auto sealed = seal(plain, "secret");
        EXPECT_EQ(unseal(sealed, "secret"), plain);
        EXPECT_FALSE(unseal(sealed, "Secret"));
        sealed[0] = sealed[0] == '0' ? '1' : '0';
        EXPECT_FALSE(unseal(sealed, "secret"));
    }
    EXPECT_FALSE(unseal("", "secret"));
    EXPECT_FALSE(unseal("zz", "secret"));
}

}  // namespace
}  // namespace qiao::api
