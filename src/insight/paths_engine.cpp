#include <algorithm>
#include <array>
#include <bit>
#include <map>

#include "index/blocks.hpp"
#include "insight/detail/path_scan.hpp"
#include "insight/paths.hpp"

namespace qiao::insight {
namespace {

using detail::PathEvents;
using detail::PathScan;
using detail::PathScratch;
using index::Dense;

constexpr std::size_t most_events = (1u << 14) - 2;
static_assert(14 * (most_path_steps + 1) <= 128);
constexpr std::size_t most_different = 1'000'000;

// Counts by path: open addressing, as every start of the bank passes through it. A path is a
// number, `bits` for each event from the first on; zero ends it. Most places are not in a cache, so
// that some paths are asked for before they are counted.
template <class Key>
class Table {
public:
    explicit Table(unsigned bits) : bits_(bits), slots_(1024) {}

    void add(const PathEvents& path) {
        Key key = 0;
        for (auto i = path.size; i-- > 0;)
            key = key << bits_ | (path.event[i] + 1u);
        const auto at = hash(key);
        __builtin_prefetch(&slots_[at & (slots_.size() - 1)], 1);
        waiting_[waiting_count_++] = {key, at};
        if (waiting_count_ == waiting_.size())
            count_waiting();
    }
    void count_waiting() {
        for (std::size_t i = 0; i < waiting_count_; ++i)
            add(waiting_[i].first, waiting_[i].second, 1);
        waiting_count_ = 0;
    }
    void merge(const Table& other) {
        for (const auto& [key, count] : other.slots_)
            if (key != 0)
                add(key, hash(key), count);
    }
    std::size_t size() const { return taken_; }
    // visit(path, count)
    template <class Visit>
    void each(Visit&& visit) const {
        for (const auto& [key, count] : slots_)
            if (key != 0)
                visit(events_of(key), count);
    }

private:
    PathEvents events_of(Key key) const {
        PathEvents path;
        for (; key != 0; key >>= bits_)
            path.event[path.size++] =
                static_cast<std::uint16_t>((key & ((Key{1} << bits_) - 1)) - 1);
        return path;
    }
    static std::uint64_t hash(Key key) {
        auto mixed = static_cast<std::uint64_t>(key);
        if constexpr (sizeof(Key) > 8)
            mixed ^= static_cast<std::uint64_t>(key >> 64) * 0xD6E8FEB86659FD93ull;
        mixed *= 0x9E3779B97F4A7C15ull;
        return mixed ^ mixed >> 29;
    }
    void add(Key key, std::uint64_t at, std::uint64_t count) {
        at &= slots_.size() - 1;
        while (slots_[at].first != 0 && slots_[at].first != key)
            at = (at + 1) & (slots_.size() - 1);
        if (slots_[at].first == 0) {
            slots_[at].first = key;
            ++taken_;
        }
        slots_[at].second += count;
        if (taken_ * 2 > slots_.size())
            grow();
    }
    void grow() {
        std::vector<std::pair<Key, std::uint64_t>> old(slots_.size() * 2);
        old.swap(slots_);
        taken_ = 0;
        for (const auto& [key, count] : old)
            if (key != 0)
                add(key, hash(key), count);
    }
    unsigned bits_;
    std::vector<std::pair<Key, std::uint64_t>> slots_;
    std::size_t taken_ = 0;
    std::array<std::pair<Key, std::uint64_t>, 32> waiting_;  // keys and their hashes
    std::size_t waiting_count_ = 0;
};

template <class Key>
struct Tally {
    explicit Tally(unsigned bits) : paths(bits) {}
    PathScratch scratch;
    Table<Key> paths;
    std::uint64_t starts = 0, people = 0;
};

// The events that links tell apart at a depth: the most frequent ones.
using Nodes = std::vector<std::map<std::size_t, std::uint64_t>>;
template <class Key>
Nodes largest_nodes(const Table<Key>& table, std::size_t depths) {
    Nodes nodes(depths);
    table.each([&](const PathEvents& path, std::uint64_t count) {
        for (std::size_t depth = 0; depth < path.size; ++depth)
            nodes[depth][path.event[depth]] += count;
    });
    for (auto& at : nodes) {
        std::vector<std::pair<std::uint64_t, std::size_t>> order;
        for (const auto& [event, count] : at)
            order.emplace_back(~count, event);
        std::sort(order.begin(), order.end());
        for (auto i = most_nodes; i < order.size(); ++i)
            at.erase(order[i].second);
    }
    return nodes;
}

template <class Key>
void add_links(Paths& made, const Table<Key>& table, const PathQuestion& question,
               const std::vector<std::string>& names) {
    const auto nodes = largest_nodes(table, question.steps + 1);
    const auto name = [&](const PathEvents& path, std::size_t depth) {
        return nodes[depth].contains(path.event[depth]) ? names[path.event[depth]]
                                                        : std::string(other_events);
    };
    std::map<std::tuple<std::size_t, std::string, std::string>, std::uint64_t> links;
    table.each([&](const PathEvents& path, std::uint64_t count) {
        for (std::size_t depth = 0; depth < std::min(path.size, question.steps); ++depth)
            links[{depth, name(path, depth),
                   depth + 1 < path.size ? name(path, depth + 1) : std::string()}] += count;
    });
    for (const auto& [key, count] : links)
        made.links.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), count});
    std::stable_sort(made.links.begin(), made.links.end(),
                     [](const Paths::Link& a, const Paths::Link& b) {
                         return a.depth != b.depth ? a.depth < b.depth : a.count > b.count;
                     });
}

template <class Key>
void add_paths(Paths& made, const Table<Key>& table, const PathQuestion& question,
               const std::vector<std::string>& names) {
    std::vector<std::pair<PathEvents, std::uint64_t>> all;
    all.reserve(table.size());
    table.each([&](const PathEvents& path, std::uint64_t count) { all.emplace_back(path, count); });
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

template <class Key>
Result<Paths> counted(const PathQuestion& question, const PathScan& scan, unsigned bits,
                      const index::State& state, const index::People& people,
                      const index::Execution& how) {
    std::vector<Tally<Key>> tallies(how.workers(), Tally<Key>(bits));
    const auto task = [&](unsigned worker, Dense block) -> Result<void> {
        auto& tally = tallies[worker];
        std::uint32_t last = index::block_size;
        scan.block(tally.scratch, block, index::block_of(people, block),
                   [&](std::uint32_t local, const PathEvents& path) {
                       tally.paths.add(path);
                       ++tally.starts;
                       tally.people += local != last;
                       last = local;
                   });
        tally.paths.count_waiting();
        if (tally.paths.size() > most_different)
            return too_many_paths();
        return {};
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    for (std::size_t worker = 1; worker < tallies.size(); ++worker)
        tallies[0].paths.merge(tallies[worker].paths);
    Paths made;
    for (const auto& tally : tallies) {
        made.starts += tally.starts;
        made.people += tally.people;
    }
    add_paths(made, tallies[0].paths, question, scan.names());
    add_links(made, tallies[0].paths, question, scan.names());
    return made;
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
    const auto bits = static_cast<unsigned>(std::bit_width(scan.names().size()));
    if (bits * (question.steps + 1) <= 64)
        return counted<std::uint64_t>(question, scan, bits, state, people, how);
    return counted<unsigned __int128>(question, scan, bits, state, people, how);
}

Result<index::People> people_behind(const PathQuestion& question,
                                    const std::vector<std::string>& events,
                                    const index::State& state, const index::People& people,
                                    const rule::Interval& interval, const index::Execution& how) {
    const PathScan scan(question, state, interval);
    index::People found(state.customers);
    std::vector<std::uint16_t> wanted;
    for (const auto& event : events) {
        const auto at = std::lower_bound(scan.names().begin(), scan.names().end(), event);
        if (at == scan.names().end() || *at != event)
            return found;
        wanted.push_back(static_cast<std::uint16_t>(at - scan.names().begin()));
    }
    if (question.is_end)
        std::reverse(wanted.begin(), wanted.end());
    std::vector<PathScratch> scratches(how.workers());
    const auto task = [&](unsigned worker, Dense block) -> Result<void> {
        scan.block(scratches[worker], block, index::block_of(people, block),
                   [&](std::uint32_t local, const PathEvents& path) {
                       if (path.size >= wanted.size() &&
                           std::equal(wanted.begin(), wanted.end(), path.event.begin()))
                           found.add(block * index::block_size + local);
                   });
        return {};
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    return found;
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
