// POST /api/v1/insights/paths
#include "insight/paths.hpp"

#include "api/insights.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;

Result<Answer> answer(const InsightParts& parts, Call& call) {
    const auto question = insight::parse_paths(call.body);
    if (!question)
        return fail(question.error());
    const auto answered = insight::ask(parts.asking, *question, "", call.who);
    if (!answered)
        return fail(answered.error());
    const auto& found = *answered->result;
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
    json::object made{{"paths", std::move(paths)},
                      {"links", std::move(links)},
                      {"starts", found.starts},
                      {"people", found.people},
                      {"left_out", found.left_out}};
    tell_source(made, *answered);
    return Answer{200, std::move(made)};
}

Result<audience::Evaluated> people(const InsightParts& parts, const json::value& asked, Body& body,
                                   const access::Principal& who) {
    const auto question = insight::parse_paths(asked, "/paths");
    if (!question)
        return fail(question.error());
    const auto* list = body.member("events");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    std::vector<std::string> events;
    const auto* array = list ? list->if_array() : nullptr;
    for (std::size_t i = 0; array && i < array->size(); ++i)
        if (const auto* name = (*array)[i].if_string())
            events.emplace_back(*name);
    if (!array || events.empty() || events.size() != array->size() ||
        events.size() > question->steps + 1)
        return fail(ErrorCode::invalid, "api.body",
                    "Name the events of the path in the order of time, at most as many as it has.",
                    "/events");
    return insight::people(parts.asking, *question, events, "/paths", who);
}

}  // namespace

const InsightKind paths_kind{"paths",       "What people do next, or did before",
                             "PathsQuestion", "PathsAnswer", answer, people};

}  // namespace qiao::api
