// The access resources through the router, without a socket: status, codes, pointers, masks,
// cookies.
#include <gtest/gtest.h>

#include "access/access.hpp"
#include "access/settings_store.hpp"
#include "access/write_keys.hpp"
#include "api/audit.hpp"
#include "api/idempotency.hpp"
#include "api/orgs.hpp"
#include "api/people.hpp"
#include "api/session.hpp"
#include "api/tokens.hpp"
#include "api/write_keys.hpp"
#include "sql/migrations.hpp"
#include "sql/testing/test_databases.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;

struct Reply {
    int status = 0;
    json::value body;
    http::Headers headers;

    std::string text(std::string_view name) const { return std::string(body.at(name).as_string()); }
    std::string header(std::string_view name) const {
        for (const auto& [given, value] : headers)
            if (given == name)
                return value;
        return {};
    }
};

class AccessApiTest : public ::testing::Test {
protected:
    AccessApiTest() {
        if (!sql::migrate(*database, sql::all_migrations(), clock.now()))
            throw sql::Fault("migrate");
        audit = std::make_unique<access::AuditLog>(*database, clock);
        orgs = std::make_unique<access::Orgs>(*database, clock, *audit);
        keys = std::make_unique<access::WriteKeys>(*database, clock, *audit);
        settings = std::make_unique<access::SettingsStore>(*database, clock, *audit);
        gate = std::make_unique<access::Access>(*database, clock, *audit, *orgs);
        endpoints = std::make_unique<Endpoints>(router, *gate, clock);
        idempotency = std::make_unique<Idempotency>(*database, clock);
        endpoints->keep_answers(*idempotency);
        add_session(*endpoints, *gate, *orgs, *settings, true);
        add_people(*endpoints, *gate, *orgs);
        add_orgs(*endpoints, *orgs);
        add_tokens(*endpoints, *gate);
        add_write_keys(*endpoints, *keys);
        add_audit(*endpoints, *audit);
        use_role("administrator");
    }

    void use_role(std::string role) {
        const auto made = gate->create_token(access::system_principal(), "test", std::move(role),
                                             "", clock.now() + std::chrono::hours(1));
        credentials = {{"authorization", "Bearer " + made.value().secret}};
    }

    Reply send(std::string method, std::string path, std::string body = {},
               http::Headers extra = {}) {
        http::Request request;
        request.method = std::move(method);
        const auto question = path.find('?');
        request.path = path.substr(0, question);
        if (question != path.npos) {
            const auto query = path.substr(question + 1);
            request.query = {{query.substr(0, query.find('=')), query.substr(query.find('=') + 1)}};
        }
        request.headers = credentials;
        request.headers.insert(request.headers.end(), extra.begin(), extra.end());
        request.body = std::move(body);
        const auto match = router.match(request.method, request.path);
        if (match.route == nullptr)
            throw std::runtime_error("no route for " + request.path);
        request.path_params = match.path_params;
        auto response = match.route->handler(request);
        return {response.status, response.body.empty() ? json::value() : json::parse(response.body),
                std::move(response.headers)};
    }

    TestClock clock{time_from_ms(1'790'000'000'000)};
    sql::testing::TestDatabase database{sql::testing::Engine::sqlite};
    std::unique_ptr<access::AuditLog> audit;
    std::unique_ptr<access::Orgs> orgs;
    std::unique_ptr<access::WriteKeys> keys;
    std::unique_ptr<access::SettingsStore> settings;
    std::unique_ptr<access::Access> gate;
    http::Router router;
    std::unique_ptr<Endpoints> endpoints;
    std::unique_ptr<Idempotency> idempotency;
    http::Headers credentials;
};

TEST_F(AccessApiTest, APersonComesInByLinkAndActsWithTheCsrfToken) {
    const auto made =
        send("POST", "/api/v1/people", R"({"login":"ana","name":"安娜","role":"operator"})");
    ASSERT_EQ(made.status, 201);
    const auto link = made.text("one_time_link");
    EXPECT_EQ(made.header("ETag"), "\"1\"");
    ASSERT_TRUE(link.starts_with("/sign-in?link="));

    credentials.clear();
    EXPECT_EQ(send("GET", "/api/v1/session").status, 401);
    const auto entered = send("POST", "/api/v1/session",
                              json::serialize(json::object{{"link_token", link.substr(14)}}));
    ASSERT_EQ(entered.status, 200);
    EXPECT_TRUE(entered.body.at("password_needed").as_bool());
    const auto cookie = entered.header("Set-Cookie");
    for (const auto* part : {"HttpOnly", "SameSite=Strict", "Secure", "Path=/"})
        EXPECT_NE(cookie.find(part), std::string::npos) << part;

    credentials = {{"cookie", "theme=dark; " + cookie.substr(0, cookie.find(';'))}};
    const auto me = send("GET", "/api/v1/session");
    EXPECT_EQ(me.body.at_pointer("/person/login").as_string(), "ana");
    EXPECT_EQ(me.body.at_pointer("/institution/time_zone").as_string(), "Asia/Shanghai");

    const std::string password = R"({"password":{"old":"","new":"six blue horses"}})";
    EXPECT_EQ(send("PATCH", "/api/v1/session", password).text("code"), "access.csrf");
    const http::Headers csrf = {{"x-csrf-token", me.text("csrf_token")}};
    const auto weak =
        send("PATCH", "/api/v1/session", R"({"password":{"old":"","new":"short"}})", csrf);
    EXPECT_EQ(weak.status, 422);
    EXPECT_EQ(weak.text("pointer"), "/password/new");
    const auto changed = send("PATCH", "/api/v1/session", password, csrf);
    EXPECT_EQ(changed.status, 200);
    EXPECT_FALSE(changed.body.at("password_needed").as_bool());

    const auto out = send("DELETE", "/api/v1/session", "", csrf);
    EXPECT_EQ(out.status, 204);
    EXPECT_NE(out.header("Set-Cookie").find("Max-Age=0"), std::string::npos);
    EXPECT_EQ(send("GET", "/api/v1/session").text("code"), "access.session_over");
    credentials.clear();
    EXPECT_EQ(
        send("POST", "/api/v1/session", R"({"login":"ana","password":"six blue horses"})").status,
        200);
    EXPECT_EQ(send("POST", "/api/v1/session", R"({"login":"ana","password":"x"})").text("code"),
              "access.wrong_credentials");
}

TEST_F(AccessApiTest, BodiesAreCheckedWithPointers) {
    const auto refused = [&](std::string body) {
        const auto reply = send("POST", "/api/v1/people", std::move(body));
        EXPECT_EQ(reply.status, 400);
        return reply.text("pointer");
    };
    EXPECT_EQ(refused(R"({"name":"A","role":"viewer"})"), "/login");
    EXPECT_EQ(refused(R"({"login":1,"name":"A","role":"viewer"})"), "/login");
    EXPECT_EQ(refused(R"({"login":"ab","name":"A","role":"viewer","active":"yes"})"), "/active");
    EXPECT_EQ(refused(R"({"login":"ab","name":"A","role":"viewer","a/b":1})"), "/a~1b");
    EXPECT_EQ(send("POST", "/api/v1/people", "[]").text("code"), "api.body");
    EXPECT_EQ(send("POST", "/api/v1/people", R"({"login":"ab","name":"A","role":"viewer"})",
                   {{"content-type", "text/plain"}})
                  .text("code"),
              "api.body");
    EXPECT_EQ(send("POST", "/api/v1/tokens", R"({"name":"a","role":"viewer","expires_at":"soon"})")
                  .text("pointer"),
              "/expires_at");
}

TEST_F(AccessApiTest, PeopleArePagedChangedAndSwitchedOff) {
    std::string last;
    for (const auto* login : {"p1", "p2", "p3"}) {
        clock.set(clock.now() + Duration(1));
        last = send("POST", "/api/v1/people",
                    R"({"name":"N","role":"viewer","login":")" + std::string(login) + "\"}")
                   .text("id");
    }
    auto page = send("GET", "/api/v1/people?limit=2");
    EXPECT_EQ(page.body.at("items").as_array().size(), 2u);
    page = send("GET", "/api/v1/people?cursor=" + page.text("next_cursor"));
    EXPECT_EQ(page.body.at("items").as_array().size(), 1u);
    EXPECT_TRUE(page.body.at("next_cursor").is_null());
    EXPECT_EQ(send("GET", "/api/v1/people?limit=501").text("code"), "api.limit");

    const auto one = "/api/v1/people/" + last;
    auto whole = send("GET", one).body;
    whole.as_object()["name"] = "New";
    const auto saved = send("PUT", one, json::serialize(whole), {{"if-match", "\"1\""}});
    EXPECT_EQ(saved.text("name"), "New");
    EXPECT_EQ(saved.header("ETag"), "\"2\"");
    EXPECT_EQ(send("PATCH", one, R"({"name":"X"})", {{"if-match", "\"1\""}}).status, 412);
    EXPECT_EQ(send("PATCH", one, R"({"name":"X"})", {{"if-match", "one"}}).status, 400);
    EXPECT_EQ(send("DELETE", one).status, 204);
    EXPECT_FALSE(send("GET", one).body.at("active").as_bool());
    EXPECT_EQ(send("POST", one + "/reset").status, 200);
    EXPECT_EQ(send("GET", "/api/v1/people/usr_none").status, 404);
}

TEST_F(AccessApiTest, TheOrganisationIsATree) {
    EXPECT_EQ(send("POST", "/api/v1/orgs", R"({"code":"0","name":"总行","kind":"head"})").status,
              201);
    EXPECT_EQ(
        send("POST", "/api/v1/orgs", R"({"code":"1","name":"杭州","kind":"branch","parent":"0"})")
            .status,
        201);
    const auto cycle = send("PATCH", "/api/v1/orgs/0", R"({"parent":"1"})");
    EXPECT_EQ(cycle.status, 422);
    EXPECT_EQ(cycle.text("code"), "access.org_cycle");
    EXPECT_EQ(cycle.text("pointer"), "/parent");
    EXPECT_EQ(send("POST", "/api/v1/orgs", R"({"code":"1","name":"x","kind":"branch"})").status,
              409);
    EXPECT_EQ(send("POST", "/api/v1/orgs", R"({"code":"a/b","name":"x","kind":"branch"})")
                  .text("pointer"),
              "/code");
    const auto items = send("GET", "/api/v1/orgs").body.at("items").as_array();
    ASSERT_EQ(items.size(), 2u);
    EXPECT_EQ(items[1].at("parent").as_string(), "0");
    EXPECT_EQ(send("DELETE", "/api/v1/orgs/0").text("code"), "access.org_in_use");
    EXPECT_TRUE(send("PATCH", "/api/v1/orgs/1", R"({"parent":null})").body.at("parent").is_null());
    EXPECT_EQ(send("DELETE", "/api/v1/orgs/0").status, 204);
}

TEST_F(AccessApiTest, WriteKeysAreMaskedForOthers) {
    const auto made = send("POST", "/api/v1/write-keys", R"({"name":"web","kind":"segment"})");
    ASSERT_EQ(made.status, 201);
    const auto value = made.text("write_key");
    EXPECT_NE(keys->find(value), nullptr);
    EXPECT_EQ(send("PATCH", "/api/v1/write-keys/" + made.text("id"), R"({"active":false})").status,
              200);
    EXPECT_EQ(keys->find(value), nullptr);
    use_role("viewer");
    const auto seen =
        send("GET", "/api/v1/write-keys").body.at_pointer("/items/0/write_key").as_string();
    EXPECT_EQ(seen, value.substr(0, 4) + "…");
    const auto refused = send("POST", "/api/v1/write-keys", R"({"name":"web","kind":"segment"})");
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.text("code"), "access.forbidden");
}

TEST_F(AccessApiTest, TokensAreShownOnceAndRevoked) {
    const auto made = send("POST", "/api/v1/tokens",
                           R"({"name":"ci","role":"viewer","expires_at":")" +
                               format_time(clock.now() + std::chrono::hours(1)) + "\"}");
    ASSERT_EQ(made.status, 201);
    const auto one = "/api/v1/tokens/" + made.text("id");
    EXPECT_FALSE(send("GET", one).body.as_object().contains("token"));
    const auto administrator = credentials;
    credentials = {{"authorization", "Bearer " + made.text("token")}};
    EXPECT_EQ(send("GET", "/api/v1/session").body.at_pointer("/person/role").as_string(), "viewer");
    EXPECT_EQ(send("GET", "/api/v1/people").status, 403);
    credentials = administrator;
    EXPECT_EQ(send("DELETE", one).status, 204);
    EXPECT_EQ(send("GET", one).status, 404);
    credentials = {{"authorization", "Bearer " + made.text("token")}};
    EXPECT_EQ(send("GET", "/api/v1/session").text("code"), "access.token_invalid");
}

TEST_F(AccessApiTest, ARepeatedPostMakesOneThing) {
    const http::Headers key = {{"idempotency-key", "k1"}};
    const std::string body = R"({"login":"ana","name":"A","role":"viewer"})";
    const auto first = send("POST", "/api/v1/people", body, key);
    const auto again = send("POST", "/api/v1/people", body, key);
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(again.header("Idempotent-Replay"), "true");
    EXPECT_EQ(again.header("ETag"), first.header("ETag"));
    EXPECT_EQ(first.header("Idempotent-Replay"), "");
    EXPECT_EQ(send("POST", "/api/v1/people?dry=1", body, key).text("code"), "api.idempotency_reused");
    EXPECT_EQ(send("POST", "/api/v1/people", "{}", key).status, 422);
    const http::Headers other = {{"idempotency-key", "k2"}};
    EXPECT_EQ(send("POST", "/api/v1/people", body, other).text("code"), "access.login_taken");
    EXPECT_EQ(send("POST", "/api/v1/people", body, {{"idempotency-key", std::string(256, 'k')}}).status, 400);
}

TEST_F(AccessApiTest, TheAuditLogShowsAndChecksItself) {
    ASSERT_EQ(send("POST", "/api/v1/write-keys", R"({"name":"web"})").status, 201);
    const auto items = send("GET", "/api/v1/audit?action=write_key.").body.at("items").as_array();
    ASSERT_EQ(items.size(), 1u);
    EXPECT_EQ(items[0].at("who").as_string(), "test");
    const auto sound = send("GET", "/api/v1/audit/verify");
    EXPECT_TRUE(sound.body.at("ok").as_bool());
    EXPECT_EQ(sound.text("head"), items[0].at("hash").as_string());
    database->execute("UPDATE access_audit SET summary = 'nothing' WHERE seq = 1");
    EXPECT_EQ(send("GET", "/api/v1/audit/verify").body.at("broken_at").as_int64(), 1);
    EXPECT_EQ(send("GET", "/api/v1/audit?cursor=x").text("code"), "api.cursor");
    const auto first = send("GET", "/api/v1/audit?limit=1");
    EXPECT_FALSE(first.body.at("next_cursor").is_null());
    EXPECT_EQ(send("GET", "/api/v1/roles").body.at("items").as_array().size(), 6u);
}

}  // namespace
}  // namespace qiao::api
