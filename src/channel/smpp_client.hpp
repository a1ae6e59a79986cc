// One SMPP 3.4 connection to an SMS centre: bound as transceiver on first use, kept alive, rebound.
//
// submit() blocks its caller until every part is answered or the deadline passes; up to `window`
// submissions wait for answers at a time. Thread-safe; one reader thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
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
    std::string source;       // sender number or name
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

private:
    using SteadyTime = std::chrono::steady_clock::time_point;
    struct Waiting {
        bool is_answered = false;
        std::uint32_t status = 0;
        std::string body;
    };

    bool ensure_bound(std::unique_lock<std::mutex>& lock, std::string& why);
    bool connect_socket(std::string& why);
    bool send_pdu(const smpp::Pdu& pdu);
    action::Submitted submit_part(const std::string& body, SteadyTime deadline);
    void read_loop(int socket);
    void take(smpp::Pdu pdu);
    void drop_connection();

    SmppOptions options_;
    OnReceipt on_receipt_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::mutex write_mutex_;
    int socket_ = -1;
    bool is_bound_ = false;
    bool is_binding_ = false;
    bool stopping_ = false;
    SteadyTime retry_after_{};
    std::uint32_t next_sequence_ = 1;
    std::uint8_t next_reference_ = 0;
    std::map<std::uint32_t, Waiting> waiting_;
    std::thread reader_;
};

}  // namespace qiao::channel
