// A history that keeps traits, put in the place of a server's file: what is told to it in the end
// is what the shards know, whenever it breaks off and whatever comes meanwhile.
#include "app/trait_seeder.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

#include "app/server.hpp"

namespace qiao::app {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using history::HistoryBatch;
using history::HistoryRow;
using history::TraitChange;

using Trait = std::tuple<TraitChange::Space, ProfileId, std::string>;

// What outlives a server, as a database elsewhere does.
struct Kept {
    std::atomic<bool> is_whole{false};
    std::atomic<ShardId> told{0};
    std::atomic<int> writes_until_break{1'000'000};  // of traits
    std::mutex mutex;                                // of what follows
    std::map<Trait, Value> traits;
    std::set<ProfileId> created, erased;
};

class KeepsTraits final : public history::History, public history::Traits {
public:
    KeepsTraits(std::unique_ptr<History> file, Kept& kept) : file_(std::move(file)), kept_(kept) {}

    history::Traits* traits() override { return this; }
    bool are_whole() override { return kept_.is_whole; }
    void set_whole() override { kept_.is_whole = true; }
    ShardId shards_told() override { return kept_.told; }
    void set_shards_told(ShardId count) override { kept_.told = count; }

    std::size_t write(const HistoryBatch& batch) override {
        const std::lock_guard lock(kept_.mutex);
        if (!batch.traits.empty() && --kept_.writes_until_break < 0)
            throw std::runtime_error("gone");
        const auto written = file_->write(batch);
        for (const auto& trait : batch.traits)
            kept_.traits[{trait.space, trait.profile, trait.name}] = trait.value;
        kept_.created.insert(batch.created.begin(), batch.created.end());
        kept_.erased.insert(batch.erased.begin(), batch.erased.end());
        return written;
    }
    shard::FeedPositions positions() override { return file_->positions(); }
    std::vector<HistoryRow> timeline(const TimelineQuery& query) override {
        return file_->timeline(query);
    }
    std::vector<HistoryRow> recorded_for(ProfileId profile) override {
        return file_->recorded_for(profile);
    }
    std::uint64_t row_count() override { return file_->row_count(); }
    std::uint64_t drop_before(Time until) override { return file_->drop_before(until); }
    std::optional<Time> kept_from() override { return file_->kept_from(); }
    std::unique_ptr<history::Cut> cut(unsigned parts) override { return file_->cut(parts); }
    Result<void> copy_to(const fs::path& file) override { return file_->copy_to(file); }
    bool is_half_moved() override { return file_->is_half_moved(); }
    void begin_move() override { file_->begin_move(); }
    void end_move() override { file_->end_move(); }
    std::vector<history::DayTotals> days() override { return file_->days(); }
    void read_day(Day day, const std::function<void(std::vector<HistoryRow>)>& visit) override {
        file_->read_day(day, visit);
    }
    void delete_day(Day day) override { file_->delete_day(day); }

private:
    std::unique_ptr<History> file_;
    Kept& kept_;
};

class TraitSeederTest : public testing::Test {
protected:
    TraitSeederTest() : directory_(fs::temp_directory_path() / ("qiao-traits-" + random_token(6))) {
        fs::create_directories(directory_);
    }
    ~TraitSeederTest() override {
        server_.reset();
        fs::remove_all(directory_);
    }
    void start(bool keeps_traits) {
        server_.reset();
        ServeOptions options;
        options.data_dir = directory_ / "data";
        options.port = 0;
        options.is_port_given = true;
        options.has_demo = false;
        options.has_test_clock = true;
        auto stores = Stores::open(options);
        ASSERT_TRUE(stores) << stores.error().detail;
        if (keeps_traits)
            stores->history = std::make_unique<KeepsTraits>(std::move(stores->history), kept_);
        server_ = std::make_unique<Server>(options, std::move(*stores));
        ASSERT_TRUE(server_->start());
    }
    void append(FactKind kind, std::vector<Identity> identities, Properties properties) {
        Fact fact;
        fact.kind = kind;
        fact.name = kind == FactKind::event ? "page_view" : "";
        fact.identities = std::move(identities);
        fact.properties = std::move(properties);
        fact.source = "test";
        fact.message_id = "m" + std::to_string(++messages_);
        fact.time = fact.received_at = server_->clock.now();
        ASSERT_TRUE(server_->journal.append_and_wait({std::move(fact)}));
    }
    static Identity user(int n) { return {"user_id", "u-" + std::to_string(n), {}}; }
    static Identity device(int n) { return {"device_id", "d-" + std::to_string(n), {}}; }

    void live() {
        for (int n = 0; n < 150; ++n) {
            append(FactKind::event, {user(n), device(n)}, {});
            append(FactKind::profile_set, {user(n)},
                   {{"level", std::string(n % 3 == 0 ? "gold" : "plain")}, {"vip", n % 2 == 0}});
        }
        append(FactKind::alias, {user(1), user(3)}, {});
        append(FactKind::unbind, {user(4), device(4)}, {});
        append(FactKind::erase, {user(6)}, {});
        ASSERT_TRUE(server_->wait_fresh(30s));
        ASSERT_TRUE(server_->advance(5min));  // what history and index have leaves the feed
    }
    // What the feed tells of after the move.
    void live_on() {
        append(FactKind::profile_set, {user(7)}, {{"level", std::string("silver")}});
        append(FactKind::profile_unset, {user(9)}, {{"level", Value{}}});
        append(FactKind::alias, {user(10), user(11)}, {});
        append(FactKind::erase, {user(12)}, {});
        append(FactKind::profile_set, {user(500)}, {{"level", std::string("new")}});
    }
    bool wait_whole() {
        for (int turn = 0; turn < 300 && !server_->trait_seeder.usable(); ++turn)
            std::this_thread::sleep_for(100ms);
        return server_->trait_seeder.usable().has_value() && server_->wait_fresh(30s);
    }
    // Of living customers, as the shards say.
    void expect_all_told() {
        std::map<Trait, Value> wanted, told;
        std::set<ProfileId> living;
        for (ShardId shard = 0; shard < shard_count; ++shard) {
            const std::function<bool(shard::ShardContext&)> ask =
                [&](shard::ShardContext& context) {
                    server_->customers.each(context, [&](const customer::Customer& customer) {
                        living.insert(customer.id);
                        using Space = TraitChange::Space;
                        for (const auto& tag : customer.tags)
                            wanted[{Space::tag, customer.id, tag.name}] = tag.value;
                        for (const auto& known : customer.identities)
                            wanted[{Space::identity, customer.id, known.identity.kind}] =
                                Value(known.identity.value);
                        return true;
                    });
                    return true;
                };
            server_->shards.ask(shard, ask).get();
        }
        const std::lock_guard lock(kept_.mutex);
        for (const auto& [trait, value] : kept_.traits)
            if (type_of(value) != ValueType::null && living.contains(std::get<1>(trait)))
                told[trait] = value;
        EXPECT_GT(wanted.size(), 400u);
        EXPECT_EQ(told.size(), wanted.size());
        EXPECT_TRUE(told == wanted);
        for (const auto profile : living)
            EXPECT_TRUE(kept_.created.contains(profile));
        EXPECT_EQ(kept_.erased.size(), erased_);
    }

    fs::path directory_;
    Kept kept_;
    std::unique_ptr<Server> server_;
    std::size_t erased_ = 1;
    int messages_ = 0;
};

}  // namespace

TEST_F(TraitSeederTest, TellsWhatWasKnownBeforeTheMove) {
    start(false);
    live();
    start(true);
    ASSERT_TRUE(wait_whole());
    EXPECT_TRUE(kept_.is_whole);
    expect_all_told();
    kept_.traits.clear();
    start(true);
    EXPECT_TRUE(server_->trait_seeder.usable());
    EXPECT_TRUE(kept_.traits.empty()) << "once is enough";
}

// As a shard is told that has more customers than memory shall hold.
TEST_F(TraitSeederTest, TellsLargeShardsInParts) {
    start(false);
    live();
    kept_.is_whole = true;  // the server's own has nothing to do
    start(true);
    kept_.is_whole = false;
    TraitSeeder seeder({*server_->stores.history, server_->history_feeder, server_->shards,
                        server_->customers, 1});
    seeder.start();
    for (int turn = 0; turn < 300 && !seeder.usable(); ++turn)
        std::this_thread::sleep_for(100ms);
    ASSERT_TRUE(seeder.usable());
    expect_all_told();
}

TEST_F(TraitSeederTest, AFileWantsNone) {
    start(false);
    live();
    EXPECT_TRUE(server_->trait_seeder.usable());
}

TEST_F(TraitSeederTest, GoesOnWhereItBrokeOffAndMissesNoChangeOfMeanwhile) {
    start(false);
    live();
    kept_.writes_until_break = 20;
    start(true);
    for (int turn = 0; turn < 300 && kept_.told < 5; ++turn)
        std::this_thread::sleep_for(50ms);
    live_on();
    const auto usable = server_->trait_seeder.usable();
    ASSERT_FALSE(usable);
    EXPECT_EQ(usable.error().reason, "insight.history_incomplete");
    const auto told = kept_.told.load();
    EXPECT_GE(told, 5);
    EXPECT_LT(told, shard_count);
    start(true);
    EXPECT_FALSE(server_->trait_seeder.usable());
    EXPECT_GE(kept_.told, told);
    kept_.writes_until_break = 1'000'000;
    ASSERT_TRUE(wait_whole());
    erased_ = 2;
    expect_all_told();
}

}  // namespace qiao::app
