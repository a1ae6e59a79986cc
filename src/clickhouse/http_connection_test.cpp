// What goes to a ClickHouse server, shown by a server of our own that plays one.
#include "clickhouse/http_connection.hpp"

#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "http/server.hpp"
#include "runtime/asker.hpp"

namespace qiao::clickhouse {
namespace {

using namespace std::chrono_literals;

class HttpConnectionTest : public testing::Test {
protected:
    void serve(http::Handler handler, HttpLimits limits = {}) {
        router_.on("POST", "/", std::move(handler));
        server_ = http::Server::start(router_, *workers_, metrics_, {}).value();
        const auto address = parse_address(
            "clickhouse://qiao:secret@127.0.0.1:" + std::to_string(server_->port()) + "/bank");
        connection_ = std::make_unique<HttpConnection>(*address, limits);
    }

    // Afterwards no handler runs any more that uses what stands in the test. A look may come to its
    // end after the question that it was for.
    void finish() {
        connection_.reset();
        server_.reset();
        workers_.reset();
    }

    http::Router router_;
    Metrics metrics_;
    std::unique_ptr<WorkerPool> workers_ = std::make_unique<WorkerPool>(2, 10);
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
    finish();
}

HttpLimits looking() {
    HttpLimits limits;
    limits.first_pause = limits.look_pause.emplace(1ms);
    return limits;
}

bool is_look(const http::Request& request) {
    return request.body.find("system.processes") != std::string::npos;
}

// Asks as one whose asker watches.
Result<Rows> ask_watched(Connection& connection, Progress& progress) {
    const ProgressScope watched(progress);
    progress.expect(statement_steps);
    return connection.ask("SELECT 1");
}

// The server says of the question that it has read a quarter, then half of what it knows of.
TEST_F(HttpConnectionTest, TellsWhoWatchesHowFarAQuestionIs) {
    Progress progress;
    std::mutex mutex;
    std::string id;
    std::atomic<int> read{0};
    const auto told = [&](int percent) {
        read = percent;
        while (progress.share() * 100 < percent - 1)
            std::this_thread::sleep_for(1ms);
        return progress.share();
    };
    serve(
        [&](const http::Request& request) {
            if (is_look(request)) {
                const std::lock_guard lock(mutex);
                const bool names_it = request.body.find("'" + id + "'") != std::string::npos;
                const auto row = "[\"" + id + "\"," + std::to_string(read) + ",100]\n";
                return http::Response::text(200, names_it ? row + "[\"other\",9,9]\n" : "");
            }
            {
                const std::lock_guard lock(mutex);
                id = std::string(request.query_value("query_id"));
            }
            EXPECT_LE(told(25), 0.25);
            EXPECT_LE(told(50), 0.5);
            EXPECT_LT(told(100), 1);  // all is read, and not yet answered
            return http::Response::text(200, "[1]\n");
        },
        looking());
    ASSERT_TRUE(ask_watched(*connection_, progress));
    EXPECT_EQ(progress.share(), 1);
    finish();
}

TEST_F(HttpConnectionTest, AQuestionThatNobodyWatchesHasNoIdAndIsNotLookedFor) {
    std::atomic<int> looks{0};
    serve(
        [&](const http::Request& request) {
            looks += is_look(request) || request.has_query("query_id") ? 1 : 0;
            std::this_thread::sleep_for(20ms);
            return http::Response::text(200, "[1]\n");
        },
        looking());
    ASSERT_TRUE(connection_->ask("SELECT 1"));
    EXPECT_EQ(looks, 0);
    finish();
}

// A server refuses an id that it still works on.
TEST_F(HttpConnectionTest, AnAttemptHasAnIdOfItsOwn) {
    std::mutex mutex;
    std::vector<std::string> ids;
    serve(
        [&](const http::Request& request) {
            if (is_look(request))
                return http::Response::text(500, "Code: 497. DB::Exception: Not enough privileges");
            const std::lock_guard lock(mutex);
            ids.emplace_back(request.query_value("query_id"));
            return http::Response::text(ids.size() < 2 ? 503 : 200, "[1]\n");
        },
        looking());
    Progress progress;
    ASSERT_TRUE(ask_watched(*connection_, progress));
    ASSERT_EQ(ids.size(), 2u);
    EXPECT_NE(ids[0], ids[1]);
    EXPECT_EQ(progress.share(), 1);
    finish();
}

// Its server does not answer looks at all: neither the question nor the end waits for one.
TEST_F(HttpConnectionTest, NothingWaitsForALook) {
    std::promise<void> looked, over;
    auto is_over = over.get_future().share();
    serve(
        [&, is_first = std::make_shared<std::atomic<bool>>(true)](const http::Request& request) {
            if (is_look(request)) {
                if (is_first->exchange(false))
                    looked.set_value();
                is_over.wait();
                return http::Response::text(200, "");
            }
            looked.get_future().wait();
            return http::Response::text(200, "[1]\n");
        },
        looking());
    Progress progress;
    const auto began = std::chrono::steady_clock::now();
    EXPECT_TRUE(ask_watched(*connection_, progress));
    connection_.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
    over.set_value();
    finish();
}

// A gateway in between may have a page of its own.
TEST_F(HttpConnectionTest, ALookThatIsAnsweredWithSomethingElseTellsNothing) {
    std::atomic<int> looks{0};
    serve(
        [&](const http::Request& request) {
            if (is_look(request)) {
                constexpr const char* answers[] = {"<html>", "{}\n", "[]\n", "[1,2,3]\n",
                                                   "[\"other\",\"a\",\"b\"]\n"};
                return http::Response::text(200, answers[looks++ % std::size(answers)]);
            }
            while (looks < 7)
                std::this_thread::sleep_for(1ms);
            return http::Response::text(200, "[1]\n");
        },
        looking());
    Progress progress;
    ASSERT_TRUE(ask_watched(*connection_, progress));
    EXPECT_EQ(progress.share(), 1);
    finish();
}

TEST_F(HttpConnectionTest, HowMuchIsToBeReadMayNotBeKnownYet) {
    Progress progress;
    std::mutex mutex;
    std::string id;
    std::atomic<int> looks{0};
    serve(
        [&](const http::Request& request) {
            if (is_look(request)) {
                const std::lock_guard lock(mutex);
                looks += id.empty() ? 0 : 1;
                return http::Response::text(200, "[\"" + id + "\",50,0]\n");
            }
            {
                const std::lock_guard lock(mutex);
                id = std::string(request.query_value("query_id"));
            }
            while (looks < 3)  // what the first ones were answered has been told
                std::this_thread::sleep_for(1ms);
            EXPECT_EQ(progress.share(), 0);
            return http::Response::text(200, "[1]\n");
        },
        looking());
    ASSERT_TRUE(ask_watched(*connection_, progress));
    finish();
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

// Its own words may quote the statement, and with it values of customers.
TEST_F(HttpConnectionTest, TellsTheCodeOfARefusalAlone) {
    std::string said = "Code: 386. DB::Exception: no supertype in `name = '13800000000'`";
    serve([&](const http::Request&) { return http::Response::text(500, said); });
    const auto refused = connection_->ask("SELECT 1").error();
    EXPECT_EQ(refused.reason, "clickhouse.refused");
    EXPECT_EQ(refused.detail, "ClickHouse refused a statement (code 386); its own log says why.");
    said = "Code: 13800000000 is nobody";
    EXPECT_EQ(connection_->ask("SELECT 1").error().detail,
              "ClickHouse refused a statement; its own log says why.");
}

}  // namespace
}  // namespace qiao::clickhouse
