// A load of Segment batches from a process of its own: `collect_load HOST PORT KEY SECONDS [RATE]`.
//
// Keeps one request under way on each of 64 connections. The body is made once; only the message
// ids and times inside it change, so that the load costs little beside the server. RATE limits
// events per second (0: as fast as the answers come). Prints one line of JSON.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr int connections = 64;
constexpr int events_per_batch = 50;
constexpr int customers = 100'000;

struct Connection {
    int socket = -1;
    std::string request;
    std::vector<std::size_t> message_ids;  // where the 16 digits of each message id begin
    std::vector<std::size_t> users;        // where the 6 digits of each user begin
    Clock::time_point sent_at;
    bool is_waiting = false;
    std::string answer;
};

std::string event_text(int number) {
    static const char* names[] = {"app_open", "fund_detail_view", "balance_view", "transfer_done",
                                  "bill_payment"};
    return std::string(R"({"type":"track","event":")") + names[number % 5] +
           R"(","userId":"load-000000","messageId":"m-0000000000000000","timestamp":"2026-11-01T08:00:00.000Z",)"
           R"("properties":{"channel":"app","product":"sample","amount":128.5,"page":"home/main"}})";
}

void make_request(Connection& connection, const std::string& key, int port) {
    std::string body = R"({"batch":[)";
    for (int number = 0; number < events_per_batch; ++number)
        body += (number ? "," : "") + event_text(number);
    body += R"(],"writeKey":")" + key + "\"}";
    connection.request =
        "POST /v1/batch HTTP/1.1\r\nHost: localhost:" + std::to_string(port) +
        "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\n\r\n" + body;
    const auto& text = connection.request;
    for (auto at = text.find("\"m-0"); at != text.npos; at = text.find("\"m-0", at + 1))
        connection.message_ids.push_back(at + 3);
    for (auto at = text.find("load-"); at != text.npos; at = text.find("load-", at + 1))
        connection.users.push_back(at + 5);
}

void put_digits(std::string& text, std::size_t at, int digits, std::uint64_t number) {
    for (int digit = digits - 1; digit >= 0; --digit, number /= 10)
        text[at + static_cast<std::size_t>(digit)] = static_cast<char>('0' + number % 10);
}

void send_next(Connection& connection, std::uint64_t& next_message) {
    // A batch is of one server that forwards the events of ten customers, five events each.
    for (std::size_t at = 0; at < connection.message_ids.size(); ++at) {
        put_digits(connection.request, connection.message_ids[at], 16, next_message);
        put_digits(connection.request, connection.users[at], 6,
                   (next_message / 5 * 7919) % customers);
        ++next_message;
    }
    std::size_t sent = 0;
    while (sent < connection.request.size()) {
        const auto n = ::send(connection.socket, connection.request.data() + sent,
                              connection.request.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) {
            std::perror("send");
            std::exit(1);
        }
        sent += static_cast<std::size_t>(n);
    }
    connection.sent_at = Clock::now();
    connection.is_waiting = true;
    connection.answer.clear();
}

int open_socket(const char* host, int port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, host, &address.sin_addr);
    if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        std::perror("connect");
        std::exit(1);
    }
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

// Whether the answer is whole: by its Content-Length, or a 204.
bool is_whole(const std::string& answer) {
    const auto end = answer.find("\r\n\r\n");
    if (end == answer.npos)
        return false;
    if (answer.compare(9, 3, "204") == 0)
        return true;
    auto at = answer.find("Content-Length: ");
    if (at == answer.npos)
        at = answer.find("content-length: ");
    return at != answer.npos &&
           answer.size() >= end + 4 + std::strtoul(answer.c_str() + at + 16, nullptr, 10);
}

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 5) {
        std::fprintf(stderr, "usage: collect_load HOST PORT KEY SECONDS [RATE]\n");
        return 2;
    }
    const int port = std::atoi(argv[2]);
    const double seconds = std::atof(argv[4]);
    const double rate = argc > 5 ? std::atof(argv[5]) : 0;
    std::uint64_t next_message = static_cast<std::uint64_t>(::time(nullptr)) * 1'000'000;
    std::vector<Connection> all(connections);
    for (auto& connection : all) {
        connection.socket = open_socket(argv[1], port);
        make_request(connection, argv[3], port);
    }

    std::vector<double> latencies_ms;
    std::uint64_t acknowledged = 0, refused = 0;
    const auto started = Clock::now();
    const auto until = started + std::chrono::duration<double>(seconds);
    const auto may_send = [&] {
        if (rate <= 0)
            return true;
        const double elapsed = std::chrono::duration<double>(Clock::now() - started).count();
        return static_cast<double>(acknowledged) < elapsed * rate;
    };
    while (Clock::now() < until) {
        pollfd waits[connections];
        for (int at = 0; at < connections; ++at) {
            if (!all[static_cast<std::size_t>(at)].is_waiting && may_send())
                send_next(all[static_cast<std::size_t>(at)], next_message);
            waits[at] = {all[static_cast<std::size_t>(at)].socket, POLLIN, 0};
        }
        ::poll(waits, connections, 5);
        for (int at = 0; at < connections; ++at) {
            auto& connection = all[static_cast<std::size_t>(at)];
            if (!(waits[at].revents & POLLIN))
                continue;
            char chunk[4096];
            const auto n = ::recv(connection.socket, chunk, sizeof chunk, 0);
            if (n <= 0) {
                std::fprintf(stderr, "the server closed a connection\n");
                return 1;
            }
            connection.answer.append(chunk, static_cast<std::size_t>(n));
            if (!is_whole(connection.answer))
                continue;
            connection.is_waiting = false;
            latencies_ms.push_back(
                std::chrono::duration<double, std::milli>(Clock::now() - connection.sent_at)
                    .count());
            const bool is_good = connection.answer.compare(9, 1, "2") == 0;
            (is_good ? acknowledged : refused) += events_per_batch;
        }
    }
    const double elapsed = std::chrono::duration<double>(Clock::now() - started).count();
    std::sort(latencies_ms.begin(), latencies_ms.end());
    const auto at_share = [&](double share) {
        return latencies_ms.empty() ? 0.0
                                    : latencies_ms[static_cast<std::size_t>(
                                          share * static_cast<double>(latencies_ms.size() - 1))];
    };
    std::printf(
        R"({"events_per_s":%.0f,"acknowledged":%llu,"refused":%llu,"p50_ms":%.2f,"p99_ms":%.2f,"load_cpu_s":%.2f,"elapsed_s":%.2f})"
        "\n",
        static_cast<double>(acknowledged) / elapsed, static_cast<unsigned long long>(acknowledged),
        static_cast<unsigned long long>(refused), at_share(0.5), at_share(0.99), cpu_seconds(),
        elapsed);
    return 0;
}
