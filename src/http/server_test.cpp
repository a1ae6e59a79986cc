#include "http/server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <stdexcept>

#include "http/client.hpp"
#include "http/gzip.hpp"
#include "runtime/asker.hpp"

namespace qiao::http {
namespace {

using namespace std::chrono_literals;

// A peer that sends exactly the bytes it is given.
class RawPeer {
public:
    explicit RawPeer(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
            throw std::runtime_error("cannot connect");
        const timeval patience{10, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    ~RawPeer() { ::close(socket_); }

    void send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    // Reads until `text` has come (how often is counted) or the server closes.
    std::string read_until(std::string_view text, int times = 1) {
        char chunk[4096];
        while (count(text) < times) {
            const auto got = ::recv(socket_, chunk, sizeof chunk, 0);
            if (got <= 0)
                break;
            received_.append(chunk, static_cast<std::size_t>(got));
        }
        return received_;
    }
    std::string read_all() { return read_until("\x01 never sent"); }

private:
    int count(std::string_view text) const {
        int found = 0;
        for (auto at = received_.find(text); at != std::string::npos;
             at = received_.find(text, at + 1))
            ++found;
        return found;
    }
    int socket_;
    std::string received_;
};

class HttpServer : public testing::Test {
protected:
    void start(ServerOptions options = {}, unsigned threads = 2, std::size_t capacity = 100) {
        long_workers_ = std::make_unique<WorkerPool>(threads, capacity);
        options.long_workers = long_workers_.get();
        options.works_long = [](const Router::Route& route) {
            return route.pattern == "/question";
        };
        workers_ = std::make_unique<WorkerPool>(threads, capacity);
        server_ = Server::start(router_, *workers_, metrics_, options).value();
    }
    std::string url(const std::string& path) const {
        return "http://127.0.0.1:" + std::to_string(server_->port()) + path;
    }
    Response call(const std::string& method, const std::string& path, std::string body = {},
                  Headers headers = {}) const {
        ClientRequest request;
        request.method = method;
        request.url = url(path);
        request.body = std::move(body);
        request.headers = std::move(headers);
        return send(request).value();
    }
    static std::string header(const Response& response, std::string_view name) {
        for (const auto& [key, value] : response.headers)
            if (key == name)
                return value;
        return {};
    }
    // Echoes the body, at POST /echo with a limit of a thousand bytes.
    void add_echo() {
        RouteOptions options;
        options.max_body_bytes = 1000;
        options.max_body_setting = "test.max_body";
        router_.on(
            "POST", "/echo",
            [](const Request& request) { return Response::text(200, request.body); }, options);
    }

    Router router_;
    Metrics metrics_;
    std::unique_ptr<WorkerPool> workers_, long_workers_;
    std::unique_ptr<Server> server_;
};

TEST_F(HttpServer, HandsTheDecodedRequestToTheHandler) {
    Request seen;
    router_.on("POST", "/things/{id}", [&](const Request& request) {
        seen = request;
        return Response::json(201, "{}");
    });
    start();
    const auto response = call("POST", "/things/a%2Fb?x=1+2&y", "body",
                               {{"X-Own", "value"}, {"X-Request-Id", "my-1"}});
    EXPECT_EQ(response.status, 201);
    EXPECT_EQ(header(response, "x-request-id"), "my-1");
    EXPECT_EQ(seen.method, "POST");
    EXPECT_EQ(seen.path, "/things/a/b");
    EXPECT_EQ(seen.path_param("id"), "a/b");
    EXPECT_EQ(seen.query_value("x"), "1 2");
    EXPECT_TRUE(seen.has_query("y"));
    EXPECT_EQ(seen.header("x-own"), "value");
    EXPECT_EQ(seen.body, "body");
    EXPECT_EQ(seen.remote, "127.0.0.1");
    EXPECT_EQ(seen.request_id, "my-1");
}

TEST_F(HttpServer, SendsSafeDefaultsWithEveryAnswer) {
    router_.on("GET", "/a", [](const Request&) { return Response::json(200, "{}"); });
    start();
    const auto response = call("GET", "/a", {}, {{"X-Request-Id", "bad\tid"}});
    EXPECT_EQ(header(response, "x-content-type-options"), "nosniff");
    EXPECT_EQ(header(response, "referrer-policy"), "no-referrer");
    EXPECT_EQ(header(response, "content-security-policy"), "frame-ancestors 'none'");
    EXPECT_EQ(header(response, "cache-control"), "no-store");
    EXPECT_EQ(header(response, "x-request-id").size(), 16u);
    EXPECT_EQ(header(response, "access-control-allow-origin"), "");
}

TEST_F(HttpServer, KeepsAHandlersLineBreaksOutOfTheHeader) {
    router_.on("GET", "/a", [](const Request&) {
        Response response = Response::text(200, "");
        response.headers.emplace_back("Location", "/x\r\nSet-Cookie: forged=1");
        return response;
    });
    start();
    const auto response = call("GET", "/a");
    EXPECT_EQ(header(response, "set-cookie"), "");
    EXPECT_EQ(header(response, "location"), "/x  Set-Cookie: forged=1");
}

TEST_F(HttpServer, AnswersUnknownPathsAndMethodsWithProblems) {
    add_echo();
    start();
    const auto missing = call("GET", "/nowhere");
    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(header(missing, "content-type"), "application/problem+json");
    EXPECT_NE(missing.body.find("\"code\":\"http.not_found\""), std::string::npos);
    const auto wrong = call("DELETE", "/echo");
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(header(wrong, "allow"), "POST, OPTIONS");
}

TEST_F(HttpServer, NamesTheLimitOfABodyAndTakesOneOfExactlyThatSize) {
    add_echo();
    start();
    EXPECT_EQ(call("POST", "/echo", std::string(1000, 'x')).status, 200);
    const auto refused = call("POST", "/echo", std::string(1001, 'x'));
    EXPECT_EQ(refused.status, 413);
    EXPECT_NE(refused.body.find("test.max_body, which is 1000 bytes"), std::string::npos);
}

TEST_F(HttpServer, LimitsAChunkedBodyToo) {
    add_echo();
    start();
    RawPeer peer(server_->port());
    peer.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 5; ++i)
        peer.send("c8\r\n" + std::string(200, 'x') + "\r\n");
    peer.send("1\r\ny\r\n0\r\n\r\n");
    EXPECT_EQ(peer.read_all().find("HTTP/1.1 413 "), 0u);
}

TEST_F(HttpServer, InflatesABodyWhateverItsLabelSays) {
    add_echo();
    start();
    const auto packed = gzip("hello", 9);
    EXPECT_EQ(call("POST", "/echo", packed).body, "hello");
    EXPECT_EQ(
        call("POST", "/echo", packed, {{"Content-Type", "application/x-www-form-urlencoded"}}).body,
        "hello");
    EXPECT_EQ(call("POST", "/echo", "plain", {{"Content-Encoding", "gzip"}}).body, "plain");
    EXPECT_EQ(call("POST", "/echo", gzip(std::string(1001, 'x'), 9)).status, 413);
    const auto cut_off = call("POST", "/echo", packed.substr(0, packed.size() - 3));
    EXPECT_EQ(cut_off.status, 400);
    EXPECT_NE(cut_off.body.find("http.bad_gzip"), std::string::npos);
}

TEST_F(HttpServer, NamesTheLimitOfTheHeader) {
    add_echo();
    start();
    RawPeer peer(server_->port());
    peer.send("POST /echo HTTP/1.1\r\nX-Long: " + std::string(40'000, 'x') + "\r\n\r\n");
    const auto answer = peer.read_all();
    EXPECT_EQ(answer.find("HTTP/1.1 431 "), 0u);
    EXPECT_NE(answer.find("http.max_header_bytes, which is 32768 bytes"), std::string::npos);
}

TEST_F(HttpServer, TellsASlowPeerOfTheTimeLimitAndLeavesAnIdleOneInSilence) {
    add_echo();
    ServerOptions options;
    options.request_timeout = 200ms;
    options.idle_timeout = 200ms;
    start(options);
    RawPeer slow_header(server_->port()), slow_body(server_->port()), idle(server_->port());
    slow_header.send("POST /echo HT");
    slow_body.send("POST /echo HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf");
    EXPECT_EQ(slow_header.read_all().find("HTTP/1.1 408 "), 0u);
    EXPECT_EQ(slow_body.read_all().find("HTTP/1.1 408 "), 0u);
    EXPECT_EQ(idle.read_all(), "");
}

TEST_F(HttpServer, RefusesWhatCouldBeReadInTwoWays) {
    add_echo();
    start();
    for (const std::string framing :
         {"Content-Length: 4\r\nTransfer-Encoding: chunked",
          "Content-Length: 4\r\nContent-Length: 5", "Transfer-Encoding: gzip",
          "Transfer-Encoding: xchunked", "Content-Length: -1"}) {
        RawPeer peer(server_->port());
        peer.send("POST /echo HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n\r\n0\r\n\r\n");
        EXPECT_EQ(peer.read_all().find("HTTP/1.1 400 "), 0u) << framing;
    }
}

TEST_F(HttpServer, AnswersPipelinedRequestsInOrder) {
    router_.on("GET", "/{what}", [](const Request& request) {
        if (request.path_param("what") == "slow")
            std::this_thread::sleep_for(50ms);
        return Response::text(200, "<" + std::string(request.path_param("what")) + ">");
    });
    start();
    RawPeer peer(server_->port());
    peer.send(
        "GET /slow HTTP/1.1\r\n\r\nGET /fast HTTP/1.1\r\n\r\n"
        "GET /last HTTP/1.1\r\nConnection: close\r\n\r\n");
    const auto answers = peer.read_all();
    EXPECT_LT(answers.find("<slow>"), answers.find("<fast>"));
    EXPECT_LT(answers.find("<fast>"), answers.find("<last>"));
    EXPECT_NE(answers.find("<last>"), std::string::npos);
    EXPECT_NE(answers.find("Connection: close"), std::string::npos);
}

TEST_F(HttpServer, ReadsARequestThatComesByteByByte) {
    add_echo();
    start();
    RawPeer peer(server_->port());
    const std::string request =
        "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nX-Trailer: t\r\n\r\n";
    for (const char c : request)
        peer.send({&c, 1});
    const auto answer = peer.read_all();
    EXPECT_EQ(answer.find("HTTP/1.1 200 "), 0u);
    EXPECT_TRUE(answer.ends_with("\r\n\r\nabcde"));
}

TEST_F(HttpServer, InvitesABodyThatWaitsForIt) {
    add_echo();
    start();
    RawPeer peer(server_->port());
    peer.send(
        "POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: "
        "close\r\n\r\n");
    EXPECT_EQ(peer.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    peer.send("ok");
    EXPECT_TRUE(peer.read_all().ends_with("ok"));
    RawPeer refused(server_->port());
    refused.send("POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n");
    EXPECT_EQ(refused.read_all().find("HTTP/1.1 413 "), 0u);
}

TEST_F(HttpServer, AnswersHeadWithoutBody) {
    router_.on("GET", "/a", [](const Request&) { return Response::text(200, "12345"); });
    start();
    RawPeer peer(server_->port());
    peer.send("HEAD /a HTTP/1.1\r\nConnection: close\r\n\r\n");
    const auto answer = peer.read_all();
    EXPECT_NE(answer.find("Content-Length: 5\r\n"), std::string::npos);
    EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(HttpServer, AnswersAThrowingHandlerWithTheRequestId) {
    router_.on("GET", "/a", [](const Request&) -> Response { throw std::runtime_error("secret"); });
    router_.on_late("GET", "/b", [](Request, Reply) { throw std::runtime_error("secret"); });
    router_.on_late("GET", "/c", [](Request, Reply) {});
    start();
    for (const auto* path : {"/a", "/b", "/c"}) {
        const auto response = call("GET", path);
        EXPECT_EQ(response.status, 500) << path;
        EXPECT_NE(response.body.find(header(response, "x-request-id")), std::string::npos);
        EXPECT_EQ(response.body.find("secret"), std::string::npos);
    }
}

TEST_F(HttpServer, LetsALateHandlerAnswerFromAnyThread) {
    std::thread answering;
    router_.on_late("POST", "/late", [&](Request request, Reply reply) {
        answering = std::thread([request, reply] {
            std::this_thread::sleep_for(20ms);
            reply(Response::text(200, request.body));
            reply(Response::text(500, "a second answer changes nothing"));
        });
    });
    start();
    EXPECT_EQ(call("POST", "/late", "hello").body, "hello");
    answering.join();
}

TEST_F(HttpServer, RefusesMoreThanItsWorkersCanTake) {
    std::promise<void> go;
    const auto gate = go.get_future().share();
    std::atomic<int> running{0};
    router_.on("GET", "/slow", [&](const Request&) {
        ++running;
        gate.wait();
        return Response::text(200, "done");
    });
    start({}, 1, 1);
    auto first = std::async(std::launch::async, [&] { return call("GET", "/slow").status; });
    while (running == 0)
        std::this_thread::sleep_for(1ms);
    auto second = std::async(std::launch::async, [&] { return call("GET", "/slow").status; });
    while (workers_->waiting() == 0)
        std::this_thread::sleep_for(1ms);
    const auto refused = call("GET", "/slow");
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(header(refused, "retry-after"), "1");
    go.set_value();
    EXPECT_EQ(first.get(), 200);
    EXPECT_EQ(second.get(), 200);
}

// Handlers that work long take all of their workers, and more of them wait: everything else is
// answered meanwhile, also a late handler and a stream.
TEST_F(HttpServer, KeepsWorkersFreeOfWhatWorksLong) {
    std::promise<void> go;
    const auto gate = go.get_future().share();
    std::atomic<int> running{0};
    const auto wait = [&](const Request&) {
        ++running;
        gate.wait();
        return Response::text(200, "worked out");
    };
    router_.on("POST", "/question", wait);
    router_.on("GET", "/page", [](const Request&) { return Response::text(200, "page"); });
    router_.on_late("POST", "/v1/batch", [](Request, Reply reply) {
        Response streamed = Response::text(200, "");
        streamed.stream = [](const BodyWriter& write) { write("taken"); };
        reply(std::move(streamed));
    });
    start({}, 2, 1);
    std::vector<std::future<Response>> asked;
    for (int i = 0; i < 2; ++i) {
        asked.push_back(std::async(std::launch::async, [&] { return call("POST", "/question"); }));
        while (running <= i)  // one after the other: only one may wait for a worker
            std::this_thread::sleep_for(1ms);
    }
    asked.push_back(std::async(std::launch::async, [&] { return call("POST", "/question"); }));
    while (long_workers_->waiting() == 0)
        std::this_thread::sleep_for(1ms);

    EXPECT_EQ(call("GET", "/page").body, "page");
    EXPECT_EQ(call("POST", "/v1/batch").body, "taken");
    EXPECT_EQ(call("POST", "/question").status, 503);
    go.set_value();
    for (auto& one : asked)
        EXPECT_EQ(one.get().body, "worked out");
}

TEST_F(HttpServer, SaysSoWhenAHandlerTakesTooLong) {
    ServerOptions options;
    options.handler_timeout = 100ms;
    std::promise<Reply> kept;
    router_.on_late("GET", "/never",
                    [&](Request, Reply reply) { kept.set_value(std::move(reply)); });
    start(options);
    const auto response = call("GET", "/never");
    EXPECT_EQ(response.status, 503);
    EXPECT_NE(response.body.find("http.handler_timeout"), std::string::npos);
    kept.get_future().get()(Response::text(200, "too late"));
}

TEST_F(HttpServer, TellsAHandlerThatNobodyWaitsForItsAnswer) {
    std::promise<bool> told;
    router_.on("GET", "/long", [&](const Request&) {
        const auto& has_left = *AskerScope::has_left();
        const auto patience = std::chrono::steady_clock::now() + 10s;
        const bool had_left = has_left;
        while (!has_left && std::chrono::steady_clock::now() < patience)
            std::this_thread::sleep_for(1ms);
        told.set_value(!had_left && has_left);
        return Response::text(200, "late");
    });
    start();
    {
        const RawPeer peer(server_->port());
        peer.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n");
        std::this_thread::sleep_for(50ms);
    }
    EXPECT_TRUE(told.get_future().get());
    EXPECT_EQ(AskerScope::has_left(), nullptr);
}

TEST_F(HttpServer, OpensCollectionPathsToEveryOriginAndNoOthers) {
    const Handler handler = [](const Request&) { return Response::text(200, "ok"); };
    router_.on("POST", "/v1/batch", handler);
    router_.on("POST", "/api/v1/audiences", handler);
    start();
    const Headers asks{{"Origin", "https://shop.example"},
                       {"Access-Control-Request-Method", "POST"},
                       {"Access-Control-Request-Headers", "authorization,content-type"}};
    const auto allowed = call("OPTIONS", "/v1/batch", {}, asks);
    EXPECT_EQ(allowed.status, 204);
    EXPECT_EQ(header(allowed, "access-control-allow-origin"), "*");
    EXPECT_EQ(header(allowed, "access-control-allow-headers"), "authorization,content-type");
    EXPECT_EQ(header(allowed, "access-control-allow-credentials"), "");
    EXPECT_EQ(header(call("POST", "/v1/batch", "{}"), "access-control-allow-origin"), "*");
    EXPECT_EQ(header(call("POST", "/sa.gif", ""), "access-control-allow-origin"), "*");
    const auto closed = call("OPTIONS", "/api/v1/audiences", {}, asks);
    EXPECT_EQ(header(closed, "access-control-allow-origin"), "");
    EXPECT_EQ(header(closed, "allow"), "POST, OPTIONS");
}

TEST_F(HttpServer, CompressesLargerJsonWhereAccepted) {
    const std::string large = "[\"" + std::string(5000, 'a') + "\"]";
    router_.on("GET", "/large", [&](const Request&) { return Response::json(200, large); });
    router_.on("GET", "/small", [&](const Request&) { return Response::json(200, "[]"); });
    start();
    const Headers accepts{{"Accept-Encoding", "gzip"}};
    const auto packed = call("GET", "/large", {}, accepts);
    EXPECT_EQ(header(packed, "content-encoding"), "gzip");
    EXPECT_EQ(gunzip(packed.body, 10'000).value(), large);
    EXPECT_EQ(call("GET", "/large").body, large);
    EXPECT_EQ(call("GET", "/small", {}, accepts).body, "[]");
}

TEST_F(HttpServer, StreamsWithBackPressure) {
    constexpr int pieces = 200;
    std::atomic<int> written{0};
    router_.on("GET", "/stream", [&](const Request&) {
        Response response = Response::text(200, "");
        response.stream = [&](const BodyWriter& write) {
            for (int i = 0; i < pieces && write(std::string(100'000, 'x')); ++i)
                ++written;
        };
        return response;
    });
    start();
    {
        RawPeer peer(server_->port());
        peer.send("GET /stream HTTP/1.1\r\n\r\n");
        std::this_thread::sleep_for(200ms);
        EXPECT_LT(written, pieces);  // nobody reads: the kernel's buffers and ours are full
    }
    ClientRequest request;
    request.method = "GET";
    request.url = url("/stream");
    request.max_response_bytes = 100 << 20;
    EXPECT_EQ(send(request)->body.size(), 100'000u * pieces);
}

TEST_F(HttpServer, StreamsToAnOldClientUntilTheEnd) {
    router_.on("GET", "/stream", [&](const Request&) {
        Response response = Response::text(200, "");
        response.stream = [&](const BodyWriter& write) {
            write("one,");
            write("two");
        };
        return response;
    });
    start();
    RawPeer peer(server_->port());
    peer.send("GET /stream HTTP/1.0\r\n\r\n");
    const auto answer = peer.read_all();
    EXPECT_TRUE(answer.ends_with("\r\n\r\none,two")) << answer;
    EXPECT_EQ(answer.find("chunked"), std::string::npos);
}

TEST_F(HttpServer, CutsTheConnectionWhereAStreamBreaks) {
    router_.on("GET", "/stream", [&](const Request&) {
        Response response = Response::text(200, "");
        response.stream = [&](const BodyWriter& write) {
            write("half");
            throw std::runtime_error("the disk is gone");
        };
        return response;
    });
    start();
    RawPeer peer(server_->port());
    peer.send("GET /stream HTTP/1.1\r\n\r\n");
    const auto answer = peer.read_all();
    EXPECT_NE(answer.find("half"), std::string::npos);
    EXPECT_FALSE(answer.ends_with("0\r\n\r\n"));
}

TEST_F(HttpServer, FinishesWhatRunsWhenItStops) {
    std::atomic<bool> running{false};
    router_.on("GET", "/slow", [&](const Request&) {
        running = true;
        std::this_thread::sleep_for(100ms);
        return Response::text(200, "done");
    });
    start();
    RawPeer idle(server_->port());
    auto answer = std::async(std::launch::async, [&] { return call("GET", "/slow").body; });
    while (!running)
        std::this_thread::sleep_for(1ms);
    const auto began = std::chrono::steady_clock::now();
    server_.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - began, 4s);
    EXPECT_EQ(answer.get(), "done");
    EXPECT_EQ(idle.read_all(), "");
}

TEST_F(HttpServer, LetsAReplyOutliveIt) {
    std::promise<Reply> kept;
    router_.on_late("GET", "/late",
                    [&](Request, Reply reply) { kept.set_value(std::move(reply)); });
    start();
    RawPeer peer(server_->port());
    peer.send("GET /late HTTP/1.1\r\n\r\n");
    const auto reply = kept.get_future().get();
    server_.reset();
    reply(Response::text(200, "nobody hears this"));
    EXPECT_EQ(peer.read_all(), "");
}

TEST_F(HttpServer, SaysThatAPortIsTaken) {
    start();
    ServerOptions options;
    options.port = server_->port();
    const auto second = Server::start(router_, *workers_, metrics_, options);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().reason, "http.address_in_use");
}

TEST_F(HttpServer, ServesManyClientsAtOnceOnSeveralThreads) {
    add_echo();
    ServerOptions options;
    options.io_threads = 2;
    start(options);
    std::vector<std::future<int>> clients;
    for (int c = 0; c < 8; ++c)
        clients.push_back(std::async(std::launch::async, [this, c] {
            RawPeer peer(server_->port());
            int good = 0;
            for (int i = 0; i < 100; ++i) {
                const auto body = std::to_string(c) + "/" + std::to_string(i) + ";";
                peer.send("POST /echo HTTP/1.1\r\nContent-Length: " + std::to_string(body.size()) +
                          "\r\n\r\n" + body);
                good += peer.read_until("\r\n\r\n" + body).ends_with(body);
            }
            return good;
        }));
    for (auto& client : clients)
        EXPECT_EQ(client.get(), 100);
    server_.reset();  // an answer is counted after it was sent
    EXPECT_NE(metrics_.text().find("qiao_http_requests_total{status=\"2xx\"} 800\n"),
              std::string::npos);
}

}  // namespace
}  // namespace qiao::http
