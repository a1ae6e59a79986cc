// The commands inside a whole server, and backups of it.
#include "app/tools.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>

#include "access/roles.hpp"
#include "app/backup.hpp"
#include "app/history_place.hpp"
#include "app/server.hpp"

namespace qiao::app {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using namespace std::chrono_literals;

class ToolsTest : public testing::Test {
protected:
    ToolsTest() : directory_(fs::temp_directory_path() / ("qiao-tools-" + random_token(6))) {
        fs::create_directories(directory_);
        start(directory_ / "data");
    }
    ~ToolsTest() override {
        server_.reset();
        fs::remove_all(directory_);
    }

    static ServeOptions options_of(const fs::path& data_dir) {
        ServeOptions options;
        options.data_dir = data_dir;
        options.port = 0;
        options.is_port_given = true;
        options.has_demo = false;
        options.has_test_clock = true;
        return options;
    }
    void start(const fs::path& data_dir) {
        server_.reset();
        auto stores = Stores::open(options_of(data_dir));
        ASSERT_TRUE(stores) << stores.error().detail;
        server_ = std::make_unique<Server>(options_of(data_dir), std::move(*stores));
        ASSERT_TRUE(server_->start());
    }
    Result<std::string> call(json::object call) {
        return control_handler(*server_)(
            call, [this](std::string_view line) { told_.emplace_back(line); });
    }
    // What the command says where no server runs.
    std::string back_up_stopped() {
        ToolOptions options;
        options.data_dir = directory_ / "data";
        options.words = {"backup"};
        options.directory = (directory_ / "backup").string();
        testing::internal::CaptureStdout();
        testing::internal::CaptureStderr();
        run_tool(options);
        const auto said = testing::internal::GetCapturedStdout();
        return said + testing::internal::GetCapturedStderr();
    }
    static std::int64_t format_of(const fs::path& backup) {
        std::ifstream in(backup / "manifest.json");
        return json::parse(in).at("format").to_number<std::int64_t>();
    }
    fs::path file(const std::string& name, const std::string& text) {
        std::ofstream(directory_ / name, std::ios::binary) << text;
        return directory_ / name;
    }
    std::string import_ages() {
        const auto path = file("ages.csv", "age,city\n31,Hangzhou\nold,Ningbo\n45,Ningbo\n");
        const auto mapping = R"({"columns":{"age":{"type":"number"}}})";
        return call({{"command", "import"},
                     {"file", path.string()},
                     {"mapping", mapping},
                     {"id_prefix", "uci-"}})
            .value_or("refused");
    }
    std::uint64_t rows() { return server_->stores.history->row_count(); }

    fs::path directory_;
    std::unique_ptr<Server> server_;
    std::vector<std::string> told_;
};

}  // namespace

TEST_F(ToolsTest, AnUnknownCommandIsRefused) {
    EXPECT_EQ(call({{"command", "fly"}}).error().reason, "control.unknown");
}

TEST_F(ToolsTest, MakesTokensKeysAndPeopleThatTheServerKnowsAtOnce) {
    const auto key = call({{"command", "key create"}, {"name", "app"}});
    ASSERT_TRUE(key);
    EXPECT_TRUE(server_->write_keys.find(*key));
    const auto token =
        call({{"command", "token create"}, {"role", "viewer"}, {"expires_ms", 60'000}});
    ASSERT_TRUE(token);
    EXPECT_FALSE(call({{"command", "token create"}, {"role", "king"}, {"expires_ms", 60'000}}));
    ASSERT_TRUE(call(
        {{"command", "person create"}, {"login", "lin"}, {"name", "Lin"}, {"role", "operator"}}));
    EXPECT_TRUE(call({{"command", "person reset"}, {"login", "lin"}})
                    .value()
                    .starts_with("/sign-in?link="));
    EXPECT_EQ(call({{"command", "person reset"}, {"login", "nobody"}}).error().reason,
              "access.person_not_found");
    EXPECT_TRUE(call({{"command", "audit verify"}}).value().starts_with("The audit log is whole"));
}

TEST_F(ToolsTest, ImportsNumberedRowsOnceAndReportsTheBadOnes) {
    EXPECT_TRUE(import_ages().starts_with("ages.csv: 3 rows, 2 accepted, 1 rejected."));
    EXPECT_NE(std::find(told_.begin(), told_.end(), "Line 3, age: the value is not a number"),
              told_.end());
    EXPECT_EQ(rows(), 2u);
    EXPECT_NE(import_ages().find("nothing was taken twice"), std::string::npos);
    EXPECT_EQ(rows(), 2u);
}

TEST_F(ToolsTest, AnImportOfNoFileSaysSo) {
    EXPECT_EQ(
        call({{"command", "import"}, {"file", (directory_ / "none.csv").string()}}).error().reason,
        "imports.unreadable");
    const auto path = file("one.csv", "user_id,age\nu-1,3\n").string();
    EXPECT_EQ(call({{"command", "import"}, {"file", path}, {"mapping", "["}}).error().reason,
              "imports.mapping");
}

TEST_F(ToolsTest, ABackupBecomesAServerWithTheSameKey) {
    import_ages();
    const auto key = call({{"command", "key create"}, {"name", "app"}}).value();
    const Identity person{"user_id", "u-1", {}};
    const auto sealed = server_->stores.vault->seal(person, "phone", "13800000000");
    const auto backup = directory_ / "backup", second = directory_ / "second";
    ASSERT_TRUE(call({{"command", "backup"}, {"directory", backup.string()}}));
    EXPECT_EQ(call({{"command", "backup"}, {"directory", backup.string()}}).error().reason,
              "backup.not_empty");
    EXPECT_FALSE(fs::exists(backup / "keys"));
    EXPECT_EQ(format_of(backup), 1);
    import_ages();  // the server goes on

    const auto quiet = [](std::string_view) {};
    ASSERT_TRUE(restore(backup, second, quiet));
    EXPECT_EQ(Stores::open(options_of(second)).error().reason, "vault.key_missing");
    fs::remove_all(second);
    fs::create_directories(second);
    fs::copy(directory_ / "data" / "keys", second / "keys", fs::copy_options::recursive);
    ASSERT_TRUE(restore(backup, second, quiet));
    start(second);
    ASSERT_TRUE(server_->wait_fresh(30s));
    EXPECT_EQ(rows(), 2u);
    EXPECT_EQ(server_->stores.index->snapshot()->customers, 2u);
    EXPECT_TRUE(server_->write_keys.find(key));
    EXPECT_EQ(server_->stores.vault->unseal(sealed.ciphertext).value(), "13800000000");
    EXPECT_NE(import_ages().find("nothing was taken twice"), std::string::npos);
}

// As after a server whose history was in ClickHouse has stopped.
TEST_F(ToolsTest, ABackupSaysThatHistoryIsElsewhere) {
    import_ages();
    const auto data = directory_ / "data", second = directory_ / "second";
    server_.reset();
    fs::remove(data / "history.duckdb");
    keep_place(data, "clickhouse://qiao:secret@ch.bank:8123/bank?keep_months=60");
    const auto said = back_up_stopped();
    EXPECT_NE(said.find("complete but for history"), said.npos) << said;
    EXPECT_NE(said.find("clickhouse://ch.bank:8123/bank"), said.npos) << said;
    EXPECT_EQ(said.find("secret"), said.npos) << said;
    EXPECT_FALSE(fs::exists(directory_ / "backup" / "history.duckdb"));
    EXPECT_FALSE(fs::exists(data / "history.duckdb"));
    EXPECT_EQ(format_of(directory_ / "backup"), 2) << "older versions know no place";

    const auto restored = restore(directory_ / "backup", second, [](std::string_view) {});
    ASSERT_TRUE(restored);
    EXPECT_NE(restored->find("put clickhouse://ch.bank:8123/bank back"), restored->npos);
    EXPECT_EQ(place_used(second), "clickhouse://ch.bank:8123/bank");
}

// As after a move back from ClickHouse, before the first start.
TEST_F(ToolsTest, AFileThatIsWholeIsBackedUpThoughHistoryWasElsewhere) {
    import_ages();
    const auto data = directory_ / "data", backup = directory_ / "backup";
    server_.reset();
    keep_place(data, "clickhouse://qiao@ch.bank/bank");
    const auto said = back_up_stopped();
    EXPECT_NE(said.find("The backup is complete: "), said.npos) << said;
    EXPECT_NE(said.find("clickhouse://ch.bank:8123/bank"), said.npos) << said;
    EXPECT_TRUE(fs::exists(backup / "history.duckdb"));

    const auto second = directory_ / "second";
    fs::create_directories(second);
    fs::copy(data / "keys", second / "keys", fs::copy_options::recursive);
    const auto restored = restore(backup, second, [](std::string_view) {});
    ASSERT_TRUE(restored) << restored.error().detail;
    EXPECT_NE(restored->find("Start without --history"), restored->npos) << *restored;
    start(second);
    EXPECT_EQ(rows(), 2u);
}

TEST_F(ToolsTest, AFileThatIsNotWholeIsLeftOutWhereHistoryIsElsewhere) {
    import_ages();
    const auto data = directory_ / "data";
    server_->stores.history->begin_move();
    server_.reset();
    keep_place(data, "clickhouse://qiao@ch.bank/bank");
    EXPECT_NE(back_up_stopped().find("complete but for history"), std::string::npos);
    EXPECT_FALSE(fs::exists(directory_ / "backup" / "history.duckdb"));
}

TEST_F(ToolsTest, HalfACopyIsNotBackedUp) {
    import_ages();
    server_->stores.history->begin_move();
    server_.reset();
    EXPECT_NE(back_up_stopped().find("nothing was backed up"), std::string::npos);
}

TEST_F(ToolsTest, AServerThatUsesItsOwnFileForgetsAnotherPlace) {
    const auto data = directory_ / "data";
    server_.reset();
    keep_place(data, "clickhouses://qiao@ch.bank/bank");
    EXPECT_EQ(place_used(data), "clickhouses://ch.bank:8443/bank");
    start(data);
    EXPECT_EQ(place_used(data), "");
    server_.reset();
    EXPECT_NE(back_up_stopped().find("The backup is complete: "), std::string::npos);
}

// The file is lost, or history is in a place that was never kept.
TEST_F(ToolsTest, AHistoryThatIsNotWholeIsNotBackedUp) {
    import_ages();
    ASSERT_TRUE(server_->advance(2min));  // what history and the index have leaves the feed
    server_.reset();
    fs::remove(directory_ / "data" / "history.duckdb");
    EXPECT_NE(back_up_stopped().find("nothing was backed up"), std::string::npos);
    EXPECT_FALSE(fs::exists(directory_ / "backup"));
}

TEST_F(ToolsTest, ADamagedBackupIsNotRestored) {
    import_ages();
    const auto backup = directory_ / "backup", second = directory_ / "second";
    ASSERT_TRUE(call({{"command", "backup"}, {"directory", backup.string()}}));
    const auto quiet = [](std::string_view) {};
    std::fstream(backup / "history.duckdb", std::ios::in | std::ios::out | std::ios::binary)
            .seekp(100)
        << 'x';
    EXPECT_EQ(restore(backup, second, quiet).error().reason, "backup.damaged");
    EXPECT_FALSE(fs::exists(second));
    fs::remove(backup / "registry.sqlite");
    EXPECT_EQ(restore(backup, second, quiet).error().reason, "backup.damaged");
    fs::remove(backup / "manifest.json");
    EXPECT_EQ(restore(backup, second, quiet).error().reason, "backup.incomplete");
    EXPECT_EQ(restore(backup, directory_ / "data", quiet).error().reason, "backup.incomplete");
}

TEST_F(ToolsTest, AManifestCannotNameFilesOutside) {
    const auto quiet = [](std::string_view) {};
    for (const auto* path :
         {"../outside", "/etc/passwd", "keys/master.key", "journal/../../outside", ""}) {
        const auto bad = directory_ / "bad";
        fs::create_directories(bad);
        std::ofstream(bad / "manifest.json") << json::serialize(
            json::value{{"format", 1},
                        {"migration", 1},
                        {"files", {{{"path", path}, {"bytes", 0}, {"sha256", ""}}}}});
        EXPECT_EQ(restore(bad, directory_ / "second", quiet).error().reason, "backup.damaged")
            << path;
    }
}

TEST_F(ToolsTest, TheJournalIsTrimmedAfterTheWindow) {
    import_ages();
    const auto kept = [&] {
        std::uint64_t entries = 0;
        for (ShardId shard = 0; shard < shard_count; ++shard)
            entries += server_->journal.end(shard) - server_->journal.begin(shard);
        return entries;
    };
    const auto before = kept();
    EXPECT_GT(before, 0u);
    ASSERT_TRUE(server_->advance(24h * 6));
    EXPECT_GE(kept(), before);
    ASSERT_TRUE(server_->advance(24h * 2));
    EXPECT_EQ(kept(), 0u);
    EXPECT_EQ(rows(), 2u);
}

}  // namespace qiao::app
