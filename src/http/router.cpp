#include "http/router.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "http/url.hpp"

namespace qiao::http {

namespace {

enum class SegmentKind { fixed, parameter, rest };

SegmentKind kind_of(std::string_view segment) {
    if (!segment.starts_with('{') || !segment.ends_with('}'))
        return SegmentKind::fixed;
    return segment.ends_with("...}") ? SegmentKind::rest : SegmentKind::parameter;
}

// Takes the first segment off a path that starts with a slash. "/" has one segment, an empty one.
std::string_view next_segment(std::string_view& path) {
    const auto end = path.find('/', 1);
    const auto segment = path.substr(1, end == std::string_view::npos ? end : end - 1);
    path = end == std::string_view::npos ? std::string_view() : path.substr(end);
    return segment;
}

bool has_escape(std::string_view text) { return text.find('%') != std::string_view::npos; }

// The names in a pattern with the values that the search found, in order.
Headers name_values(std::string_view pattern, const std::vector<std::string_view>& values) {
    Headers named;
    while (named.size() < values.size()) {
        const auto segment = next_segment(pattern);
        const auto kind = kind_of(segment);
        if (kind == SegmentKind::fixed)
            continue;
        const std::size_t closing = kind == SegmentKind::rest ? 4 : 1;
        named.emplace_back(segment.substr(1, segment.size() - 1 - closing),
                           percent_decode(values[named.size()]));
    }
    return named;
}

}  // namespace

struct Router::Search {
    std::string_view method;
    const Route* found = nullptr;
    std::vector<std::string_view> values;
    std::vector<std::string> allowed;
};

void Router::on(std::string method, std::string pattern, Handler handler, RouteOptions options) {
    add({std::move(method), std::move(pattern), std::move(handler), {}, std::move(options)});
}

void Router::on_late(std::string method, std::string pattern, LateHandler handler,
                     RouteOptions options) {
    add({std::move(method), std::move(pattern), {}, std::move(handler), std::move(options)});
}

void Router::fallback(Handler handler) { fallback_ = std::move(handler); }

void Router::add(Route route) {
    check(route.pattern.starts_with('/'));
    std::size_t node = 0;
    for (std::string_view rest = route.pattern; !rest.empty();) {
        const auto segment = next_segment(rest);
        check(kind_of(segment) != SegmentKind::rest || rest.empty());
        node = child(node, segment);
    }
    for (const auto other : nodes_[node].routes)
        check(routes_[other].method != route.method);
    nodes_[node].routes.push_back(routes_.size());
    routes_.push_back(std::move(route));
}

// The node below `node` for a pattern's segment, made where it is new.
std::size_t Router::child(std::size_t node, std::string_view segment) {
    const auto made = nodes_.size();
    const auto kind = kind_of(segment);
    if (kind == SegmentKind::fixed) {
        auto& fixed = nodes_[node].fixed;
        const auto at = std::lower_bound(
            fixed.begin(), fixed.end(), segment,
            [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
        if (at != fixed.end() && at->first == segment)
            return at->second;
        fixed.emplace(at, segment, made);
    } else {
        auto& link = kind == SegmentKind::rest ? nodes_[node].rest : nodes_[node].parameter;
        if (link != 0)
            return link;
        link = made;
    }
    nodes_.emplace_back();
    return made;
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
    Match match;
    if (!path.starts_with('/'))
        return match;
    Search search{method};
    const bool found = find(search, 0, path);
    if (!found && method == "HEAD") {
        search = Search{"GET"};
        find(search, 0, path);
    }
    match.route = search.found;
    if (match.route) {
        match.path_params = name_values(match.route->pattern, search.values);
        return match;
    }
    std::sort(search.allowed.begin(), search.allowed.end());
    search.allowed.erase(std::unique(search.allowed.begin(), search.allowed.end()),
                         search.allowed.end());
    match.allowed = std::move(search.allowed);
    return match;
}

bool Router::find(Search& search, std::size_t index, std::string_view rest) const {
    const Node& node = nodes_[index];
    if (rest.empty())
        return take(search, node);
    auto after = rest;
    const auto segment = next_segment(after);
    const auto decoded = has_escape(segment) ? percent_decode(segment) : std::string();
    const std::string_view wanted = decoded.empty() ? segment : std::string_view(decoded);

    const auto at = std::lower_bound(
        node.fixed.begin(), node.fixed.end(), wanted,
        [](const auto& entry, std::string_view text) { return entry.first < text; });
    if (at != node.fixed.end() && at->first == wanted && find(search, at->second, after))
        return true;
    if (node.parameter != 0 && !segment.empty()) {
        search.values.push_back(segment);
        if (find(search, node.parameter, after))
            return true;
        search.values.pop_back();
    }
    if (node.rest == 0)
        return false;
    search.values.push_back(rest.substr(1));
    if (take(search, nodes_[node.rest]))
        return true;
    search.values.pop_back();
    return false;
}

bool Router::take(Search& search, const Node& node) const {
    for (const auto index : node.routes) {
        const Route& route = routes_[index];
        if (route.method == search.method) {
            search.found = &route;
            return true;
        }
        search.allowed.push_back(route.method);
    }
    return false;
}

}  // namespace qiao::http
