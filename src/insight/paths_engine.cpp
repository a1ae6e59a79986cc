#include <algorithm>
#include <array>
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

template <class Key>
Result<Paths> counted(const PathQuestion& question, const PathScan& scan, const index::State& state,
                      const index::People& people, const index::Execution& how) {
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
    Paths made;
    auto& table = tallies[0].table();
    for (auto& tally : tallies) {
        made.starts += tally.starts;
        made.people += tally.people;
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
    add_paths(made, all, question, scan.names());
    add_links(made, all, question, scan.names());
    return made;
}

template <class Key>
Result<index::People> followed_by(std::span<const std::uint16_t> events, const PathScan& scan,
                                  const index::State& state, const index::People& people,
                                  const index::Execution& how) {
    const auto form = scan.form();
    Key wanted = 0;
    for (auto i = events.size(); i-- > 0;)
        wanted = wanted << form.bits | (events[i] + 1u);
    const auto mask = PathForm{form.bits, events.size()}.mask<Key>();
    index::People found(state.customers);
    std::vector<PathScratch<Key>> scratches(how.workers());
    const auto task = [&](unsigned worker, Dense block) -> Result<void> {
        scan.block(scratches[worker], block, index::block_of(people, block),
                   [&](std::uint32_t local, std::span<const Key> tails) {
                       if (std::any_of(tails.begin(), tails.end(),
                                       [&](Key tail) { return (tail & mask) == wanted; }))
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
    if (scan.form().width() <= 32)
        return counted<std::uint32_t>(question, scan, state, people, how);
    if (scan.form().width() <= 64)
        return counted<std::uint64_t>(question, scan, state, people, how);
    return counted<unsigned __int128>(question, scan, state, people, how);
}

Result<index::People> people_behind(const PathQuestion& question,
                                    const std::vector<std::string>& events,
                                    const index::State& state, const index::People& people,
                                    const rule::Interval& interval, const index::Execution& how) {
    const PathScan scan(question, state, interval);
    if (scan.names().size() > most_events)
        return too_many_paths();
    std::vector<std::uint16_t> wanted;
    for (const auto& event : events) {
        const auto number = number_of(scan.names(), event);
        if (!number)
            return index::People(state.customers);
        wanted.push_back(*number);
    }
    if (question.is_end)
        std::reverse(wanted.begin(), wanted.end());
    if (wanted.empty() || scan.names()[wanted[0]] != question.from.match.event ||
        wanted.size() > question.steps + 1)
        return index::People(state.customers);
    const auto after = std::span(wanted).subspan(1);
    if (scan.form().width() <= 64)
        return followed_by<std::uint64_t>(after, scan, state, people, how);
    return followed_by<unsigned __int128>(after, scan, state, people, how);
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
                                   const std::vector<std::string>& events, std::string_view at,
                                   const access::Principal& who) {
    const auto resolved = resolve(question, asking.vocabulary(), at);
    if (!resolved)
        return fail(resolved.error());
    return asking.people(question.frame, at, who, [&](const Ground& ground) {
        return people_behind(*resolved, events, *ground.snapshot, ground.people, ground.interval,
                             ground.how);
    });
}

}  // namespace qiao::insight
