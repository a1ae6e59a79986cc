// Paths: what people do next after an event, or did before it, while no pause exceeds a gap and
// nothing lies further from the event than a window.
//
// Events of one moment are taken in the order of their names, those that start a path first.
#pragma once

#include "insight/asking.hpp"

namespace qiao::insight {

inline constexpr std::size_t most_path_steps = 8;
inline constexpr std::size_t most_nodes = 8;  // that links tell apart at a depth
inline constexpr std::string_view other_events = "$other";

struct PathQuestion {
    Doing from;           // an event
    bool is_end = false;  // the paths lead to it
    Duration gap{};
    std::optional<Duration> window;  // from the start, or back from the end
    std::string hold;                // a property with one value in all of a path; empty: none
    ValueType hold_type = ValueType::null;  // set by resolve()
    std::size_t steps = 3;
    std::size_t limit = 20;
    std::vector<std::string> only;       // events that paths are made of; empty: all
    std::vector<std::string> leave_out;  // events that paths pass over
    Frame frame;
};
Result<PathQuestion> parse_paths(const boost::json::value& json, std::string_view at = "");
Result<PathQuestion> resolve(PathQuestion question, const rule::Vocabulary& vocabulary,
                             std::string_view at);

struct Paths {
    struct Path {
        std::vector<std::string> events;  // in the order of time, with the start (or end)
        std::uint64_t count = 0;          // of starts (or ends)
    };
    // From depth d to d + 1, counted from the start (or back from the end); `to` empty: it ended.
    struct Link {
        std::size_t depth = 0;
        std::string from, to;
        std::uint64_t count = 0;
    };
    std::vector<Path> paths;  // the most frequent first
    std::vector<Link> links;
    std::uint64_t starts = 0, people = 0;
    std::uint64_t left_out = 0;  // paths that are not shown
};

tl::unexpected<Error> too_many_paths();

// All rows of a path lie in the period. Errors: index.too_slow, insight.too_many_paths.
Result<Paths> compute(const PathQuestion& question, const index::State& state,
                      const index::People& people, const rule::Interval& interval,
                      const index::Execution& how);

// Whom a number counts: a path or a link counts starts, of which one person may have several.
// `other_events` are those that links put together at the depth.
struct PathNode {
    std::size_t depth = 0;
    std::string event;  // empty: it had ended, and was at its last event one before
};
// Those with a path that begins (or ends) with `events`, in the order of time; or with one through
// the node; or through the link, whose count means nothing. Just one of them is given.
struct PathPeople {
    std::vector<std::string> events;
    std::optional<PathNode> node;
    std::optional<Paths::Link> link;
};
Result<index::People> people_behind(const PathQuestion& question, const PathPeople& which,
                                    const index::State& state, const index::People& people,
                                    const rule::Interval& interval, const index::Execution& how);

Result<Answered<Paths>> ask(const Asking& asking, const PathQuestion& question, std::string_view at,
                            const access::Principal& who);
Result<audience::Evaluated> people(const Asking& asking, const PathQuestion& question,
                                   const PathPeople& which, std::string_view at,
                                   const access::Principal& who);

}  // namespace qiao::insight
