// From a complete request to its handler on a worker thread, and from every fault to an answer.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_set>

#include "http/detail/exchange.hpp"
#include "http/server.hpp"

namespace qiao::http::detail {

class Dispatcher : public std::enable_shared_from_this<Dispatcher> {
public:
    Dispatcher(const Router& router, WorkerPool& workers, Metrics& metrics,
               const ServerOptions& options);

    const Router& router() const { return router_; }
    // Never blocks and never throws: the exchange is answered, now or later.
    void dispatch(const std::shared_ptr<Exchange>& exchange);
    // Counts a finished answer of this status.
    void count(int status);
    // Waits until no handler runs any more. Exchanges that are abandoned do not start theirs.
    void wait_until_idle();

private:
    template <class Task>
    bool submit(std::shared_ptr<Exchange> exchange, Task task);
    WorkerPool& workers_for(const Router::Route* route) const;
    void ended();
    void serve(const std::shared_ptr<Exchange>& exchange);
    void finish(const std::shared_ptr<Exchange>& exchange, Response response);
    void stream(const std::shared_ptr<Exchange>& exchange, const Response& response);
    Reply reply_to(const std::shared_ptr<Exchange>& exchange);

    const Router& router_;
    WorkerPool& workers_;
    WorkerPool* long_workers_;
    std::unordered_set<const Router::Route*> work_long_;  // on workers of their own
    Counter* by_class_[6];
    Counter& refused_;
    std::mutex mutex_;
    std::condition_variable idle_;
    std::size_t running_ = 0;
};

// The limit's name and what to do, for a body beyond `options.max_body_bytes`.
Response body_too_large(const RouteOptions& options, std::string_view request_id);

}  // namespace qiao::http::detail
