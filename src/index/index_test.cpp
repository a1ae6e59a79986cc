#include "index/index.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <fstream>
#include <thread>

#include "index/plan.hpp"

namespace qiao::index {
namespace {

using Kind = IndexChange::Kind;
const Time as_of = *parse_time("2026-11-22T09:30:00+08:00");

ProfileId person(std::uint64_t i) { return static_cast<ProfileId>(i + 1); }
Value number(std::string_view text) { return *Decimal::parse(text); }

IndexChange row(std::uint64_t who, std::string event, Duration ago, Properties properties = {}) {
    IndexChange change;
    change.profile = person(who);
    change.name = std::move(event);
    change.time = as_of - ago;
    change.properties = std::move(properties);
    return change;
}
IndexChange tag(std::uint64_t who, std::string name, Value value) {
    IndexChange change;
    change.kind = Kind::tag;
    change.profile = person(who);
    change.name = std::move(name);
    change.value = std::move(value);
    return change;
}
IndexChange simple(Kind kind, std::uint64_t who, std::uint64_t other = 0) {
    IndexChange change;
    change.kind = kind;
    change.profile = person(who);
    change.other = person(other);
    return change;
}

class Names final : public rule::Vocabulary {
public:
    std::optional<ValueType> tag(std::string_view name) const override {
        return name == "phone" ? ValueType::sealed
               : name == "age" ? ValueType::number
                               : ValueType::string;
    }
    bool has_event(std::string_view) const override { return true; }
    std::optional<ValueType> property(std::string_view, std::string_view name) const override {
        return name.ends_with("amount") ? ValueType::number : ValueType::string;
    }
    bool has_score(std::string_view) const override { return true; }
    bool has_identity(std::string_view) const override { return true; }
    bool has_consent(std::string_view) const override { return true; }
    std::optional<std::vector<std::string>> org(std::string_view) const override {
        return std::nullopt;
    }
    const rule::Node* audience(std::string_view) const override { return nullptr; }
    std::optional<std::string> sealed_hash(std::string_view, std::string_view text) const override {
        return "hash of " + std::string(text);
    }
};

class IndexTest : public ::testing::Test {
protected:
    IndexTest() {
        options_.directory =
            std::filesystem::temp_directory_path() / ("qiao-ix-" + std::to_string(::getpid()));
        options_.background = false;
        std::filesystem::remove_all(options_.directory);
        open();
    }
    ~IndexTest() override {
        index_.reset();
        std::filesystem::remove_all(options_.directory);
    }
    void open() {
        index_.reset();
        auto opened = Index::open(options_);
        ASSERT_TRUE(opened) << opened.error().detail;
        index_ = std::move(*opened);
    }
    void apply(std::vector<IndexChange> changes) {
        Positions positions{};
        positions.fill(++position_);
        index_->apply(changes, positions);
    }
    Plan plan(std::string_view text) {
        const auto parsed = rule::parse(boost::json::parse(text));
        const auto resolved = rule::resolve(*parsed, Names());
        EXPECT_TRUE(resolved) << resolved.error().detail;
        return Plan(*resolved, index_->snapshot(), as_of, *Calendar::of_zone("Asia/Shanghai"));
    }
    std::uint64_t count(std::string_view text) { return plan(text).evaluate({})->count(); }
    // Closes the index and changes a byte of its first file of this kind.
    void damage(const char* extension, std::streamoff at) {
        index_.reset();
        for (const auto& entry : std::filesystem::directory_iterator(options_.directory)) {
            if (entry.path().extension() != extension)
                continue;
            std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
            file.seekp(at);
            file.put('\x5a');
        }
    }
    bool files_hold(std::string_view text) const {
        for (const auto& entry : std::filesystem::directory_iterator(options_.directory)) {
            std::ifstream in(entry.path(), std::ios::binary);
            const std::string bytes((std::istreambuf_iterator<char>(in)), {});
            if (bytes.find(text) != std::string::npos)
                return true;
        }
        return false;
    }

    IndexOptions options_;
    std::unique_ptr<Index> index_;
    std::uint64_t position_ = 1;
};

using std::chrono::hours;

TEST_F(IndexTest, SurvivesWithItsPositions) {
    apply({row(1, "pay", hours(1), {{"amount", number("12.5")}}),
           tag(1, "level", std::string("gold"))});
    index_->flush();
    apply({row(1, "pay", hours(2))});
    EXPECT_EQ(count(R"({"event":"pay","op":"eq","value":2})"), 1u);
    open();  // as after a crash: what was not flushed is gone, and the positions say so
    EXPECT_EQ(index_->snapshot()->positions[7], 2u);
    EXPECT_EQ(index_->durable_positions()[7], 2u);
    EXPECT_EQ(count(R"({"event":"pay","op":"eq","value":1})"), 1u);
    EXPECT_EQ(count(R"({"event":"pay","measure":"sum:amount","op":"eq","value":12.5})"), 1u);
    EXPECT_EQ(count(R"({"tag":"level","op":"eq","value":"gold"})"), 1u);
}

TEST_F(IndexTest, RefusesAFileWithADamagedHeader) {
    apply({row(1, "pay", hours(1))});
    index_->flush();
    damage(".qseg", 20);
    const auto opened = Index::open(options_);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().reason, "index.corrupt");
    Index::reset(options_.directory);
    EXPECT_TRUE(Index::open(options_));
}

TEST_F(IndexTest, FindsDamagedRowsWhenTheyAreFirstRead) {
    apply({row(1, "pay", hours(1)), row(1, "view", hours(1))});
    index_->flush();
    damage(".qseg", 100);
    options_.background = false;
    index_ = std::move(*Index::open(options_));
    EXPECT_FALSE(index_->is_lost());
    const auto state = index_->snapshot();
    int thrown = 0;
    for (const char* event : {"pay", "view"}) {
        try {
            state->segments.front()->find(*state->strings->find(event));
        } catch (const DamagedSegment&) {
            ++thrown;
        }
    }
    EXPECT_EQ(thrown, 1);
    EXPECT_TRUE(index_->is_lost());
    EXPECT_EQ(index_->usable().error().reason, "index.rebuilding");
}

TEST_F(IndexTest, DropsWhatIsOlderThanItKeeps) {
    apply({row(1, "pay", hours(5)), row(1, "pay", hours(1)), row(2, "view", hours(5))});
    index_->flush();
    EXPECT_FALSE(index_->snapshot()->kept_from);
    index_->keep_from(as_of - hours(3));
    index_->compact();
    EXPECT_EQ(index_->snapshot()->kept_from, as_of - hours(3));
    EXPECT_EQ(index_->snapshot()->rows(), 1u);
    EXPECT_EQ(index_->snapshot()->customers, 2u);
    apply({row(2, "pay", hours(4)), row(2, "pay", hours(3))});  // one comes too late
    EXPECT_EQ(index_->snapshot()->rows(), 2u);
    index_->keep_from(as_of - hours(9));  // what is gone stays gone
    EXPECT_EQ(index_->snapshot()->kept_from, as_of - hours(3));
    index_->flush();
    open();
    EXPECT_EQ(index_->snapshot()->kept_from, as_of - hours(3));
    EXPECT_EQ(index_->snapshot()->rows(), 2u);
}

TEST_F(IndexTest, DropsAnOldSegmentAtOnce) {
    apply({row(1, "pay", hours(5))});
    index_->flush();
    apply({row(1, "pay", hours(1))});
    index_->flush();
    ASSERT_EQ(index_->snapshot()->segments.size(), 2u);
    index_->keep_from(as_of - hours(3));
    EXPECT_EQ(index_->snapshot()->segments.size(), 1u);
    open();
    EXPECT_EQ(index_->snapshot()->rows(), 1u);
}

struct PeriodsTest : IndexTest {
    PeriodsTest() {
        options_.period = hours(24);
        options_.memory_rows = 40;  // ten are worth a file
        open();
        for (int day = 3; day >= 1; --day)
            pay(day, 20);
        apply({row(1, "pay", hours(24 * 900))});  // by a wrong clock
        index_->compact();
    }
    // So many rows, all in the same period. The period begins at eight in the morning in Shanghai.
    void pay(int days_ago, int count) {
        std::vector<IndexChange> changes;
        for (int i = 0; i < count; ++i)
            changes.push_back(row(static_cast<std::uint64_t>(i % 7), "pay",
                                  hours(24 * days_ago - 2) - std::chrono::minutes(i)));
        apply(std::move(changes));
    }
    std::vector<std::string> files() const {
        std::vector<std::string> made;
        for (const auto& segment : index_->snapshot()->segments)
            made.push_back(segment->path().filename().string());
        return made;
    }
};

TEST_F(PeriodsTest, APeriodHasItsFileAndFewRowsShareOne) {
    const auto state = index_->snapshot();
    ASSERT_EQ(state->segments.size(), 4u);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(state->segments[static_cast<std::size_t>(i)]->rows(), 20u);
    EXPECT_EQ(state->segments.back()->rows(), 1u);
    EXPECT_EQ(count(R"({"event":"pay","within":"48h","op":"gte","value":5})"), 6u);
}

TEST_F(PeriodsTest, OnlyFilesOfPeriodsThatHaveGrownAreWrittenAnew) {
    const auto before = files();
    pay(1, 3);
    index_->flush();
    pay(2, 1);  // maintenance looks at what there is now
    EXPECT_EQ(files().size(), 6u);
    EXPECT_TRUE(std::equal(before.begin(), before.end(), files().begin()));
    pay(1, 3);
    index_->flush();
    pay(2, 1);
    const auto after = files();
    EXPECT_EQ(after[0], before[0]);
    EXPECT_EQ(after[1], before[1]);
    EXPECT_NE(after[2], before[2]);
    EXPECT_EQ(index_->snapshot()->segments[2]->rows(), 26u);
    EXPECT_EQ(index_->snapshot()->rows(), 69u);
    open();
    EXPECT_EQ(index_->snapshot()->segments[2]->rows(), 26u);
}

TEST_F(PeriodsTest, WhatIsTooOldLeavesWithItsFiles) {
    const auto before = files();
    index_->keep_from(as_of - hours(24 * 2) + std::chrono::minutes(90));
    pay(1, 0);
    EXPECT_EQ(index_->snapshot()->rows(), 40u);
    EXPECT_EQ(files(), (std::vector<std::string>{before[1], before[2]}));
}

TEST_F(PeriodsTest, AQuestionReadsNoFileOfOtherPeriods) {
    const auto first = index_->snapshot()->segments.front()->path();
    index_.reset();
    std::fstream(first, std::ios::in | std::ios::out | std::ios::binary).seekp(100).put('\x5a');
    open();
    EXPECT_EQ(count(R"({"event":"pay","within":"48h","op":"gte","value":5})"), 6u);
    EXPECT_FALSE(index_->is_lost());
    EXPECT_THROW(count(R"({"event":"pay","within":"30d"})"), DamagedSegment);
}

TEST_F(PeriodsTest, TheErasedLeaveAllFilesAfterAWhile) {
    options_.forget_after = Duration(0);
    open();
    const auto before = files();
    apply({row(99, "pay", hours(25), {{"note", std::string("very personal words")}})});
    index_->flush();
    apply({simple(Kind::erase, 99)});
    EXPECT_FALSE(files_hold("very personal words"));
    EXPECT_EQ(index_->snapshot()->rows(), 61u);
    EXPECT_NE(files(), before);
}

TEST_F(PeriodsTest, TheErasedAreForgottenAlsoAfterARestart) {
    apply({row(99, "pay", hours(25), {{"note", std::string("very personal words")}})});
    index_->flush();
    apply({simple(Kind::erase, 99)});
    index_->flush();
    EXPECT_TRUE(files_hold("very personal words"));
    options_.forget_after = Duration(0);
    open();
    apply({});
    EXPECT_FALSE(files_hold("very personal words"));
    EXPECT_EQ(index_->snapshot()->rows(), 61u);
}

TEST_F(PeriodsTest, ReplacedFilesAreLetGoOf) {
    std::weak_ptr<const Segment> replaced = index_->snapshot()->segments[2];
    const std::weak_ptr<const Segment> kept = index_->snapshot()->segments[0];
    for (int i = 0; i < 4; ++i) {
        pay(2, 5);  // its file is written anew, the others are handed on
        index_->flush();
    }
    EXPECT_FALSE(replaced.expired());
    pay(1, 6);
    index_->flush();
    apply({});
    pay(1, 1);
    index_->flush();
    apply({});
    EXPECT_TRUE(replaced.expired());
    EXPECT_FALSE(kept.expired());
}

TEST_F(PeriodsTest, ACustomersLastEventsComeFromAllFiles) {
    const auto customer = *index_->find(*index_->snapshot(), person(1));
    const auto all = history_of(*index_->snapshot(), customer, 1000);
    ASSERT_EQ(all.size(), 10u);
    EXPECT_EQ(all.front().time, as_of - hours(24 * 900));
    for (std::size_t limit = 0; limit < all.size(); ++limit) {
        const auto last = history_of(*index_->snapshot(), customer, limit);
        ASSERT_EQ(last.size(), limit);
        for (std::size_t i = 0; i < limit; ++i)
            EXPECT_EQ(last[i].time, all[all.size() - limit + i].time);
    }
}

TEST(StringsTest, ForgetsNothingThatIsAskedForMeanwhile) {
    Strings strings;
    const auto old = strings.code("old"), asked = strings.code("asked"),
               marked = strings.code("marked");
    const auto set = strings.set_code({"in a set"}), old_set = strings.set_code({"in an old set"});
    strings.watch_uses();
    EXPECT_EQ(strings.code("asked"), asked);
    EXPECT_EQ(strings.set_code({"in a set"}), set);
    const auto fresh = strings.code("new");
    std::vector<bool> used(marked + 1);
    used[marked] = true;
    strings.blank_unused(used, {});
    EXPECT_FALSE(strings.find("old"));
    EXPECT_NE(strings.text(old), "old");
    EXPECT_EQ(strings.find("asked"), asked);
    EXPECT_EQ(strings.find("marked"), marked);
    EXPECT_EQ(strings.find("new"), fresh);
    EXPECT_EQ(strings.set(set), (StringSet{"in a set"}));
    EXPECT_TRUE(strings.set(old_set).empty());
    EXPECT_NE(strings.code("old"), old);
}

TEST_F(IndexTest, OpensInOneProcessOnly) {
    const auto second = Index::open(options_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().reason, "index.locked");
}

TEST_F(IndexTest, ErasureLeavesNothingInTheFiles) {
    apply({row(1, "pay", hours(1), {{"note", std::string("very personal words")}}),
           tag(1, "level", std::string("a personal tag")),
           row(2, "pay", hours(1), {{"note", std::string("other words")}}),
           row(3, "pay", hours(1))});
    index_->flush();
    EXPECT_TRUE(files_hold("very personal words"));
    apply({simple(Kind::merge, 1, 3), simple(Kind::erase, 1), simple(Kind::erase, 3)});
    EXPECT_EQ(count(R"({"all":[]})"), 1u);
    index_->compact();
    EXPECT_FALSE(files_hold("very personal words"));
    EXPECT_FALSE(files_hold("a personal tag"));
    EXPECT_TRUE(files_hold("other words"));
    EXPECT_EQ(index_->snapshot()->rows(), 1u);
    // What another shard still had to say about the erased person changes nothing.
    apply(
        {row(3, "pay", hours(1)), tag(1, "level", std::string("back")), simple(Kind::merge, 1, 2)});
    EXPECT_EQ(count(R"({"all":[]})"), 1u);
    apply({simple(Kind::erase, 2)});
    EXPECT_EQ(count(R"({"all":[]})"), 0u);
}

// What somebody has who was split off is told again; what they had before may have been withdrawn.
TEST_F(IndexTest, WhoIsSplitOffFromTheErasedHasWhatIsToldAgain) {
    auto consent = tag(2, "marketing.sms", true);
    consent.kind = Kind::consent;
    apply({row(1, "pay", hours(3)), simple(Kind::erase, 1), consent,
           tag(2, "level", std::string("gold")), row(2, "pay", hours(2)), simple(Kind::merge, 1, 2),
           simple(Kind::split, 1, 2), tag(2, "level", std::string("gold"))});
    EXPECT_EQ(count(R"({"consent":"marketing.sms"})"), 0u);
    EXPECT_EQ(count(R"({"tag":"level","op":"eq","value":"gold"})"), 1u);
    EXPECT_EQ(count(R"({"event":"pay"})"), 1u);
}

// The shards of a winner and of those who were merged into it are read side by side, in any order.
TEST_F(IndexTest, WhoWasSplitOffBeforeTheErasureKeepsItsRows) {
    const auto merge = simple(Kind::merge, 1, 2), split = simple(Kind::split, 1, 2);
    const auto inner = simple(Kind::merge, 2, 3), erase = simple(Kind::erase, 1);
    const std::vector<IndexChange> rows{row(1, "pay", hours(1)), row(2, "pay", hours(2)),
                                        row(3, "pay", hours(3))};
    const auto twice = R"({"event":"pay","op":"gte","value":2})";
    for (const auto& order : {std::vector{merge, inner, split, erase},
                              {merge, inner, erase, split},
                              {merge, erase, inner, split},
                              {erase, merge, inner, split},
                              {inner, erase, merge, split}}) {
        index_ = std::move(*Index::open({}));
        apply(rows);
        for (const auto& change : order)
            apply({change});
        EXPECT_EQ(count(R"({"all":[]})"), 1u);
        EXPECT_EQ(count(twice), 1u);
        const auto state = index_->snapshot();
        EXPECT_EQ(history_of(*state, *index_->find(*state, person(2)), 9).size(), 2u);
    }
}

TEST_F(IndexTest, RefusesToSumSeveralCurrencies) {
    const auto paid = [](std::uint64_t who, const char* amount, const char* currency) {
        return row(who, "pay", hours(1),
                   {{"amount", number(amount)}, {"currency", std::string(currency)}});
    };
    constexpr std::string_view sum =
        R"({"all":[{"event":"pay","measure":"sum:amount","op":"gte","value":1}]})";
    apply({paid(1, "5", "CNY"), paid(2, "6", "CNY")});
    EXPECT_EQ(count(sum), 2u);
    apply({paid(3, "7", "USD")});
    const auto mixed = plan(sum).evaluate({});
    ASSERT_FALSE(mixed);
    EXPECT_EQ(mixed.error().reason, "rule.mixed_currencies");
    EXPECT_EQ(mixed.error().pointer, "/all/0/measure");
    EXPECT_EQ(count(R"({"event":"pay","measure":"sum:amount","op":"gte","value":1,
                        "where":[{"property":"currency","op":"eq","value":"USD"}]})"),
              1u);
    EXPECT_EQ(count(R"({"event":"pay","measure":"distinct:amount","op":"gte","value":1})"), 3u);
}

TEST_F(IndexTest, KnowsSealedValuesByTheirHash) {
    apply({tag(1, "phone", Sealed{"hash of 138", "cipher one"}),
           tag(2, "phone", Sealed{"hash of 139", "cipher two"})});
    EXPECT_EQ(count(R"({"tag":"phone","op":"eq","value":"138"})"), 1u);
    EXPECT_EQ(count(R"({"tag":"phone","op":"in","value":["138","139","140"]})"), 2u);
    index_->flush();
    EXPECT_FALSE(files_hold("cipher one"));
}

TEST_F(IndexTest, StopsWhenCancelledOrLate) {
    apply({row(1, "pay", hours(1))});
    const std::atomic<bool> cancelled{true};
    Execution how;
    how.cancelled = &cancelled;
    EXPECT_EQ(plan(R"({"event":"pay"})").evaluate(how).error().reason, "index.cancelled");
    Execution late;
    late.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
    EXPECT_EQ(plan(R"({"event":"pay"})").evaluate(late).error().reason, "index.too_slow");
}

TEST_F(IndexTest, ExplainsWhatWasFound) {
    apply({row(1, "pay", hours(1), {{"amount", number("2")}}),
           row(1, "pay", hours(2), {{"amount", number("3")}}),
           tag(1, "level", std::string("gold"))});
    const auto explained = plan(R"({"all":[{"tag":"level","op":"eq","value":"plain"},
        {"event":"pay","measure":"avg:amount","op":"gt","value":2},
        {"not":{"sequence":[{"event":"pay"},{"event":"pay"},{"event":"pay"}]}}]})")
                               .explain(0);
    EXPECT_FALSE(explained.holds);
    ASSERT_EQ(explained.parts.size(), 3u);
    EXPECT_FALSE(explained.parts[0].holds);
    EXPECT_EQ(explained.parts[0].found, Value(std::string("gold")));
    EXPECT_EQ(explained.parts[1].found, number("2.5"));
    EXPECT_TRUE(explained.parts[2].holds);
    EXPECT_EQ(explained.parts[2].parts[0].found, number("2"));
    EXPECT_EQ(explained.parts[2].parts[0].pointer, "/all/2/not");
}

TEST_F(IndexTest, ShowsTheLastEventsOfACustomer) {
    apply({row(1, "a", hours(3)), row(1, "b", hours(2)), row(2, "a", hours(1))});
    index_->flush();
    apply({row(1, "a", hours(1), {{"amount", number("7")}}), simple(Kind::merge, 1, 2)});
    const auto state = index_->snapshot();
    const auto last = history_of(*state, *index_->find(*state, person(2)), 3);
    ASSERT_EQ(last.size(), 3u);
    EXPECT_EQ(last[0].event, "b");
    EXPECT_EQ(last[1].time, last[2].time);
    EXPECT_EQ(std::count_if(last.begin(), last.end(),
                            [](const auto& one) { return one.recorded_for == person(2); }),
              1);
}

TEST_F(IndexTest, LoadsColumnsInBulk) {
    const Dense customers = 10'000;
    std::vector<ProfileId> profiles;
    BulkTag age{"age", ValueType::number, {}};
    for (Dense i = 0; i < customers; ++i) {
        profiles.push_back(person(i));
        age.cells.push_back(static_cast<Cell>(i % 90) * Decimal::scale);
    }
    int made = 0;
    index_->load(
        profiles, {age},
        [&](BulkEvent& event) {
            if (made++ == 2)
                return false;
            event.event = made == 1 ? "view" : "pay";
            BulkEvent::Column amount{"amount", ValueType::number, {}};
            for (Dense i = customers; i-- > 0;) {
                event.customer.push_back(i);
                event.time_ms.push_back(to_ms(as_of) - i * 1000);
                amount.cells.push_back(static_cast<Cell>(i) * 100);
            }
            event.columns.push_back(std::move(amount));
            return true;
        },
        Positions{});
    open();
    EXPECT_EQ(index_->snapshot()->rows(), 20'000u);
    EXPECT_EQ(count(R"({"tag":"age","op":"between","value":[10,19]})"), 1110u);
    EXPECT_EQ(count(R"({"event":"pay","within":"1h"})"), 3600u);
    EXPECT_EQ(count(R"({"event":"view","measure":"sum:amount","op":"lt","value":1})"), 100u);
    apply({row(5, "pay", hours(0))});
    EXPECT_EQ(count(R"({"event":"pay","op":"eq","value":2})"), 1u);
}

// Readers and maintenance go on while changes come in: snapshots never change under a reader.
TEST_F(IndexTest, SnapshotsStandStillWhileTheIndexMoves) {
    options_.background = true;
    options_.memory_rows = 500;
    open();
    std::atomic<bool> done{false};
    std::atomic<int> asked{0};
    std::thread reader([&] {
        while (!done) {
            const auto asking = plan(R"({"event":"pay","op":"gte","value":1})");
            const auto members = asking.evaluate({});
            // Every customer pays at once on appearing, so that any one state holds the invariant.
            EXPECT_EQ(members->count(), asking.state().alive->count());
            ++asked;
        }
    });
    for (std::uint64_t i = 0; i < 400; ++i) {
        std::vector<IndexChange> changes;
        for (std::uint64_t k = 0; k < 10; ++k)
            changes.push_back(row(i * 10 + k, "pay", hours(k)));
        if (i % 7 == 3)
            changes.push_back(simple(Kind::merge, i * 10, i * 10 - 9));
        if (i % 11 == 3)
            changes.push_back(simple(Kind::erase, i * 10 + 1));
        apply(std::move(changes));
    }
    while (asked < 3)
        std::this_thread::yield();
    done = true;
    reader.join();
    index_->compact();
    EXPECT_EQ(index_->snapshot()->segments.size(), 1u);
    EXPECT_EQ(count(R"({"not":{"event":"pay"}})"), 0u);
}

}  // namespace
}  // namespace qiao::index
