#include "collect/intake.hpp"

#include <duckdb.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "collect/imports.hpp"
#include "collect/segment.hpp"
#include "sql/testing/both_engines.hpp"

namespace qiao::collect {
namespace {

using namespace std::chrono_literals;

// A whole intake on real stores.
class IntakeTest : public sql::testing::BothEngines {
protected:
    void SetUp() override {
        BothEngines::SetUp();
        if (IsSkipped())
            return;
        directory = std::filesystem::temp_directory_path() / ("qiao-intake-" + random_token(9));
        std::filesystem::create_directories(directory);
        store = journal::Store::open(directory / "journal", {}, clock).value();
        vault = customer::Vault::open(directory / "keys", *store).value();
        journal = std::make_unique<journal::Journal>(*store, clock, metrics);
        dictionary = std::make_unique<dictionary::Dictionary>(database(), clock, calendar);
        quarantine = std::make_unique<Quarantine>(database(), *vault, clock, metrics);
        intake =
            std::make_unique<Intake>(*journal, *dictionary, *vault, *quarantine, clock, metrics);
        jobs = std::make_unique<Jobs>(clock, 1);
        imports = std::make_unique<Imports>(database(), *intake, *dictionary, *jobs, clock,
                                            calendar, directory / "scratch");
    }
    void TearDown() override {
        imports.reset();
        jobs.reset();
        intake.reset();
        quarantine.reset();
        dictionary.reset();
        journal.reset();
        vault.reset();
        store.reset();
        std::filesystem::remove_all(directory);
    }

    Taken take(std::string body) {
        auto batch = parse_segment(body, SegmentCall::batch, envelope());
        EXPECT_TRUE(batch);
        std::promise<Result<Taken>> done;
        intake->take(std::move(*batch), Protocol::segment, envelope(),
                     [&](Result<Taken> taken) { done.set_value(std::move(taken)); });
        auto taken = done.get_future().get();
        EXPECT_TRUE(taken);
        return taken ? *taken : Taken{};
    }
    Envelope envelope() const { return {{"key_1", "app"}, clock.now(), ""}; }

    std::vector<Fact> all_facts() {
        std::vector<Fact> facts;
        for (ShardId shard = 0; shard < shard_count; ++shard)
            journal->read(shard, 1, [&](journal::Offset, std::vector<Fact>&& entry) {
                for (auto& fact : entry)
                    facts.push_back(std::move(fact));
                return true;
            });
        return facts;
    }
    Import run_import(Imports::Request request) {
        request.by_id = request.by_name = "test";
        auto import = imports->start(std::move(request));
        EXPECT_TRUE(import) << (import ? "" : import.error().detail);
        EXPECT_TRUE(jobs->wait_idle(60s));
        return imports->get(import->id).value();
    }

    TestClock clock{parse_time("2026-10-01T00:00:00+08:00").value()};
    Calendar calendar = Calendar::of_zone("Asia/Shanghai").value();
    Metrics metrics;
    std::filesystem::path directory;
    std::unique_ptr<journal::Store> store;
    std::unique_ptr<customer::Vault> vault;
    std::unique_ptr<journal::Journal> journal;
    std::unique_ptr<dictionary::Dictionary> dictionary;
    std::unique_ptr<Quarantine> quarantine;
    std::unique_ptr<Intake> intake;
    std::unique_ptr<Jobs> jobs;
    std::unique_ptr<Imports> imports;
};
QIAO_ON_BOTH_ENGINES(IntakeTest);

TEST_P(IntakeTest, GoodRecordsAreDurableAndARepeatCountsOnce) {
    const std::string body =
        R"({"batch":[{"type":"track","event":"e","userId":"u","messageId":"1"}]})";
    EXPECT_EQ(take(body).accepted, 1u);
    const auto again = take(body);
    EXPECT_EQ(again.accepted, 0u);
    EXPECT_EQ(again.repeated, 1u);
    EXPECT_EQ(all_facts().size(), 1u);
}

TEST_P(IntakeTest, PersonalDataIsSealedBeforeTheJournal) {
    take(
        R"({"batch":[{"type":"identify","userId":"u","messageId":"1","traits":{"mobile":"13800000000","name":"张三","age":30}},
        {"type":"track","event":"call","userId":"u","messageId":"2","properties":{"phone":"13800000000"}}]})");
    for (const auto& fact : all_facts()) {
        std::string bytes;
        encode(fact, bytes);
        EXPECT_EQ(bytes.find("13800000000"), std::string::npos);
        EXPECT_EQ(bytes.find("张三"), std::string::npos);
        if (fact.kind != FactKind::profile_set)
            continue;
        // A trait that is an identity goes by its kind, so that the customer finds it.
        const auto* phone = find(fact.properties, "phone");
        ASSERT_TRUE(phone);
        const auto& sealed = std::get<Sealed>(*phone);
        EXPECT_EQ(sealed.hash, vault->hash("phone", "13800000000"));
        EXPECT_EQ(vault->unseal(sealed.ciphertext).value(), "13800000000");
        EXPECT_EQ(type_of(*find(fact.properties, "name")), ValueType::sealed);
        EXPECT_EQ(type_of(*find(fact.properties, "age")), ValueType::number);
    }
}

TEST_P(IntakeTest, ABadRecordIsQuarantinedMendedAndReplayed) {
    take(
        R"({"batch":[{"type":"track","event":"pay","userId":"u","messageId":"1","properties":{"amount":5}}]})");
    const std::string body =
        R"({"context":{"app":{"name":"bank"}},"batch":[{"type":"track","event":"pay","userId":"u","messageId":"2","properties":{"amount":6}},
            {"type":"track","event":"pay","userId":"u","messageId":"3","properties":{"amount":"many"}}]})";
    const auto taken = take(body);
    EXPECT_EQ(taken.accepted, 1u);
    EXPECT_EQ(taken.quarantined, 1u);
    take(body);  // an SDK that missed the answer
    auto page = quarantine->list({});
    ASSERT_EQ(page.items.size(), 1u);
    const auto& row = page.items[0];
    EXPECT_EQ(row.reason, "dictionary.type_conflict");
    EXPECT_EQ(row.pointer, "/properties/amount");
    EXPECT_EQ(row.name, "pay");
    ASSERT_TRUE(row.record);
    const auto refused = intake->replay(row.id, std::nullopt, "usr");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().pointer, "/properties/amount");
    auto mended = *row.record;
    mended.replace(mended.find("\"many\""), 6, "7");
    ASSERT_TRUE(intake->replay(row.id, mended, "usr"));
    EXPECT_EQ(quarantine->get(row.id)->status, "replayed");
    EXPECT_EQ(intake->replay(row.id, mended, "usr").error().reason, "collect.not_open");
    const auto facts = all_facts();
    ASSERT_EQ(facts.size(), 3u);
    for (const auto& fact : facts) {
        if (fact.message_id == "3") {
            EXPECT_NE(find(fact.properties, "context.app.name"), nullptr);
        }
    }
}

TEST_P(IntakeTest, QuarantinedRecordsAreSealedAndFound) {
    take(
        R"({"batch":[{"type":"track","userId":"u","messageId":"1","properties":{"note":"Needle-77"}},
        {"type":"dance","userId":"v","messageId":"2"}]})");
    for (const auto& row : database().query("SELECT record FROM collect_quarantine"))
        EXPECT_EQ(row.text(0).find("Needle"), std::string::npos);
    EXPECT_EQ(quarantine->list({.text = "needle-77"}).items.size(), 1u);
    EXPECT_EQ(quarantine->list({.reason = "segment.unknown_type"}).items.size(), 1u);
    auto first = quarantine->list({.limit = 1});
    ASSERT_EQ(first.items.size(), 1u);
    auto second = quarantine->list({.cursor = first.next_cursor, .limit = 1});
    ASSERT_EQ(second.items.size(), 1u);
    EXPECT_NE(first.items[0].id, second.items[0].id);
    // Erasing the person makes what was sent about it unreadable.
    const Identity erased[] = {{"user_id", "u", ""}};
    vault->destroy(erased);
    for (const auto& row : quarantine->list({}).items)
        EXPECT_EQ(row.record.has_value(), row.reason == "segment.unknown_type");
    EXPECT_TRUE(quarantine->close(first.items[0].id, "dropped", "usr"));
    EXPECT_FALSE(quarantine->close(first.items[0].id, "dropped", "usr"));
}

TEST_P(IntakeTest, JudgingLeavesNothingBehind) {
    std::string body =
        R"({"batch":[{"type":"track","event":"new_one","userId":"u"},{"type":"track","userId":"u"}]})";
    auto batch = parse_segment(body, SegmentCall::batch, envelope());
    EXPECT_EQ(intake->judge(std::move(*batch), Protocol::segment).size(), 1u);
    EXPECT_EQ(dictionary->snapshot()->event("new_one"), nullptr);
    EXPECT_TRUE(all_facts().empty());
    EXPECT_TRUE(quarantine->list({}).items.empty());
}

TEST_P(IntakeTest, AnImportTakesGoodRowsReportsBadOnesAndIsIdempotent) {
    const std::string file =
        "cust_no,age,city\nc1,30,上海\nc2,old,北京\nc3,41,\"a\nb\"\nc4\n,5,x\n";
    Imports::Request request{.bytes = file,
                             .name = "people.csv",
                             .mapping_json = R"({"columns":{"age":{"type":"number"}}})"};
    const auto import = run_import(request);
    EXPECT_EQ(import.status, "done");
    EXPECT_EQ(import.total, 5);
    EXPECT_EQ(import.accepted, 2);
    EXPECT_EQ(import.rejected, 3);
    std::vector<std::pair<std::int64_t, std::string>> errors;
    for (const auto& error : imports->errors(import.id, 0, 100))
        errors.emplace_back(error.line, error.column);
    EXPECT_EQ(errors, (std::vector<std::pair<std::int64_t, std::string>>{
                          {3, "age"}, {6, ""}, {7, "cust_no"}}));
    EXPECT_EQ(run_import(request).id, import.id);
    // Also where the first one never ended: the journal knows the rows.
    database().execute("UPDATE collect_imports SET status = 'failed'");
    EXPECT_NE(run_import(request).id, import.id);
    EXPECT_EQ(all_facts().size(), 2u);
}

TEST_P(IntakeTest, AnImportAgainstTheDictionarysTypeIsRefusedAtOnce) {
    take(R"({"batch":[{"type":"identify","userId":"u","traits":{"level":"gold"}}]})");
    auto refused = imports->start({.bytes = "user_id,level\nu,3\n", .name = "x.csv"});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, "imports.type_conflict");
    EXPECT_EQ(refused.error().pointer, "/columns/level/type");
}

TEST_P(IntakeTest, EventsAreImportedWithTheirTimes) {
    const auto import = run_import(
        {.bytes = "{\"uid\":\"u\",\"what\":\"pay\",\"at\":\"2026-09-01T00:00:00Z\",\"amount\":5}\n",
         .name = "events.ndjson",
         .mapping_json =
             R"({"kind":"events","id":{"column":"uid"},"event":{"column":"what"},"time":{"column":"at"}})"});
    EXPECT_EQ(import.accepted, 1);
    const auto facts = all_facts();
    ASSERT_EQ(facts.size(), 1u);
    EXPECT_EQ(facts[0].name, "pay");
    EXPECT_EQ(format_time(facts[0].time), "2026-09-01T00:00:00Z");
    EXPECT_EQ(facts[0].properties.size(), 1u);
}

std::string parquet_bytes(const std::filesystem::path& path, const std::string& query) {
    duckdb_database database;
    duckdb_connection connection;
    EXPECT_EQ(duckdb_open(nullptr, &database), DuckDBSuccess);
    EXPECT_EQ(duckdb_connect(database, &connection), DuckDBSuccess);
    const auto copy = "COPY (" + query + ") TO '" + path.string() + "' (FORMAT parquet)";
    EXPECT_EQ(duckdb_query(connection, copy.c_str(), nullptr), DuckDBSuccess);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST_P(IntakeTest, ParquetIsReadByItsColumns) {
    const auto bytes = parquet_bytes(
        directory / "x.parquet",
        "SELECT 'u' || i AS user_id, i * 1.5 AS amount, CASE WHEN i = 2 THEN NULL ELSE '城' END "
        "AS city FROM range(3000) t(i)");
    const auto import = run_import({.bytes = bytes, .name = "x.parquet"});
    EXPECT_EQ(import.format, "parquet");
    EXPECT_EQ(import.accepted, 3000);
    EXPECT_EQ(dictionary->snapshot()->tag("amount")->type, ValueType::number);
    EXPECT_TRUE(std::filesystem::is_empty(directory / "scratch"));
    EXPECT_EQ(imports->start({.bytes = "PAR1 broken", .name = "y"}).error().reason,
              "imports.parquet");
}

}  // namespace
}  // namespace qiao::collect
