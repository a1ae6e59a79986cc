#include "channel/smpp_client.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>

namespace qiao::channel {
namespace {

using action::Outcome;
using namespace std::chrono_literals;

// A centre on a thread: binds everyone, answers each submit and sends its receipt first. It ends
// the connection instead of answering every `drop_every`-th submit, until stop_dropping().
class FakeCentre {
public:
    explicit FakeCentre(int drop_every) : drop_every_(drop_every) {
        listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
        ::listen(listener_, 8);
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port = ntohs(address.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    ~FakeCentre() {
        stopping_ = true;
        thread_.join();
        ::close(listener_);
    }
    void stop_dropping() { drops_ = false; }
    std::uint16_t port = 0;
    std::atomic<int> submits{0}, binds{0};

private:
    void run() {
        while (!stopping_) {
            pollfd wait{listener_, POLLIN, 0};
            if (::poll(&wait, 1, 50) != 1)
                continue;
            const int socket = ::accept(listener_, nullptr, nullptr);
            serve(socket);
            ::close(socket);
        }
    }
    void serve(int socket) {
        std::string buffer;
        char chunk[4096];
        bool is_broken = false;
        while (!stopping_) {
            pollfd wait{socket, POLLIN, 0};
            if (::poll(&wait, 1, 50) != 1)
                continue;
            const auto n = ::recv(socket, chunk, sizeof chunk, 0);
            if (n <= 0)
                return;
            buffer.append(chunk, static_cast<std::size_t>(n));
            while (const auto pdu = smpp::take_pdu(buffer, is_broken))
                if (!answer(socket, *pdu))
                    return;
        }
    }
    bool answer(int socket, const smpp::Pdu& pdu) {
        if (pdu.command & smpp::response)
            return true;
        std::string body;
        if (pdu.command == smpp::bind_transceiver) {
            ++binds;
            body = std::string("centre") + '\0';
        }
        if (pdu.command == smpp::submit_sm) {
            const int number = ++submits;
            if (drops_ && number % drop_every_ == 0)
                return false;
            const auto id = "m" + std::to_string(number);
            // A receipt by TLVs only: receipted_message_id and message_state (delivered).
            std::string receipt(1, '\0');                                       // service_type
            receipt += std::string("\1\1") + "1" + '\0' + "\1\1" + "2" + '\0';  // addresses
            receipt +=
                std::string("\4\0\0", 3) + std::string("\0\0", 2) + std::string("\0\0\0\0", 4);
            const auto text = "id:" + id + " stat:DELIVRD err:000";
            receipt += static_cast<char>(text.size());
            receipt += text;
            send(socket, {smpp::deliver_sm, 0, 1000u + static_cast<unsigned>(number), receipt});
            body = id + '\0';
        }
        send(socket, {pdu.command | smpp::response, 0, pdu.sequence, body});
        return true;
    }
    static void send(int socket, const smpp::Pdu& pdu) {
        const auto bytes = smpp::encode(pdu);
        ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }

    const int drop_every_;
    std::atomic<bool> drops_{true};
    int listener_ = -1;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

SmppOptions options_for(const FakeCentre& centre) {
    SmppOptions options;
    options.host = "127.0.0.1";
    options.port = centre.port;
    options.source = "95588";
    options.connect_timeout = 20s;  // of a busy machine; nobody waits for it otherwise
    return options;
}

action::Outgoing message_to(const char* number) {
    action::Outgoing message;
    message.destination = number;
    message.body = "您好";
    return message;
}

TEST(SmppClient, ManyThreadsShareOneConnectionAndGetTheirReceipts) {
    FakeCentre centre(1'000'000);
    std::atomic<int> receipts{0}, accepted{0};
    {
        SmppClient client(options_for(centre),
                          [&](const smpp::DeliveryReceipt& r) { receipts += r.is_delivered(); });
        std::vector<std::thread> threads;
        for (int t = 0; t < 8; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 50; ++i)
                    accepted += client.submit(message_to("+8613800000000"), 5s).outcome ==
                                Outcome::accepted;
            });
        for (auto& thread : threads)
            thread.join();
    }
    EXPECT_EQ(accepted, 400);
    EXPECT_EQ(receipts, 400);
    EXPECT_EQ(centre.binds, 1);
}

TEST(SmppClient, LostConnectionIsUnknownForWhatHadLeftAndNotSentForTheRest) {
    FakeCentre centre(10);
    SmppClient client(options_for(centre), [](const auto&) {});
    std::atomic<int> accepted{0}, unknown{0}, not_sent{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 25; ++i) {
                const auto outcome = client.submit(message_to("+8613800000000"), 20s).outcome;
                accepted += outcome == Outcome::accepted;
                unknown += outcome == Outcome::unknown;
                not_sent += outcome == Outcome::not_sent;
            }
        });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(accepted + unknown + not_sent, 100);
    EXPECT_GE(unknown, 1);
    // Nothing that the centre took is ever said not to have left.
    EXPECT_LE(centre.submits, accepted + unknown);
    // Once the centre is well, the next message connects again; none is in doubt on the way there.
    centre.stop_dropping();
    auto outcome = Outcome::not_sent;
    for (int i = 0; i < 200 && outcome == Outcome::not_sent; ++i) {
        outcome = client.submit(message_to("+8613800000000"), 20s).outcome;
        if (outcome == Outcome::not_sent)
            std::this_thread::sleep_for(50ms);
    }
    EXPECT_EQ(outcome, Outcome::accepted);
    EXPECT_GE(centre.binds, 2);
}

TEST(SmppClient, DeadCentreIsNotSent) {
    SmppOptions options;
    options.host = "127.0.0.1";
    options.port = 1;
    SmppClient client(options, [](const auto&) {});
    EXPECT_EQ(client.submit(message_to("+8613800000000"), 1s).reason, "smpp.unreachable");
}

}  // namespace
}  // namespace qiao::channel
