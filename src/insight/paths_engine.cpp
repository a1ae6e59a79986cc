#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <span>
#include <tuple>
#include <utility>

#include "index/blocks.hpp"
#include "insight/detail/path_scan.hpp"
#include "insight/paths.hpp"

namespace qiao::insight {
namespace {

using detail::PathForm;
using detail::PathScan;
using detail::PathScratch;
using index::Dense;

constexpr std::size_t most_events = (1u << 14) - 2;
static_assert(14 * most_path_steps <= 128);
constexpr std::size_t most_different = 1'000'000;

// A path as its events' numbers, from the start (or back from the end).
struct PathEvents {
    std::array<std::uint16_t, most_path_steps + 1> event{};
    std::size_t size = 0;
};

// Counts by what followed the start: open addressing. Most places are not in a cache, so that some
// are asked for before they are counted.
template <class Key>
class Table {
public:
    Table() : slots_(1024) {}

    void add(std::span<const Key> tails) {
        for (std::size_t i = 0; i < tails.size(); ++i) {
            if (i + ahead < tails.size())
                __builtin_prefetch(&slots_[hash(tails[i + ahead]) & (slots_.size() - 1)], 1);
            add(tails[i], 1);
        }
    }
    void add(Key tail, std::uint64_t count) {
        auto at = hash(tail) & (slots_.size() - 1);
        while (slots_[at].second != 0 && slots_[at].first != tail)
            at = (at + 1) & (slots_.size() - 1);
        if (slots_[at].second == 0) {
            slots_[at].first = tail;
            ++taken_;
        }
        slots_[at].second += count;
        if (taken_ * 2 > slots_.size())
            grow();
    }
    void merge(const Table& other) {
        other.each([&](Key tail, std::uint64_t count) { add(tail, count); });
    }
    std::size_t size() const { return taken_; }
    // visit(tail, count)
    template <class Visit>
    void each(Visit&& visit) const {
        for (const auto& [tail, count] : slots_)
            if (count != 0)
                visit(tail, count);
    }

private:
    static constexpr std::size_t ahead = 8;
    static std::uint64_t hash(Key tail) {
        auto mixed = static_cast<std::uint64_t>(tail);
        if constexpr (sizeof(Key) > 8)
            mixed ^= static_cast<std::uint64_t>(tail >> 64) * 0xD6E8FEB86659FD93ull;
        mixed *= 0x9E3779B97F4A7C15ull;
        return mixed ^ mixed >> 29;
    }
    void grow() {
        std::vector<std::pair<Key, std::uint64_t>> old(slots_.size() * 2);
        old.swap(slots_);
        taken_ = 0;
        for (const auto& [tail, count] : old)
            if (count != 0)
                add(tail, count);
    }
    std::vector<std::pair<Key, std::uint64_t>> slots_;
    std::size_t taken_ = 0;
};

// What a thread has counted. Where all tails are small numbers, each has its place.
template <class Key>
class Tally {
public:
    explicit Tally(PathForm form) {
        if (form.width() <= most_width)
            places_.resize(std::size_t{1} << form.width());
    }
    void add(std::span<const Key> tails) {
        starts += tails.size();
        ++people;
        if (places_.empty())
            return table_.add(tails);
        for (const auto tail : tails)
            ++places_[static_cast<std::size_t>(tail)];
        in_places_ += tails.size();
        if (in_places_ > most_in_places)
            settle();
    }
    // All that was counted.
    Table<Key>& table() {
        settle();
        return table_;
    }
    std::size_t different() const { return table_.size(); }

    std::uint64_t starts = 0, people = 0;
    PathScratch<Key> scratch;

private:
    static constexpr unsigned most_width = 20;                 // 4 MB
    static constexpr std::uint64_t most_in_places = 1u << 31;  // and then a customer's
    void settle() {
        for (std::size_t tail = 0; tail < places_.size(); ++tail)
            if (const auto count = std::exchange(places_[tail], 0))
                table_.add(static_cast<Key>(tail), count);
        in_places_ = 0;
    }
    std::vector<std::uint32_t> places_;
    std::uint64_t in_places_ = 0;
    Table<Key> table_;
};

// Every path that was met.
using Counted = std::vector<std::pair<PathEvents, std::uint64_t>>;

template <class Key>
PathEvents path_of(std::uint16_t start, Key tail, unsigned bits) {
    PathEvents path;
    path.event[path.size++] = start;
    for (; tail != 0; tail >>= bits)
        path.event[path.size++] = static_cast<std::uint16_t>((tail & ((Key{1} << bits) - 1)) - 1);
    return path;
}

// Links tell the most frequent events of a depth apart: node_of[depth][event], from 0.
constexpr std::size_t other_node = most_nodes, no_node = most_nodes + 1;
struct Nodes {
    std::vector<std::vector<std::uint8_t>> node_of;
    std::vector<std::vector<std::string>> names;  // by depth and node, other_node and no_node too
};
Nodes largest_nodes(const Counted& counted, std::size_t depths,
                    const std::vector<std::string>& names) {
    Nodes nodes;
    for (std::size_t depth = 0; depth < depths; ++depth) {
        std::vector<std::uint64_t> counts(names.size());
        for (const auto& [path, count] : counted)
            if (depth < path.size)
                counts[path.event[depth]] += count;
        std::vector<std::size_t> order;
        for (std::size_t event = 0; event < counts.size(); ++event)
            if (counts[event] > 0)
                order.push_back(event);
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
        order.resize(std::min(order.size(), most_nodes));
        auto& node_of = nodes.node_of.emplace_back(names.size(), std::uint8_t{other_node});
        auto& of_depth = nodes.names.emplace_back(no_node + 1);
        of_depth[other_node] = other_events;
        for (std::size_t node = 0; node < order.size(); ++node) {
            node_of[order[node]] = static_cast<std::uint8_t>(node);
            of_depth[node] = names[order[node]];
        }
    }
    return nodes;
}

void add_links(Paths& made, const Counted& counted, const PathQuestion& question,
               const std::vector<std::string>& names) {
    const auto nodes = largest_nodes(counted, question.steps + 1, names);
    using Counts = std::array<std::array<std::uint64_t, no_node + 1>, no_node + 1>;
    std::vector<Counts> links(question.steps);  // by depth, from and to
    const auto node = [&](const PathEvents& path, std::size_t depth) {
        return depth < path.size ? nodes.node_of[depth][path.event[depth]] : no_node;
    };
    for (const auto& [path, count] : counted)
        for (std::size_t depth = 0; depth < std::min(path.size, question.steps); ++depth)
            links[depth][node(path, depth)][node(path, depth + 1)] += count;
    for (std::size_t depth = 0; depth < links.size(); ++depth)
        for (std::size_t from = 0; from < no_node; ++from)
            for (std::size_t to = 0; to <= no_node; ++to)
                if (const auto count = links[depth][from][to])
                    made.links.push_back(
                        {depth, nodes.names[depth][from], nodes.names[depth + 1][to], count});
    std::sort(made.links.begin(), made.links.end(), [](const Paths::Link& a, const Paths::Link& b) {
        return std::tuple(a.depth, ~a.count, std::string_view(a.from), std::string_view(a.to)) <
               std::tuple(b.depth, ~b.count, std::string_view(b.from), std::string_view(b.to));
    });
}

void add_paths(Paths& made, Counted& all, const PathQuestion& question,
               const std::vector<std::string>& names) {
    const auto texts = [&](const PathEvents& path) {
        std::vector<std::string> events;
        for (std::size_t i = 0; i < path.size; ++i)
            events.push_back(names[path.event[i]]);
        if (question.is_end)
            std::reverse(events.begin(), events.end());
        return events;
    };
    const auto shown = std::min(question.limit, all.size());
    std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown), all.end(),
                      [&](const auto& a, const auto& b) {
                          return a.second != b.second ? a.second > b.second
                                                      : texts(a.first) < texts(b.first);
                      });
    for (std::size_t i = 0; i < shown; ++i)
        made.paths.push_back({texts(all[i].first), all[i].second});
    made.left_out = all.size() - shown;
}

// The number of the event that paths start with; none where it never happened.
std::optional<std::uint16_t> number_of(const std::vector<std::string>& names,
                                       const std::string& name) {
    const auto at = std::lower_bound(names.begin(), names.end(), name);
    if (at == names.end() || *at != name)
        return std::nullopt;
    return static_cast<std::uint16_t>(at - names.begin());
}

// All paths, and in `totals` their starts and people.
template <class Key>
Result<Counted> counted(const PathQuestion& question, const PathScan& scan,
                        const index::State& state, const index::People& people,
                        const index::Execution& how, Paths& totals) {
    const auto form = scan.form();
    std::vector<Tally<Key>> tallies(how.workers(), Tally<Key>(form));
    const auto task = [&](unsigned worker, Dense block) -> Result<void> {
        auto& tally = tallies[worker];
        scan.block(tally.scratch, block, index::block_of(people, block),
                   [&](std::uint32_t, std::span<const Key> tails) { tally.add(tails); });
        if (tally.different() > most_different)
            return too_many_paths();
        return {};
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    auto& table = tallies[0].table();
    for (auto& tally : tallies) {
        totals.starts += tally.starts;
        totals.people += tally.people;
        if (&tally != &tallies[0])
            table.merge(tally.table());
    }
    if (table.size() > most_different)
        return too_many_paths();
    Counted all;
    if (const auto start = number_of(scan.names(), question.from.match.event))
        table.each([&](Key tail, std::uint64_t count) {
            all.emplace_back(path_of(*start, tail, form.bits), count);
        });
    return all;
}

// Calls with a number in which what follows a start has room.
template <class Call>
auto with_key(const PathScan& scan, Call&& call) {
    const auto width = scan.form().width();
    if (width <= 32)
        return call(std::uint32_t{});
    return width <= 64 ? call(std::uint64_t{}) : call(static_cast<unsigned __int128>(0));
}

Result<Counted> count_all(const PathQuestion& question, const PathScan& scan,
                          const index::State& state, const index::People& people,
                          const index::Execution& how, Paths& totals) {
    return with_key(scan, [&]<class Key>(Key) {
        return counted<Key>(question, scan, state, people, how, totals);
    });
}

// ---- people ----

// The events that are asked for, by depth; empty where the path had ended.
std::map<std::size_t, std::string> asked_for(const PathQuestion& question,
                                             const PathPeople& which) {
    if (which.node)
        return {{which.node->depth, which.node->event}};
    if (which.link)
        return {{which.link->depth, which.link->from}, {which.link->depth + 1, which.link->to}};
    auto events = which.events;
    if (question.is_end)
        std::reverse(events.begin(), events.end());
    std::map<std::size_t, std::string> made;
    for (std::size_t depth = 0; depth < events.size(); ++depth)
        made.emplace(depth, std::move(events[depth]));
    return made;
}

// What may stand at a depth from 1: by the number of an event and one, at 0 where a path had ended.
using Wanted = std::map<std::size_t, std::vector<bool>>;

// Nothing where no path can be so. `nodes` are needed for `other_events` alone.
std::optional<Wanted> wanted_of(const PathQuestion& question,
                                const std::map<std::size_t, std::string>& asked,
                                const std::vector<std::string>& names, const Nodes& nodes) {
    Wanted made;
    for (const auto& [depth, event] : asked) {
        if (depth > question.steps || (depth == 0 && event != question.from.match.event))
            return std::nullopt;
        if (depth == 0)
            continue;
        std::vector<bool> may_be(names.size() + 1);
        if (event.empty()) {
            may_be[0] = true;
            if (depth > 1 && !asked.contains(depth - 1)) {
                auto& before = made[depth - 1];
                before.assign(names.size() + 1, true);
                before[0] = false;
            }
        } else if (event == other_events) {
            for (std::size_t number = 0; number < names.size(); ++number)
                may_be[number + 1] = nodes.node_of[depth][number] == other_node;
        } else if (const auto number = number_of(names, event)) {
            may_be[*number + 1u] = true;
        }
        made[depth] = std::move(may_be);
    }
    return made;
}

template <class Key>
bool is_wanted(Key tail, unsigned bits, const Wanted& wanted) {
    const Key one = (Key{1} << bits) - 1;
    return std::all_of(wanted.begin(), wanted.end(), [&](const auto& at) {
        return at.second[static_cast<std::size_t>(tail >> (bits * (at.first - 1)) & one)];
    });
}

template <class Key>
Result<index::People> followed_by(const Wanted& wanted, const PathScan& scan,
                                  const index::State& state, const index::People& people,
                                  const index::Execution& how) {
    const auto bits = scan.form().bits;
    index::People found(state.customers);
    std::vector<PathScratch<Key>> scratches(how.workers());
    const auto task = [&](unsigned worker, Dense block) -> Result<void> {
        scan.block(scratches[worker], block, index::block_of(people, block),
                   [&](std::uint32_t local, std::span<const Key> tails) {
                       if (std::any_of(tails.begin(), tails.end(),
                                       [&](Key tail) { return is_wanted(tail, bits, wanted); }))
                           found.add(block * index::block_size + local);
                   });
        return {};
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    return found;
}

}  // namespace

tl::unexpected<Error> too_many_paths() {
    return fail(ErrorCode::too_large, "insight.too_many_paths",
                "There are more than a million different paths; take fewer steps, or name the "
                "events with \"only\".",
                "/steps");
}

Result<Paths> compute(const PathQuestion& question, const index::State& state,
                      const index::People& people, const rule::Interval& interval,
                      const index::Execution& how) {
    const PathScan scan(question, state, interval);
    if (scan.names().size() > most_events)
        return too_many_paths();
    Paths made;
    auto all = count_all(question, scan, state, people, how, made);
    if (!all)
        return fail(all.error());
    add_paths(made, *all, question, scan.names());
    add_links(made, *all, question, scan.names());
    return made;
}

Result<index::People> people_behind(const PathQuestion& question, const PathPeople& which,
                                    const index::State& state, const index::People& people,
                                    const rule::Interval& interval, const index::Execution& how) {
    const PathScan scan(question, state, interval);
    if (scan.names().size() > most_events)
        return too_many_paths();
    const auto asked = asked_for(question, which);
    Nodes nodes;
    if (std::any_of(asked.begin(), asked.end(),
                    [](const auto& at) { return at.second == other_events; })) {
        Paths totals;
        const auto all = count_all(question, scan, state, people, how, totals);
        if (!all)
            return fail(all.error());
        nodes = largest_nodes(*all, question.steps + 1, scan.names());
    }
    const auto wanted = wanted_of(question, asked, scan.names(), nodes);
    if (!wanted)
        return index::People(state.customers);
    return with_key(
        scan, [&]<class Key>(Key) { return followed_by<Key>(*wanted, scan, state, people, how); });
}

Result<Answered<Paths>> ask(const Asking& asking, const PathQuestion& question, std::string_view at,
                            const access::Principal& who) {
    const auto resolved = resolve(question, asking.vocabulary(), at);
    if (!resolved)
        return fail(resolved.error());
    return asking.answer<Paths>("paths", *resolved, at, who, [&](const Ground& ground) {
        return compute(*resolved, *ground.snapshot, ground.people, ground.interval, ground.how);
    });
}

Result<audience::Evaluated> people(const Asking& asking, const PathQuestion& question,
                                   const PathPeople& which, std::string_view at,
                                   const access::Principal& who) {
    const auto resolved = resolve(question, asking.vocabulary(), at);
    if (!resolved)
        return fail(resolved.error());
    return asking.people(question.frame, at, who, [&](const Ground& ground) {
        return people_behind(*resolved, which, *ground.snapshot, ground.people, ground.interval,
                             ground.how);
    });
}

}  // namespace qiao::insight
