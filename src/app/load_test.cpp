// Questions under load in a whole server: who asks much waits for oneself; intake and the pages of
// the console wait for nobody.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <future>

#include "access/roles.hpp"
#include "app/lanes.hpp"
#include "app/server.hpp"
#include "http/client.hpp"

namespace qiao::app {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* question = R"({"event":"$any","measure":"count","within":"7d"})";

struct Asker {
    access::Principal who;
    std::string secret;
};

class LoadTest : public testing::Test {
protected:
    LoadTest() : directory_(fs::temp_directory_path() / ("qiao-load-" + random_token(6))) {
        ServeOptions options;
        options.data_dir = directory_ / "data";
        options.port = 0;
        options.is_port_given = true;
        options.has_demo = false;
        fs::create_directories(directory_);
        auto stores = Stores::open(options);
        server_ = std::make_unique<Server>(options, std::move(*stores));
    }
    ~LoadTest() override {
        server_.reset();
        fs::remove_all(directory_);
    }
    Asker asker(const std::string& name) {
        const auto made = server_->access.create_token(
            access::system_principal(), name, "administrator", "", server_->clock.now() + 1h);
        return {server_->access.principal(made->token.id).value(), made->secret};
    }
    http::Response call(const std::string& method, const std::string& path, std::string body,
                        const std::string& secret) const {
        http::ClientRequest request;
        request.method = method;
        request.url = "http://127.0.0.1:" + std::to_string(server_->http->port()) + path;
        request.body = std::move(body);
        request.headers = {{"Authorization", "Bearer " + secret}};
        request.timeout = 60s;
        auto answer = http::send(request);
        if (!answer)
            throw std::runtime_error(answer.error().detail);
        return std::move(*answer);
    }
    // Each is another question, so that none is known from before.
    http::Response ask(const Asker& who, int number = 0) const {
        auto asked = boost::json::parse(question).as_object();
        asked["top"] = number + 1;
        return call("POST", "/api/v1/insights/metric", boost::json::serialize(asked), who.secret);
    }
    std::future<int> ask_beside(const Asker& who, int number) const {
        return std::async(std::launch::async, [=, this] { return ask(who, number).status; });
    }
    void await_waiting(std::size_t questions) const {
        while (server_->asking.waiting() < questions)
            std::this_thread::sleep_for(1ms);
    }
    std::string code_of(const http::Response& response) const {
        const auto body = boost::json::parse(response.body);
        return std::string(body.at("code").as_string());
    }

    fs::path directory_;
    std::unique_ptr<Server> server_;
};

TEST_F(LoadTest, ManyQuestionsOfOnePersonDelayNobodyElse) {
    ASSERT_TRUE(server_->start());
    const auto anna = asker("anna"), bela = asker("bela");
    const auto key = server_->write_keys.create(access::system_principal(), "load", "segment");
    ASSERT_TRUE(key) << key.error().detail;

    // Two of anna's run for as long as these live; more than the server has workers wait.
    std::optional first(server_->asking.turn_of(anna.who)),
        second(server_->asking.turn_of(anna.who));
    ASSERT_TRUE(*first && *second);
    constexpr int waiting = insight::Turns::Limits{}.waiting_of_one;
    ASSERT_GT(waiting, 8);
    std::vector<std::future<int>> of_anna;
    for (int number = 0; number < waiting; ++number)
        of_anna.push_back(ask_beside(anna, number));
    await_waiting(waiting);

    EXPECT_EQ(ask(bela).status, 200);
    EXPECT_EQ(call("GET", "/api/v1/audiences", "", anna.secret).status, 200);
    const auto taken =
        call("POST", "/v1/batch",
             R"({"batch":[{"type":"track","event":"page_view","anonymousId":"d-1"}]})", key->value);
    EXPECT_EQ(taken.status, 200) << taken.body;
    const auto refused = ask(anna, waiting);
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(code_of(refused), "insight.too_many");
    EXPECT_EQ(server_->asking.waiting(), static_cast<std::size_t>(waiting));

    first.reset();
    second.reset();
    for (auto& answer : of_anna)
        EXPECT_EQ(answer.get(), 200);
}

// A route that was renamed would fall back among the others.
TEST_F(LoadTest, EveryLongRouteIsThere) {
    for (const auto& one : long_routes()) {
        const auto& routes = server_->router.routes();
        EXPECT_TRUE(std::any_of(routes.begin(), routes.end(),
                                [&](const auto& route) { return one.is(route); }))
            << one.method << " " << one.pattern;
    }
    for (const auto& route : server_->router.routes())
        EXPECT_FALSE(works_long(route) && route.pattern.starts_with("/v1/")) << route.pattern;
}

// A preview computes as a question does.
TEST_F(LoadTest, PreviewsOfAudiencesTakeATurn) {
    ASSERT_TRUE(server_->start());
    const auto anna = asker("anna");
    std::optional first(server_->asking.turn_of(anna.who)),
        second(server_->asking.turn_of(anna.who));
    ASSERT_TRUE(*first && *second);
    auto preview = std::async(std::launch::async, [&] {
        return call("POST", "/api/v1/audiences/preview", R"({"rule":{"all":[]}})", anna.secret)
            .status;
    });
    await_waiting(1);
    first.reset();
    EXPECT_EQ(preview.get(), 200);
}

}  // namespace

}  // namespace qiao::app
