// POST /api/v1/insights/paths
#include "insight/paths.hpp"

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
        links.push_back(json::object{{"depth", link.depth},
                                     {"from", link.from},
                                     {"to", link.to.empty() ? json::value(nullptr)
                                                            : json::value(link.to)},
                                     {"count", link.count}});
    return {{"paths", std::move(paths)},
            {"links", std::move(links)},
            {"starts", found.starts},
            {"people", found.people},
            {"left_out", found.left_out}};
}

Result<std::vector<std::string>> events_of(Body& body, const insight::PathQuestion& question) {
    const auto* list = body.member("events");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    std::vector<std::string> events;
    const auto* array = list ? list->if_array() : nullptr;
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

}  // namespace

const InsightKind paths_kind{"paths",
                             "What people do next, or did before",
                             "PathsQuestion",
                             "PathsAnswer",
                             answered<insight::parse_paths, paths_json>,
                             people_of<insight::parse_paths, events_of>};

}  // namespace qiao::api
