// An index made from history and the shards against one that was fed all along: the same people,
// rows, tags and answers, also where history lags behind the shards, and after further facts. Both
// against the shards themselves: who lives, and with how many events.
#include "index/rebuild.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>

#include "history/duckdb_history.hpp"
#include "history/feeder.hpp"
#include "index/feeder.hpp"
#include "index/plan.hpp"
#include "index/random_rules.hpp"
#include "shard/shard_fixture.hpp"

namespace qiao::index::property {
namespace {

using namespace std::chrono_literals;

// ---- random facts ----

Identity user(std::int64_t n) { return {"user_id", "u-" + std::to_string(n), {}}; }
Identity visitor(std::int64_t n) { return {"device_id", "d-" + std::to_string(n), {}}; }

Properties random_tags(Random& random) {
    Properties made;
    if (random.chance(50))
        made.emplace_back("level", random.pick(levels));
    if (random.chance(40))
        made.emplace_back("age", *Decimal::parse(number(random)));
    if (random.chance(30))
        made.emplace_back("vip", random.chance(50));
    if (random.chance(30))
        made.emplace_back("since", time_from_ms(now_ms - day * random.up_to(20)));
    if (random.chance(30))
        made.emplace_back("held", StringSet{"gold", "silver"});
    if (random.chance(30))
        made.emplace_back("org", std::string(random.chance(50) ? "3301" : "44"));
    return made;
}

Properties random_properties(Random& random) {
    Properties made;
    if (random.chance(70))
        made.emplace_back("value", *Decimal::parse(number(random)));
    if (random.chance(60))
        made.emplace_back("channel", std::string(random.chance(50) ? "app" : "it's \"web\"\n"));
    if (random.chance(30))
        made.emplace_back("new", random.chance(50));
    if (random.chance(20))
        made.emplace_back("at", time_from_ms(now_ms - hour * random.up_to(50)));
    if (random.chance(20))
        made.emplace_back("kinds", StringSet{"a", "b"});
    if (random.chance(15))
        made.emplace_back("account", Sealed{"hash-" + std::to_string(random.up_to(3)), "c2VhbGVk"});
    return made;
}

Fact random_fact(Random& random) {
    Fact fact;
    fact.source = "test";
    fact.time = time_from_ms(now_ms - minute * random.up_to(60 * 24 * 40));
    const auto who = random.up_to(5), device = random.up_to(7);
    const auto dice = random.up_to(99);
    fact.identities = {user(who)};
    if (dice < 50) {
        fact.name = random.pick(event_names);
        fact.properties = random_properties(random);
        if (random.chance(50))
            fact.identities = {visitor(device)};
        else if (random.chance(40))
            fact.identities.push_back(visitor(device));
    } else if (dice < 72) {
        fact.kind = random.chance(90) ? FactKind::profile_set : FactKind::profile_unset;
        fact.properties = random_tags(random);
    } else if (dice < 78) {
        fact.kind = FactKind::consent;
        fact.properties = {{"purpose", std::string("marketing")},
                           {"channel", std::string("sms")},
                           {"granted", random.chance(60)}};
    } else if (dice < 86) {
        fact.kind = FactKind::alias;
        fact.identities.push_back(user(random.up_to(5)));
    } else if (dice < 90) {
        fact.kind = FactKind::bind;
        fact.identities.push_back(visitor(device));
    } else if (dice < 97) {
        fact.kind = FactKind::unbind;
        fact.identities.push_back(random.chance(50) ? user(random.up_to(5)) : visitor(device));
    } else {
        fact.kind = FactKind::erase;
    }
    return fact;
}

// ---- the comparison ----

std::string text_of(const Happened& one) {
    std::string text = format_time(one.time) + " " + one.event + " for " +
                       std::to_string(static_cast<std::uint64_t>(one.recorded_for));
    std::map<std::string, std::string> sorted;
    for (const auto& [name, value] : one.properties) {
        const auto* sealed = std::get_if<Sealed>(&value);
        sorted[name] = std::string(name_of(type_of(value))) + " " +
                       (sealed ? sealed->hash : boost::json::serialize(to_json(value)));
    }
    for (const auto& [name, value] : sorted)
        text += " " + name + "=" + value;
    return text;
}

// Everything that the index knows, as sorted lines.
std::multiset<std::string> lines_of(const State& state) {
    std::multiset<std::string> lines;
    state.alive->each([&](Dense dense) {
        const auto who = format_profile(state.profile(dense)) + " ";
        lines.insert(who);
        for (const auto& one : history_of(state, dense, 10'000))
            lines.insert(who + text_of(one));
        for (const auto& [name, value] : tags_of(state, dense))
            lines.insert(who + name + " is " + boost::json::serialize(to_json(value)));
        for (const auto& [kind, values] : identities_of(state, dense))
            for (const auto& value : values)
                lines.insert(who + kind + " " + value);
        for (const auto& [name, granted] : consents_of(state, dense))
            lines.insert(who + "consent " + name + (granted ? " yes" : " no"));
        return true;
    });
    return lines;
}

std::map<std::string, std::uint64_t> living_in(const State& state) {
    std::map<std::string, std::uint64_t> made;
    state.alive->each([&](Dense dense) {
        auto& events = made[format_profile(state.profile(dense))];
        for (const auto& one : history_of(state, dense, 10'000))
            events += one.event.starts_with('$') ? 0 : 1;
        return true;
    });
    return made;
}

std::string difference(const State& fed, const State& rebuilt) {
    const auto wanted = lines_of(fed), found = lines_of(rebuilt);
    std::string told;
    for (const auto& line : wanted)
        if (found.count(line) < wanted.count(line))
            told += "lacks " + line + "\n";
    for (const auto& line : found)
        if (wanted.count(line) < found.count(line))
            told += "has   " + line + "\n";
    return told;
}

std::vector<ProfileId> members_of(const rule::Node& rule, const Snapshot& state,
                                  const Calendar& calendar) {
    const auto found = Plan(rule, state, time_from_ms(now_ms), calendar).evaluate({});
    std::vector<ProfileId> made;
    found->each([&](Dense dense) {
        made.push_back(state->profile(dense));
        return true;
    });
    std::sort(made.begin(), made.end());
    return made;
}

class RebuildTest : public ::testing::Test {
protected:
    RebuildTest() : calendar_(*Calendar::of_zone("Asia/Shanghai")) {}

    void open() {
        shards_ = std::make_unique<shard::ShardFixture>();
        writers_.clear();
        shards_->clock.set(time_from_ms(now_ms));
        customers_ = std::make_unique<customer::Customers>();
        shards_->open({customers_.get()});
        history_ =
            std::move(*history::DuckdbHistory::open(shards_->directory / "history.duckdb", {}));
        fed_ = std::move(*Index::open({}));
    }
    void append(Random& random, std::int64_t facts) {
        for (std::int64_t i = 0; i < facts; ++i) {
            auto fact = random_fact(random);
            fact.message_id = "m" + std::to_string(++messages_);
            fact.received_at = shards_->clock.now();
            ASSERT_TRUE(shards_->journal->append_and_wait({std::move(fact)}));
            if (random.chance(30)) {
                ASSERT_TRUE(shards_->shards->wait_applied(10s));
            }
        }
        ASSERT_TRUE(shards_->shards->wait_applied(10s));
        ASSERT_TRUE(shards_->shards->settle(10s));
    }
    void write_history() {
        writers_.push_back(std::make_unique<history::Feeder>(*history_, *shards_->journal,
                                                             *shards_->shards, metrics_));
        writers_.back()->start();
        ASSERT_TRUE(writers_.back()->wait_caught_up(10s));
        writers_.back()->stop();
    }
    // The living customers with the number of their events, as the shards count them.
    std::map<std::string, std::uint64_t> living() {
        std::map<std::string, std::uint64_t> made;
        const std::function<bool(shard::ShardContext&)> ask = [&](shard::ShardContext& context) {
            customers_->each(context, [&](const customer::Customer& customer) {
                made[format_profile(customer.id)] = customer.event_count;
                return true;
            });
            return true;
        };
        for (ShardId shard = 0; shard < shard_count; ++shard)
            shards_->shards->ask(shard, ask).get();
        return made;
    }
    void feed(Index& index) {
        while (follow(index, *shards_->shards, *shards_->journal) > 0) {
        }
    }
    RebuildSources sources() {
        return {*history_, *shards_->shards, *customers_, *shards_->journal,
                [](std::string_view, std::string_view name) {
                    return name == "at" || name == "since";
                }};
    }
    std::unique_ptr<Index> rebuilt() {
        RebuildOptions options;
        options.index.background = false;
        if (on_disk_)
            options.index.directory = shards_->directory / "index.new";
        options.bytes_per_thread = 2'000;  // several segments
        auto made = rebuild(sources(), options, [](const RebuildProgress&) { return true; });
        EXPECT_TRUE(made) << made.error().detail;
        return std::move(*made);
    }
    rule::Node random_rule(Random& random) {
        auto made = rule::resolve(*rule::parse(boost::json::parse(rule_text(random, 3))), names_);
        return std::move(*made);
    }

    Calendar calendar_;
    Names names_;
    Metrics metrics_;
    // Listen to the shards as long as these run.
    std::vector<std::unique_ptr<history::Feeder>> writers_;
    std::unique_ptr<Feeder> feeder_;
    std::unique_ptr<shard::ShardFixture> shards_;
    std::unique_ptr<customer::Customers> customers_;
    std::unique_ptr<history::History> history_;
    std::unique_ptr<Index> fed_;
    std::uint64_t messages_ = 0;
    bool on_disk_ = false;
};

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST_F(RebuildTest, AnswersLikeTheFedIndex) {
    const std::uint64_t seed = setting("QIAO_SEED", std::random_device{}());
    const std::uint64_t worlds = setting("QIAO_WORLDS", 30);
    std::uint64_t lines = 0;
    for (std::uint64_t i = 0; i < worlds; ++i) {
        Random random(seed + i);
        SCOPED_TRACE("QIAO_SEED=" + std::to_string(seed + i) + " QIAO_WORLDS=1");
        on_disk_ = random.chance(30);
        open();
        append(random, 20 + random.up_to(60));
        write_history();
        if (random.chance(70))
            append(random, random.up_to(25));  // history lags behind
        const auto made = rebuilt();
        feed(*fed_);
        ASSERT_EQ(living_in(*fed_->snapshot()), living());
        ASSERT_EQ(difference(*fed_->snapshot(), *made->snapshot()), "") << "after the rebuild";
        append(random, random.up_to(30));  // splits of what was merged before, and so on
        feed(*fed_);
        feed(*made);
        ASSERT_EQ(living_in(*fed_->snapshot()), living());
        ASSERT_EQ(difference(*fed_->snapshot(), *made->snapshot()), "") << "after more facts";
        lines += lines_of(*fed_->snapshot()).size();
        for (int r = 0; r < 40; ++r) {
            const auto rule = random_rule(random);
            ASSERT_EQ(members_of(rule, fed_->snapshot(), calendar_),
                      members_of(rule, made->snapshot(), calendar_));
        }
    }
    EXPECT_GT(lines, worlds * 30);
    std::cout << lines << " lines agreed, seed " << seed << '\n';
}

TEST_F(RebuildTest, TakesThePlaceOfALostIndexAndItsDirectory) {
    Random random(7);
    open();
    append(random, 60);
    write_history();
    IndexOptions options;
    options.directory = shards_->directory / "index";
    options.background = false;
    auto lost = std::move(*Index::open(options));
    lost->lose();
    const auto version = lost->data_version();
    const auto before = lost->snapshot();
    on_disk_ = true;
    feeder_ = std::make_unique<Feeder>(*lost, *shards_->journal, *shards_->shards, metrics_);
    feeder_->start();
    feeder_->adopt(rebuilt());
    ASSERT_TRUE(feeder_->wait_caught_up(10s));
    feed(*fed_);
    EXPECT_FALSE(lost->is_lost());
    EXPECT_GT(lost->data_version(), version);
    EXPECT_EQ(difference(*fed_->snapshot(), *lost->snapshot()), "");
    EXPECT_EQ(before->customers, 0u);
    EXPECT_FALSE(std::filesystem::exists(shards_->directory / "index.new"));
    feeder_->stop();
    lost->flush();
    lost.reset();
    const auto again = std::move(*Index::open(options));
    EXPECT_EQ(difference(*fed_->snapshot(), *again->snapshot()), "");
}

TEST_F(RebuildTest, OlderRowsAreLeftOut) {
    Random random(11);
    open();
    append(random, 80);
    write_history();
    RebuildOptions options;
    options.index.background = false;
    options.kept_from = time_from_ms(now_ms - 10 * day);
    const auto made =
        std::move(*rebuild(sources(), options, [](const RebuildProgress&) { return true; }));
    feed(*fed_);
    fed_->keep_from(*options.kept_from);
    fed_->compact();
    ASSERT_GT(fed_->snapshot()->rows(), 0u);
    EXPECT_EQ(difference(*fed_->snapshot(), *made->snapshot()), "");
}

TEST_F(RebuildTest, CanBeGivenUp) {
    Random random(3);
    open();
    append(random, 10);
    write_history();
    const auto made =
        rebuild(sources(), {}, [](const RebuildProgress& at) { return at.done < 10; });
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().reason, "index.rebuild_cancelled");
}

}  // namespace
}  // namespace qiao::index::property
