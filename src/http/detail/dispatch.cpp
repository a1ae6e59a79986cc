#include "http/detail/dispatch.hpp"

#include <algorithm>
#include <exception>

#include "http/gzip.hpp"
#include "http/problem.hpp"
#include "http/url.hpp"
#include "runtime/asker.hpp"
#include "runtime/log.hpp"

namespace qiao::http::detail {

namespace {

Response overloaded(std::string_view request_id) {
    auto response = problem(
        503, "http.overloaded",
        "The server is busy and did not take this request. Send it again in a second.", request_id);
    response.headers.emplace_back("Retry-After", "1");
    return response;
}

Response broken(std::string_view request_id) {
    return problem(
        500, "http.internal",
        "The server could not finish this request. Tell the administrator its request_id.",
        request_id);
}

std::string allowed_methods(const std::vector<std::string>& methods) {
    std::string list;
    for (const auto& method : methods) {
        list += method + ", ";
        if (method == "GET" && std::find(methods.begin(), methods.end(), "HEAD") == methods.end())
            list += "HEAD, ";
    }
    return list + "OPTIONS";
}

Response without_route(const Exchange& exchange) {
    const auto& allowed = exchange.match.allowed;
    if (exchange.request.method == "OPTIONS") {
        if (exchange.terms.any_origin)
            return preflight(exchange.request);
        Response response;
        response.status = 204;
        response.headers.emplace_back("Allow", allowed_methods(allowed));
        return response;
    }
    if (allowed.empty())
        return problem(404, "http.not_found", "Nothing is at this address. Check its spelling.",
                       exchange.request_id);
    auto response =
        problem(405, "http.method_not_allowed",
                "This address does not take this method. The Allow header names those it takes.",
                exchange.request_id);
    response.headers.emplace_back("Allow", allowed_methods(allowed));
    return response;
}

// What the I/O thread leaves to the worker: it grows with the request.
Result<void> complete_request(Exchange& exchange, const RouteOptions& options) {
    auto& request = exchange.request;
    request.query = parse_query(exchange.raw_query);
    request.path_params = std::move(exchange.match.path_params);
    request.request_id = exchange.request_id;
    if (!looks_gzipped(request.body))
        return {};
    auto inflated = gunzip(request.body, options.max_body_bytes);
    if (!inflated)
        return fail(inflated.error());
    request.body = std::move(*inflated);
    std::erase_if(request.headers, [](const auto& h) { return h.first == "content-encoding"; });
    return {};
}

std::string what_failed(const Exchange& exchange, std::string_view why) {
    const auto* route = exchange.match.route;
    return "request " + exchange.request_id + " " +
           (route ? route->method + " " + route->pattern : std::string("for a file")) +
           " failed: " + std::string(why);
}

}  // namespace

Response body_too_large(const RouteOptions& options, std::string_view request_id) {
    return problem(413, "http.body_too_large",
                   "The body is larger than " + options.max_body_setting + ", which is " +
                       std::to_string(options.max_body_bytes) +
                       " bytes, also once decompressed. Send less at a time.",
                   request_id);
}

Dispatcher::Dispatcher(const Router& router, WorkerPool& workers, Metrics& metrics,
                       const ServerOptions& options)
    : router_(router),
      workers_(workers),
      long_workers_(options.long_workers),
      refused_(metrics.counter("qiao_http_overloaded_total",
                               "Requests refused because all workers were busy.")) {
    for (int i = 0; i < 6; ++i)
        by_class_[i] = &metrics.counter("qiao_http_requests_total{status=\"" +
                                            (i == 0 ? "other" : std::to_string(i) + "xx") + "\"}",
                                        "Answers by class of status.");
    if (long_workers_ && options.works_long)
        for (const auto& route : router.routes())
            if (options.works_long(route))
                work_long_.insert(&route);
}

WorkerPool& Dispatcher::workers_for(const Router::Route* route) const {
    return work_long_.contains(route) ? *long_workers_ : workers_;
}

void Dispatcher::count(int status) {
    const int of_class = status / 100;
    by_class_[of_class >= 1 && of_class <= 5 ? of_class : 0]->add();
}

void Dispatcher::wait_until_idle() {
    std::unique_lock lock(mutex_);
    constexpr auto patience = std::chrono::seconds(5);
    while (!idle_.wait_for(lock, patience, [this] { return running_ == 0; }))
        log::warn("the HTTP server is stopping and waits for " + std::to_string(running_) +
                  " handlers that still run");
}

void Dispatcher::dispatch(const std::shared_ptr<Exchange>& exchange) {
    const auto& method = exchange->request.method;
    const bool is_file = !exchange->match.route && exchange->match.allowed.empty() &&
                         router_.fallback() && (method == "GET" || method == "HEAD");
    if (!exchange->match.route && !is_file) {
        exchange->answer(without_route(*exchange));
        return;
    }
    if (!submit(exchange, [this](const auto& taken) { serve(taken); })) {
        refused_.add();
        exchange->answer(overloaded(exchange->request_id));
    }
}

template <class Task>
bool Dispatcher::submit(std::shared_ptr<Exchange> exchange, Task task) {
    {
        const std::lock_guard lock(mutex_);
        ++running_;
    }
    auto& workers = workers_for(exchange->match.route);
    auto run = [self = shared_from_this(), exchange = std::move(exchange), task]() {
        try {
            const AskerScope asker(exchange->peer_has_left);
            if (!exchange->is_abandoned())
                task(exchange);
        } catch (const std::exception& fault) {
            log::error(what_failed(*exchange, fault.what()));
            exchange->answer(broken(exchange->request_id));
        } catch (...) {
            log::error(what_failed(*exchange, "an exception of unknown type"));
            exchange->answer(broken(exchange->request_id));
        }
        self->ended();
    };
    if (workers.submit(std::move(run)))
        return true;
    ended();
    return false;
}

void Dispatcher::ended() {
    const std::lock_guard lock(mutex_);
    if (--running_ == 0)
        idle_.notify_all();
}

void Dispatcher::serve(const std::shared_ptr<Exchange>& exchange) {
    static const RouteOptions default_options;
    const auto* route = exchange->match.route;
    const auto& options = route ? route->options : default_options;
    if (const auto done = complete_request(*exchange, options); !done) {
        exchange->answer(
            done.error().code == ErrorCode::too_large
                ? body_too_large(options, exchange->request_id)
                : problem(400, done.error().reason, done.error().detail, exchange->request_id));
        return;
    }
    if (route && route->late_handler)
        route->late_handler(std::move(exchange->request), reply_to(exchange));
    else
        finish(exchange, (route ? route->handler : router_.fallback())(exchange->request));
}

void Dispatcher::finish(const std::shared_ptr<Exchange>& exchange, Response response) {
    if (!response.stream) {
        exchange->answer(std::move(response));
        return;
    }
    Response head;
    head.status = response.status;
    head.headers = std::move(response.headers);
    head.stream = response.stream;
    if (exchange->answer(std::move(head)) && !exchange->terms.head_only)
        stream(exchange, response);
}

void Dispatcher::stream(const std::shared_ptr<Exchange>& exchange, const Response& response) {
    bool complete = false;
    try {
        response.stream([&exchange](std::string_view piece) { return exchange->write(piece); });
        complete = true;
    } catch (const std::exception& fault) {
        log::error(what_failed(*exchange, fault.what()));
    } catch (...) {
        log::error(what_failed(*exchange, "an exception of unknown type"));
    }
    exchange->end_stream(complete);
}

// A reply that is dropped unused would leave the client waiting: its last copy answers 500.
Reply Dispatcher::reply_to(const std::shared_ptr<Exchange>& exchange) {
    struct LastCopy {
        std::shared_ptr<Exchange> exchange;
        ~LastCopy() {
            if (!exchange->is_answered())
                exchange->answer(broken(exchange->request_id));
        }
    };
    auto last_copy = std::make_shared<LastCopy>(exchange);
    return [self = shared_from_this(), last_copy = std::move(last_copy)](Response response) {
        const auto& waiting = last_copy->exchange;
        if (!response.stream) {
            waiting->answer(std::move(response));
            return;
        }
        if (waiting->is_abandoned())
            return;
        // Holds the last copy until a worker has begun: it must not answer before that.
        const auto send = [self, response, last_copy](const auto& taken) {
            self->finish(taken, response);
        };
        if (!self->submit(waiting, send))
            waiting->answer(overloaded(waiting->request_id));
    };
}

}  // namespace qiao::http::detail
