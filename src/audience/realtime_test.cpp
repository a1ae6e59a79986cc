// Real-time audiences over simulated shards with timers, against the oracle: who is in, which entry
// and exit facts were written, and the live count, after every fact and every step of the clock.
#include "audience/realtime.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <deque>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "audience/frozen.hpp"
#include "index/oracle.hpp"

namespace qiao::audience {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t customers_place = 0, realtime_place = 1;

class Bank {
public:
    Bank() { customers.coordinate({&customers, &realtime}); }

    Time now = parse_time("2026-10-01T00:00:00+08:00").value();
    Calendar calendar = Calendar::of_zone("Asia/Shanghai").value();
    customer::Customers customers;
    RealtimeAudiences realtime{customers, calendar, realtime_place};
    std::vector<Fact> emitted;
    // Where it says so, a batch is done, undone as a shard undoes it, and done again.
    std::function<bool()> is_undone_first = [] { return false; };

    class Context final : public shard::ShardContext {
    public:
        Context(Bank& bank, ShardId own) : bank_(bank), shard_(own) {}
        ShardId shard() const override { return shard_; }
        Time now() const override { return bank_.now; }
        std::optional<std::string> get(std::string_view key) override {
            const auto at = state.find(key);
            return at == state.end() ? std::nullopt : std::optional(at->second);
        }
        void put(std::string_view key, std::string_view value) override {
            state.insert_or_assign(std::string(key), std::string(value));
        }
        void erase(std::string_view key) override { state.erase(std::string(key)); }
        void scan(std::string_view prefix,
                  const std::function<bool(std::string_view, std::string_view)>& visit) override {
            for (auto at = state.lower_bound(prefix);
                 at != state.end() && at->first.starts_with(prefix); ++at)
                if (!visit(at->first, at->second))
                    return;
        }
        void set_timer(std::size_t projection, std::string_view key, Time due) override {
            timers[{projection, std::string(key)}] = due;
        }
        void cancel_timer(std::size_t projection, std::string_view key) override {
            timers.erase({projection, std::string(key)});
        }
        void emit(Fact fact) override {
            if (fact.message_id.empty())
                fact.message_id = "m" + std::to_string(bank_.emitted.size());
            bank_.emitted.push_back(fact);
            bank_.waiting_.push_back(std::move(fact));
        }
        void hand_out(std::string_view, std::string_view, std::string_view) override {}
        void feed(shard::FeedItem) override {}

        std::map<std::string, std::string, std::less<>> state;
        std::map<std::pair<std::size_t, std::string>, Time> timers;

    private:
        Bank& bank_;
        ShardId shard_;
    };

    Context& context(ShardId shard) {
        auto& place = contexts_[shard];
        if (!place)
            place = std::make_unique<Context>(*this, shard);
        return *place;
    }
    std::vector<shard::Projection*> projections() { return {&customers, &realtime}; }

    void append(Fact fact) {
        fact.received_at = now;
        order_identities(fact);
        waiting_.push_back(std::move(fact));
        settle();
    }
    void settle() {
        while (!waiting_.empty()) {
            auto fact = std::move(waiting_.front());
            waiting_.pop_front();
            if (fact.kind == FactKind::control)
                for (ShardId shard = 0; shard < shard_count; ++shard)
                    apply(shard, fact);
            else
                apply(route(fact), fact);
        }
    }
    // Moves the clock and fires what is due, the earliest first; each sees the clock at the end.
    void advance(Duration by) {
        now += by;
        for (;;) {
            Context* owner = nullptr;
            std::pair<std::size_t, std::string> key;
            Time due = now + 1ms;
            for (auto& [shard, place] : contexts_)
                for (const auto& [name, at] : place->timers)
                    if (at < due)
                        owner = place.get(), key = name, due = at;
            if (!owner)
                break;
            in_a_batch(*owner, [&] {
                owner->timers.erase(key);
                projections()[key.first]->on_timer(key.second, due, *owner);
            });
            settle();
        }
    }
    // A restart: nothing is left but the state.
    void flush() {
        for (auto& [shard, place] : contexts_)
            for (auto* projection : projections())
                projection->flush(*place);
    }

private:
    void apply(ShardId shard, const Fact& fact) {
        auto& own = context(shard);
        ++offset_;
        in_a_batch(own, [&] {
            shard::Applied applied{fact, {shard, offset_, 0}};
            for (auto* projection : projections())
                projection->apply(applied, own);
        });
    }
    void in_a_batch(Context& own, const std::function<void()>& work) {
        if (is_undone_first()) {
            const auto state = own.state;
            const auto timers = own.timers;
            const auto waiting = waiting_;
            const auto told = emitted.size();
            work();
            own.state = state;
            own.timers = timers;
            waiting_ = waiting;
            emitted.resize(told);
            for (auto* projection : projections())
                projection->discard(own.shard());
        }
        work();
        for (auto* projection : projections())
            projection->flush(own);
    }
    std::map<ShardId, std::unique_ptr<Context>> contexts_;
    std::deque<Fact> waiting_;
    journal::Offset offset_ = 0;
};

Fact did(const std::string& user, std::string event, Time time, Properties properties = {}) {
    static int number = 0;
    Fact fact;
    fact.time = time;
    fact.source = "test";
    fact.message_id = "t" + std::to_string(++number);
    fact.name = std::move(event);
    fact.identities = {{"user_id", user, ""}};
    fact.properties = std::move(properties);
    return fact;
}

Fact tagged(const std::string& user, std::string tag, Value value) {
    auto fact = did(user, "", time_from_ms(0));
    fact.kind = FactKind::profile_set;
    fact.properties = {{std::move(tag), std::move(value)}};
    return fact;
}

ProfileId profile_of(const std::string& user) {
    return profile_of_first(Identity{"user_id", user, ""});
}

// What freeze() would make for rules of these names.
std::string frozen_of(const std::string& rule) {
    return R"({"format":1,"rule":)" + rule +
           R"(,"names":{"tags":{"age":"number"},"events":{"a":true,"b":true},)" +
           R"("properties":{"a\namount":"number","b\namount":"number"},"identities":{"user_id":true}}})";
}

void activate(Bank& bank, const std::string& id, const std::string& rule, std::int64_t config,
              SubjectKind kind = SubjectKind::audience) {
    ASSERT_TRUE(thaw(frozen_of(rule))) << rule << thaw(frozen_of(rule)).error().detail;
    bank.append(control_fact({id, kind, "name of " + id, 1, config, frozen_of(rule)}, bank.now));
    for (ShardId shard = 0; shard < shard_count; ++shard) {
        bank.realtime.baseline(id, config, bank.context(shard));
        bank.realtime.flush(bank.context(shard));
    }
    bank.settle();
}

bool is_in(Bank& bank, const std::string& user, const std::string& audience) {
    const auto profile = profile_of(user);
    for (const auto& membership :
         bank.realtime.memberships(profile, bank.context(shard_of(profile))))
        if (membership.audience == audience)
            return true;
    return false;
}

std::string story(const Bank& bank) {
    std::string words;
    for (const auto& fact : bank.emitted)
        if (fact.name == "$audience_entered")
            words += "in ";
        else if (fact.name == "$audience_exited")
            words += "out ";
    return words;
}

TEST(Realtime, EntersByAnEventAndLeavesByTheClock) {
    Bank bank;
    activate(bank, "aud_1", R"({"event":"a","within":"7d"})", 1);
    bank.append(did("u-1", "a", bank.now));
    EXPECT_TRUE(is_in(bank, "u-1", "aud_1"));
    EXPECT_EQ(bank.realtime.count("aud_1"), 1);
    const Time bought = bank.now;
    bank.advance(24h * 30);
    EXPECT_FALSE(is_in(bank, "u-1", "aud_1"));
    EXPECT_EQ(story(bank), "in out ");
    EXPECT_EQ(bank.emitted.back().time, bought + 24h * 7);
    EXPECT_EQ(bank.realtime.count("aud_1"), 0);
}

TEST(Realtime, TheBaselineIsTakenWithoutEntryFacts) {
    Bank bank;
    bank.append(tagged("u-1", "age", *Decimal::from_int(40)));
    activate(bank, "aud_1", R"({"tag":"age","op":"gte","value":30})", 1);
    EXPECT_TRUE(is_in(bank, "u-1", "aud_1"));
    EXPECT_EQ(story(bank), "");
    bank.append(tagged("u-1", "age", *Decimal::from_int(20)));
    EXPECT_EQ(story(bank), "out ");
}

TEST(Realtime, ANewCustomerEntersARuleOfAbsence) {
    Bank bank;
    activate(bank, "aud_1", R"({"not":{"event":"a","within":"7d"}})", 1);
    bank.append(did("u-1", "b", bank.now));
    EXPECT_EQ(story(bank), "in ");
    bank.append(did("u-1", "a", bank.now));
    EXPECT_EQ(story(bank), "in out ");
    bank.advance(24h * 7);
    EXPECT_EQ(story(bank), "in out in ");
}

TEST(Realtime, MidnightSweepsEveryone) {
    Bank bank;
    activate(bank, "aud_1", R"({"event":"a","within":"today"})", 1);
    for (int i = 0; i < 700; ++i)
        bank.append(did("u-" + std::to_string(i), "a", bank.now));
    EXPECT_EQ(bank.realtime.count("aud_1"), 700);
    bank.advance(24h);
    EXPECT_EQ(bank.realtime.count("aud_1"), 0);
    EXPECT_EQ(bank.emitted.size(), 1400u);
}

TEST(Realtime, ANewRuleBeginsAnewAndARetiredOneEnds) {
    Bank bank;
    activate(bank, "aud_1", R"({"event":"a","within":"7d"})", 1);
    bank.append(did("u-1", "a", bank.now));
    activate(bank, "aud_1", R"({"event":"b","within":"7d"})", 2);
    EXPECT_FALSE(is_in(bank, "u-1", "aud_1"));
    bank.append(did("u-1", "b", bank.now));
    EXPECT_EQ(story(bank), "in in ");
    bank.append(control_fact({"aud_1", SubjectKind::audience, "", 3, 3, ""}, bank.now));
    EXPECT_FALSE(is_in(bank, "u-1", "aud_1"));
    EXPECT_EQ(bank.realtime.count("aud_1"), 0);
    bank.advance(24h * 20);
    EXPECT_EQ(story(bank), "in in ");
}

TEST(Realtime, ARuleTagIsWrittenAsFacts) {
    Bank bank;
    bank.append(did("u-1", "b", bank.now));
    activate(bank, "active", R"({"event":"a","within":"1d"})", 1, SubjectKind::tag);
    bank.append(did("u-1", "a", bank.now));
    const auto profile = profile_of("u-1");
    auto& context = bank.context(shard_of(profile));
    ASSERT_NE(bank.customers.at(profile, context).value_of("active"), nullptr);
    bank.advance(24h);
    EXPECT_EQ(bank.customers.at(profile, context).value_of("active"), nullptr);
}

TEST(Realtime, ABackfillReplacesThePastOnce) {
    Bank bank;
    bank.append(did("u-1", "b", bank.now));
    const auto rule = frozen_of(R"({"event":"a","within":"30d","op":"eq","value":2})");
    bank.append(control_fact({"aud_1", SubjectKind::audience, "n", 1, 1, rule}, bank.now));
    bank.append(did("u-1", "a", bank.now));  // kept already, and in the index too
    Backfill past;
    past.number = 1;
    past.events = {"a"};
    past.covered.fill(1'000'000);
    const auto name = past.names.give("a");
    const auto profile = profile_of("u-1");
    past.people.push_back({profile, {{name, bank.now - 24h, 0, {}}, {name, bank.now, 0, {}}}});
    auto& context = bank.context(shard_of(profile));
    EXPECT_TRUE(bank.realtime.backfill(past, context).empty());
    past.number = 2;  // a second attempt after the first broke off
    EXPECT_TRUE(bank.realtime.backfill(past, context).empty());
    for (ShardId shard = 0; shard < shard_count; ++shard)
        bank.realtime.baseline("aud_1", 1, bank.context(shard));
    EXPECT_TRUE(is_in(bank, "u-1", "aud_1"));
    EXPECT_EQ(story(bank), "");
}

TEST(Realtime, AnErasedCustomerLeavesNothing) {
    Bank bank;
    activate(bank, "aud_1", R"({"event":"a","within":"7d"})", 1);
    bank.append(did("u-1", "a", bank.now));
    const auto profile = profile_of("u-1");
    auto& context = bank.context(shard_of(profile));
    bank.realtime.forget(profile, context);
    EXPECT_EQ(bank.realtime.count("aud_1"), 0);
    EXPECT_TRUE(bank.realtime.memberships(profile, context).empty());
}

TEST(Realtime, AnUndoneBatchLeavesNoTrace) {
    Bank bank;
    activate(bank, "aud_1", R"({"event":"a","within":"7d"})", 1);
    bank.append(did("u-1", "a", bank.now));
    bank.is_undone_first = [] { return true; };
    bank.append(did("u-2", "a", bank.now));
    EXPECT_EQ(bank.realtime.count("aud_1"), 2);
    EXPECT_EQ(story(bank), "in in ");
    // A control fact that is undone on every shard: the subject begins anew once, not twice.
    activate(bank, "aud_1", R"({"event":"b","within":"7d"})", 2);
    EXPECT_EQ(bank.realtime.count("aud_1"), 0);
    bank.append(did("u-1", "b", bank.now));
    EXPECT_EQ(bank.realtime.count("aud_1"), 1);
    bank.advance(24h * 8);
    EXPECT_EQ(bank.realtime.count("aud_1"), 0);
    EXPECT_EQ(story(bank), "in in in out ");
}

TEST(Realtime, AnUndoneSweepSweepsEveryoneAgain) {
    Bank bank;
    activate(bank, "aud_1", R"({"event":"a","within":"today"})", 1);
    for (int i = 0; i < 300; ++i)
        bank.append(did("u-" + std::to_string(i), "a", bank.now));
    bank.is_undone_first = [] { return true; };
    bank.advance(24h);
    EXPECT_EQ(bank.realtime.count("aud_1"), 0);
    EXPECT_EQ(bank.emitted.size(), 600u);
}

TEST(Realtime, AMergeTakesEventsAndMembershipAlong) {
    Bank bank;
    activate(bank, "aud_1", R"({"event":"a","within":"7d","op":"gte","value":2})", 1);
    auto visit = did("", "a", bank.now);
    visit.identities = {{"anonymous_id", "x-1", ""}};
    bank.append(visit);
    bank.append(did("u-1", "a", bank.now));
    EXPECT_EQ(story(bank), "");
    auto login = did("u-1", "b", bank.now);
    login.identities.push_back({"anonymous_id", "x-1", ""});
    bank.append(login);
    EXPECT_EQ(story(bank), "in ");
    EXPECT_TRUE(is_in(bank, "u-1", "aud_1"));
    EXPECT_EQ(bank.realtime.count("aud_1"), 1);
}

std::string random_rule(std::mt19937_64& random, int depth) {
    const auto up_to = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    const char* windows[] = {"5h", "1d", "3d", "1w", "today", "yesterday", "this_week"};
    const char* ops[] = {"eq", "gte", "lt", "ne"};
    const std::string compare =
        R"("op":")" + std::string(ops[up_to(4)]) + R"(","value":)" + std::to_string(up_to(3));
    const int kind = depth == 0 ? 3 + up_to(4) : up_to(7);
    const std::string event = up_to(2) ? "a" : "b";
    const std::string within = R"("within":")" + std::string(windows[up_to(7)]) + "\"";
    if (kind == 0 || kind == 1)
        return std::string(kind ? R"({"all":[)" : R"({"any":[)") + random_rule(random, depth - 1) +
               "," + random_rule(random, depth - 1) + "]}";
    if (kind == 2)
        return R"({"not":)" + random_rule(random, depth - 1) + "}";
    if (kind == 3)
        return R"({"tag":"age",)" + compare + "}";
    if (kind == 4)
        return R"({"sequence":[{"event":"a"},{"event":"b"}],"window":"6h",)" + within + "}";
    const char* measures[] = {"count", "sum:amount", "days", "max:amount"};
    return R"({"event":")" + event + "\"," + within + R"(,"measure":")" + measures[up_to(4)] +
           "\"," + compare + "}";
}

struct World {
    Bank bank;
    std::map<std::string, index::oracle::Person> people;
    std::map<std::string, std::string> rules;
    std::map<std::pair<std::string, std::string>, bool> stands;  // by the facts that were written

    bool oracle(const std::string& audience, const std::string& user) {
        const auto rule = thaw(frozen_of(rules[audience]));
        return index::oracle::holds(*rule, people[user], {{}, bank.now, &bank.calendar});
    }
    void read_facts() {
        for (const auto& fact : bank.emitted) {
            const auto& audience = std::get<std::string>(*find(fact.properties, "audience"));
            for (const auto& [user, person] : people)
                if (profile_of(user) == fact.profile) {
                    auto& stood = stands[{audience, user}];
                    ASSERT_NE(stood, fact.name == "$audience_entered") << "the same fact twice";
                    stood = !stood;
                }
        }
        bank.emitted.clear();
    }
    void compare(const std::string& after) {
        read_facts();
        for (const auto& [audience, rule] : rules) {
            std::int64_t members = 0;
            for (const auto& [user, person] : people) {
                const bool truth = oracle(audience, user);
                members += truth;
                ASSERT_EQ(is_in(bank, user, audience), truth) << rule << " for " << user << after;
                const bool stood = stands[{audience, user}];
                ASSERT_EQ(stood, truth) << rule << " facts of " << user << after;
            }
            ASSERT_EQ(bank.realtime.count(audience), members) << rule << after;
        }
    }
};

void live(World& world, std::mt19937_64& random, int step) {
    const std::string user = "u-" + std::to_string(random() % 4);
    const auto value = *Decimal::from_int(static_cast<int>(random() % 3));
    const bool is_new = !world.people.contains(user);
    const auto kind = random() % 5;
    auto& person = world.people[user];
    if (kind == 0 || (is_new && kind == 1)) {
        world.bank.append(tagged(user, "age", value));
        person.tags["age"] = value;
    } else if (kind <= 2) {
        world.bank.advance(std::chrono::minutes(30) * static_cast<int>(random() % 60));
        if (is_new)
            world.people.erase(user);
    } else {
        // Late, on time, and dated ahead.
        const Time time =
            world.bank.now + std::chrono::hours(static_cast<int>(random() % 40)) - 36h;
        const std::string event = random() % 2 ? "a" : "b";
        world.bank.append(did(user, event, time, {{"amount", value}}));
        person.events.push_back({event, to_ms(time), {{"amount", value}}});
    }
    world.compare(" after step " + std::to_string(step));
}

TEST(RealtimeProperty, AgreesWithTheOracleAfterEveryFactAndTick) {
    const auto* given = std::getenv("QIAO_SEED");
    const std::uint64_t seed = given ? std::stoull(given) : std::random_device{}();
    for (std::uint64_t round = 0; round < 150 && !::testing::Test::HasFatalFailure(); ++round) {
        SCOPED_TRACE("QIAO_SEED=" + std::to_string(seed + round));
        std::mt19937_64 random(seed + round);
        World world;
        std::mt19937_64 faults(seed + round);
        if (round % 2)
            world.bank.is_undone_first = [&faults] { return faults() % 3 == 0; };
        for (int i = 0; i < 3; ++i) {
            const auto id = "aud_" + std::to_string(i);
            world.rules[id] = random_rule(random, 2);
            activate(world.bank, id, world.rules[id], i + 1);
        }
        for (int step = 0; step < 60 && !::testing::Test::HasFatalFailure(); ++step)
            live(world, random, step);
    }
}

}  // namespace
}  // namespace qiao::audience
