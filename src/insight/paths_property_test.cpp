// Random path questions over random facts.
#include <map>

#include "index/plan.hpp"
#include "insight/paths.hpp"
#include "insight/question_property.hpp"
#include "insight/random_questions.hpp"

namespace qiao::insight::property {
namespace {

struct Step {
    std::int64_t time_ms;
    std::string name;
    bool is_start;
    Value hold;
    friend bool operator<(const Step& a, const Step& b) {
        return std::tuple(a.time_ms, a.name, !a.is_start) <
               std::tuple(b.time_ms, b.name, !b.is_start);
    }
};
using Events = std::vector<std::string>;

bool is_step(const PathQuestion& question, const std::string& name) {
    const auto holds = [&](const std::vector<std::string>& names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    return is_behaviour(name) && !holds(question.leave_out) &&
           (question.only.empty() || holds(question.only));
}

std::vector<Events> paths_of(const PathQuestion& question, const oracle::Person& person,
                             const rule::Interval& interval) {
    std::vector<Step> steps;
    for (const auto* event : events_of(person, interval))
        steps.push_back({event->time_ms, event->name, oracle::matches(question.from.match, *event),
                         question.hold.empty() ? Value{} : property_of(*event, question.hold)});
    std::sort(steps.begin(), steps.end());
    std::vector<Events> made;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const bool holds_none = type_of(steps[i].hold) == ValueType::null;
        if (!steps[i].is_start || (!question.hold.empty() && holds_none))
            continue;
        Events path{steps[i].name};
        auto last = steps[i].time_ms;
        const auto count = question.is_end ? i : steps.size() - 1 - i;
        for (std::size_t k = 1; k <= count && path.size() <= question.steps; ++k) {
            const auto& next = steps[question.is_end ? i - k : i + k];
            if (!is_step(question, next.name) || next.hold != steps[i].hold)
                continue;
            if (std::abs(next.time_ms - last) > question.gap.count() ||
                (question.window &&
                 std::abs(next.time_ms - steps[i].time_ms) > question.window->count()))
                break;
            path.push_back(next.name);
            last = next.time_ms;
        }
        if (question.is_end)
            std::reverse(path.begin(), path.end());
        made.push_back(std::move(path));
    }
    return made;
}

class PathProperty : public QuestionProperty {
protected:
    std::string difference(const std::string& text, const oracle::World& world) {
        const auto parsed = parse_paths(boost::json::parse(text));
        if (!parsed)
            return parsed.error().detail + parsed.error().pointer;
        const auto question = resolve(*parsed, names_, "");
        if (!question)
            return question.error().detail + question.error().pointer;
        const auto interval = interval_of(question->frame, world);
        const auto people = people_of(question->frame, world);
        const auto found = compute(*question, *snapshot(), people, interval, how_);
        if (!found)
            return found.error().detail;
        std::map<Events, std::uint64_t> wanted;
        std::uint64_t starts = 0, starters = 0;
        const auto audience = audience_of(question->frame, world);
        for (const auto* person : audience) {
            const auto paths = paths_of(*question, *person, interval);
            starts += paths.size();
            starters += !paths.empty();
            for (const auto& path : paths)
                ++wanted[path];
        }
        if (found->starts != starts || found->people != starters)
            return "starts differ";
        if (found->paths.size() + found->left_out != wanted.size())
            return "the number of paths differs";
        for (std::size_t i = 0; i < found->paths.size(); ++i) {
            const auto& path = found->paths[i];
            if (wanted[path.events] != path.count)
                return "a path differs";
            if (i > 0 && found->paths[i - 1].count < path.count)
                return "the order differs";
        }
        if (auto why = link_difference(*question, *found, wanted); !why.empty())
            return why;
        for (std::size_t i = 0; i < std::min<std::size_t>(3, found->paths.size()); ++i)
            if (auto why = people_difference(*question, found->paths[i].events, people, interval,
                                             audience);
                !why.empty())
                return why;
        return drawn_difference(*question, *found, people, interval, audience);
    }
    // Who is behind each link, and behind each node that links lead to or come from.
    std::string drawn_difference(const PathQuestion& question, const Paths& found,
                                 const index::People& people, const rule::Interval& interval,
                                 const std::vector<const oracle::Person*>& audience) {
        using Ids = std::set<ProfileId>;
        std::map<std::tuple<std::size_t, std::string, std::string>, Ids> links;
        std::map<std::pair<std::size_t, std::string>, Ids> nodes;
        for (const auto* person : audience)
            for (auto path : paths_of(question, *person, interval)) {
                if (question.is_end)
                    std::reverse(path.begin(), path.end());
                path.resize(question.steps + 1);  // empty: it had ended
                for (std::size_t depth = 0; depth < path.size(); ++depth) {
                    const bool goes_on = !path[depth].empty();
                    if (goes_on || !path[depth - 1].empty())
                        nodes[{depth, path[depth]}].insert(person->id);
                    if (goes_on && depth < question.steps)
                        links[{depth, path[depth], path[depth + 1]}].insert(person->id);
                }
            }
        const auto behind = [&](const PathPeople& which) {
            return ids(*people_behind(question, which, *snapshot(), people, interval, how_));
        };
        for (const auto& link : found.links) {
            if (behind({{}, {}, link}) != links[{link.depth, link.from, link.to}])
                return "the people of a link differ";
            if (behind({{}, PathNode{link.depth, link.from}, {}}) != nodes[{link.depth, link.from}])
                return "the people of a node differ";
            if (behind({{}, PathNode{link.depth + 1, link.to}, {}}) !=
                nodes[{link.depth + 1, link.to}])
                return "the people of a node after a link differ";
        }
        return links.size() == found.links.size() ? "" : "a link is not drawn";
    }
    // Four kinds of events never need "$other".
    std::string link_difference(const PathQuestion& question, const Paths& found,
                                const std::map<Events, std::uint64_t>& paths) {
        std::map<std::tuple<std::size_t, std::string, std::string>, std::uint64_t> wanted, links;
        for (const auto& [known, count] : paths) {
            auto events = known;
            if (question.is_end)
                std::reverse(events.begin(), events.end());
            for (std::size_t depth = 0; depth < std::min(events.size(), question.steps); ++depth)
                wanted[{depth, events[depth],
                        depth + 1 < events.size() ? events[depth + 1] : std::string()}] += count;
        }
        for (const auto& link : found.links)
            links[{link.depth, link.from, link.to}] = link.count;
        return links == wanted ? "" : "the links differ";
    }
    std::string people_difference(const PathQuestion& question, const Events& events,
                                  const index::People& people, const rule::Interval& interval,
                                  const std::vector<const oracle::Person*>& audience) {
        auto piece = events;
        if (piece.size() > 2)
            piece = question.is_end ? Events(events.end() - 2, events.end())
                                    : Events(events.begin(), events.begin() + 2);
        std::set<ProfileId> wanted;
        for (const auto* person : audience)
            for (const auto& path : paths_of(question, *person, interval)) {
                if (path.size() < piece.size())
                    continue;
                const auto from =
                    question.is_end ? path.end() - static_cast<long>(piece.size()) : path.begin();
                if (std::equal(piece.begin(), piece.end(), from))
                    wanted.insert(person->id);
            }
        return ids(*people_behind(question, {piece, {}, {}}, *snapshot(), people, interval,
                                  how_)) == wanted
                   ? ""
                   : "the people differ";
    }
};

TEST_F(PathProperty, EngineAndOracleAgree) {
    run(100, 15, random_paths, [&](const std::string& text, const oracle::World& world) {
        return difference(text, world);
    });
}

TEST(Paths, DifferentEventsBeyondTheEightLargestMerge) {
    auto index = index::Index::open({}).value();
    std::vector<index::IndexChange> changes;
    for (int i = 0; i < 12; ++i) {
        for (int repeat = 0; repeat <= i; ++repeat) {
            index::IndexChange row;
            row.profile = ProfileId{static_cast<std::uint64_t>(1 + i * 100 + repeat)};
            row.name = "start";
            row.time = time_from_ms(1'000'000);
            changes.push_back(row);
            row.name = "event_" + std::to_string(10 + i);
            row.time = time_from_ms(1'000'001);
            changes.push_back(row);
        }
    }
    index->apply(changes, {});
    PathQuestion question;
    question.from.match.event = "start";
    question.gap = std::chrono::minutes(1);
    question.steps = 1;
    const auto state = index->snapshot();
    const auto found = compute(question, *state, *state->alive, {0, 2'000'000}, {});
    ASSERT_TRUE(found);
    ASSERT_EQ(found->links.size(), most_nodes + 1);
    EXPECT_EQ(found->links[0].to, "event_21");
    EXPECT_EQ(found->links[0].count, 12u);
    EXPECT_EQ(found->links[1].count, 11u);
    const auto other = std::find_if(found->links.begin(), found->links.end(),
                                    [](const auto& link) { return link.to == other_events; });
    ASSERT_NE(other, found->links.end());
    EXPECT_EQ(other->count, 1u + 2u + 3u + 4u);

    // A person each: those behind it are the four small ones together, and each alone is known.
    const auto count = [&](const PathPeople& which) {
        return people_behind(question, which, *state, *state->alive, {0, 2'000'000}, {})->count();
    };
    EXPECT_EQ(count({{}, {}, *other}), 1u + 2u + 3u + 4u);
    EXPECT_EQ(count({{}, PathNode{1, std::string(other_events)}, {}}), 1u + 2u + 3u + 4u);
    EXPECT_EQ(count({{}, PathNode{1, "event_11"}, {}}), 2u);
    EXPECT_EQ(count({{}, PathNode{0, "start"}, {}}), 78u);
    EXPECT_EQ(count({{}, PathNode{0, "event_11"}, {}}), 0u);
    EXPECT_EQ(count({{}, PathNode{1, ""}, {}}), 0u);
}

// Few events make a path a small number, many a large one; both count alike.
TEST(Paths, AreCountedAlikeHoweverManyEventsThereAre) {
    for (const int kinds : {2, 10, 60, 500}) {
        auto index = index::Index::open({}).value();
        std::vector<index::IndexChange> changes;
        const auto does = [&](std::uint64_t profile, const std::string& name, std::int64_t second) {
            index::IndexChange row;
            row.profile = ProfileId{profile};
            row.name = name;
            row.time = time_from_ms(second * 1000);
            changes.push_back(row);
        };
        const auto name = [](int kind) { return "event_" + std::to_string(1000 + kind); };
        for (std::uint64_t profile = 1; profile <= 3; ++profile) {
            does(profile, "start", 1);
            for (int i = 1; i <= 8; ++i)
                does(profile, name(profile < 3 ? i % kinds : kinds - 1), 1 + i);
            for (int kind = 0; kind < kinds; ++kind)
                does(profile, name(kind), 1000);
        }
        index->apply(changes, {});
        PathQuestion question;
        question.from.match.event = "start";
        question.gap = std::chrono::minutes(1);
        question.steps = most_path_steps;
        const auto state = index->snapshot();
        const rule::Interval period{0, 2'000'000};
        const auto found = compute(question, *state, *state->alive, period, {});
        ASSERT_TRUE(found);
        ASSERT_EQ(found->paths.size(), 2u) << kinds;
        Events usual{"start"}, other{"start"};
        for (int i = 1; i <= 8; ++i) {
            usual.push_back(name(i % kinds));
            other.push_back(name(kinds - 1));
        }
        EXPECT_EQ(found->paths[0].events, usual);
        EXPECT_EQ(found->paths[0].count, 2u);
        EXPECT_EQ(found->paths[1].events, other);
        const auto count = [&](const Events& events) {
            return people_behind(question, {events, {}, {}}, *state, *state->alive, period, {})
                ->count();
        };
        EXPECT_EQ(count(usual), 2u);
        EXPECT_EQ(count(other), 1u);
        EXPECT_EQ(count({"start"}), 3u);
        EXPECT_EQ(count({"start", name(kinds - 1)}), kinds == 2 ? 3u : 1u);
        EXPECT_EQ(count({name(0)}), 0u);
    }
}

}  // namespace
}  // namespace qiao::insight::property
