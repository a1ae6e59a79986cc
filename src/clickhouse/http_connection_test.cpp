// What goes to a ClickHouse server, shown by a server of our own that plays one.
#include "clickhouse/http_connection.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "http/server.hpp"
#include "runtime/asker.hpp"

namespace qiao::clickhouse {
namespace {

using namespace std::chrono_literals;

class HttpConnectionTest : public testing::Test {
protected:
    void serve(http::Handler handler) {
        router_.on("POST", "/", std::move(handler));
        server_ = http::Server::start(router_, workers_, metrics_, {}).value();
        const auto address = parse_address(
            "clickhouse://qiao:secret@127.0.0.1:" + std::to_string(server_->port()) + "/bank");
        connection_ = std::make_unique<HttpConnection>(*address);
    }

    http::Router router_;
    Metrics metrics_;
    WorkerPool workers_{2, 10};
    std::unique_ptr<http::Server> server_;
    std::unique_ptr<HttpConnection> connection_;
};

TEST_F(HttpConnectionTest, TellsThatAQuestionReadsAlone) {
    std::promise<http::Request> seen;
    serve([&](const http::Request& request) {
        seen.set_value(request);
        return http::Response::text(200, "[1,\"a\"]\n");
    });
    const auto rows = connection_->ask("SELECT 1, 'a'");
    ASSERT_TRUE(rows) << rows.error().detail;
    EXPECT_EQ(rows->size(), 1u);
    const auto request = seen.get_future().get();
    EXPECT_EQ(request.body, "SELECT 1, 'a'");
    EXPECT_EQ(request.query_value("readonly"), "2");
    EXPECT_EQ(request.query_value("cancel_http_readonly_queries_on_client_close"), "1");
}

TEST_F(HttpConnectionTest, LeavesRightsAloneWhereAStatementChangesSomething) {
    std::promise<http::Request> seen;
    serve([&](const http::Request& request) {
        seen.set_value(request);
        return http::Response::text(200, "");
    });
    ASSERT_TRUE(connection_->execute("CREATE TABLE a (b Int8) ENGINE = Memory"));
    EXPECT_FALSE(seen.get_future().get().has_query("readonly"));
}

// Who asked has gone: the connection is closed, which ends the query on the server.
TEST_F(HttpConnectionTest, ClosesTheConnectionWhenTheAskerLeaves) {
    std::promise<void> asked, closed;
    serve([&](const http::Request&) {
        asked.set_value();
        const auto& has_left = *AskerScope::has_left();
        while (!has_left)
            std::this_thread::sleep_for(1ms);
        closed.set_value();
        return http::Response::text(200, "");
    });
    std::atomic<bool> asker_has_left{false};
    auto answer = std::async(std::launch::async, [&] {
        const AskerScope asker(asker_has_left);
        return connection_->ask("SELECT sleep(3)");
    });
    asked.get_future().wait();
    asker_has_left = true;
    const auto rows = answer.get();
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().reason, "clickhouse.cancelled");
    closed.get_future().wait();
}

TEST_F(HttpConnectionTest, NamesTheLimitOfMemory) {
    serve([&](const http::Request&) {
        return http::Response::text(
            500,
            "Code: 241. DB::Exception: Query memory limit exceeded: would use 1.00 GiB. "
            "(MEMORY_LIMIT_EXCEEDED)");
    });
    EXPECT_EQ(connection_->ask("SELECT 1").error().reason, "clickhouse.too_large");
}

}  // namespace
}  // namespace qiao::clickhouse
