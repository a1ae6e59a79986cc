// A lost index in a whole server: it comes back from history with the same answers.
#include "app/index_keeper.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <thread>

#include "access/roles.hpp"
#include "app/server.hpp"
#include "app/tools.hpp"

namespace qiao::app {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class IndexKeeperTest : public testing::Test {
protected:
    IndexKeeperTest() : directory_(fs::temp_directory_path() / ("qiao-keeper-" + random_token(6))) {
        fs::create_directories(directory_);
        start();
    }
    ~IndexKeeperTest() override {
        server_.reset();
        fs::remove_all(directory_);
    }

    void start() {
        server_.reset();
        ServeOptions options;
        options.data_dir = directory_ / "data";
        options.port = 0;
        options.is_port_given = true;
        options.has_demo = false;
        options.has_test_clock = true;
        auto stores = Stores::open(options);
        ASSERT_TRUE(stores) << stores.error().detail;
        server_ = std::make_unique<Server>(options, std::move(*stores));
        ASSERT_TRUE(server_->start());
    }
    void append(FactKind kind, std::string name, std::vector<Identity> identities,
                Properties properties) {
        Fact fact;
        fact.kind = kind;
        fact.name = std::move(name);
        fact.identities = std::move(identities);
        fact.properties = std::move(properties);
        fact.source = "test";
        fact.message_id = "m" + std::to_string(++messages_);
        fact.time = fact.received_at = server_->clock.now();
        ASSERT_TRUE(server_->journal.append_and_wait({std::move(fact)}));
    }
    static Identity user(int n) { return {"user_id", "u-" + std::to_string(n), {}}; }
    static Identity device(int n) { return {"device_id", "d-" + std::to_string(n), {}}; }

    // Visitors who log in, two users who turn out to be one, one who is parted again, one who asks
    // to be forgotten.
    void live() {
        for (int n = 0; n < 40; ++n) {
            append(FactKind::event, "page_view", {device(n)}, {{"channel", std::string("web")}});
            if (n % 2 == 0)
                append(FactKind::event, "sign_in", {user(n), device(n)}, {});
            append(FactKind::profile_set, {}, {user(n)}, {{"vip", n % 3 == 0}});
        }
        append(FactKind::alias, {}, {user(1), user(3)}, {});
        append(FactKind::unbind, {}, {user(4), device(4)}, {});
        append(FactKind::erase, {}, {user(6)}, {});
        ASSERT_TRUE(server_->wait_fresh(30s));
        // Written, and what history and index have is trimmed from the feed.
        ASSERT_TRUE(server_->advance(5min));
    }
    bool feed_is_trimmed() const {
        for (ShardId shard = 0; shard < shard_count; ++shard)
            if (server_->shards.feed_begin(shard) > 1)
                return true;
        return false;
    }
    Result<audience::Previewed> preview(const std::string& rule) {
        audience::Question question;
        question.rule = rule;
        return server_->preview.ask(question, access::system_principal());
    }
    std::vector<std::uint64_t> counts() {
        std::vector<std::uint64_t> made;
        for (const char* rule : {R"({"all":[]})", R"({"identity":"user_id","op":"exists"})",
                                 R"({"identity":"device_id","op":"exists"})"}) {
            const auto found = preview(rule);
            EXPECT_TRUE(found) << found.error().detail;
            made.push_back(found ? found->counts.count : 0);
        }
        made.push_back(server_->stores.index->snapshot()->rows());
        return made;
    }
    void wait_complete() {
        for (int turn = 0; turn < 300 && server_->stores.index->is_lost(); ++turn)
            std::this_thread::sleep_for(100ms);
        ASSERT_FALSE(server_->stores.index->is_lost());
        ASSERT_TRUE(server_->wait_fresh(30s));
    }
    fs::path index() const { return directory_ / "data" / "index"; }
    fs::path file_of(const std::string& kind) const {
        for (const auto& entry : fs::directory_iterator(index()))
            if (entry.path().filename().string().starts_with(kind))
                return entry.path();
        return {};
    }
    static void damage(const fs::path& file, std::streamoff at) {
        std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
        bytes.seekg(at);
        const char old = static_cast<char>(bytes.get());
        bytes.seekp(at);
        bytes.put(static_cast<char>(old ^ 0x55));
    }

    fs::path directory_;
    std::unique_ptr<Server> server_;
    int messages_ = 0;
};

}  // namespace

TEST_F(IndexKeeperTest, AServerWithoutItsIndexDirectoryCountsAsBefore) {
    live();
    const auto before = counts();
    ASSERT_GT(before[0], 20u);
    ASSERT_TRUE(feed_is_trimmed());
    server_.reset();
    fs::remove_all(index());
    start();
    wait_complete();
    EXPECT_EQ(counts(), before);
    append(FactKind::event, "page_view", {device(77)}, {});
    ASSERT_TRUE(server_->wait_fresh(30s));
    EXPECT_EQ(counts()[0], before[0] + 1);
}

TEST_F(IndexKeeperTest, ADamagedStateFileIsFoundAtTheStart) {
    live();
    const auto before = counts();
    server_.reset();
    damage(file_of("state-"), 100);
    start();
    wait_complete();
    EXPECT_EQ(counts(), before);
}

TEST_F(IndexKeeperTest, ADamagedSegmentIsFoundBehindTheStart) {
    live();
    const auto before = counts();
    server_.reset();
    damage(file_of("segment-"), 80);
    start();
    for (int turn = 0; turn < 300 && !server_->stores.index->is_lost(); ++turn)
        std::this_thread::sleep_for(100ms);
    EXPECT_TRUE(server_->stores.index->is_lost());
    server_->index_keeper.watch();
    wait_complete();
    EXPECT_EQ(counts(), before);
}

TEST_F(IndexKeeperTest, QuestionsAreRefusedAndFactsTakenWhileItIsLost) {
    live();
    server_->stores.index->lose();
    const auto refused = preview(R"({"all":[]})");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, "index.rebuilding");
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    EXPECT_GT(refused.error().retry_after_s, 0);
    append(FactKind::event, "page_view", {device(1)}, {});
    server_->index_keeper.watch();
    wait_complete();
    EXPECT_TRUE(preview(R"({"all":[]})"));
}

TEST_F(IndexKeeperTest, TheCommandRebuildsBesideTheOneThatAnswers) {
    live();
    const auto before = counts();
    const auto answer =
        control_handler(*server_)({{"command", "index rebuild"}}, [](std::string_view) {});
    ASSERT_TRUE(answer) << answer.error().detail;
    EXPECT_TRUE(answer->starts_with("The index was rebuilt")) << *answer;
    EXPECT_EQ(counts(), before);
    start();
    ASSERT_TRUE(server_->wait_fresh(30s));
    EXPECT_EQ(counts(), before);
}

}  // namespace qiao::app
