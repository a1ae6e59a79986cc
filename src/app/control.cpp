#include "app/control.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstring>
#include <system_error>

#include "runtime/log.hpp"

namespace qiao::app {

namespace json = boost::json;

namespace {

constexpr std::size_t max_call_bytes = 64 << 10;

sockaddr_un address_of(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.native().size() >= sizeof address.sun_path)
        throw std::system_error(ENAMETOOLONG, std::generic_category(),
                                "the data directory's path is too long for a socket");
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    return address;
}

bool send_line(int socket, const json::object& object) {
    const auto line = json::serialize(object) + "\n";
    std::size_t sent = 0;
    while (sent < line.size()) {
        const auto n = ::send(socket, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        sent += static_cast<std::size_t>(n);
    }
    return true;
}

// One line without its end; false when the peer has gone or the line is too long.
bool receive_line(int socket, std::string& held, std::string& line) {
    for (;;) {
        if (const auto end = held.find('\n'); end != held.npos) {
            line = held.substr(0, end);
            held.erase(0, end + 1);
            return true;
        }
        char chunk[4096];
        const auto n = ::recv(socket, chunk, sizeof chunk, 0);
        if (n <= 0 || held.size() > max_call_bytes)
            return false;
        held.append(chunk, static_cast<std::size_t>(n));
    }
}

[[noreturn]] void throw_errno(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

ControlServer::ControlServer(const std::filesystem::path& data_dir, ControlHandler handler)
    : path_(data_dir / "control.sock"), handler_(std::move(handler)) {
    const auto address = address_of(path_);
    std::filesystem::remove(
        path_);  // of a server that was killed; the store's lock tells who lives
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener_ < 0)
        throw_errno("control socket");
    const auto mask = ::umask(0177);
    const int bound =
        ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::umask(mask);
    if (bound != 0 || ::listen(listener_, 8) != 0 || ::pipe2(stop_pipe_, O_CLOEXEC) != 0)
        throw_errno("control socket");
    thread_ = std::thread([this] { run(); });
}

ControlServer::~ControlServer() {
    stopping_ = true;
    [[maybe_unused]] const auto written = ::write(stop_pipe_[1], "x", 1);
    if (thread_.joinable())
        thread_.join();
    for (auto& conversation : conversations_)
        conversation.thread.join();
    ::close(listener_);
    ::close(stop_pipe_[0]);
    ::close(stop_pipe_[1]);
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

void ControlServer::run() {
    for (;;) {
        pollfd waits[2] = {{listener_, POLLIN, 0}, {stop_pipe_[0], POLLIN, 0}};
        if (::poll(waits, 2, -1) < 0 && errno != EINTR)
            return;
        if (waits[1].revents != 0)
            return;
        if ((waits[0].revents & POLLIN) == 0)
            continue;
        const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0)
            continue;
        welcome(connection);
    }
}

void ControlServer::welcome(int connection) {
    std::erase_if(conversations_, [](Conversation& conversation) {
        const bool is_over = conversation.is_over;
        if (is_over)
            conversation.thread.join();
        return is_over;
    });
    if (conversations_.size() >= most_calls) {
        send_line(
            connection,
            {{"error", "too many commands run at once (at most 16); wait until one has ended"}});
        ::close(connection);
        return;
    }
    auto& conversation = conversations_.emplace_back();
    conversation.thread = std::thread([this, connection, &conversation] {
        serve(connection);
        ::close(connection);
        conversation.is_over = true;
    });
}

void ControlServer::serve(int connection) {
    std::string held, line;
    const timeval patience{10, 0};
    ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (!receive_line(connection, held, line))
        return;
    boost::system::error_code malformed;
    const auto call = json::parse(line, malformed);
    if (malformed || !call.is_object()) {
        send_line(connection, {{"error", "the call is not a JSON object"}});
        return;
    }
    const auto progress = [&](std::string_view text) {
        if (stopping_)
            throw std::runtime_error(
                "the server is stopping; give the command again when it has started");
        if (!text.empty())
            send_line(connection, {{"progress", text}});
    };
    try {
        auto answer = handler_(call.get_object(), progress);
        if (answer)
            send_line(connection, {{"result", *answer}});
        else
            send_line(connection, {{"error", answer.error().detail}});
    } catch (const std::exception& fault) {
        log::error(std::string("a command failed: ") + fault.what());
        send_line(connection, {{"error", fault.what()}});
    }
}

Result<std::string> call_server(const std::filesystem::path& data_dir, const json::object& call,
                                const Progress& progress) {
    const auto no_server = [] {
        return fail(ErrorCode::unavailable, "control.no_server",
                    "no server of this data directory is running");
    };
    const auto address = address_of(data_dir / "control.sock");
    const int connection = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection < 0)
        throw_errno("control socket");
    const std::unique_ptr<const int, void (*)(const int*)> closes(
        &connection, [](const int* fd) { ::close(*fd); });
    if (::connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return no_server();
    if (!send_line(connection, call))
        return no_server();

    std::string held, line;
    while (receive_line(connection, held, line)) {
        const auto answer = json::parse(line).as_object();
        if (const auto* text = answer.if_contains("progress")) {
            progress(text->as_string());
        } else if (const auto* error = answer.if_contains("error")) {
            return fail(ErrorCode::unprocessable, "control.refused",
                        std::string(error->as_string()));
        } else {
            return std::string(answer.at("result").as_string());
        }
    }
    return fail(ErrorCode::unavailable, "control.lost", "the server went away before it answered");
}

}  // namespace qiao::app
