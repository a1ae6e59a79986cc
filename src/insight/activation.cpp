#include "insight/activation.hpp"

#include <algorithm>

#include "insight/detail/rows.hpp"

namespace qiao::insight {
namespace {

using index::BlockBits;
using index::Dense;

struct Moment {
    std::uint32_t local = 0;
    std::int64_t time_ms = 0;
    bool was_active = false, became_active = false;
};

// Those of a block by customer.
std::vector<Moment> moments_of(const index::Scan& scan, Dense block, const BlockBits& people) {
    std::vector<Moment> made;
    for (const auto& source : scan.sources)
        scan.each_row(source, block, people, [&](std::uint32_t local, std::uint32_t row) {
            made.push_back({local, source.rows->time[row]});
        });
    std::sort(made.begin(), made.end(),
              [](const Moment& a, const Moment& b) { return a.local < b.local; });
    return made;
}

class Behaviour {
public:
    Behaviour(const index::State& state, Duration window, Time as_of)
        : sources_(detail::own_doing(detail::all_time, state)),
          before_ms_(quiet_before.count()),
          after_ms_(window.count()),
          until_ms_(to_ms(as_of) + 1) {}

    void look_around(Dense block, std::vector<Moment>& moments) const {
        for (const auto& source : sources_) {
            const auto& rows = *source.rows;
            auto cursor = detail::Cursor::of(rows, block);
            for (auto& moment : moments)
                if (cursor.seek(rows, block * index::block_size + moment.local))
                    look_around(rows, cursor.run, moment);
        }
    }

private:
    void look_around(const index::EventRows& rows, std::uint32_t run, Moment& moment) const {
        const auto* begin = rows.time + rows.run_start[run];
        const auto* end = rows.time + rows.run_start[run + 1];
        const auto is_any = [&](std::int64_t after, std::int64_t up_to) {
            const auto* first = std::upper_bound(begin, end, after);
            return first != end && *first <= up_to && *first < until_ms_;
        };
        moment.was_active |= is_any(moment.time_ms - before_ms_, moment.time_ms);
        moment.became_active |= is_any(moment.time_ms, moment.time_ms + after_ms_);
    }

    std::vector<index::Source> sources_;
    std::int64_t before_ms_, after_ms_, until_ms_;
};

}  // namespace

Result<index::People> activated_after(const rule::EventMatch& event, Duration window, Time as_of,
                                      const index::State& state, const index::People& people,
                                      const index::Execution& how) {
    const index::Scan scan(event, {detail::all_time.from_ms, to_ms(as_of) + 1}, state);
    const Behaviour behaviour(state, window, as_of);
    index::People found(state.customers);
    const auto task = [&](unsigned, Dense block) -> Result<void> {
        auto moments = moments_of(scan, block, index::block_of(people, block));
        behaviour.look_around(block, moments);
        for (const auto& moment : moments)
            if (moment.became_active && !moment.was_active)
                found.add(block * index::block_size + moment.local);
        return {};
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    return found;
}

}  // namespace qiao::insight
