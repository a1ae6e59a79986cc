#include "history/analysis.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace qiao::history {
namespace {

using namespace std::chrono_literals;

constexpr auto visitor = ProfileId{64}, ana = ProfileId{128}, bob = ProfileId{192};

class AnalysisTest : public testing::Test {
protected:
    AnalysisTest()
        : directory_(std::filesystem::temp_directory_path() /
                     ("qiao-analysis-" + random_token(6))) {
        std::filesystem::create_directories(directory_);
        history_ = std::move(*DuckdbHistory::open(directory_ / "history.duckdb", {}));
        history_->write(
            {.rows = {row(visitor, "view", R"({"channel":"web"})"),
                      row(ana, "pay", R"({"n":10,"phone":{"sealed":"a1","ciphertext":"x=="}})"),
                      row(bob, "pay", R"({"amount":7,"note":"secret"})")},
             .merges = {{visitor, ana}}});
    }
    ~AnalysisTest() override {
        history_.reset();
        std::filesystem::remove_all(directory_);
    }

    static HistoryRow row(ProfileId profile, std::string event, std::string properties) {
        // 2026-09-30T20:00:00Z is the first of October in Shanghai.
        const auto at = *parse_time("2026-09-30T20:00:00Z");
        const auto id = event + std::to_string(static_cast<std::uint64_t>(profile));
        return {profile, at, at, std::move(event), "key_1", id, 1, 1, 0, std::move(properties)};
    }

    static VisibleCustomers only(std::vector<ProfileId> people, bool is_everyone = false) {
        VisibleCustomers made;
        made.is_everyone = is_everyone;
        made.each_customer = [people](const auto& visit) {
            for (const auto customer : people)
                if (!visit(customer, "33"))
                    return;
        };
        made.each_tag = [people](const auto& visit) {
            for (const auto customer : people)
                if (!visit(customer, "level", "gold"))
                    return;
        };
        return made;
    }

    SelectResult<AnalysisTable> ask(const std::string& text, const VisibleCustomers& visible,
                                    std::chrono::milliseconds time = 20s) {
        const AnalysisLimits limits{std::chrono::steady_clock::now() + time, 100, nullptr};
        Analysis analysis(*history_, "Asia/Shanghai");
        if (auto ready = analysis.prepare(text, visible, limits); !ready)
            return tl::unexpected(ready.error());
        return analysis.rows(limits);
    }
    std::string cell(const std::string& text, const VisibleCustomers& visible) {
        const auto answer = ask(text, visible);
        return answer ? answer->rows.at(0).at(0).value_or("NULL") : answer.error().error.reason;
    }

    // Past every check.
    duckdb_state raw(const char* sql, duckdb_result& result) {
        Analysis analysis(*history_, "Asia/Shanghai");
        return duckdb_query(analysis.connection(), sql, &result);
    }

    std::filesystem::path directory_;
    std::unique_ptr<DuckdbHistory> history_;
    const VisibleCustomers everyone_ = only({ana, bob}, true);
};

TEST_F(AnalysisTest, AMergedVisitorIsTheCustomer) {
    EXPECT_EQ(cell("SELECT count(*) FROM events WHERE customer = 128", everyone_), "2");
    EXPECT_EQ(cell("SELECT customer_id FROM events WHERE event = 'view'", everyone_),
              format_profile(ana));
    EXPECT_EQ(cell("SELECT count(*) FROM events", only({ana})), "2");
}

TEST_F(AnalysisTest, TimesAreTheBanks) {
    EXPECT_EQ(cell("SELECT DISTINCT time::DATE FROM events", everyone_), "2026-10-01");
    EXPECT_EQ(cell("SELECT DISTINCT time_utc::DATE FROM events", everyone_), "2026-09-30");
}

TEST_F(AnalysisTest, SealedValuesAreMaskedForEverybody) {
    EXPECT_EQ(cell("SELECT properties->>'phone' FROM events WHERE customer = 128 AND event = 'pay'",
                   everyone_),
              "•••");
    EXPECT_EQ(cell("SELECT count(*) FROM events WHERE contains(properties, 'a1')", everyone_), "0");
}

TEST_F(AnalysisTest, RowsOfOthersAreGoneBeforeAnythingIsComputedOfThem) {
    // On bob's row this cast fails; who may not see bob learns nothing of it.
    const auto probe =
        "SELECT count(*) FROM events WHERE CAST(CASE WHEN properties->>'note' = 'secret' "
        "THEN 'x' ELSE '1' END AS INTEGER) = 1";
    EXPECT_EQ(cell(probe, only({ana})), "2");
    EXPECT_EQ(cell(probe, everyone_), "query.value");
}

TEST_F(AnalysisTest, AnErrorQuotesNoValue) {
    const auto answer = ask("SELECT CAST(properties->>'note' AS INTEGER) FROM events", everyone_);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().error.detail.find("secret"), std::string::npos);
}

TEST_F(AnalysisTest, TheDatabaseReachesNoFileAndItsSettingsAreLocked) {
    // Past the check of the text, as if it had a hole.
    for (const auto* sql :
         {"COPY (SELECT 1) TO '/tmp/qiao-leak.csv'", "SELECT * FROM '/etc/passwd'",
          "SELECT * FROM read_text('/etc/passwd')", "ATTACH '/tmp/other.duckdb'",
          "SET enable_external_access = true", "SET lock_configuration = false", "INSTALL httpfs",
          "LOAD '/tmp/x.duckdb_extension'"}) {
        duckdb_result result;
        EXPECT_EQ(raw(sql, result), DuckDBError) << sql;
        duckdb_destroy_result(&result);
    }
}

TEST_F(AnalysisTest, AFileHoldsTheAnswerAndLeavesWithItsReader) {
    const AnalysisLimits limits{std::chrono::steady_clock::now() + 20s, 2, nullptr};
    for (const auto format : {AnalysisFormat::csv, AnalysisFormat::parquet}) {
        Analysis analysis(*history_, "Asia/Shanghai");
        ASSERT_TRUE(analysis.prepare("SELECT event FROM events", everyone_, limits));
        const auto file = analysis.file(format, limits);
        ASSERT_TRUE(file) << file.error().error.detail;
        EXPECT_EQ(file->parent_path(), history_->outbox());
        EXPECT_GT(std::filesystem::file_size(*file), 0u);
    }
    history_.reset();
    history_ = std::move(*DuckdbHistory::open(directory_ / "history.duckdb", {}));
    EXPECT_TRUE(std::filesystem::is_empty(history_->outbox()));
}

TEST_F(AnalysisTest, ALongQueryEndsAtItsTimeOrWhenItIsStopped) {
    const std::string endless =
        "SELECT count(*) FROM (SELECT unnest(range(100000)) AS i) a, "
        "(SELECT unnest(range(100000)) AS i) b WHERE (a.i * b.i) % 7 = 3";
    const auto late = ask(endless, everyone_, 300ms);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().error.reason, "query.too_slow");
    std::atomic<bool> is_stopped{false};
    const AnalysisLimits limits{std::chrono::steady_clock::now() + 60s, 10,
                                [&] { return is_stopped.load(); }};
    Analysis analysis(*history_, "Asia/Shanghai");
    ASSERT_TRUE(analysis.prepare(endless, everyone_, limits));
    std::thread stopper([&] {
        std::this_thread::sleep_for(100ms);
        is_stopped = true;
    });
    const auto stopped = analysis.rows(limits);
    stopper.join();
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().error.reason, "query.cancelled");
}

TEST_F(AnalysisTest, APlaceIsThatOfTheText) {
    const auto wrong = ask("SELECT event,\n       nobody\nFROM events", everyone_);
    ASSERT_FALSE(wrong);
    ASSERT_TRUE(wrong.error().place);
    EXPECT_EQ(wrong.error().place->line, 2);
    EXPECT_EQ(wrong.error().place->column, 8);
    EXPECT_EQ(place_of("付款\nab", 8).line, 2);
    EXPECT_EQ(place_of("付款\nab", 8).column, 2);
}

// What the checks let through is known by name: no function that reads outside of its arguments.
TEST(AllowedFunctions, HoldNoneThatReachesOut) {
    for (const auto* name :
         {"current_setting", "getvariable", "nextval", "currval", "sleep_ms", "pg_sleep", "error",
          "write_log", "json_serialize_sql", "json_deserialize_sql", "json_serialize_plan", "query",
          "query_table", "read_csv", "read_text", "glob", "current_query", "current_database",
          "current_schemas", "txid_current", "getenv"})
        EXPECT_FALSE(allowed_functions().contains(std::string_view(name))) << name;
}

}  // namespace
}  // namespace qiao::history
