#include "insight/detail/funnel_scan.hpp"

#include <algorithm>
#include <set>

namespace qiao::insight::detail {

using index::Chain;
using index::Dense;
using index::Scan;

FunnelScan::FunnelScan(const FunnelQuestion& question, const index::State& state,
                       const rule::Interval& interval)
    : question_(question),
      interval_(interval),
      length_(static_cast<unsigned>(question.steps.size())),
      window_ms_(question.window.count()) {
    std::set<std::string> events;
    for (const auto& step : question.steps) {
        steps_.emplace_back(step, interval, state);
        is_plain_ = events.insert(step.event).second && is_plain_;
    }
    for (const auto& exclude : question.exclude)
        excludes_.emplace_back(exclude.match, interval, state);
    is_plain_ = is_plain_ && question.hold.empty() && question.exclude.empty();
    if (!question.by.empty())
        by_ = ByColumn(question.by[0], question.by_type, state);
    for (unsigned step = 0; step < length_; ++step)
        for (const auto& source : steps_[step].sources)
            use(source, 1u << step, 0, state);
    for (std::size_t i = 0; i < excludes_.size(); ++i)
        for (const auto& source : excludes_[i].sources)
            use(source, 0, 1u << question.exclude[i].after, state);
}

void FunnelScan::use(const index::Source& source, std::uint32_t steps, std::uint32_t breaks,
                     const index::State& state) {
    auto lane = std::find_if(lanes_.begin(), lanes_.end(),
                             [&](const Lane& known) { return known.rows == source.rows; });
    if (lane == lanes_.end()) {
        const auto name = state.strings->find(question_.hold);
        const bool holds = !question_.hold.empty() && name;
        lane = lanes_.insert(lane,
                             Lane{source.rows,
                                  holds ? source.rows->find({*name, question_.hold_type}) : nullptr,
                                  {}});
    }
    lane->users.push_back({steps, breaks, &source});
}

index::BlockBits FunnelScan::starters(Dense block) const {
    index::BlockBits bits;
    for (const auto& source : steps_[0].sources) {
        const auto [first, last] = source.rows->runs_of(block);
        for (auto run = first; run < last; ++run)
            bits.set(source.rows->run_customer[run] % index::block_size);
    }
    return bits;
}

void FunnelScan::begin(FunnelScratch& scratch, Dense block) const {
    scratch.cursors.clear();
    scratch.places.clear();
    scratch.first_place.clear();
    if (!is_plain_) {
        for (const auto& lane : lanes_)
            scratch.cursors.push_back(Cursor::of(*lane.rows, block));
        return;
    }
    scratch.times.resize(length_);
    scratch.buffers.resize(length_);
    for (const auto& step : steps_) {
        scratch.first_place.push_back(static_cast<std::uint32_t>(scratch.places.size()));
        for (const auto& source : step.sources)
            if (const auto cursor = Cursor::of(*source.rows, block); cursor.run < cursor.last_run)
                scratch.places.push_back({&source, cursor});
    }
    scratch.first_place.push_back(static_cast<std::uint32_t>(scratch.places.size()));
}

// The moments at which the customer did a step. One run without conditions is read where it lies.
bool FunnelScan::load(FunnelScratch& scratch, unsigned step, Dense customer) const {
    const auto first = scratch.first_place[step];
    auto& times = scratch.times[step];
    if (scratch.first_place[step + 1] - first != 1)
        return gather(scratch, step, customer);
    auto& [source, cursor] = scratch.places[first];
    if (!source->tests.empty())
        return gather(scratch, step, customer);
    if (!cursor.seek(*source->rows, customer)) {
        times = {};
        return false;
    }
    const auto [begin, end] = Scan::within(*source, interval_, cursor.run, source->whole);
    times = {source->rows->time + begin, source->rows->time + end};
    return begin != end;
}

bool FunnelScan::gather(FunnelScratch& scratch, unsigned step, Dense customer) const {
    auto& times = scratch.times[step];
    auto& buffer = scratch.buffers[step];
    times = {};
    buffer.clear();
    for (auto at = scratch.first_place[step]; at < scratch.first_place[step + 1]; ++at) {
        auto& [source, cursor] = scratch.places[at];
        if (!cursor.seek(*source->rows, customer))
            continue;
        const auto [begin, end] = Scan::within(*source, interval_, cursor.run, source->whole);
        const auto* time = source->rows->time;
        if (begin == end)
            continue;
        if (source->tests.empty() && times.begin == times.end) {
            times = {time + begin, time + end};
            continue;
        }
        if (buffer.empty())
            buffer.assign(times.begin, times.end);
        const auto middle = static_cast<std::ptrdiff_t>(buffer.size());
        if (source->tests.empty())
            buffer.insert(buffer.end(), time + begin, time + end);
        else
            for (auto row = begin; row < end; ++row)
                if (Scan::passes(*source, row))
                    buffer.push_back(time[row]);
        // Files of periods follow each other: mostly there is nothing to merge.
        const auto between = buffer.begin() + middle;
        if (middle > 0 && between != buffer.end() && *between < between[-1])
            std::inplace_merge(buffer.begin(), between, buffer.end());
        times = {buffer.data(), buffer.data() + buffer.size()};
    }
    return times.begin != times.end;
}

// No row can be two steps: from a start, each step is taken as early as it can be. Starts are tried
// from the latest; as they go back, so does every step, and a start that leads to the same second
// step as a later one cannot do better.
void FunnelScan::plain(FunnelScratch& scratch, Dense customer, Reached& reached) const {
    if (!load(scratch, 0, customer))
        return;
    const auto* const starts = scratch.times[0].begin;
    const auto* start = scratch.times[0].end - 1;
    reached.steps = 1;
    reached.start_ms = *start;
    const std::int64_t* at[most_funnel_steps];
    unsigned loaded = 1;
    while (true) {
        unsigned length = 1;
        std::int64_t now = *start;
        for (; length < length_; ++length) {
            if (length == loaded) {
                if (!load(scratch, length, customer)) {
                    scratch.times[length] = {};
                    at[length] = nullptr;
                } else {
                    at[length] = scratch.times[length].end;
                }
                ++loaded;
            }
            const auto& times = scratch.times[length];
            while (at[length] != times.begin && at[length][-1] >= now)
                --at[length];
            if (at[length] == times.end || *at[length] - *start > window_ms_)
                break;
            now = *at[length];
        }
        if (length > reached.steps) {
            reached.steps = length;
            reached.start_ms = *start;
            for (unsigned step = 1; step < length; ++step)
                reached.at_ms[step] = *at[step];
        }
        if (length == length_ || at[1] == scratch.times[1].begin)
            return;
        // The next start that comes before an earlier second step.
        const std::int64_t before = at[1][-1];
        do {
            if (start == starts)
                return;
            --start;
        } while (*start > before);
    }
}

void FunnelScan::find_hits(FunnelScratch& scratch, Dense customer) const {
    scratch.hits.clear();
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        const auto& lane = lanes_[i];
        auto& cursor = scratch.cursors[i];
        if (!cursor.seek(*lane.rows, customer))
            continue;
        const auto middle = static_cast<std::ptrdiff_t>(scratch.hits.size());
        const auto& first = *lane.users.front().source;
        const auto [begin, end] = Scan::within(first, interval_, cursor.run, first.whole);
        for (auto row = begin; row < end; ++row) {
            Hit hit{lane.rows->time[row], 0, 0, index::missing};
            for (const auto& user : lane.users) {
                if (!Scan::passes(*user.source, row))
                    continue;
                hit.steps |= user.steps;
                hit.breaks |= user.breaks;
            }
            if ((hit.steps | hit.breaks) == 0)
                continue;
            if (lane.hold)
                hit.hold = lane.hold->at(row);
            scratch.hits.push_back(hit);
        }
        const auto between = scratch.hits.begin() + middle;
        if (middle == 0 || between == scratch.hits.end())
            continue;
        scratch.merged.resize(scratch.hits.size());
        std::merge(scratch.hits.begin(), between, between, scratch.hits.end(),
                   scratch.merged.begin(),
                   [](const Hit& a, const Hit& b) { return a.time_ms < b.time_ms; });
        scratch.hits.swap(scratch.merged);
    }
}

// The hits that a chain with this value can see. What breaks chains and has no value breaks all.
void FunnelScan::choose(FunnelScratch& scratch, index::Cell hold) const {
    scratch.chosen.clear();
    scratch.breaks = false;
    if (question_.hold.empty()) {
        scratch.chosen.swap(scratch.hits);
        scratch.breaks = !question_.exclude.empty();
        return;
    }
    for (const auto& hit : scratch.hits) {
        Hit seen = hit;
        if (hit.hold != hold)
            seen.steps = 0;
        if (hit.hold != hold && hit.hold != index::missing)
            seen.breaks = 0;
        scratch.breaks = scratch.breaks || seen.breaks != 0;
        if ((seen.steps | seen.breaks) != 0)
            scratch.chosen.push_back(seen);
    }
}

void FunnelScan::note(const Chain& chain, Starts& starts) const {
    for (unsigned length = 1; length <= length_; ++length)
        starts[length] = std::max(starts[length], chain.start_of(length));
}

// Takes the hits of one moment. What breaks a chain of k steps lies strictly between its step k and
// the next one: the moment's own steps still count, older chains of that length end.
void FunnelScan::take(FunnelScratch& scratch, Chain& chain, std::size_t begin, std::size_t end,
                      bool may_start, Starts& starts) const {
    auto& together = scratch.together;
    together.clear();
    std::uint32_t breaks = 0;
    for (auto i = begin; i < end; ++i) {
        const auto& hit = scratch.chosen[i];
        breaks |= hit.breaks;
        const std::uint32_t steps = may_start ? hit.steps : hit.steps & ~1u;
        if (steps != 0)
            together.push_back({hit.time_ms, steps});
    }
    const auto apply = [&](Chain& to) {
        if (together.size() == 1)
            to.take(together.front());
        else if (!together.empty())
            to.take_together(together);
    };
    if (breaks == 0) {
        apply(chain);
        return note(chain, starts);
    }
    const Chain before = chain;
    apply(chain);
    note(chain, starts);
    for (unsigned length = 1; length < length_; ++length) {
        if (!(breaks >> length & 1u))
            continue;
        Chain fresh = before;
        fresh.set_start(length, Chain::no_start);
        apply(fresh);
        chain.set_start(length, fresh.start_of(length));
    }
}

namespace {

std::size_t end_of_moment(const std::vector<FunnelScratch::Hit>& hits, std::size_t begin) {
    auto end = begin + 1;
    while (end < hits.size() && hits[end].time_ms == hits[begin].time_ms)
        ++end;
    return end;
}

}  // namespace

void FunnelScan::latest_start(FunnelScratch& scratch, Reached& reached) const {
    Chain chain(length_, window_ms_);
    Starts starts;
    std::fill_n(starts.begin(), length_ + 1, Chain::no_start);
    for (std::size_t begin = 0, end = 0; begin < scratch.chosen.size(); begin = end) {
        end = end_of_moment(scratch.chosen, begin);
        const auto& hit = scratch.chosen[begin];
        // Without breaks a chain forgets nothing, so that it need not be noted on the way.
        if (!scratch.breaks && end == begin + 1)
            chain.take({hit.time_ms, hit.steps});
        else
            take(scratch, chain, begin, end, true, starts);
    }
    note(chain, starts);
    unsigned length = 0;
    while (length < length_ && starts[length + 1] != Chain::no_start)
        ++length;
    if (length > reached.steps || (length == reached.steps && starts[length] > reached.start_ms)) {
        reached.steps = length;
        reached.start_ms = starts[length];
    }
}

void FunnelScan::earliest_times(FunnelScratch& scratch, Reached& reached) const {
    Chain chain(length_, window_ms_);
    Starts starts;
    std::fill_n(starts.begin(), length_ + 1, Chain::no_start);
    unsigned known = 0;
    const auto first = static_cast<std::size_t>(
        std::partition_point(scratch.chosen.begin(), scratch.chosen.end(),
                             [&](const Hit& hit) { return hit.time_ms < reached.start_ms; }) -
        scratch.chosen.begin());
    for (std::size_t begin = first, end = 0; begin < scratch.chosen.size() && known < reached.steps;
         begin = end) {
        end = end_of_moment(scratch.chosen, begin);
        const auto now = scratch.chosen[begin].time_ms;
        take(scratch, chain, begin, end, now == reached.start_ms, starts);
        for (; known < reached.steps && starts[known + 1] != Chain::no_start; ++known)
            reached.at_ms[known] = std::min(reached.at_ms[known], now);
    }
}

// Whether a chain with this value can start at this moment.
bool FunnelScan::starts_at(const FunnelScratch& scratch, index::Cell hold,
                           std::int64_t start_ms) const {
    return question_.hold.empty() ||
           std::any_of(scratch.hits.begin(), scratch.hits.end(), [&](const Hit& hit) {
               return hit.time_ms == start_ms && hit.hold == hold && (hit.steps & 1u) != 0;
           });
}

void FunnelScan::general(FunnelScratch& scratch, Dense customer, Reached& reached) const {
    find_hits(scratch, customer);
    auto& values = scratch.values;
    values.clear();
    if (question_.hold.empty())
        values.push_back(index::missing);
    for (const auto& hit : scratch.hits)
        if (!question_.hold.empty() && hit.steps != 0 && hit.hold != index::missing)
            values.push_back(hit.hold);
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    for (const auto value : values) {
        choose(scratch, value);
        latest_start(scratch, reached);
    }
    if (reached.steps == 0)
        return;
    std::fill_n(reached.at_ms.begin(), length_, INT64_MAX);
    for (const auto value : values) {
        if (!starts_at(scratch, value, reached.start_ms))
            continue;
        if (values.size() > 1)
            choose(scratch, value);
        earliest_times(scratch, reached);
    }
}

index::Cell FunnelScan::group_of(Dense customer, std::int64_t start_ms) const {
    if (!by_.is_property())
        return by_.of_customer(customer);
    return value_at(steps_[0].sources, by_, customer, start_ms);
}

}  // namespace qiao::insight::detail
