// One channel's way out: its threads, rate limit, circuit breaker and the texts that wait for them.
//
// A turn claims due sends in one transaction (`attempting`, durable), submits them, and writes
// their outcomes with their facts in another. Several threads take turns at a time.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engage/breaker_rules.hpp"
#include "engage/dispatcher.hpp"

namespace qiao::engage {

class Dispatcher::Lane {
public:
    Lane(Dispatcher& dispatcher, std::string channel);
    ~Lane();

    void start();  // the provider's number of threads
    void stop();
    void wake();

    // Keeps a text that was just rendered, while there is room.
    void keep(action::Outgoing outgoing);
    // True where something was sent or given up.
    bool turn();

    Breaker::State state();
    // Waits for its provider or its switch, not for its turn.
    bool is_spared();

private:
    struct Claimed {
        Send send;
        action::Outgoing outgoing;
    };
    void run();
    std::size_t allowance(const action::ReadyChannel& ready);
    std::vector<Claimed> claim(std::size_t most, unsigned threads);
    Result<action::Outgoing> text_of(const Send& send);
    void submit_batch(const action::ReadyChannel& ready, std::vector<Claimed>& claimed);
    void submit_singly(const action::ReadyChannel& ready, std::vector<Claimed>& claimed);
    void judge(const action::Submitted& answer);
    bool may_go_on();
    // What became of claimed[from, to) in one transaction.
    void write(const action::ReadyChannel& ready, std::vector<Claimed>& claimed, std::size_t from,
               const std::vector<action::Submitted>& answers);
    void put_back(std::vector<Claimed>& claimed, std::size_t from);
    bool fail_all(const Error& error);

    Dispatcher& dispatcher_;
    const std::string channel_;
    std::mutex claim_mutex_;  // one claim at a time, so that no send is claimed twice
    std::mutex mutex_;
    std::condition_variable wake_;
    std::uint64_t news_ = 0;
    bool is_stopping_ = false;
    bool is_inactive_ = false;
    Breaker breaker_;
    TokenBucket bucket_;
    struct Kept {
        action::Outgoing outgoing;
        SteadyTime at;
    };
    std::map<std::string, Kept, std::less<>> texts_;
    std::vector<std::thread> threads_;
};

}  // namespace qiao::engage
