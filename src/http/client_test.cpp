#include "http/client.hpp"

#include <gtest/gtest.h>

#include <future>

#include "http/server.hpp"

namespace qiao::http {
namespace {

using namespace std::chrono_literals;

class HttpClient : public testing::Test {
protected:
    HttpClient() : workers_(2, 10) {
        router_.on("GET", "/large",
                   [](const Request&) { return Response::text(200, std::string(10'000, 'x')); });
        router_.on("GET", "/moved", [](const Request&) {
            Response response = Response::text(302, "");
            response.headers.emplace_back("Location", "/large");
            return response;
        });
        router_.on_late("POST", "/never",
                        [this](Request, Reply reply) { kept_.set_value(std::move(reply)); });
        server_ = Server::start(router_, workers_, metrics_, {}).value();
    }
    ~HttpClient() override { server_.reset(); }
    ClientRequest to(const std::string& method, const std::string& path) const {
        ClientRequest request;
        request.method = method;
        request.url = "http://127.0.0.1:" + std::to_string(server_->port()) + path;
        return request;
    }

    Router router_;
    Metrics metrics_;
    WorkerPool workers_;
    std::promise<Reply> kept_;
    std::unique_ptr<Server> server_;
};

TEST_F(HttpClient, RefusesAnAnswerBeyondTheCap) {
    auto request = to("GET", "/large");
    request.max_response_bytes = 10'000;
    EXPECT_EQ(send(request)->body.size(), 10'000u);
    request.max_response_bytes = 9'999;
    const auto refused = send(request);
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().maybe_submitted);
}

TEST_F(HttpClient, FollowsNoRedirectUnlessToldTo) {
    auto request = to("GET", "/moved");
    EXPECT_EQ(send(request)->status, 302);
    request.max_redirects = 1;
    EXPECT_EQ(send(request)->status, 200);
}

TEST_F(HttpClient, MaySubmitBeforeTheDeadlineEndsTheWait) {
    auto request = to("POST", "/never");
    request.body = "pay once";
    request.timeout = 300ms;
    const auto failed = send(request);
    ASSERT_FALSE(failed);
    EXPECT_TRUE(failed.error().maybe_submitted);
    kept_.get_future().get()(Response::text(200, "late"));
}

TEST_F(HttpClient, KnowsThatNothingWasSubmittedWithoutAConnection) {
    auto request = to("POST", "/never");
    server_.reset();
    const auto failed = send(request);
    ASSERT_FALSE(failed);
    EXPECT_FALSE(failed.error().maybe_submitted);
}

TEST_F(HttpClient, SpeaksOnlyHttpAndSendsNoForgedHeader) {
    ClientRequest file;
    file.method = "GET";
    file.url = "file:///etc/hostname";
    EXPECT_FALSE(send(file));
    auto forged = to("GET", "/large");
    forged.headers.emplace_back("X-Name", "a\r\nX-Other: b");
    const auto refused = send(forged);
    ASSERT_FALSE(refused);
    EXPECT_FALSE(refused.error().maybe_submitted);
}

}  // namespace
}  // namespace qiao::http
