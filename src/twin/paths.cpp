// Paths: a customer's rows in order, and from each start the next steps while no pause is too long.
#include <algorithm>
#include <map>

#include "twin/pieces.hpp"

namespace qiao::twin {

using clickhouse::Select;
using insight::PathQuestion;
using insight::Paths;

namespace {

constexpr std::size_t most_different = 1'000'000;

using Path = Paths::Path;

std::string is_step(const PathQuestion& question) {
    std::vector<std::string> parts = {is_behaviour()};
    if (!question.only.empty())
        parts.push_back("event IN " + clickhouse::text_list(question.only));
    if (!question.leave_out.empty())
        parts.push_back("event NOT IN " + clickhouse::text_list(question.leave_out));
    return clickhouse::all_of(parts);
}

// person, path: one row for every start; its events from the start on, or back from the end.
Select paths_of(const Ground& ground, const PathQuestion& question) {
    const auto start = condition(question.from.match), step = is_step(question);
    // Starts first among the rows of one moment and name.
    auto rows =
        facts(ground, {"person", "arraySort(groupArray((time_ms, toString(event), toUInt8(NOT " +
                                     start + "), toUInt8(" + step + ")))) AS rows"});
    rows.where(is_inside(ground.interval)).where("(" + start + " OR " + step + ")");
    if (question.hold.empty()) {
        rows.group_by("person");
    } else {
        // As if the rows of each value were a customer's.
        const auto held = property_cell(question.hold, question.hold_type);
        rows.where(held.present).group_by("person, " + held.value);
    }
    rows.having("countIf(" + start + ") > 0");

    Select steps({"person", "rows", "arrayFilter(row -> row.4 = 1, rows) AS steps",
                  "arrayCumSum(row -> row.4, rows) AS steps_until"});
    steps.from(rows);

    const auto count = std::to_string(question.steps);
    // The steps that may follow the start at `i`, nearest first.
    std::string near =
        question.is_end
            ? "arrayReverse(arraySlice(steps, greatest(1, toInt64(steps_until[i]) - rows[i].4 - " +
                  count + " + 1), least(" + count + ", toInt64(steps_until[i]) - rows[i].4)))"
            : "arraySlice(steps, steps_until[i] + 1, " + count + ")";
    if (question.window)
        near = "arrayFilter(row -> abs(row.1 - rows[i].1) <= " +
               std::to_string(question.window->count()) + ", " + near + ")";
    Select starts({"person", "rows[i] AS start", near + " AS near"});
    starts.from(steps).join(
        "ARRAY JOIN arrayFilter(i -> rows[i].3 = 0, arrayEnumerate(rows)) AS i");

    // Up to the first pause that is too long.
    const std::string pauses =
        "arrayMap((next, last) -> abs(next.1 - last.1), near, arraySlice(arrayPushFront(near, "
        "start), 1, length(near)))";
    Select paths({"person",
                  "arrayFirstIndex(pause -> pause > " + std::to_string(question.gap.count()) +
                      ", " + pauses + ") AS broken",
                  "arrayConcat([start.2], arrayMap(row -> row.2, if(broken = 0, near, "
                  "arraySlice(near, 1, broken - 1)))) AS path"});
    paths.from(starts);
    return paths;
}

// The most frequent events at each depth; links put the others together.
class Nodes {
public:
    Nodes(const std::vector<Path>& paths, std::size_t depths) : at_(depths) {
        for (const auto& path : paths)
            for (std::size_t depth = 0; depth < path.events.size(); ++depth)
                at_[depth][path.events[depth]] += path.count;
        for (auto& nodes : at_) {
            std::vector<std::pair<std::uint64_t, std::string>> order;
            for (const auto& [event, count] : nodes)
                order.emplace_back(~count, event);
            std::sort(order.begin(), order.end());
            for (auto i = insight::most_nodes; i < order.size(); ++i)
                nodes.erase(order[i].second);
        }
    }
    std::string name(const Path& path, std::size_t depth) const {
        const auto& event = path.events[depth];
        return at_[depth].contains(event) ? event : std::string(insight::other_events);
    }

private:
    std::vector<std::map<std::string, std::uint64_t>> at_;
};

void add_links(Paths& made, const std::vector<Path>& paths, std::size_t steps) {
    const Nodes nodes(paths, steps + 1);
    std::map<std::tuple<std::size_t, std::string, std::string>, std::uint64_t> links;
    for (const auto& path : paths)
        for (std::size_t depth = 0; depth < std::min(path.events.size(), steps); ++depth)
            links[{depth, nodes.name(path, depth),
                   depth + 1 < path.events.size() ? nodes.name(path, depth + 1) : ""}] +=
                path.count;
    for (const auto& [key, count] : links)
        made.links.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), count});
    std::stable_sort(made.links.begin(), made.links.end(),
                     [](const Paths::Link& a, const Paths::Link& b) {
                         return a.depth != b.depth ? a.depth < b.depth : a.count > b.count;
                     });
}

}  // namespace

Result<Paths> ask(const Ground& ground, const PathQuestion& question) {
    const auto every = paths_of(ground, question);
    Select counted({"path", "count()"});
    counted.from(every).group_by("path").limit(most_different + 1);
    ground.connection.expect(2);
    const auto rows = ground.connection.ask(counted.text());
    if (!rows)
        return fail(rows.error());
    if (rows->size() > most_different)
        return insight::too_many_paths();
    Paths made;
    std::vector<Path> paths;
    for (const auto& row : *rows) {
        Path path;
        for (const auto& event : row.at(0).as_array())
            path.events.emplace_back(event.as_string());
        path.count = count_at(row, 1);
        made.starts += path.count;
        paths.push_back(std::move(path));
    }
    Select starters({"uniqExact(person)"});
    starters.from(every);
    const auto people = ground.connection.ask(starters.text());
    if (!people)
        return fail(people.error());
    made.people = count_at(people->at(0), 0);
    add_links(made, paths, question.steps);
    if (question.is_end)
        for (auto& path : paths)
            std::reverse(path.events.begin(), path.events.end());
    std::sort(paths.begin(), paths.end(), [](const Path& a, const Path& b) {
        return a.count != b.count ? a.count > b.count : a.events < b.events;
    });
    made.left_out = paths.size() - std::min(question.limit, paths.size());
    paths.resize(paths.size() - made.left_out);
    made.paths = std::move(paths);
    return made;
}

}  // namespace qiao::twin
