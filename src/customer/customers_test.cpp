#include "customer/customers.hpp"

#include <gtest/gtest.h>

#include "customer/simulated_shards.hpp"

namespace qiao::customer {

namespace {

Identity user(std::string id) { return {"user_id", std::move(id), {}}; }
Identity visitor(std::string id) { return {"anonymous_id", std::move(id), {}}; }
Identity phone(std::string hash) { return {"phone", std::move(hash), "ciphertext"}; }

class CustomersTest : public testing::Test {
protected:
    Customers customers;
    SimulatedShards shards{{&customers}};
    int messages = 0;

    Fact fact(FactKind kind, std::vector<Identity> identities, Properties properties = {}) {
        Fact made;
        made.kind = kind;
        made.identities = std::move(identities);
        made.properties = std::move(properties);
        made.source = "test";
        made.message_id = "m" + std::to_string(++messages);
        if (kind == FactKind::event)
            made.name = "tap";
        return made;
    }
    void send(Fact made) {
        shards.append(std::move(made));
        shards.settle();
    }
    void event(std::vector<Identity> identities) {
        send(fact(FactKind::event, std::move(identities)));
    }

    ProfileId lead(const Identity& identity) {
        auto profiles = customers.profiles_of(identity, shards.context(home_of(identity)));
        return profiles.empty() ? ProfileId::none : profiles.front();
    }
    const Customer& get(ProfileId profile) {
        return customers.at(profile, shards.context(shard_of(profile)));
    }
    const Customer& root(const Identity& identity) {
        const auto* customer = &get(lead(identity));
        while (customer->redirect != ProfileId::none)
            customer = &get(customer->redirect);
        return *customer;
    }
    std::uint64_t count_of(const Identity& identity) { return root(identity).event_count; }
};

TEST_F(CustomersTest, VisitorBecomesTheUserWithItsPastAndItsFuture) {
    event({visitor("a")});
    event({visitor("a")});
    EXPECT_EQ(count_of(visitor("a")), 2u);
    event({user("u"), visitor("a")});
    EXPECT_EQ(root(visitor("a")).id, root(user("u")).id);
    EXPECT_EQ(count_of(user("u")), 3u);
    event({visitor("a")});
    EXPECT_EQ(count_of(user("u")), 4u);
    const auto log = customers.merge_log(root(user("u")).id, shards.context(home_of(user("u"))));
    ASSERT_EQ(log.size(), 1u);
    EXPECT_EQ(log[0].from, profile_of_first(visitor("a")));
    EXPECT_EQ(log[0].reason, "login");
}

TEST_F(CustomersTest, UnseenVisitorBindsWithoutAMerge) {
    event({user("u"), visitor("a")});
    event({visitor("a")});
    EXPECT_EQ(count_of(user("u")), 2u);
    EXPECT_NE(root(user("u")).identity("anonymous_id", "a"), nullptr);
    for (const auto& fed : shards.fed)
        EXPECT_NE(fed.item.kind, shard::FeedItem::Kind::merge);
}

TEST_F(CustomersTest, SharedDeviceStaysWithItsFirstUser) {
    event({user("u"), visitor("a")});
    event({user("w"), visitor("a")});
    event({visitor("a")});
    EXPECT_EQ(count_of(user("u")), 2u);
    EXPECT_EQ(count_of(user("w")), 1u);
    EXPECT_EQ(root(user("w")).identity("anonymous_id", "a"), nullptr);
}

TEST_F(CustomersTest, SharedPhoneIsFoundUnderBothAndMergesNothing) {
    event({user("u"), phone("13")});
    event({user("w"), phone("13")});
    EXPECT_NE(root(user("u")).id, root(user("w")).id);
    EXPECT_EQ(customers.profiles_of(phone("13"), shards.context(home_of(phone("13")))).size(), 2u);
    event({phone("13")});
    EXPECT_EQ(count_of(user("u")), 1u);
    EXPECT_EQ(get(profile_of_first(phone("13"))).event_count, 1u);
}

TEST_F(CustomersTest, VerifiedPhoneMergesThePersonKnownByIt) {
    event({phone("13")});
    send(fact(FactKind::bind, {user("u"), phone("13")}, {{"verified", true}}));
    EXPECT_EQ(root(phone("13")).id, root(user("u")).id);
    EXPECT_EQ(count_of(user("u")), 1u);
}

TEST_F(CustomersTest, UnverifiedBindOfAPhoneMergesNothing) {
    event({phone("13")});
    send(fact(FactKind::bind, {user("u"), phone("13")}));
    EXPECT_NE(get(profile_of_first(phone("13"))).id, root(user("u")).id);
}

TEST_F(CustomersTest, AliasMergesTwoUsersWhicheverRanksAbove) {
    for (int pair = 0; pair < 8; ++pair) {
        const auto now = user("now" + std::to_string(pair)),
                   former = user("old" + std::to_string(pair));
        event({now});
        event({former});
        event({former});
        send(fact(FactKind::alias, {now, former}));
        EXPECT_EQ(root(now).id, root(former).id);
        EXPECT_EQ(count_of(now), 3u);
        event({former});
        event({now});
        EXPECT_EQ(count_of(former), 5u);
    }
}

TEST_F(CustomersTest, AliasBothWaysMakesNoCircle) {
    event({user("u")});
    event({user("w")});
    shards.append(fact(FactKind::alias, {user("u"), user("w")}));
    shards.append(fact(FactKind::alias, {user("w"), user("u")}));
    shards.settle();
    EXPECT_EQ(root(user("u")).id, root(user("w")).id);
    EXPECT_EQ(count_of(user("u")), 2u);
}

TEST_F(CustomersTest, OneEventWithTwoUserIdsMergesNothing) {
    event({user("u"), user("w")});
    event({user("w")});
    EXPECT_NE(root(user("u")).id, root(user("w")).id);
}

TEST_F(CustomersTest, UnbindGivesTheVisitorItsRowsBack) {
    event({visitor("a")});
    event({user("u"), visitor("a")});
    send(fact(FactKind::unbind, {user("u"), visitor("a")}));
    EXPECT_EQ(count_of(user("u")), 1u);
    EXPECT_EQ(count_of(visitor("a")), 1u);
    EXPECT_EQ(root(user("u")).identity("anonymous_id", "a"), nullptr);
    event({user("w"), visitor("a")});
    EXPECT_EQ(root(visitor("a")).id, root(user("w")).id);
}

TEST_F(CustomersTest, UnbindFreesADeviceForTheUserWhoAskedBefore) {
    event({user("u"), visitor("a")});
    event({user("w"), visitor("a")});
    send(fact(FactKind::unbind, {user("u"), visitor("a")}));
    event({user("w"), visitor("a")});
    EXPECT_EQ(root(visitor("a")).id, root(user("w")).id);
}

TEST_F(CustomersTest, UnbindUndoesAnAliasWithAllThatCameAlong) {
    for (int pair = 0; pair < 8; ++pair) {
        const auto n = std::to_string(pair);
        const auto u = user("u" + n), w = user("w" + n), a = visitor("a" + n), b = visitor("b" + n);
        event({a});
        event({u, a});
        event({b});
        event({w, b});
        send(fact(FactKind::alias, {u, w}));
        EXPECT_EQ(count_of(u), 4u);
        send(fact(FactKind::unbind, {u, w}));
        EXPECT_EQ(count_of(u), 2u);
        EXPECT_EQ(count_of(w), 2u);
        EXPECT_EQ(root(a).id, root(u).id);
        EXPECT_EQ(root(b).id, root(w).id);
        EXPECT_EQ(root(u).identity("user_id", w.value), nullptr);
        EXPECT_EQ(root(w).identity("user_id", u.value), nullptr);
        EXPECT_EQ(root(u).identities.size(), 2u);
        EXPECT_EQ(root(w).identities.size(), 2u);
    }
}

TEST_F(CustomersTest, StaffMergeNamesTheOtherCustomer) {
    event({user("u")});
    event({user("w")});
    auto merge = fact(FactKind::alias, {}, {{"other", format_profile(root(user("w")).id)}});
    merge.profile = root(user("u")).id;
    merge.name = "staff:usr_1";
    merge.payload = "same person";
    send(merge);
    EXPECT_EQ(root(user("u")).id, root(user("w")).id);
    const auto id = root(user("u")).id;
    const auto log = customers.merge_log(id, shards.context(shard_of(id)));
    ASSERT_EQ(log.size(), 1u);
    EXPECT_EQ(log[0].reason, "staff:usr_1: same person");
}

TEST_F(CustomersTest, MergeTakesTheNewestTagAndTheNewestConsent) {
    auto set = [&](Identity who, int minute, const char* level, bool granted) {
        auto tags = fact(FactKind::profile_set, {who}, {{"level", std::string(level)}});
        auto consent = fact(FactKind::consent, {who},
                            {{"purpose", std::string("marketing")},
                             {"channel", std::string("sms")},
                             {"granted", granted}});
        tags.time = consent.time = shards.now - std::chrono::minutes(minute);
        send(tags);
        send(consent);
    };
    set(visitor("a"), 5, "gold", false);
    set(user("u"), 9, "plain", true);
    event({user("u"), visitor("a")});
    EXPECT_EQ(*root(user("u")).value_of("level"), Value{std::string("gold")});
    EXPECT_FALSE(root(user("u")).allows("marketing", "sms"));
}

TEST_F(CustomersTest, CountedTagsAddUpAtAMerge) {
    send(fact(FactKind::profile_increment, {visitor("a")},
              {{"visits", Decimal::from_scaled(20'000)}}));
    send(
        fact(FactKind::profile_increment, {user("u")}, {{"visits", Decimal::from_scaled(30'000)}}));
    event({user("u"), visitor("a")});
    EXPECT_EQ(*root(user("u")).value_of("visits"), Value{Decimal::from_scaled(50'000)});
}

TEST_F(CustomersTest, ErasedPersonBeginsAnewUnderAnotherId) {
    event({visitor("a")});
    event({user("u"), visitor("a"), phone("13")});
    const auto before = root(user("u")).id;
    send(fact(FactKind::erase, {user("u")}));
    EXPECT_TRUE(get(before).is_erased);
    EXPECT_TRUE(get(profile_of_first(visitor("a"))).is_erased);
    EXPECT_EQ(lead(user("u")), ProfileId::none);
    EXPECT_TRUE(customers.profiles_of(phone("13"), shards.context(home_of(phone("13")))).empty());
    // The keys of u and a: the phone led to nobody.
    ASSERT_EQ(shards.handed_out.size(), 2u);
    event({user("u")});
    EXPECT_NE(root(user("u")).id, before);
    EXPECT_EQ(count_of(user("u")), 1u);
    event({visitor("a")});
    EXPECT_NE(root(visitor("a")).id, root(user("u")).id);
}

TEST_F(CustomersTest, ForwardedFactKeepsItsMessageIdAndTime) {
    event({user("u"), visitor("a")});
    auto late = fact(FactKind::event, {visitor("a")});
    late.time = shards.now - std::chrono::hours(5);
    late.message_id = "late";
    send(late);
    const auto& last = shards.fed.back();
    EXPECT_EQ(last.item.kind, shard::FeedItem::Kind::row);
    EXPECT_EQ(last.item.profile, root(user("u")).id);
    EXPECT_EQ(last.fact.message_id, "late");
    EXPECT_EQ(last.fact.time, late.time);
}

TEST_F(CustomersTest, HandSetTagKeepsWhoWhyAndItsPast) {
    auto set = fact(FactKind::profile_set, {user("u")}, {{"level", std::string("gold")}});
    set.name = "staff:usr_7";
    set.payload = "asked at the counter";
    set.source = "staff";
    send(set);
    send(fact(FactKind::profile_set, {user("u")}, {{"level", std::string("plain")}}));
    send(fact(FactKind::profile_unset, {user("u")}, {{"level", Value{}}}));
    const auto history =
        customers.tag_history(root(user("u")).id, "level", shards.context(home_of(user("u"))));
    ASSERT_EQ(history.size(), 3u);
    EXPECT_EQ(history[0].value, Value{});
    EXPECT_EQ(history[2].by, "usr_7");
    EXPECT_EQ(history[2].why, "asked at the counter");
}

TEST_F(CustomersTest, HistoryOfATagIsBounded) {
    for (int i = 0; i < 230; ++i)
        send(fact(FactKind::profile_set, {user("u")}, {{"n", Decimal::from_scaled(i)}}));
    const auto history =
        customers.tag_history(root(user("u")).id, "n", shards.context(home_of(user("u"))));
    EXPECT_EQ(history.size(), 50u);
    EXPECT_EQ(history[0].value, Value{Decimal::from_scaled(229)});
    int kept = 0;
    shards.context(home_of(user("u"))).scan("ct", [&](auto, auto) { return ++kept, true; });
    EXPECT_LE(kept, 100);
}

TEST_F(CustomersTest, NewPhoneTakesThePlaceOfTheOld) {
    send(fact(FactKind::profile_set, {user("u")}, {{"phone", Sealed{"old", "c1"}}}));
    send(fact(FactKind::profile_set, {user("u")}, {{"phone", Sealed{"new", "c2"}}}));
    EXPECT_EQ(root(user("u")).newest_identity("phone")->identity.value, "new");
    EXPECT_EQ(root(user("u")).identity("phone", "old"), nullptr);
    EXPECT_TRUE(customers.profiles_of(phone("old"), shards.context(home_of(phone("old")))).empty());
    EXPECT_EQ(root(user("u")).value_of("phone"), nullptr);
}

TEST_F(CustomersTest, DeviceClockAheadDoesNotHoldATagForEver) {
    auto ahead = fact(FactKind::profile_set, {user("u")}, {{"level", std::string("gold")}});
    ahead.time = shards.now + std::chrono::hours(24 * 300);
    ahead.received_at = shards.now;
    send(ahead);
    shards.now += std::chrono::minutes(1);
    send(fact(FactKind::profile_set, {user("u")}, {{"level", std::string("plain")}}));
    EXPECT_EQ(*root(user("u")).value_of("level"), Value{std::string("plain")});
}

TEST_F(CustomersTest, UndoneBatchLeavesNothingInTheCache) {
    event({user("u")});
    auto& context = shards.context(home_of(user("u")));
    customers.flush(context);
    const auto second = fact(FactKind::event, {user("u")});
    shard::Applied applied{second, {home_of(user("u")), 99, 0}};
    customers.apply(applied, context);
    EXPECT_EQ(count_of(user("u")), 2u);
    customers.discard(home_of(user("u")));
    EXPECT_EQ(count_of(user("u")), 1u);
}

}  // namespace

}  // namespace qiao::customer
