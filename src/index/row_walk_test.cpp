// The walk over segments against the plain list of rows, sorted.
#include "index/row_walk.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <random>

#include "index/blocks.hpp"

namespace qiao::index {
namespace {

struct Happening {
    Dense customer;
    Code event;
    std::int64_t time_ms;
    auto operator<=>(const Happening&) const = default;
};
using Happenings = std::vector<Happening>;

void write(SegmentWriter& writer, const Happenings& happenings) {
    std::map<Code, Happenings> by_event;
    for (const auto& one : happenings)
        by_event[one.event].push_back(one);
    for (auto& [event, rows] : by_event) {
        std::sort(rows.begin(), rows.end());
        std::vector<Dense> customers;
        std::vector<std::int64_t> times;
        for (const auto& row : rows) {
            customers.push_back(row.customer);
            times.push_back(row.time_ms);
        }
        writer.add(event, customers, times, {}, {});
    }
}

std::shared_ptr<const Segment> in_memory(const Happenings& happenings) {
    SegmentWriter writer;
    write(writer, happenings);
    return Segment::of_bytes(writer.finish());
}

std::shared_ptr<const Segment> in_file(const Happenings& happenings) {
    const auto path = std::filesystem::temp_directory_path() /
                      ("qiao_row_walk_" + std::to_string(::getpid()) + ".qseg");
    SegmentWriter writer(path);
    write(writer, happenings);
    writer.finish();
    auto opened = Segment::open(path);
    std::filesystem::remove(path);
    return *opened;
}

rc::Gen<Happening> happening(Code events) {
    return rc::gen::construct<Happening>(
        rc::gen::oneOf(rc::gen::inRange<Dense>(0, 12),
                       rc::gen::inRange<Dense>(block_size - 4, block_size + 4)),
        rc::gen::inRange<Code>(1, events), rc::gen::inRange<std::int64_t>(-50, 50));
}

// By customer: time, event.
using Seen = std::map<Dense, std::vector<std::pair<std::int64_t, Code>>>;

Seen walked(const State& state, const People& people) {
    const RowWalk walk(state, {INT64_MIN, INT64_MAX});
    RowWalk::Scratch scratch;
    Seen seen;
    for (Dense block = 0; block < block_count(state.customers); ++block) {
        const auto bits = block_of(people, block);
        walk.block(scratch, block, bits, [&](std::uint32_t local, const RowWalk::Rows& rows) {
            auto& mine = seen[block * block_size + local];
            for (const auto& row : rows.by_time()) {
                const auto& of_event = *walk.lanes()[row.lane];
                RC_ASSERT(of_event.time[row.row] == row.time_ms);
                mine.emplace_back(row.time_ms, of_event.event);
            }
            RC_ASSERT(mine.size() == rows.size());
        });
    }
    return seen;
}

void agree(const std::vector<Happenings>& parts, const std::vector<Dense>& asked) {
    State state;
    state.customers = 2 * block_size;
    People people(state.customers);
    for (const auto customer : asked)
        people.add(customer);
    for (Dense customer = 0; customer < block_size + 4; customer += 2)
        people.add(customer);
    Seen expected;
    for (const auto& part : parts) {
        state.segments.push_back(state.segments.empty() ? in_file(part) : in_memory(part));
        for (const auto& one : part)
            if (people.contains(one.customer))
                expected[one.customer].emplace_back(one.time_ms, one.event);
    }
    auto found = walked(state, people);
    RC_ASSERT(found.size() == expected.size());
    for (auto& [customer, rows] : found) {
        RC_ASSERT(std::is_sorted(rows.begin(), rows.end(),
                                 [](const auto& a, const auto& b) { return a.first < b.first; }));
        auto& plain = expected[customer];
        std::sort(plain.begin(), plain.end());
        std::sort(rows.begin(), rows.end());
        RC_ASSERT(rows == plain);
    }
}

void holds(Code events) {
    const auto parts = *rc::gen::container<std::vector<Happenings>>(
        rc::gen::container<Happenings>(happening(events)));
    const auto asked = *rc::gen::container<std::vector<Dense>>(rc::gen::inRange<Dense>(0, 5000));
    agree(parts, asked);
}

RC_GTEST_PROP(RowWalk, MeetsEveryRowInTheOrderOfTime, ()) { holds(6); }
RC_GTEST_PROP(RowWalk, MeetsEveryRowOfManyEvents, ()) { holds(700); }

// More rows than customers in a block are sorted in another way.
TEST(RowWalk, MeetsEveryRowOfAFullBlock) {
    std::mt19937 random(7);
    std::vector<Happenings> parts(2);
    for (auto& part : parts)
        for (Dense i = 0; i < 3 * block_size; ++i)
            part.push_back({static_cast<Dense>(random() % (block_size + 9)),
                            static_cast<Code>(1 + random() % 9),
                            static_cast<std::int64_t>(random() % 50)});
    EXPECT_NO_THROW(agree(parts, {1, 3, block_size + 7}));
}

}  // namespace
}  // namespace qiao::index
