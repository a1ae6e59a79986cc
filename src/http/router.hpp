// Method and path → handler. Paths may hold {name} segments; a last {name...} takes the rest.
//
// Routes are added before the server starts and stay as they are then; match() is thread-safe.
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
    std::size_t max_body_bytes = 1 << 20;            // after inflation too
    std::string max_body_setting = "http.max_body";  // the limit's name in the 413 problem
};

class Router {
public:
    struct Route {
        std::string method;
        std::string pattern;
        Handler handler;  // one of the two
        LateHandler late_handler;
        RouteOptions options;
    };

    void on(std::string method, std::string pattern, Handler handler, RouteOptions options = {});
    void on_late(std::string method, std::string pattern, LateHandler handler,
                 RouteOptions options = {});
    // For every path that no route takes (GET and HEAD): the console's files.
    void fallback(Handler handler);

    struct Match {
        const Route* route = nullptr;
        Headers path_params;
        std::vector<std::string> allowed;  // where only the method is wrong
    };
    // `path` as it stands in the request line: {name} takes what lies between two slashes there,
    // and is decoded afterwards, so a value may hold %2F. A fixed segment wins over {name}, and
    // {name} over {name...}. HEAD takes the route of GET where it has none of its own.
    Match match(std::string_view method, std::string_view path) const;
    const Handler& fallback() const { return fallback_; }
    const std::vector<Route>& routes() const { return routes_; }

private:
    // One segment of all patterns; children by index into nodes_, whose first is the root.
    struct Node {
        std::vector<std::pair<std::string, std::size_t>> fixed;  // sorted by segment
        std::size_t parameter = 0, rest = 0;                     // 0: there is none
        std::vector<std::size_t> routes;                         // that end here
    };
    struct Search;

    void add(Route route);
    std::size_t child(std::size_t node, std::string_view segment);
    bool find(Search& search, std::size_t node, std::string_view rest) const;
    bool take(Search& search, const Node& node) const;

    std::vector<Route> routes_;
    std::vector<Node> nodes_{1};
    Handler fallback_;
};

}  // namespace qiao::http
