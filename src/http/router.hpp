// Method and path → handler. Paths may hold {name} segments; a last {name...} takes the rest.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace qiao::http {

// Runs on a worker thread; may block (SQL, waiting for a shard). May throw: answered as 500.
using Handler = std::function<Response(const Request&)>;
// Runs on a worker thread and answers later, from any thread, exactly once.
using Reply = std::function<void(Response)>;
using LateHandler = std::function<void(Request, Reply)>;

struct RouteOptions {
    std::size_t max_body_bytes = 1 << 20;       // after inflation too
    std::string max_body_setting = "http.max_body";  // the limit's name in the 413 problem
};

class Router {
public:
    struct Route {
        std::string method;
        std::string pattern;
        Handler handler;        // one of the two
        LateHandler late_handler;
        RouteOptions options;
    };

    void on(std::string method, std::string pattern, Handler handler, RouteOptions options = {});
    void on_late(std::string method, std::string pattern, LateHandler handler, RouteOptions options = {});
    // For every path that no route takes (GET and HEAD): the console's files.
    void fallback(Handler handler);

    struct Match {
        const Route* route = nullptr;
        Headers path_params;
        std::vector<std::string> allowed;  // where only the method is wrong
    };
    Match match(std::string_view method, std::string_view path) const;
    const Handler& fallback() const { return fallback_; }
    const std::vector<Route>& routes() const { return routes_; }

private:
    std::vector<Route> routes_;
    Handler fallback_;
};

}  // namespace qiao::http
