// One SMPP 3.4 connection to an SMS centre: bound as transceiver on first use, kept alive, rebound.
//
// submit() blocks its caller until every part is answered or the deadline passes; up to `window`
// submissions wait for answers at a time. Thread-safe; one reader thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "action/action.hpp"
#include "channel/smpp_pdu.hpp"

namespace qiao::channel {

struct SmppOptions {
    std::string host;
    std::uint16_t port = 2775;
    std::string system_id, password, system_type;
    std::string source;  // sender number or name
    unsigned window = 16;
    Duration connect_timeout = std::chrono::seconds(5);
    Duration keep_alive = std::chrono::seconds(30);
};

class SmppClient final : public action::Provider {
public:
    using OnReceipt = std::function<void(const smpp::DeliveryReceipt&)>;

    SmppClient(SmppOptions options, OnReceipt on_receipt);
    ~SmppClient() override;

    // provider_message_id is that of the last part.
    action::Submitted submit(const action::Outgoing& message, Duration deadline) override;

    // Of short sends, so that the window is used.
    unsigned parallel() const override { return 8; }

private:
    using SteadyTime = std::chrono::steady_clock::time_point;
    struct Waiting {
        bool is_answered = false;
        std::uint32_t status = 0;
        std::string body;
    };
    // One socket with what waits on it. Whoever writes holds it, so that its number is never
    // another connection's. All but the writing is guarded by the client's mutex.
    struct Connection {
        explicit Connection(int number) : socket(number) {}
        ~Connection();
        bool send(const smpp::Pdu& pdu);

        const int socket;
        std::mutex write_mutex;
        bool is_bound = false;
        bool has_ended = false;
        std::uint32_t next_sequence = 1;
        std::map<std::uint32_t, Waiting> waiting;
    };
    using Link = std::shared_ptr<Connection>;

    Link bound_link(std::string& why);
    Link connect(std::string& why);
    bool bind(const Link& link, std::unique_lock<std::mutex>& lock, std::string& why);
    action::Submitted submit_part(const Link& link, const std::string& body, SteadyTime deadline);
    void read_loop(const Link& link);
    void take(const Link& link, smpp::Pdu pdu);

    const SmppOptions options_;
    const OnReceipt on_receipt_;
    std::mutex mutex_;
    std::condition_variable changed_;
    Link link_;                // the present one; null before the first
    bool is_binding_ = false;  // one thread makes the next link, the others wait for it
    bool stopping_ = false;
    SteadyTime retry_after_{};
    std::uint8_t next_reference_ = 0;
    std::thread reader_;  // of link_
};

}  // namespace qiao::channel
