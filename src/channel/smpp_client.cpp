#include "channel/smpp_client.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runtime/log.hpp"

namespace qiao::channel {

namespace {

using action::Outcome;
using action::Submitted;
using Steady = std::chrono::steady_clock;

constexpr auto reconnect_pause = std::chrono::seconds(2);

Submitted not_sent(std::string reason) { return {Outcome::not_sent, {}, std::move(reason), false}; }
Submitted unknown(std::string reason) { return {Outcome::unknown, {}, std::move(reason), false}; }

Submitted judge_answer(std::uint32_t status, std::string_view body) {
    switch (status) {
        case smpp::ok: return {Outcome::accepted, smpp::message_id_of(body), {}, false};
        case smpp::throttled: return not_sent("smpp.throttled");
        case smpp::queue_full: return not_sent("smpp.queue_full");
        case smpp::invalid_destination: return {Outcome::refused, {}, "smpp.invalid_destination", true};
        default: return {Outcome::refused, {}, "smpp.status_" + std::to_string(status), false};
    }
}

// Connects within `timeout`, or gives -1.
int connect_within(const addrinfo& address, Duration timeout) {
    const int socket = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0) return -1;
    int failed = ::connect(socket, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
    if (failed == EINPROGRESS) {
        pollfd wait{socket, POLLOUT, 0};
        socklen_t size = sizeof failed;
        if (::poll(&wait, 1, static_cast<int>(timeout.count())) != 1 ||
            ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &failed, &size) != 0)
            failed = ETIMEDOUT;
    }
    if (failed != 0) {
        ::close(socket);
        return -1;
    }
    ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) & ~O_NONBLOCK);
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const timeval patience{10, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    return socket;
}

}  // namespace

SmppClient::SmppClient(SmppOptions options, OnReceipt on_receipt)
    : options_(std::move(options)), on_receipt_(std::move(on_receipt)) {}

SmppClient::~SmppClient() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        if (is_bound_) send_pdu({smpp::unbind, 0, next_sequence_++, {}});
        if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
        changed_.notify_all();
    }
    if (reader_.joinable()) reader_.join();
    if (socket_ >= 0) ::close(socket_);
}

bool SmppClient::connect_socket(std::string& why) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(options_.host.c_str(), std::to_string(options_.port).c_str(), &hints, &found) != 0) {
        why = "smpp.unknown_host";
        return false;
    }
    for (auto* address = found; address && socket_ < 0; address = address->ai_next)
        socket_ = connect_within(*address, options_.connect_timeout);
    ::freeaddrinfo(found);
    if (socket_ < 0) why = "smpp.unreachable";
    return socket_ >= 0;
}

bool SmppClient::ensure_bound(std::unique_lock<std::mutex>& lock, std::string& why) {
    changed_.wait_for(lock, options_.connect_timeout * 2, [this] { return !is_binding_ || stopping_; });
    if (is_bound_) return true;
    why = "smpp.unreachable";
    if (stopping_ || is_binding_ || Steady::now() < retry_after_) return false;

    is_binding_ = true;
    if (reader_.joinable()) {
        lock.unlock();
        reader_.join();  // of the connection before, which has ended
        lock.lock();
    }
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
    if (connect_socket(why)) {
        reader_ = std::thread([this, socket = socket_] { read_loop(socket); });
        const auto sequence = next_sequence_++;
        waiting_[sequence] = {};
        const bool is_sent = send_pdu({smpp::bind_transceiver, 0, sequence,
                                       smpp::bind_body(options_.system_id, options_.password, options_.system_type)});
        if (is_sent)
            changed_.wait_for(lock, options_.connect_timeout, [&] { return waiting_[sequence].is_answered || stopping_; });
        is_bound_ = waiting_[sequence].is_answered && waiting_[sequence].status == smpp::ok;
        if (!is_bound_) {
            why = waiting_[sequence].is_answered ? "smpp.bind_refused" : "smpp.bind_timeout";
            ::shutdown(socket_, SHUT_RDWR);
        }
        waiting_.erase(sequence);
    }
    if (!is_bound_) retry_after_ = Steady::now() + reconnect_pause;
    is_binding_ = false;
    changed_.notify_all();
    return is_bound_;
}

bool SmppClient::send_pdu(const smpp::Pdu& pdu) {
    const auto bytes = smpp::encode(pdu);
    std::lock_guard lock(write_mutex_);
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const auto n = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) return false;
        sent += static_cast<std::size_t>(n);
    }
    return true;
}

Submitted SmppClient::submit(const action::Outgoing& message, Duration deadline) {
    const auto until = Steady::now() + deadline;
    std::uint8_t reference = 0;
    {
        std::unique_lock lock(mutex_);
        std::string why;
        if (!ensure_bound(lock, why)) return not_sent(why);
        reference = next_reference_++;
    }
    const auto parts = smpp::split_text(message.body, reference);
    if (parts.empty()) return {Outcome::refused, {}, "smpp.too_long", false};
    Submitted last;
    for (std::size_t at = 0; at < parts.size(); ++at) {
        last = submit_part(smpp::submit_body(options_.source, message.destination, parts[at]), until);
        if (last.outcome == Outcome::accepted) continue;
        // Some parts have left: the message as a whole may or may not appear, so it must not be repeated.
        return at == 0 ? last : unknown("smpp.partial");
    }
    return last;
}

Submitted SmppClient::submit_part(const std::string& body, SteadyTime deadline) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_until(lock, deadline, [this] { return waiting_.size() < options_.window || !is_bound_; }))
        return not_sent("smpp.window_full");
    if (!is_bound_) return not_sent("smpp.unreachable");
    const auto sequence = next_sequence_++;
    waiting_[sequence] = {};
    lock.unlock();
    const bool is_sent = send_pdu({smpp::submit_sm, 0, sequence, body});
    lock.lock();
    if (is_sent)
        changed_.wait_until(lock, deadline, [&] { return waiting_[sequence].is_answered || !is_bound_; });
    const auto answer = waiting_[sequence];
    waiting_.erase(sequence);
    changed_.notify_all();
    if (!answer.is_answered) return unknown(is_sent ? "smpp.no_answer" : "smpp.connection_lost");
    return judge_answer(answer.status, answer.body);
}

void SmppClient::read_loop(int socket) {
    std::string buffer;
    bool is_broken = false;
    auto last_heard = Steady::now();
    char chunk[4096];
    while (!is_broken) {
        pollfd wait{socket, POLLIN, 0};
        const int ready = ::poll(&wait, 1, static_cast<int>(options_.keep_alive.count()));
        if (ready == 0) {
            if (Steady::now() - last_heard > 2 * options_.keep_alive) break;
            std::lock_guard lock(mutex_);
            if (is_bound_) send_pdu({smpp::enquire_link, 0, next_sequence_++, {}});
            continue;
        }
        const auto n = ready < 0 ? -1 : ::recv(socket, chunk, sizeof chunk, 0);
        if (n <= 0) break;
        last_heard = Steady::now();
        buffer.append(chunk, static_cast<std::size_t>(n));
        while (auto pdu = smpp::take_pdu(buffer, is_broken)) take(std::move(*pdu));
    }
    drop_connection();
}

void SmppClient::take(smpp::Pdu pdu) {
    if (pdu.command == smpp::deliver_sm) {
        if (const auto receipt = smpp::receipt_of(pdu.body)) on_receipt_(*receipt);
        // Acknowledged after the receipt was taken: the centre repeats it otherwise.
        send_pdu({smpp::deliver_sm | smpp::response, 0, pdu.sequence, std::string(1, '\0')});
        return;
    }
    if (pdu.command == smpp::enquire_link || pdu.command == smpp::unbind) {
        send_pdu({pdu.command | smpp::response, 0, pdu.sequence, {}});
        return;
    }
    std::lock_guard lock(mutex_);
    const auto waiting = waiting_.find(pdu.sequence);
    if (waiting == waiting_.end()) return;  // an answer to a keep-alive, or one that came too late
    waiting->second = {true, pdu.status, std::move(pdu.body)};
    changed_.notify_all();
}

void SmppClient::drop_connection() {
    std::lock_guard lock(mutex_);
    is_bound_ = false;
    if (!stopping_) log::warn("the connection to an SMS centre ended; it is made again with the next message");
    changed_.notify_all();
}

}  // namespace qiao::channel
