#include "journal/fact.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace qiao {

namespace {

rc::Gen<Value> any_value() {
    using rc::gen::arbitrary;
    return rc::gen::oneOf(
        rc::gen::just(Value{}), rc::gen::map(arbitrary<bool>(), [](bool b) { return Value{b}; }),
        rc::gen::map(arbitrary<std::int64_t>(),
                     [](std::int64_t n) { return Value{Decimal::from_scaled(n)}; }),
        rc::gen::map(arbitrary<std::string>(), [](std::string s) { return Value{std::move(s)}; }),
        rc::gen::map(arbitrary<std::int64_t>(),
                     [](std::int64_t n) { return Value{time_from_ms(n)}; }),
        rc::gen::map(arbitrary<StringSet>(), [](StringSet s) { return Value{std::move(s)}; }),
        rc::gen::map(arbitrary<std::pair<std::string, std::string>>(), [](auto pair) {
            return Value{Sealed{std::move(pair.first), std::move(pair.second)}};
        }));
}

Fact any_fact() {
    Fact fact;
    fact.kind =
        static_cast<FactKind>(*rc::gen::inRange(0, static_cast<int>(FactKind::control) + 1));
    fact.time = time_from_ms(*rc::gen::arbitrary<std::int64_t>());
    fact.received_at = time_from_ms(*rc::gen::arbitrary<std::int64_t>());
    fact.source = *rc::gen::arbitrary<std::string>();
    fact.message_id = *rc::gen::arbitrary<std::string>();
    fact.name = *rc::gen::arbitrary<std::string>();
    const auto identities = *rc::gen::inRange(0, 4);
    for (int i = 0; i < identities; ++i)
        fact.identities.push_back({*rc::gen::arbitrary<std::string>(),
                                   *rc::gen::arbitrary<std::string>(),
                                   *rc::gen::arbitrary<std::string>()});
    const auto properties = *rc::gen::inRange(0, 6);
    for (int i = 0; i < properties; ++i)
        fact.properties.emplace_back(*rc::gen::arbitrary<std::string>(), *any_value());
    fact.profile = ProfileId{*rc::gen::arbitrary<std::uint64_t>()};
    fact.payload = *rc::gen::arbitrary<std::string>();
    return fact;
}

RC_GTEST_PROP(FactForm, ReadsBackWhatItWrote, ()) {
    const auto fact = any_fact();
    std::string bytes;
    encode(fact, bytes);
    std::string_view in = bytes;
    const auto read = decode_fact(in);
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == fact);
    RC_ASSERT(in.empty());
}

RC_GTEST_PROP(FactForm, RefusesEveryShorterText, ()) {
    std::string bytes;
    encode(any_fact(), bytes);
    std::string_view cut(bytes.data(), *rc::gen::inRange<std::size_t>(0, bytes.size()));
    RC_ASSERT(!decode_fact(cut).has_value());
}

TEST(Routing, FollowsTheProfileBeforeTheIdentity) {
    Fact fact;
    fact.message_id = "m";
    fact.identities = {{"user_id", "ana", ""}};
    EXPECT_EQ(route(fact), shard_of(profile_of_first(fact.identities.front())));
    fact.profile = ProfileId{shard_count * 5 + 17};
    EXPECT_EQ(route(fact), 17);
}

TEST(Routing, KeepsTheShardInEveryGeneration) {
    const Identity identity{"user_id", "ana", ""};
    const auto first = profile_of_first(identity);
    for (std::uint32_t generation = 1; generation < 50; ++generation) {
        EXPECT_EQ(shard_of(profile_of_first(identity, generation)), shard_of(first));
        EXPECT_NE(profile_of_first(identity, generation), first);
    }
}

}  // namespace

}  // namespace qiao
