// POST /api/v1/insights/paths
#include "insight/paths.hpp"

#include <boost/json.hpp>

#include "api/insights.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;

json::object paths_json(const insight::Paths& found, const insight::PathQuestion&) {
    json::array paths, links;
    for (const auto& path : found.paths)
        paths.push_back(
            json::object{{"events", json::array(path.events.begin(), path.events.end())},
                         {"count", path.count}});
    for (const auto& link : found.links)
        links.push_back(
            json::object{{"depth", link.depth},
                         {"from", link.from},
                         {"to", link.to.empty() ? json::value(nullptr) : json::value(link.to)},
                         {"count", link.count}});
    return {{"paths", std::move(paths)},
            {"links", std::move(links)},
            {"starts", found.starts},
            {"people", found.people},
            {"left_out", found.left_out}};
}

Result<std::vector<std::string>> events_of(const json::value& value,
                                           const insight::PathQuestion& question) {
    std::vector<std::string> events;
    const auto* array = value.if_array();
    for (std::size_t i = 0; array && i < array->size(); ++i)
        if (const auto* name = (*array)[i].if_string())
            events.emplace_back(*name);
    if (!array || events.empty() || events.size() != array->size() ||
        events.size() > question.steps + 1)
        return fail(ErrorCode::invalid, "api.body",
                    "Name the events of the path in the order of time, at most as many as it has.",
                    "/events");
    return events;
}

// A part of the drawing at a depth up to `deepest`; its events are empty where paths ended.
struct Drawn {
    std::size_t depth = 0;
    std::string event, next;
};
Result<Drawn> drawn_of(const json::value& value, const std::string& at, const char* event,
                       const char* next, std::size_t deepest) {
    Body body(value, at);
    const auto depth = body.maybe_integer("depth").value_or(-1);
    Drawn made;
    made.event = body.maybe_text(event).value_or("");
    if (next)
        made.next = body.maybe_text(next).value_or("");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (depth < 0 || depth > static_cast<std::int64_t>(deepest))
        return fail(ErrorCode::invalid, "api.body",
                    "The depth counts from the start, or back from the end: from 0 to " +
                        std::to_string(deepest) + ".",
                    at + "/depth");
    made.depth = static_cast<std::size_t>(depth);
    return made;
}

Result<insight::PathPeople> which_of(Body& body, const insight::PathQuestion& question) {
    const auto *events = body.member("events"), *node = body.member("node"),
               *link = body.member("link");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (int(events != nullptr) + int(node != nullptr) + int(link != nullptr) != 1)
        return fail(ErrorCode::invalid, "api.body",
                    "Name the events of a path, or a node or a link of its drawing.", "/events");
    insight::PathPeople made;
    if (events) {
        auto known = events_of(*events, question);
        if (!known)
            return fail(known.error());
        made.events = std::move(*known);
    } else if (node) {
        auto known = drawn_of(*node, "/node", "event", nullptr, question.steps);
        if (!known)
            return fail(known.error());
        if (known->depth == 0 && known->event.empty())
            return fail(ErrorCode::invalid, "api.body", "Every path has its first event; name it.",
                        "/node/event");
        made.node = insight::PathNode{known->depth, std::move(known->event)};
    } else {
        auto known = drawn_of(*link, "/link", "from", "to", question.steps - 1);
        if (!known)
            return fail(known.error());
        if (known->event.empty())
            return fail(ErrorCode::invalid, "api.body", "A link goes on from an event; name it.",
                        "/link/from");
        made.link =
            insight::Paths::Link{known->depth, std::move(known->event), std::move(known->next), 0};
    }
    return made;
}

}  // namespace

const InsightKind paths_kind{"paths",
                             "What people do next, or did before",
                             "PathsQuestion",
                             "PathsAnswer",
                             answered<insight::parse_paths, paths_json>,
                             people_of<insight::parse_paths, which_of>};

}  // namespace qiao::api
