// One request on its way to a worker and its answer on the way back to the connection.
//
// The connection's I/O thread makes it, hands it to a worker and is woken when there is news. The
// worker's side may be called from any thread, also after the connection has gone: then nothing
// happens. `wake` runs under the lock and never after abandon(), so that it may post to the I/O
// thread without asking whether that still runs.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "http/detail/encode.hpp"
#include "http/router.hpp"

namespace qiao::http::detail {

class Exchange {
public:
    Request request;
    std::string raw_query;
    Router::Match match;
    Terms terms;
    std::string request_id;
    std::function<void()> wake;
    std::atomic<bool> peer_has_left{false};  // whoever works for it may give up

    // The worker's side. The first answer wins; answer() tells whether this was it.
    bool answer(Response response);
    // Adds to a streamed body. Waits while much is unsent; false when the peer has gone.
    bool write(std::string_view piece);
    // `complete` is false where the body broke off: the connection is cut, so that it shows.
    void end_stream(bool complete);
    bool is_abandoned() const;

    // The connection's side.
    bool is_answered() const;
    Wire& wire() { return wire_; }  // once answered; no other thread touches it then
    enum class Stream { open, complete, broken };
    // Moves what is unsent into `piece` and tells whether more may come.
    Stream take(std::string& piece);
    void abandon();

private:
    mutable std::mutex mutex_;
    std::condition_variable room_;
    Wire wire_;
    bool answered_ = false;
    bool abandoned_ = false;
    Stream stream_ = Stream::open;
    std::string unsent_;
};

}  // namespace qiao::http::detail
