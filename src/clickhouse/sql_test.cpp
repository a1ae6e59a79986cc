#include "clickhouse/sql.hpp"

#include <gtest/gtest.h>

#include "clickhouse/testing/chdb_of_tests.hpp"

namespace qiao::clickhouse {
namespace {

TEST(TextLiteral, LeavesNoWayOut) {
    EXPECT_EQ(text_literal("plain 文字"), "'plain 文字'");
    EXPECT_EQ(text_literal("it's"), "'it\\'s'");
    EXPECT_EQ(text_literal("\\'; DROP TABLE events --"), "'\\\\\\'; DROP TABLE events --'");
    EXPECT_EQ(text_literal(std::string_view("a\0b", 3)), "'a\\0b'");
}

// Every byte comes back from ClickHouse's own parser.
TEST(TextLiteral, IsReadBackByteByByte) {
    std::string why;
    auto* engine = testing::chdb_of_tests(why);
    if (!engine)
        GTEST_SKIP() << why;
    std::string text;
    for (int byte = 0; byte < 256; ++byte)
        text += {'\\', static_cast<char>(byte), '\''};
    const auto rows = engine->ask("SELECT hex(" + text_literal(text) + ")");
    ASSERT_TRUE(rows) << rows.error().detail;
    std::string wanted;
    for (const char letter : text) {
        constexpr char digits[] = "0123456789ABCDEF";
        wanted += digits[static_cast<unsigned char>(letter) >> 4];
        wanted += digits[static_cast<unsigned char>(letter) & 15];
    }
    EXPECT_EQ(std::string(rows->at(0).at(0).as_string()), wanted);
}

TEST(Select, ReadsInOrder) {
    Select inner({"person", "count() AS n"});
    inner.from("facts")
        .where("event = 'a'")
        .where("time_ms > 1")
        .group_by("person")
        .having("n > 2");
    Select outer({"person"});
    outer.from(inner, "counted").join("INNER JOIN people USING (person)").order_by("n").limit(5);
    EXPECT_EQ(
        outer.text(),
        "SELECT person FROM (SELECT person, count() AS n FROM facts WHERE event = 'a' AND "
        "time_ms > 1 GROUP BY person HAVING n > 2) AS counted INNER JOIN people USING (person) "
        "ORDER BY n LIMIT 5");
}

TEST(TextsLiteral, IsAnArrayAlsoOfNothing) {
    EXPECT_EQ(texts_literal(std::vector<std::string>{"a", "it's"}),
              "CAST(['a', 'it\\'s'], 'Array(String)')");
    EXPECT_EQ(texts_literal({}), "CAST([], 'Array(String)')");
}

TEST(Conditions, OfNothingAreNeutral) {
    EXPECT_EQ(all_of({}), "1");
    EXPECT_EQ(any_of({}), "0");
    EXPECT_EQ(any_of(std::vector<std::string>{"a", "b"}), "(a OR b)");
}

}  // namespace
}  // namespace qiao::clickhouse
