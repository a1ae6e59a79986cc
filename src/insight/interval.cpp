#include "insight/interval.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "index/blocks.hpp"
#include "insight/detail/ranks.hpp"
#include "insight/detail/rows.hpp"
#include "insight/funnel.hpp"

namespace qiao::insight {
namespace {

using index::Dense;
using index::Scan;

// Milliseconds of at most 45 days: half the memory of a Decimal for tens of millions of pairs.
using Spent = std::vector<std::uint32_t>;

struct Tally {
    std::vector<detail::Cursor> firsts, thens;
    std::vector<std::int64_t> starts;
    std::vector<std::pair<std::int64_t, bool>> ends;  // (moment, it is not a first event itself)
    Spent spent;
    std::uint64_t people = 0;
};

class IntervalScan {
public:
    IntervalScan(const IntervalQuestion& question, const index::State& state,
                 const rule::Interval& interval)
        : interval_(interval),
          window_ms_(question.window.count()),
          first_(question.first, interval, state),
          then_(question.then, interval, state) {
        for (const auto& source : then_.sources) {
            const auto also =
                std::find_if(first_.sources.begin(), first_.sources.end(),
                             [&](const auto& first) { return first.rows == source.rows; });
            also_first_.push_back(also == first_.sources.end() ? nullptr : &*also);
        }
    }

    // Takes each of these people of the block who did both, with what they did in the tally.
    template <class Take>
    void each_person(Tally& tally, Dense block, const index::BlockBits& people, Take&& take) const {
        index::BlockBits present;
        tally.firsts.clear();
        tally.thens.clear();
        for (const auto& source : first_.sources) {
            tally.firsts.push_back(detail::Cursor::of(*source.rows, block));
            const auto [first, last] = source.rows->runs_of(block);
            for (auto run = first; run < last; ++run)
                present.set(source.rows->run_customer[run] % index::block_size);
        }
        for (const auto& source : then_.sources)
            tally.thens.push_back(detail::Cursor::of(*source.rows, block));
        present &= people;
        present.each([&](std::uint32_t local) {
            const Dense customer = block * index::block_size + local;
            if (load(tally, customer))
                take(customer);
        });
    }
    // Adds the lengths of the person's pairs to those of the tally; whether there are any.
    bool pair_up(Tally& tally) const {
        auto end = tally.ends.begin();
        bool any = false;
        for (const auto start : tally.starts) {
            while (end != tally.ends.end() && *end < std::pair(start, true))
                ++end;
            if (end == tally.ends.end())
                break;
            const auto spent = end->first - start;
            if (spent > window_ms_)
                continue;
            tally.spent.push_back(static_cast<std::uint32_t>(spent));
            any = true;
        }
        return any;
    }

private:
    template <class Take>
    void rows_of(const std::vector<index::Source>& sources, std::vector<detail::Cursor>& cursors,
                 Dense customer, Take&& take) const {
        for (std::size_t i = 0; i < sources.size(); ++i) {
            const auto& source = sources[i];
            if (!cursors[i].seek(*source.rows, customer))
                continue;
            const auto [begin, end] = Scan::within(source, interval_, cursors[i].run, source.whole);
            for (auto row = begin; row < end; ++row)
                if (Scan::passes(source, row))
                    take(i, row);
        }
    }
    bool load(Tally& tally, Dense customer) const {
        tally.starts.clear();
        tally.ends.clear();
        rows_of(first_.sources, tally.firsts, customer, [&](std::size_t i, std::uint32_t row) {
            tally.starts.push_back(first_.sources[i].rows->time[row]);
        });
        if (tally.starts.empty())
            return false;
        rows_of(then_.sources, tally.thens, customer, [&](std::size_t i, std::uint32_t row) {
            const bool also = also_first_[i] && Scan::passes(*also_first_[i], row);
            tally.ends.emplace_back(then_.sources[i].rows->time[row], !also);
        });
        if (!std::is_sorted(tally.starts.begin(), tally.starts.end()))
            std::sort(tally.starts.begin(), tally.starts.end());
        if (!std::is_sorted(tally.ends.begin(), tally.ends.end()))
            std::sort(tally.ends.begin(), tally.ends.end());
        return !tally.ends.empty();
    }

    rule::Interval interval_;
    std::int64_t window_ms_;
    Scan first_, then_;
    std::vector<const index::Source*> also_first_;  // by source of `then`
};

// A bucket ends with its border.
std::size_t bucket_of(const std::vector<std::int64_t>& borders, std::uint32_t spent) {
    return static_cast<std::size_t>(std::lower_bound(borders.begin(), borders.end(), spent) -
                                    borders.begin());
}

}  // namespace

Result<IntervalQuestion> parse_interval(const boost::json::value& value, std::string_view at) {
    Form form(value, at);
    IntervalQuestion made;
    for (const char* name : {"first", "then"}) {
        auto doing = form.doing(name);
        if (form.is_sound() && doing.subject != Subject::event)
            form.refuse(form.pointer(name) + "/event", "An interval lies between two events.");
        (std::string_view(name) == "first" ? made.first : made.then) = std::move(doing.match);
    }
    made.window = form.duration("window", "7d");
    if (made.window > most_interval_window)
        form.refuse(form.pointer("window"), "The window is at most 45 days.");
    made.frame = form.frame();
    form.member("kind");
    if (auto sound = form.finish(); !sound)
        return fail(sound.error());
    return made;
}

Result<IntervalQuestion> resolve(IntervalQuestion question, const rule::Vocabulary& vocabulary) {
    for (auto* match : {&question.first, &question.then}) {
        auto known = rule::resolve(*match, vocabulary);
        if (!known)
            return fail(known.error());
        *match = std::move(*known);
    }
    return question;
}

Result<Intervals> compute(const IntervalQuestion& question, const index::State& state,
                          const index::People& people, const rule::Interval& interval,
                          const index::Execution& how) {
    const IntervalScan scan(question, state, interval);
    std::vector<Tally> tallies(how.workers());
    const auto task = [&](unsigned worker, Dense block) -> Result<void> {
        auto& tally = tallies[worker];
        scan.each_person(tally, block, index::block_of(people, block),
                         [&](Dense) { tally.people += scan.pair_up(tally); });
        return {};
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    Intervals made;
    made.interval = interval;
    const auto borders = duration_borders(question.window.count());
    for (const auto border : borders)
        made.buckets.push_back({border, 0});
    std::vector<const Spent*> lists;
    for (const auto& tally : tallies) {
        made.pairs += tally.spent.size();
        made.people += tally.people;
        lists.push_back(&tally.spent);
        for (const auto spent : tally.spent)
            ++made.buckets[bucket_of(borders, spent)].count;
    }
    made.median_ms = detail::rank_of(lists, 0.5);
    made.p90_ms = detail::rank_of(lists, 0.9);
    return made;
}

Result<index::People> people_behind(const IntervalQuestion& question,
                                    std::optional<std::size_t> bucket, const index::State& state,
                                    const index::People& people, const rule::Interval& interval,
                                    const index::Execution& how) {
    const auto borders = duration_borders(question.window.count());
    if (bucket && *bucket >= borders.size())
        return fail(ErrorCode::unprocessable, "insight.no_such_point",
                    "The intervals have no such bucket.", "/bucket");
    const IntervalScan scan(question, state, interval);
    std::vector<Tally> tallies(how.workers());
    index::People found(state.customers);
    const auto task = [&](unsigned worker, Dense block) -> Result<void> {
        auto& tally = tallies[worker];
        const auto is_meant = [&](std::uint32_t spent) {
            return !bucket || bucket_of(borders, spent) == *bucket;
        };
        scan.each_person(tally, block, index::block_of(people, block), [&](Dense customer) {
            tally.spent.clear();
            scan.pair_up(tally);
            if (std::any_of(tally.spent.begin(), tally.spent.end(), is_meant))
                found.add(customer);
        });
        return {};
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    return found;
}

boost::json::value interval_rule(const boost::json::value& json, const IntervalQuestion& question,
                                 const rule::Interval& interval) {
    if (question.first.event == question.then.event)
        return nullptr;
    const auto& object = json.as_object();
    boost::json::object chain{
        {"sequence", boost::json::array{object.at("first"), object.at("then")}},
        {"window", format_duration(question.window)},
        {"reached", 2},
        {"op", "gte"}};
    return chain_rule(std::move(chain), object, question.frame, interval);
}

Result<Answered<Intervals>> ask(const Asking& asking, const IntervalQuestion& question,
                                std::string_view at, const access::Principal& who) {
    const auto resolved = resolve(question, asking.vocabulary());
    if (!resolved)
        return fail(resolved.error());
    return asking.answer<Intervals>("interval", *resolved, at, who, [&](const Ground& ground) {
        return compute(*resolved, *ground.snapshot, ground.people, ground.interval, ground.how);
    });
}

Result<audience::Evaluated> people(const Asking& asking, const IntervalQuestion& question,
                                   std::optional<std::size_t> bucket, std::string_view at,
                                   const access::Principal& who) {
    const auto resolved = resolve(question, asking.vocabulary());
    if (!resolved)
        return fail(resolved.error());
    return asking.people(question.frame, at, who, [&](const Ground& ground) {
        return people_behind(*resolved, bucket, *ground.snapshot, ground.people, ground.interval,
                             ground.how);
    });
}

}  // namespace qiao::insight
