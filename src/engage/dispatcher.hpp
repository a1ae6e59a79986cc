// The dispatcher takes planned sends from the shards and gives them to the channels' providers.
//
// A send is never doubled: its row is durable as `attempting` before the first byte leaves, and
// what was attempting when the server died is unknown after it (or sent again where the provider
// knows the send key). Each channel has its own threads, rate limit and circuit breaker, so that a
// sick provider slows no other; its backlog waits in SQL. Texts are rendered when they leave and
// are never stored here.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "action/providers.hpp"
#include "channel/prices.hpp"
#include "engage/breaker_rules.hpp"
#include "engage/renderer.hpp"
#include "engage/sends.hpp"
#include "engage/tracking.hpp"
#include "shard/shards.hpp"

namespace qiao::engage {

struct ChannelHealth {
    Breaker::State state = Breaker::State::closed;
    std::int64_t sent_1h = 0, failed_1h = 0;
    std::string last_error;
};

struct DispatcherParts {
    shard::Shards& shards;
    sql::Database& database;
    sql::Outbox& outbox;
    journal::Journal& journal;
    action::Providers& providers;
    Renderer& renderer;
    const Tracking& tracking;
    const channel::Prices& prices;
    const Clock& clock;
    Metrics& metrics;
};

class Dispatcher {
public:
    // Registers with shards and outbox: make it before they start, and destroy it after they stop.
    explicit Dispatcher(const DispatcherParts& parts);
    ~Dispatcher();

    // Settles what a crash left, then runs on threads of its own.
    void start();
    void stop();

    // One turn of everything on the caller's thread, where start() was not called. True where
    // something was done.
    bool drain_once();
    // True when nothing is planned, due, under way or untold. Sends of a channel that is switched
    // off or spared by its breaker do not count: they wait.
    bool idle();
    // Wakes the threads and waits for idle(); false after `timeout`.
    bool wait_idle(Duration timeout);

    ChannelHealth health(std::string_view channel);

private:
    class Lane;

    bool take_in();
    bool place();
    // Waits where the error says "not now"; else the send has failed, or is unknown where an
    // earlier attempt may have left.
    void give_up_or_wait(sql::Transaction& transaction, const Send& send, const Error& error);
    // What became of a send, with its price where its provider has it or may have it.
    void tell_end(sql::Transaction& transaction, const Send& send, std::string_view what,
                  std::optional<Decimal> price, Time now);
    Result<Renderer::Rendered> render(const PlannedSend& send, std::string_view send_key);
    void settle_after_crash();
    std::shared_ptr<Lane> lane(const std::string& channel);
    std::vector<std::shared_ptr<Lane>> lanes();
    bool open_waiting_lanes();
    void run_intake();
    void run_facts();
    void wake();

    DispatcherParts parts_;
    MessageFacts facts_;
    std::mutex facts_mutex_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::uint64_t news_ = 0;
    std::atomic<bool> is_stopping_{false};
    bool is_running_ = false;
    std::map<std::string, std::shared_ptr<Lane>, std::less<>> lanes_;
    std::thread intake_thread_;
    std::thread facts_thread_;
};

}  // namespace qiao::engage
