#include "http/server.hpp"

#include <sys/socket.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ssl/context.hpp>
#include <charconv>
#include <future>
#include <random>

#include "http/detail/session.hpp"
#include "http/detail/ticker.hpp"

namespace qiao::http {

namespace detail {

// 16 hex digits that no two requests share: a counter, scattered from a random start.
std::string new_request_id() {
    static std::atomic<std::uint64_t> next{[] {
        std::random_device entropy;
        return (static_cast<std::uint64_t>(entropy()) << 32) | entropy();
    }()};
    // The finaliser of SplitMix64, a bijection.
    std::uint64_t id = next.fetch_add(0x9E3779B97F4A7C15ull, std::memory_order_relaxed);
    id = (id ^ (id >> 30)) * 0xBF58476D1CE4E5B9ull;
    id = (id ^ (id >> 27)) * 0x94D049BB133111EBull;
    id ^= id >> 31;
    std::string text(16, '0');
    for (auto at = text.rbegin(); at != text.rend(); ++at, id >>= 4)
        *at = "0123456789abcdef"[id & 15];
    return text;
}

// An id that came along is kept where it can stand in a log line and a header as it is.
bool is_usable_request_id(std::string_view id) {
    constexpr std::size_t longest = 64;
    const auto is_plain = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '-' || c == '_' || c == '.';
    };
    return !id.empty() && id.size() <= longest && std::all_of(id.begin(), id.end(), is_plain);
}

std::string chunk_size(std::size_t bytes) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, bytes, 16).ptr;
    return std::string(digits, end) + "\r\n";
}

namespace {

using TlsStream = asio::ssl::stream<tcp::socket>;

// Connections before the context: what is left in the context takes itself off the list.
struct IoThread {
    Connections connections;
    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
    Ticker ticker{context, std::chrono::milliseconds(100), [this] {
                      const auto now = Steady::now();
                      for (auto* connection : connections)
                          connection->look_after(now);
                  }};
    std::thread thread;
};

template <class Stream>
asio::awaitable<void> live(std::shared_ptr<Session<Stream>> session) {
    try {
        co_await session->run();
    } catch (const std::exception& fault) {
        log::error(std::string("a connection broke off: ") + fault.what());
        session->close_now();
    }
}

int choose_http_1_1(SSL*, const unsigned char** chosen, unsigned char* length,
                    const unsigned char* offered, unsigned offered_length, void*) {
    static constexpr unsigned char spoken[] = "\x08http/1.1";
    unsigned char* out = nullptr;
    if (SSL_select_next_proto(&out, length, spoken, sizeof spoken - 1, offered, offered_length) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = out;
    return SSL_TLSEXT_ERR_OK;
}

Result<std::unique_ptr<asio::ssl::context>> tls_context(const ServerOptions& options) {
    auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_3_VERSION);
    SSL_CTX_set_alpn_select_cb(context->native_handle(), choose_http_1_1, nullptr);
    ErrorOfAsio failed;
    context->use_certificate_chain_file(options.certificate_file, failed);
    if (failed)
        return fail(ErrorCode::invalid, "http.certificate",
                    "The certificate file cannot be used: " + failed.message() +
                        ". It must hold the certificate and its chain in PEM form.");
    context->use_private_key_file(options.key_file, asio::ssl::context::pem, failed);
    if (failed)
        return fail(ErrorCode::invalid, "http.certificate",
                    "The key file cannot be used: " + failed.message() +
                        ". It must hold the certificate's own private key in PEM form.");
    return context;
}

class BeastServer final : public Server {
public:
    BeastServer(const Router& router, WorkerPool& workers, Metrics& metrics,
                const ServerOptions& options, std::unique_ptr<asio::ssl::context> tls)
        : options_(options),
          tls_(std::move(tls)),
          dispatcher_(std::make_shared<Dispatcher>(router, workers, metrics, options)),
          open_(std::make_shared<std::atomic<std::size_t>>(0)) {
        for (unsigned i = 0; i < std::max(1u, options.io_threads); ++i)
            threads_.push_back(std::make_unique<IoThread>());
        acceptor_ = std::make_unique<tcp::acceptor>(threads_.front()->context);
        metrics.gauge("qiao_http_connections", "Open connections.",
                      [open = open_] { return static_cast<double>(open->load()); });
    }
    ~BeastServer() override;

    Result<void> listen();
    void run();
    std::uint16_t port() const override { return port_; }

private:
    template <class Act>
    void on_every_thread(Act act);
    asio::awaitable<void> accept();
    void admit(tcp::socket socket, IoThread& thread);
    template <class Stream>
    void serve(Stream stream, IoThread& thread);
    void wait_for_connections(Duration patience);

    ServerOptions options_;
    std::unique_ptr<asio::ssl::context> tls_;
    std::shared_ptr<Dispatcher> dispatcher_;
    std::shared_ptr<std::atomic<std::size_t>> open_;
    std::vector<std::unique_ptr<IoThread>> threads_;
    std::unique_ptr<tcp::acceptor> acceptor_;
    std::uint16_t port_ = 0;
    std::atomic<bool> stopping_{false};
};

Result<void> BeastServer::listen() {
    ErrorOfAsio failed;
    const auto address = asio::ip::make_address(options_.address, failed);
    if (failed)
        return fail(ErrorCode::invalid, "http.address",
                    "\"" + options_.address +
                        "\" is not an IP address to listen on. Use 127.0.0.1, "
                        "0.0.0.0 or an address of this machine.");
    const tcp::endpoint endpoint(address, options_.port);
    acceptor_->open(endpoint.protocol(), failed);
    if (!failed)
        acceptor_->set_option(tcp::acceptor::reuse_address(true), failed);
    if (!failed)
        acceptor_->bind(endpoint, failed);
    if (!failed)
        acceptor_->listen(asio::socket_base::max_listen_connections, failed);
    if (!failed)
        port_ = acceptor_->local_endpoint(failed).port();
    if (!failed)
        return {};
    return fail(ErrorCode::unavailable, "http.address_in_use",
                "Cannot listen on " + options_.address + " port " + std::to_string(options_.port) +
                    ": " + failed.message() + ". Stop what listens there or choose another port.");
}

void BeastServer::run() {
    asio::co_spawn(threads_.front()->context, accept(), asio::detached);
    for (auto& thread : threads_) {
        thread->ticker.start();
        thread->thread = std::thread([io = thread.get()] { io->context.run(); });
    }
}

asio::awaitable<void> BeastServer::accept() {
    asio::steady_timer pause(threads_.front()->context);
    for (std::size_t turn = 0; acceptor_->is_open(); ++turn) {
        IoThread& thread = *threads_[turn % threads_.size()];
        ErrorOfAsio failed;
        auto socket = co_await acceptor_->async_accept(
            thread.context, asio::redirect_error(asio::use_awaitable, failed));
        if (!failed) {
            admit(std::move(socket), thread);
            continue;
        }
        if (!acceptor_->is_open())
            break;
        // Out of file descriptors: wait until connections close instead of spinning.
        constexpr auto until_some_close = std::chrono::milliseconds(100);
        pause.expires_after(until_some_close);
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failed));
    }
}

void BeastServer::admit(tcp::socket socket, IoThread& thread) {
    ErrorOfAsio ignored;
    if (open_->load() >= options_.max_connections) {
        static constexpr std::string_view full =
            "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n"
            "Connection: close\r\n\r\n";
        socket.non_blocking(true, ignored);
        socket.send(asio::buffer(full.data(), full.size()), 0, ignored);
        return;
    }
    socket.set_option(tcp::no_delay(true), ignored);
    ++*open_;
    // A session lives on its own thread from its first moment.
    asio::post(thread.context, [this, &thread, socket = std::move(socket)]() mutable {
        if (tls_)
            serve(TlsStream(std::move(socket), *tls_), thread);
        else
            serve(std::move(socket), thread);
    });
}

template <class Stream>
void BeastServer::serve(Stream stream, IoThread& thread) {
    auto session = std::make_shared<Session<Stream>>(std::move(stream), thread.context,
                                                     *dispatcher_, options_, thread.connections);
    if (stopping_)
        session->finish_soon();
    asio::co_spawn(thread.context, live(std::move(session)),
                   [open = open_](std::exception_ptr) { --*open; });
}

// Runs `act` for every connection, on its own thread, and returns when all are done.
template <class Act>
void BeastServer::on_every_thread(Act act) {
    for (auto& thread : threads_) {
        std::promise<void> done;
        asio::post(thread->context, [&done, &act, io = thread.get()] {
            const std::vector<Connection*> all(io->connections.begin(), io->connections.end());
            for (auto* connection : all)
                act(*connection);
            done.set_value();
        });
        done.get_future().wait();
    }
}

void BeastServer::wait_for_connections(Duration patience) {
    const auto deadline = Steady::now() + patience;
    while (open_->load() > 0 && Steady::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

BeastServer::~BeastServer() {
    if (!threads_.front()->thread.joinable())
        return;  // it never listened
    stopping_ = true;
    std::promise<void> refused;
    asio::post(threads_.front()->context, [&] {
        ErrorOfAsio ignored;
        acceptor_->close(ignored);
        refused.set_value();
    });
    refused.get_future().wait();

    on_every_thread([](Connection& connection) { connection.finish_soon(); });
    wait_for_connections(std::chrono::seconds(5));
    on_every_thread([](Connection& connection) { connection.close_now(); });
    wait_for_connections(std::chrono::seconds(5));
    dispatcher_->wait_until_idle();
    for (auto& thread : threads_) {
        asio::post(thread->context, [io = thread.get()] { io->ticker.stop(); });
        thread->work.reset();
        thread->thread.join();
    }
}

}  // namespace

}  // namespace detail

Result<std::unique_ptr<Server>> Server::start(const Router& router, WorkerPool& workers,
                                              Metrics& metrics, const ServerOptions& options) {
    std::unique_ptr<boost::asio::ssl::context> tls;
    if (!options.certificate_file.empty() && !options.key_file.empty()) {
        auto made = detail::tls_context(options);
        if (!made)
            return fail(made.error());
        tls = std::move(*made);
    }
    auto server =
        std::make_unique<detail::BeastServer>(router, workers, metrics, options, std::move(tls));
    if (auto listening = server->listen(); !listening)
        return fail(listening.error());
    server->run();
    return server;
}

}  // namespace qiao::http
