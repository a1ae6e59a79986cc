// The notation of shapes, and the document that is made of them.
#include "api/schema.hpp"

#include <gtest/gtest.h>

#include "api/openapi.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;

json::value parsed(const char* text) { return json::parse(text); }

TEST(SchemaWords, PlainWordsAreTypes) {
    EXPECT_EQ(Schema("integer").json(), parsed(R"({"type":"integer"})"));
    EXPECT_EQ(Schema("time").json(), parsed(R"({"type":"string","format":"date-time"})"));
    EXPECT_EQ(Schema("any").json(), parsed("{}"));
    EXPECT_EQ(Schema("Board").json(), parsed(R"({"$ref":"#/components/schemas/Board"})"));
    EXPECT_EQ(Schema("string[]").json(), parsed(R"({"type":"array","items":{"type":"string"}})"));
}

TEST(SchemaWords, TextsBecomeOneEnumAndTypesOneList) {
    EXPECT_EQ(Schema("'now'").json(), parsed(R"({"type":"string","enum":["now"]})"));
    EXPECT_EQ(Schema("'a'|'b'|null").json(),
              parsed(R"({"type":["string","null"],"enum":["a","b",null]})"));
    EXPECT_EQ(Schema("string | number").json(), parsed(R"({"type":["string","number"]})"));
    EXPECT_EQ(Schema("Goal|null").json(),
              parsed(R"({"anyOf":[{"$ref":"#/components/schemas/Goal"},{"type":"null"}]})"));
    EXPECT_EQ(Schema("time|null").json(),
              parsed(R"({"anyOf":[{"type":"string","format":"date-time"},{"type":"null"}]})"));
}

TEST(SchemaWords, AWordThatNobodyKnowsIsABug) { EXPECT_DEATH(Schema("strnig"), ""); }

TEST(ObjectSchema, IsClosedAndKnowsWhatMayBeAbsent) {
    EXPECT_EQ(object_schema({{"id", "string"}, {"note?", "string"}}).json(),
              parsed(R"({"type":"object","properties":{"id":{"type":"string"},
                         "note":{"type":"string"}},"required":["id"],
                         "additionalProperties":false})"));
    EXPECT_DEATH(object_schema({{"id", "string"}, {"id", "string"}}), "");
}

TEST(BodySchema, TakesNullForAbsentAndWhatAnAnswerHas) {
    const auto body = body_schema({{"name", "string"}, {"rule?", "Rule"}}, {"state"});
    const auto& members = body.json().at("properties").as_object();
    EXPECT_EQ(members.at("name"), parsed(R"({"type":"string"})"));
    EXPECT_EQ(members.at("rule"),
              parsed(R"({"anyOf":[{"$ref":"#/components/schemas/Rule"},{"type":"null"}]})"));
    for (const auto* name : {"state", "id", "version", "created_at", "updated_at", "created_by"})
        EXPECT_EQ(members.at(name), parsed(R"({"readOnly":true})")) << name;
    EXPECT_EQ(body.json().at("required"), parsed(R"(["name"])"));
}

TEST(Extended, ReadsWhatTheBaseIgnored) {
    const auto body = extended(body_schema({}, {"name"}), {{"name", "string"}});
    EXPECT_EQ(body.json().at("properties").at("name"), parsed(R"({"type":"string"})"));
    EXPECT_EQ(body.json().at("required"), parsed(R"(["name"])"));
}

class Document : public ::testing::Test {
protected:
    const json::object shapes{{"Board", object_schema({{"version", "integer"}}).json()}};
    const std::vector<Described> endpoints = {
        {"GET", "/api/v1/boards/{id}", {"Read a board", "boards", nullptr, "Board", {"limit"}}},
        {"PATCH", "/api/v1/boards/{id}", {"Change it", "boards", "Board", "Board"}},
        {"POST",
         "/api/v1/boards",
         {"Make one", "boards", optional_body("Board"), created("Board") | no_content()}},
        {"GET",
         "/api/v1/boards/{id}/rows",
         {"Its <rows>", "boards", nullptr, lines("Board") | csv_table()}}};
    const json::value document = openapi_document(endpoints, shapes);

    const json::value& at(const char* pointer) const { return document.at_pointer(pointer); }
};

TEST_F(Document, NamesParametersBodiesAndAnswers) {
    const auto& read = at("/paths/~1api~1v1~1boards~1{id}/get");
    EXPECT_EQ(read.at("operationId").as_string(), "get_boards_id");
    EXPECT_EQ(read.at("parameters").as_array().size(), 2U);
    EXPECT_EQ(read.at_pointer("/parameters/1/schema/type").as_string(), "integer");
    const auto& made = at("/paths/~1api~1v1~1boards/post");
    EXPECT_FALSE(made.at_pointer("/requestBody/required").as_bool());
    EXPECT_TRUE(made.at("responses").as_object().contains("201"));
    EXPECT_FALSE(made.at_pointer("/responses/204").as_object().contains("content"));
    EXPECT_TRUE(made.at("responses").as_object().contains("default"));
    const auto& rows = at("/paths/~1api~1v1~1boards~1{id}~1rows/get/responses/200/content");
    EXPECT_TRUE(rows.as_object().contains("application/x-ndjson"));
    EXPECT_TRUE(rows.as_object().contains("text/csv"));
}

TEST_F(Document, OffersIfMatchWhereThereIsAVersionAndKeysWhereSomethingIsMade) {
    EXPECT_EQ(at("/paths/~1api~1v1~1boards~1{id}/patch/parameters/1/$ref").as_string(),
              "#/components/parameters/IfMatch");
    EXPECT_EQ(at("/paths/~1api~1v1~1boards/post/parameters/0/$ref").as_string(),
              "#/components/parameters/IdempotencyKey");
}

TEST_F(Document, HasAPageForPeople) {
    const auto page = readable_page(endpoints, shapes);
    EXPECT_NE(page.find("Its &lt;rows&gt;"), std::string::npos);
    EXPECT_NE(page.find("<a href=\"#Board\">Board</a>"), std::string::npos);
    EXPECT_NE(page.find("id=\"Board\""), std::string::npos);
}

}  // namespace
}  // namespace qiao::api
