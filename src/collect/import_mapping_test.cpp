#include "collect/import_mapping.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace qiao::collect {
namespace {

const Calendar calendar = Calendar::of_zone("Asia/Shanghai").value();

OpenedFile open(std::string text, std::string_view hint = "") {
    auto file = open_import(std::move(text), hint, true, "/nonexistent");
    EXPECT_TRUE(file) << (file ? "" : file.error().detail);
    return std::move(*file);
}

TEST(ImportMapping, SketchesTypesFromValues) {
    auto file = open(
        "n,code,long,day,at,flag,word,mixed\n1,007,1234567890123456,2026-10-01,2026-10-01 "
        "08:00:00,true,x,1\n"
        "-2.5,12,1,2026-01-31,2026-10-01 09:00:00,false,,x\n");
    auto columns = sketch_columns(*file.rows, 100);
    std::vector<std::string> types;
    for (const auto& column : columns)
        types.emplace_back(name_of(column.type));
    EXPECT_EQ(types, (std::vector<std::string>{"number", "string", "string", "time", "time",
                                               "boolean", "string", "string"}));
    EXPECT_EQ(columns[3].time_format, "date");
    EXPECT_EQ(columns[4].time_format, "datetime");
    EXPECT_EQ(columns[0].samples, (std::vector<std::string>{"1", "-2.5"}));
}

TEST(ImportMapping, SuggestsAnIdColumnOrNumberedRows) {
    auto with_id = open("Customer_ID,age\n1,2\n");
    EXPECT_EQ(suggest_mapping(sketch_columns(*with_id.rows, 10), "x.csv").id_column, "Customer_ID");
    auto without = open("age,job\n1,2\n");
    EXPECT_EQ(suggest_mapping(sketch_columns(*without.rows, 10), "dir/people.csv").row_prefix,
              "people-");
    auto known = open(
        "age;job;marital;education;default;balance;housing;loan;contact;day\n1;2;3;4;5;6;7;8;9;"
        "10\n");
    EXPECT_EQ(suggest_mapping(sketch_columns(*known.rows, 10), "bank.csv").row_prefix, "uci-");
}

TEST(ImportMapping, WhatTheJsonLeavesOpenIsFilledIn) {
    auto file = open("no,age,memo\nc1,30,x\n");
    const auto columns = sketch_columns(*file.rows, 10);
    auto mapping = parse_mapping(
        boost::json::parse(
            R"({"kind":"tags","id":{"column":"no"},"columns":{"memo":{"skip":true},"age":{"to":"years"}}})"),
        columns, "x.csv");
    ASSERT_TRUE(mapping);
    ImportRow row{
        0,
        2,
        {{"no", std::string("c1")}, {"age", std::string("30")}, {"memo", std::string("x")}},
        "",
        ""};
    auto fact = fact_of(row, *mapping, time_from_ms(5), calendar);
    ASSERT_TRUE(fact);
    EXPECT_EQ(fact->kind, FactKind::profile_set);
    EXPECT_EQ(fact->identities, (std::vector<Identity>{{"user_id", "c1", ""}}));
    EXPECT_EQ(fact->properties, (Properties{{"years", Decimal::from_int(30).value()}}));
}

TEST(ImportMapping, ErrorsNameTheirPlace) {
    auto file = open("no,age\nc1,30\n");
    const auto columns = sketch_columns(*file.rows, 10);
    auto pointer = [&](const char* text) {
        auto mapping = parse_mapping(boost::json::parse(text), columns, "x.csv");
        return mapping ? std::string("fine") : mapping.error().pointer;
    };
    EXPECT_EQ(pointer(R"({"kind":"things"})"), "/kind");
    EXPECT_EQ(pointer(R"({"id":{"column":"none"}})"), "/id/column");
    EXPECT_EQ(pointer(R"({"id":{}})"), "/id");
    EXPECT_EQ(pointer(R"({"id":{"column":"no","row_prefix":"x"}})"), "/id");
    EXPECT_EQ(pointer(R"({"columns":{"none":{}}})"), "/columns/none");
    EXPECT_EQ(pointer(R"({"columns":{"age":{"type":"money"}}})"), "/columns/age/type");
    EXPECT_EQ(pointer(R"({"kind":"events"})"), "/event");
    EXPECT_EQ(
        pointer(
            R"({"kind":"events","event":{"name":"e"},"time":{"column":"age","format":"moon"}})"),
        "/time/format");
    EXPECT_EQ(pointer(R"({"kind":"events","event":{"name":"e"},"time":{"column":"age"}})"), "fine");
}

TEST(ImportMapping, BadCellsNameTheColumn) {
    auto file = open("no,age\nc1,30\n");
    const auto columns = sketch_columns(*file.rows, 10);
    auto mapping = suggest_mapping(columns, "x.csv");
    mapping.id_column = "no";
    ImportRow bad{0, 2, {{"no", std::string("c1")}, {"age", std::string("old")}}, "", ""};
    auto refused = fact_of(bad, mapping, {}, calendar);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().column, "age");
    ImportRow without{0, 2, {{"age", std::string("1")}}, "", ""};
    EXPECT_EQ(fact_of(without, mapping, {}, calendar).error().column, "no");
}

TEST(ImportMapping, TimesAreReadInTheInstitutionsZone) {
    const auto midnight = parse_time("2026-10-01T00:00:00+08:00").value();
    EXPECT_EQ(read_time("2026-10-01", "date", calendar), midnight);
    EXPECT_EQ(read_time("20261001", "compact", calendar), midnight);
    EXPECT_EQ(read_time("2026-10-01 00:00:01", "datetime", calendar),
              midnight + std::chrono::seconds(1));
    EXPECT_EQ(read_time("0", "epoch_ms", calendar), time_from_ms(0));
    EXPECT_EQ(read_time("2026-10-01 24:00:00", "datetime", calendar), std::nullopt);
    EXPECT_EQ(read_time("2026-13-01", "date", calendar), std::nullopt);
}

TEST(ImportRows, NdjsonRowsKeepTheirTypesAndBadLinesAreTold) {
    auto file = open("{\"id\":\"a\",\"n\":1,\"o\":{\"x\":true}}\n\nnot json\n[1]\n{\"n\":1e300}\n");
    EXPECT_EQ(file.format, ImportFormat::ndjson);
    EXPECT_EQ(file.rows->columns(), (std::vector<std::string>{"id", "n", "o.x"}));
    ImportRow row;
    ASSERT_TRUE(file.rows->next(row));
    EXPECT_EQ(row.cells.size(), 3u);
    std::vector<std::pair<std::uint64_t, bool>> rest;
    while (file.rows->next(row))
        rest.emplace_back(row.line, !row.problem.empty());
    EXPECT_EQ(rest, (std::vector<std::pair<std::uint64_t, bool>>{{3, true}, {4, true}, {5, true}}));
}

TEST(ImportRows, HeadersMustNameTheirColumns) {
    EXPECT_EQ(open_import("a,a\n1,2\n", "", true, "").error().reason, "imports.header");
    EXPECT_EQ(open_import("a,\n1,2\n", "", true, "").error().reason, "imports.header");
    EXPECT_EQ(open_import(" \n", "", true, "").error().reason, "imports.empty");
    EXPECT_EQ(open_import("a", "parquet", true, "").error().reason, "imports.format");
}

TEST(ImportRows, TheBeginningOfAFileEndsWithItsLastWholeRow) {
    auto file = open_import("a,b\n1,2\n3,", "", false, "");
    ImportRow row;
    ASSERT_TRUE((*file).rows->next(row));
    EXPECT_FALSE((*file).rows->next(row));
}

}  // namespace
}  // namespace qiao::collect
