#include "collect/csv.hpp"

#include <gtest/gtest.h>

namespace qiao::collect {
namespace {

using Record = std::vector<std::string>;

std::vector<Record> read_all(std::string_view text, char delimiter = ',') {
    CsvReader reader(text, delimiter);
    std::vector<Record> records;
    Record record;
    std::string problem;
    while (reader.next(record, problem))
        records.push_back(problem.empty() ? record : Record{"!" + std::to_string(reader.line())});
    return records;
}

TEST(Csv, ReadsQuotesNewlinesAndDoubledQuotes) {
    EXPECT_EQ(read_all("a,b\r\n\"x\ny\",\"say \"\"hi\"\"\"\n,\n"),
              (std::vector<Record>{{"a", "b"}, {"x\ny", "say \"hi\""}, {"", ""}}));
    EXPECT_EQ(read_all("a;\"b;c\";d", ';'), (std::vector<Record>{{"a", "b;c", "d"}}));
    EXPECT_EQ(read_all("a\n\n\r\nb"), (std::vector<Record>{{"a"}, {"b"}}));
}

TEST(Csv, ABrokenQuoteSpoilsItsLineAlone) {
    EXPECT_EQ(read_all("a,b\n\"x\"y,1\nc,d\n"),
              (std::vector<Record>{{"a", "b"}, {"!2"}, {"c", "d"}}));
    EXPECT_EQ(read_all("a,b\n\"open,1\nc,d\n"),
              (std::vector<Record>{{"a", "b"}, {"!2"}, {"c", "d"}}));
}

TEST(Csv, LinesAreThoseOfTheFile) {
    CsvReader reader("h\n\"a\nb\"\nc\n", ',');
    Record record;
    std::string problem;
    std::vector<std::uint64_t> lines;
    while (reader.next(record, problem))
        lines.push_back(reader.line());
    EXPECT_EQ(lines, (std::vector<std::uint64_t>{1, 2, 4}));
}

TEST(Csv, FindsTheDelimiter) {
    EXPECT_EQ(delimiter_of("a,b\n1,2\n"), ',');
    EXPECT_EQ(delimiter_of("a;b\n1,5;2\n"), ';');
    EXPECT_EQ(delimiter_of("a\tb\n1\t2,3\n"), '\t');
    EXPECT_EQ(delimiter_of("\"a,b\";c\n\"1,1\";2\n"), ';');
    EXPECT_EQ(delimiter_of("alone\n1\n"), ',');
}

TEST(Csv, ReadsUtf8WithAndWithoutBomAndGb18030) {
    EXPECT_EQ(to_utf8("\xef\xbb\xbf姓名", true).value(), "姓名");
    EXPECT_EQ(to_utf8("姓名", true).value(), "姓名");
    EXPECT_EQ(to_utf8("\xd0\xd5\xc3\xfb", true).value(), "姓名");
    EXPECT_EQ(encoding_of("\xd0\xd5\xc3\xfb", true), "gb18030");
    EXPECT_EQ(encoding_of("姓名", true), "utf-8");
    const std::string cut = std::string("姓名").substr(0, 5);
    EXPECT_EQ(encoding_of(cut, false), "utf-8");
    EXPECT_EQ(to_utf8("\xff\xff", true).error().reason, "imports.encoding");
}

}  // namespace
}  // namespace qiao::collect
