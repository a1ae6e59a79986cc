// Which requests work long: they have workers of their own, so that intake and every other page
// never wait behind them.
#pragma once

#include "http/router.hpp"

namespace qiao::app {

// Computes over all customers, waits for its turn or for fresh data, or streams an export.
bool works_long(const http::Router::Route& route);

// The routes that do, by method ("*": any) and pattern (ending in "*": all that begin so).
struct LongRoute {
    std::string_view method, pattern;
    bool is(const http::Router::Route& route) const;
};
const std::vector<LongRoute>& long_routes();

}  // namespace qiao::app
