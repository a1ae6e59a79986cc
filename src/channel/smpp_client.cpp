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
        case smpp::ok:
            return {Outcome::accepted, smpp::message_id_of(body), {}, false};
        case smpp::throttled:
            return not_sent("smpp.throttled");
        case smpp::queue_full:
            return not_sent("smpp.queue_full");
        case smpp::invalid_destination:
            return {Outcome::refused, {}, "smpp.invalid_destination", true};
        default:
            return {Outcome::refused, {}, "smpp.status_" + std::to_string(status), false};
    }
}

// Connects within `timeout`, or gives -1.
int connect_within(const addrinfo& address, Duration timeout) {
    const int socket = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0)
        return -1;
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

SmppClient::Connection::~Connection() { ::close(socket); }

bool SmppClient::Connection::send(const smpp::Pdu& pdu) {
    const auto bytes = smpp::encode(pdu);
    std::lock_guard lock(write_mutex);
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const auto n = ::send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) {
            // Half a PDU may have left: nothing after it could be understood.
            ::shutdown(socket, SHUT_RDWR);
            return false;
        }
        sent += static_cast<std::size_t>(n);
    }
    return true;
}

SmppClient::SmppClient(SmppOptions options, OnReceipt on_receipt)
    : options_(std::move(options)), on_receipt_(std::move(on_receipt)) {}

SmppClient::~SmppClient() {
    Link link;
    std::optional<std::uint32_t> goodbye;
    {
        std::unique_lock lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
        changed_.wait(lock, [this] { return !is_binding_; });
        link = link_;
        if (link && link->is_bound)
            goodbye = link->next_sequence++;
    }
    if (link) {
        if (goodbye)
            link->send({smpp::unbind, 0, *goodbye, {}});
        ::shutdown(link->socket, SHUT_RDWR);
    }
    if (reader_.joinable())
        reader_.join();
}

SmppClient::Link SmppClient::connect(std::string& why) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(options_.host.c_str(), std::to_string(options_.port).c_str(), &hints,
                      &found) != 0) {
        why = "smpp.unknown_host";
        return nullptr;
    }
    int socket = -1;
    for (auto* address = found; address && socket < 0; address = address->ai_next)
        socket = connect_within(*address, options_.connect_timeout);
    ::freeaddrinfo(found);
    if (socket < 0)
        why = "smpp.unreachable";
    return socket < 0 ? nullptr : std::make_shared<Connection>(socket);
}

// The bound connection, made by one of those who ask while the others wait. Without a lock during
// the slow parts, so that answers and the end are never held up by a dead host.
SmppClient::Link SmppClient::bound_link(std::string& why) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, options_.connect_timeout * 2,
                      [this] { return !is_binding_ || stopping_; });
    if (link_ && link_->is_bound)
        return link_;
    why = "smpp.unreachable";
    if (stopping_ || is_binding_ || Steady::now() < retry_after_)
        return nullptr;

    is_binding_ = true;
    link_ = nullptr;
    lock.unlock();
    if (reader_.joinable())
        reader_.join();  // of the connection before, which has ended
    auto link = connect(why);
    lock.lock();
    if (link) {
        link_ = link;
        reader_ = std::thread([this, link] { read_loop(link); });
        if (!bind(link, lock, why)) {
            ::shutdown(link->socket, SHUT_RDWR);
            link = nullptr;
        }
    }
    if (!link)
        retry_after_ = Steady::now() + reconnect_pause;
    is_binding_ = false;
    changed_.notify_all();
    return link;
}

bool SmppClient::bind(const Link& link, std::unique_lock<std::mutex>& lock, std::string& why) {
    const auto sequence = link->next_sequence++;
    link->waiting[sequence] = {};
    lock.unlock();
    link->send({smpp::bind_transceiver, 0, sequence,
                smpp::bind_body(options_.system_id, options_.password, options_.system_type)});
    lock.lock();
    changed_.wait_for(lock, options_.connect_timeout, [&] {
        return link->waiting[sequence].is_answered || link->has_ended || stopping_;
    });
    const auto answer = link->waiting[sequence];
    link->waiting.erase(sequence);
    link->is_bound = answer.is_answered && answer.status == smpp::ok && !link->has_ended;
    if (!link->is_bound)
        why = answer.is_answered ? "smpp.bind_refused" : "smpp.bind_timeout";
    return link->is_bound;
}

Submitted SmppClient::submit(const action::Outgoing& message, Duration deadline) {
    const auto until = Steady::now() + deadline;
    std::string why;
    const auto link = bound_link(why);
    if (!link)
        return not_sent(why);
    std::uint8_t reference = 0;
    {
        std::lock_guard lock(mutex_);
        reference = next_reference_++;
    }
    const auto parts = smpp::split_text(message.body, reference);
    if (parts.empty())
        return {Outcome::refused, {}, "smpp.too_long", false};
    Submitted last;
    for (std::size_t at = 0; at < parts.size(); ++at) {
        last = submit_part(link, smpp::submit_body(options_.source, message.destination, parts[at]),
                           until);
        if (last.outcome == Outcome::accepted)
            continue;
        // Some parts have left: the message as a whole may or may not appear, so it must not be
        // repeated.
        return at == 0 ? last : unknown("smpp.partial");
    }
    return last;
}

Submitted SmppClient::submit_part(const Link& link, const std::string& body, SteadyTime deadline) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_until(lock, deadline, [&] {
            return link->waiting.size() < options_.window || link->has_ended;
        }))
        return not_sent("smpp.window_full");
    if (link->has_ended)
        return not_sent("smpp.unreachable");
    const auto sequence = link->next_sequence++;
    link->waiting[sequence] = {};
    lock.unlock();
    const bool is_sent = link->send({smpp::submit_sm, 0, sequence, body});
    lock.lock();
    if (is_sent)
        changed_.wait_until(lock, deadline,
                            [&] { return link->waiting[sequence].is_answered || link->has_ended; });
    const auto answer = link->waiting[sequence];
    link->waiting.erase(sequence);
    changed_.notify_all();
    if (!answer.is_answered)
        return unknown(is_sent ? "smpp.no_answer" : "smpp.connection_lost");
    return judge_answer(answer.status, answer.body);
}

void SmppClient::read_loop(const Link& link) {
    std::string buffer;
    bool is_broken = false;
    auto last_heard = Steady::now();
    char chunk[4096];
    while (!is_broken) {
        pollfd wait{link->socket, POLLIN, 0};
        const int ready = ::poll(&wait, 1, static_cast<int>(options_.keep_alive.count()));
        if (ready == 0) {
            if (Steady::now() - last_heard > 2 * options_.keep_alive)
                break;
            std::uint32_t sequence = 0;
            {
                std::lock_guard lock(mutex_);
                sequence = link->next_sequence++;
            }
            link->send({smpp::enquire_link, 0, sequence, {}});
            continue;
        }
        const auto n = ready < 0 ? -1 : ::recv(link->socket, chunk, sizeof chunk, 0);
        if (n <= 0)
            break;
        last_heard = Steady::now();
        buffer.append(chunk, static_cast<std::size_t>(n));
        while (auto pdu = smpp::take_pdu(buffer, is_broken))
            take(link, std::move(*pdu));
    }
    ::shutdown(link->socket, SHUT_RDWR);
    std::lock_guard lock(mutex_);
    link->is_bound = false;
    link->has_ended = true;
    if (!stopping_)
        log::warn("the connection to an SMS centre ended; it is made again with the next message");
    changed_.notify_all();
}

void SmppClient::take(const Link& link, smpp::Pdu pdu) {
    if (pdu.command == smpp::deliver_sm) {
        constexpr std::uint32_t not_taken = 0x64;  // ESME_RX_T_APPN: the centre tries again later
        std::uint32_t status = smpp::ok;
        try {
            // Acknowledged after the receipt was taken: the centre repeats it otherwise.
            if (const auto receipt = smpp::receipt_of(pdu.body))
                on_receipt_(*receipt);
        } catch (const std::exception&) {
            log::error(
                "a receipt of an SMS centre could not be kept; the centre is asked to repeat it");
            status = not_taken;
        }
        link->send({smpp::deliver_sm | smpp::response, status, pdu.sequence, std::string(1, '\0')});
        return;
    }
    if (pdu.command == smpp::enquire_link || pdu.command == smpp::unbind) {
        link->send({pdu.command | smpp::response, 0, pdu.sequence, {}});
        return;
    }
    std::lock_guard lock(mutex_);
    const auto waiting = link->waiting.find(pdu.sequence);
    if (waiting == link->waiting.end())
        return;  // an answer to a keep-alive, or one that came too late
    waiting->second = {true, pdu.status, std::move(pdu.body)};
    changed_.notify_all();
}

}  // namespace qiao::channel
