#include "http/router.hpp"

#include <gtest/gtest.h>

namespace qiao::http {
namespace {

Router example() {
    Router router;
    const Handler nothing = [](const Request&) { return Response{}; };
    router.on("GET", "/", nothing);
    router.on("GET", "/api/v1/audiences", nothing);
    router.on("POST", "/api/v1/audiences", nothing);
    router.on("GET", "/api/v1/audiences/{id}", nothing);
    router.on("POST", "/api/v1/audiences/preview", nothing);
    router.on("GET", "/api/v1/audiences/{id}/members", nothing);
    router.on("POST", "/api/v1/audiences/{audience}/members/{customer}", nothing);
    router.on("POST", "/batch/", nothing);
    router.on("GET", "/config/{rest...}", nothing);
    router.on("GET", "/config/fixed", nothing);
    return router;
}

std::string pattern_of(const Router::Match& match) {
    return match.route ? match.route->pattern : std::string();
}

TEST(Router, FindsFixedPaths) {
    const auto router = example();
    EXPECT_EQ(pattern_of(router.match("GET", "/")), "/");
    EXPECT_EQ(router.match("POST", "/api/v1/audiences").route->method, "POST");
    EXPECT_EQ(pattern_of(router.match("POST", "/batch/")), "/batch/");
    EXPECT_EQ(pattern_of(router.match("POST", "/batch")), "");
    EXPECT_EQ(pattern_of(router.match("GET", "/api/v1/audiences/")), "");
    EXPECT_EQ(pattern_of(router.match("GET", "/API/v1/audiences")), "");
}

TEST(Router, NamesParametersByTheirOwnRoute) {
    const auto router = example();
    const auto members = router.match("GET", "/api/v1/audiences/aud_1/members");
    EXPECT_EQ(members.path_params, (Headers{{"id", "aud_1"}}));
    const auto one = router.match("POST", "/api/v1/audiences/aud_1/members/cus_2");
    EXPECT_EQ(one.path_params, (Headers{{"audience", "aud_1"}, {"customer", "cus_2"}}));
}

TEST(Router, PrefersFixedToParameterButOnlyWhereTheMethodFits) {
    const auto router = example();
    EXPECT_EQ(pattern_of(router.match("POST", "/api/v1/audiences/preview")),
              "/api/v1/audiences/preview");
    const auto read = router.match("GET", "/api/v1/audiences/preview");
    EXPECT_EQ(pattern_of(read), "/api/v1/audiences/{id}");
    EXPECT_EQ(read.path_params, (Headers{{"id", "preview"}}));
}

TEST(Router, DecodesAValueAfterCuttingTheSegments) {
    const auto match = example().match("GET", "/api/v1/audiences/a%2Fb%20c");
    EXPECT_EQ(match.path_params, (Headers{{"id", "a/b c"}}));
    EXPECT_EQ(pattern_of(example().match("GET", "/api/v1/%61udiences")), "/api/v1/audiences");
}

TEST(Router, TakesTheRestAfterEverythingElse) {
    const auto router = example();
    EXPECT_EQ(router.match("GET", "/config/a/b.conf").path_params, (Headers{{"rest", "a/b.conf"}}));
    EXPECT_EQ(pattern_of(router.match("GET", "/config/fixed")), "/config/fixed");
    EXPECT_EQ(pattern_of(router.match("GET", "/config/fixed/more")), "/config/{rest...}");
    EXPECT_EQ(pattern_of(router.match("GET", "/config/")), "/config/{rest...}");
    EXPECT_EQ(pattern_of(router.match("GET", "/config")), "");
}

TEST(Router, ListsAllowedMethodsWhereOnlyTheMethodIsWrong) {
    const auto match = example().match("DELETE", "/api/v1/audiences");
    EXPECT_EQ(match.route, nullptr);
    EXPECT_EQ(match.allowed, (std::vector<std::string>{"GET", "POST"}));
    EXPECT_TRUE(example().match("DELETE", "/nowhere").allowed.empty());
}

TEST(Router, AnswersHeadByGet) {
    EXPECT_EQ(pattern_of(example().match("HEAD", "/api/v1/audiences/x")), "/api/v1/audiences/{id}");
    EXPECT_EQ(example().match("HEAD", "/batch/").allowed, (std::vector<std::string>{"POST"}));
}

TEST(Router, MatchesNoEmptyParameterAndNoRelativePath) {
    EXPECT_EQ(pattern_of(example().match("GET", "/api/v1/audiences//members")), "");
    EXPECT_EQ(pattern_of(example().match("GET", "")), "");
    EXPECT_EQ(pattern_of(example().match("OPTIONS", "*")), "");
}

TEST(RouterDeathTest, RefusesTheSameRouteTwice) {
    Router router;
    const Handler nothing = [](const Request&) { return Response{}; };
    router.on("GET", "/a/{x}", nothing);
    EXPECT_DEATH(router.on("GET", "/a/{y}", nothing), "");
}

}  // namespace
}  // namespace qiao::http
