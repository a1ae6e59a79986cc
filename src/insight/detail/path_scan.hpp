// The paths of every customer of a block.
#pragma once

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "index/row_walk.hpp"
#include "insight/detail/rows.hpp"
#include "insight/paths.hpp"

namespace qiao::insight::detail {

// What follows a start is a number: `bits` for each event, the first one lowest, one more than the
// event's number; zeros end it.
struct PathForm {
    unsigned bits = 0;  // of an event
    std::size_t steps = 0;

    unsigned width() const { return bits * static_cast<unsigned>(steps); }
    template <class Key>
    Key mask() const {
        return width() < sizeof(Key) * 8 ? (Key{1} << width()) - 1 : ~Key{0};
    }
};

// A row in one word, so that a customer's rows are ordered as numbers: by time, then by the name of
// the event, those that start a path first.
class PathRow {
public:
    PathRow() = default;
    // `since_ms` from the beginning of the period; `marks` of PathRow::marks().
    PathRow(std::uint64_t since_ms, std::uint32_t marks) : word_(since_ms << 18 | marks) {}
    static constexpr std::int64_t most_ms = std::int64_t{1} << 45;  // a thousand years
    static std::uint32_t marks(std::uint16_t event, bool is_start, bool is_step) {
        return std::uint32_t{event} << 2 | (is_start ? 0u : no_start) | (is_step ? 1u : 0u);
    }
    static constexpr std::uint32_t no_start = 2;

    std::int64_t since_ms() const { return static_cast<std::int64_t>(word_ >> 18); }
    std::uint16_t event() const { return static_cast<std::uint16_t>(word_ >> 2); }
    bool is_start() const { return (word_ & no_start) == 0; }
    bool is_step() const { return (word_ & 1) != 0; }
    friend auto operator<=>(const PathRow&, const PathRow&) = default;

private:
    std::uint64_t word_ = 0;
};

// A row with the value that its path has to carry.
struct HeldRow {
    index::Cell hold = index::missing;
    PathRow row;
    friend auto operator<=>(const HeldRow&, const HeldRow&) = default;
};

template <class Key>
struct PathScratch {
    index::RowWalk::Scratch walk;
    std::vector<PathRow> rows;  // room for a customer's
    std::vector<Key> tails;     // the same
    std::vector<HeldRow> held;
    std::vector<Key> held_tails;
};

class PathScan {
public:
    // The question and the state outlive the scan.
    PathScan(const PathQuestion& question, const index::State& state,
             const rule::Interval& interval);

    const std::vector<std::string>& names() const { return names_; }  // by number, sorted
    PathForm form() const;

    // visit(local customer, std::span<const Key> tails): what followed each start of a customer.
    template <class Key, class Visit>
    void block(PathScratch<Key>& scratch, index::Dense block, const index::BlockBits& people,
               Visit&& visit) const {
        const auto starters = find_starters(block, people);
        if (starters.none())
            return;
        const auto form = this->form();
        walk_.block(scratch.walk, block, starters,
                    [&](std::uint32_t local, const index::RowWalk::Rows& rows) {
                        const auto tails =
                            question_.hold.empty()
                                ? tails_of(scratch.tails, read(scratch.rows, rows), form)
                                : held_tails_of(scratch, rows, form);
                        if (!tails.empty())
                            visit(local, tails);
                    });
    }

private:
    struct Lane {
        bool is_read = false;
        std::uint32_t marks = 0;               // of its rows; where `tests` are passed
        const index::Source* tests = nullptr;  // of a start, where it has any
        const index::Column* hold = nullptr;   // null: no row of it carries a value
    };
    void number_lanes(const index::State& state);
    index::BlockBits find_starters(index::Dense block, const index::BlockBits& people) const;
    std::span<const PathRow> read(std::vector<PathRow>& to, const index::RowWalk::Rows& rows) const;
    struct Read {
        PathRow* end;
        bool is_sorted;
    };
    Read read_all(PathRow* out, const index::RowWalk::Rows& rows) const;
    Read read_some(PathRow* out, const index::RowWalk::Rows& rows) const;
    // Those that carry a value, by it.
    void read_held(std::vector<HeldRow>& to, const index::RowWalk::Rows& rows) const;
    template <class Key>
    std::span<const Key> held_tails_of(PathScratch<Key>& scratch, const index::RowWalk::Rows& rows,
                                       PathForm form) const;
    template <class Key>
    std::span<const Key> tails_of(std::vector<Key>& to, std::span<const PathRow> rows,
                                  PathForm form) const;
    // visit(row, pause) from the far end of all paths to their start; `last_ms` is the last step's.
    template <class Meet>
    void meet_all(std::span<const PathRow> rows, const std::int64_t& last_ms, Meet&& meet) const {
        if (question_.is_end) {
            for (const auto row : rows)
                meet(row, row.since_ms() - last_ms);
        } else {
            for (auto row = rows.size(); row-- > 0;)
                meet(rows[row], last_ms - rows[row].since_ms());
        }
    }

    const PathQuestion& question_;
    rule::Interval interval_;
    std::int64_t gap_ms_;
    std::int64_t window_ms_;
    index::Scan starts_;
    index::RowWalk walk_;
    std::vector<Lane> lanes_;  // those of the walk
    bool reads_all_ = true;    // every row there is, and nothing to be tested
    std::vector<std::string> names_;
};

// Each value on its own, as if its rows were a customer's.
template <class Key>
std::span<const Key> PathScan::held_tails_of(PathScratch<Key>& scratch,
                                             const index::RowWalk::Rows& rows,
                                             PathForm form) const {
    read_held(scratch.held, rows);
    scratch.held_tails.clear();
    for (std::size_t begin = 0, end = 0; begin < scratch.held.size(); begin = end) {
        scratch.rows.clear();
        for (; end < scratch.held.size() && scratch.held[end].hold == scratch.held[begin].hold;
             ++end)
            scratch.rows.push_back(scratch.held[end].row);
        const auto tails = tails_of(scratch.tails, std::span<const PathRow>(scratch.rows), form);
        scratch.held_tails.insert(scratch.held_tails.end(), tails.begin(), tails.end());
    }
    return scratch.held_tails;
}

// From the far end of all paths to their start every row knows what followed, so that nothing is
// followed twice. Nothing here depends on what a row is: neither branch could be foretold.
template <class Key>
std::span<const Key> PathScan::tails_of(std::vector<Key>& to, std::span<const PathRow> rows,
                                        PathForm form) const {
    if (to.size() < rows.size())
        to.resize(2 * rows.size());
    const auto mask = form.mask<Key>();
    const auto bits = form.bits;
    const auto gap_ms = static_cast<std::uint64_t>(gap_ms_);
    auto* out = to.data();
    Key since_last = 0;  // the last step and what followed it
    std::int64_t last_ms = 0;
    const auto meet = [&](PathRow row, std::int64_t pause_ms) {
        const bool is_far = static_cast<std::uint64_t>(pause_ms) > gap_ms;
        const Key tail = since_last & (Key{is_far} - 1);
        *out = tail;
        out += row.is_start();
        const Key with_it = (tail << bits | (row.event() + 1u)) & mask;
        since_last = row.is_step() ? with_it : since_last;
        last_ms = row.is_step() ? row.since_ms() : last_ms;
    };
    if (!question_.window) {
        meet_all(rows, last_ms, meet);
        return {to.data(), out};
    }
    // The moments of the last steps, the nearest first: what lies outside a start's window is cut
    // off its tail.
    std::array<std::int64_t, most_path_steps> steps_ms{};
    std::size_t known = 0;
    meet_all(rows, last_ms, [&](PathRow row, std::int64_t pause_ms) {
        auto* const before = out;
        meet(row, pause_ms);
        if (out != before) {
            std::size_t inside = 0;
            while (inside < known && std::abs(steps_ms[inside] - row.since_ms()) <= window_ms_)
                ++inside;
            *before &= PathForm{bits, inside}.template mask<Key>();
        }
        if (!row.is_step())
            return;
        std::move_backward(steps_ms.begin(), steps_ms.end() - 1, steps_ms.end());
        steps_ms[0] = row.since_ms();
        known = std::min(known + 1, form.steps);
    });
    return {to.data(), out};
}

}  // namespace qiao::insight::detail
