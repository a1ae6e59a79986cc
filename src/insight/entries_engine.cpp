#include <algorithm>
#include <atomic>
#include <map>
#include <numeric>

#include "index/blocks.hpp"
#include "insight/detail/rows.hpp"
#include "insight/entries.hpp"

namespace qiao::insight {
namespace {

using index::Cell;
using index::Dense;

// An entry is a cell of `by`, or the unit above the customer's own as a place in the tree.
class EntryOf {
public:
    EntryOf(const EntriesPlan& plan, const index::State& state)
        : plan_(plan),
          strings_(*state.strings),
          by_(plan.by, plan.type, state),
          places_(entries_by_unit(plan)) {}
    bool is_unit() const { return !plan_.unit.empty(); }
    bool is_property() const { return by_.is_property(); }
    const index::Column* in(const index::EventRows& rows) const { return by_.in(rows); }
    // Not of a property.
    Cell of_customer(Dense customer) const {
        const auto cell = by_.of_customer(customer);
        return cell == index::missing || !is_unit() ? cell : unit_above(cell);
    }
    Value value(Cell entry) const { return is_unit() ? Value(org(entry).code) : by_.value(entry); }
    std::string name(Cell entry) const { return is_unit() ? org(entry).name : std::string(); }

private:
    const access::Org& org(Cell entry) const {
        return plan_.orgs.orgs()[static_cast<std::size_t>(entry)];
    }
    Cell unit_above(Cell code) const {
        const auto at = places_.find(strings_.text(static_cast<index::Code>(code)));
        return at == places_.end() ? index::missing : static_cast<Cell>(at->second);
    }

    const EntriesPlan& plan_;
    const index::Strings& strings_;
    detail::ByColumn by_;
    std::map<std::string, std::size_t, std::less<>> places_;  // of entries, by unit
};

using Exposed = std::map<Cell, std::uint64_t>;  // people by entry

Result<Exposed> exposed(const EntriesPlan& plan, const EntryOf& entries, const index::State& state,
                        const index::People& people, const rule::Interval& interval,
                        const index::Execution& how) {
    struct Worker {
        Exposed people;
        std::vector<std::pair<Cell, std::uint32_t>> seen;  // in the block
    };
    const index::Scan scan(plan.funnel.steps[0], interval, state);
    std::vector<Worker> workers(how.workers());
    const auto task = [&](unsigned number, Dense block) -> Result<void> {
        auto& [counts, seen] = workers[number];
        seen.clear();
        const auto bits = index::block_of(people, block);
        for (const auto& source : scan.sources) {
            const auto* column = entries.in(*source.rows);
            scan.each_row(source, block, bits, [&](std::uint32_t local, std::uint32_t row) {
                const auto entry = !entries.is_property()
                                       ? entries.of_customer(block * index::block_size + local)
                                   : column ? column->at(row)
                                            : index::missing;
                if (entry != index::missing)
                    seen.emplace_back(entry, local);
            });
        }
        std::sort(seen.begin(), seen.end());
        seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
        for (const auto& [entry, local] : seen)
            ++counts[entry];
        return {};
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    Exposed made;
    for (const auto& worker : workers)
        for (const auto& [entry, count] : worker.people)
            made[entry] += count;
    return made;
}

// Whether a click of these people in the period carries the property that entries are values of.
Result<bool> clicks_carry(const EntriesPlan& plan, const EntryOf& entries,
                          const index::State& state, const index::People& people,
                          const rule::Interval& interval, const index::Execution& how) {
    if (!entries.is_property())
        return false;
    const index::Scan scan(plan.funnel.steps[1], interval, state);
    std::atomic<bool> found{false};
    const auto task = [&](unsigned, Dense block) -> Result<void> {
        const auto bits = index::block_of(people, block);
        for (const auto& source : scan.sources)
            if (const auto* column = entries.in(*source.rows); column && !found)
                scan.each_row(source, block, bits, [&](std::uint32_t, std::uint32_t row) {
                    if (column->at(row) != index::missing)
                        found = true;
                });
        return {};
    };
    if (auto done = index::each_block(index::block_count(state.customers), how, task); !done)
        return fail(done.error());
    return found.load();
}

// The funnel of one entry.
FunnelQuestion narrowed(const EntriesPlan& plan, const Value& entry, bool clicks_carry_it) {
    auto funnel = plan.funnel;
    if (plan.by.kind != By::Kind::property)
        return funnel;
    rule::PropertyTest test{plan.by.name, {rule::Op::eq, {entry}, {}, plan.type}};
    if (clicks_carry_it)
        funnel.steps[1].where.push_back(test);
    funnel.steps[0].where.push_back(std::move(test));
    return funnel;
}

// The people of each entry that is no property; of those entries alone.
std::map<Cell, index::People> members_of(const EntryOf& entries, const std::vector<Cell>& wanted,
                                         const index::People& people) {
    std::map<Cell, index::People> made;
    if (entries.is_property())
        return made;
    for (const auto entry : wanted)
        made.emplace(entry, index::People(people.universe()));
    people.each([&](Dense customer) {
        if (const auto at = made.find(entries.of_customer(customer)); at != made.end())
            at->second.add(customer);
        return true;
    });
    return made;
}

// Those that most people saw, in order.
std::vector<Cell> largest(const Exposed& exposed, const EntryOf& entries) {
    std::vector<Cell> cells, made;
    std::vector<std::uint64_t> people;
    for (const auto& [entry, count] : exposed) {
        cells.push_back(entry);
        people.push_back(count);
    }
    const auto value = [&](std::size_t place) { return entries.value(cells[place]); };
    for (const auto place : shown_entries(people, value))
        made.push_back(cells[place]);
    return made;
}

}  // namespace

std::map<std::string, std::size_t, std::less<>> entries_by_unit(const EntriesPlan& plan) {
    std::map<std::string, std::size_t, std::less<>> entries, made;
    const auto& orgs = plan.orgs.orgs();
    for (std::size_t i = 0; i < orgs.size(); ++i)
        if (orgs[i].kind == plan.unit && plan.orgs.in_scope(plan.scope, orgs[i].code))
            entries.emplace(orgs[i].code, i);
    if (entries.empty())
        return made;
    for (const auto& org : orgs)
        for (const auto& above : plan.orgs.path_up(org.code))
            if (const auto at = entries.find(above); at != entries.end()) {
                made.emplace(org.code, at->second);
                break;
            }
    return made;
}

std::vector<std::size_t> shown_entries(std::span<const std::uint64_t> people,
                                       const std::function<Value(std::size_t)>& entry) {
    std::vector<std::size_t> order(people.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto shown = std::min(order.size(), most_entries);
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown),
                      order.end(), [&](std::size_t a, std::size_t b) {
                          return people[a] != people[b] ? people[a] > people[b]
                                                        : is_less(entry(a), entry(b));
                      });
    order.resize(shown);
    return order;
}

std::optional<std::size_t> least_of(const std::vector<Entries::Row>& rows) {
    std::optional<std::size_t> least;
    std::size_t compared = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& steps = rows[i].steps;
        if (steps.front() < least_exposed)
            continue;
        ++compared;
        // a / b < c / d, in whole numbers.
        if (!least || static_cast<unsigned __int128>(steps.back()) * rows[*least].steps.front() <
                          static_cast<unsigned __int128>(rows[*least].steps.back()) * steps.front())
            least = i;
    }
    return compared > 1 ? least : std::nullopt;
}

Result<Entries> compute(const EntriesPlan& plan, const index::State& state,
                        const index::People& people, const rule::Interval& interval,
                        const index::Execution& how) {
    const EntryOf entries(plan, state);
    const auto counts = exposed(plan, entries, state, people, interval, how);
    if (!counts)
        return fail(counts.error());
    const auto carry = clicks_carry(plan, entries, state, people, interval, how);
    if (!carry)
        return fail(carry.error());
    const auto shown = largest(*counts, entries);
    const auto members = members_of(entries, shown, people);
    Entries made;
    for (const auto entry : shown) {
        const auto value = entries.value(entry);
        auto funnel =
            compute(narrowed(plan, value, *carry), state,
                    entries.is_property() ? people : members.at(entry), interval, {}, how);
        if (!funnel)
            return fail(funnel.error());
        made.rows.push_back({value, entries.name(entry), std::move(funnel->steps)});
    }
    auto total = compute(plan.funnel, state, people, interval, {}, how);
    if (!total)
        return fail(total.error());
    made.total = std::move(total->steps);
    made.left_out = counts->size() - shown.size();
    made.least = least_of(made.rows);
    return made;
}

Result<index::People> people_behind(const EntriesPlan& plan, const EntriesPeople& which,
                                    const index::State& state, const index::People& people,
                                    const rule::Interval& interval, const index::Execution& how) {
    const FunnelPeople step{which.step, which.dropped, {}, {}};
    if (!which.entry)
        return people_behind(plan.funnel, step, state, people, interval, {}, how);
    const EntryOf entries(plan, state);
    const auto carry = clicks_carry(plan, entries, state, people, interval, how);
    if (!carry)
        return fail(carry.error());
    const auto funnel = narrowed(plan, *which.entry, *carry);
    if (entries.is_property())
        return people_behind(funnel, step, state, people, interval, {}, how);
    index::People members(people.universe());
    people.each([&](Dense customer) {
        const auto cell = entries.of_customer(customer);
        if (cell != index::missing && entries.value(cell) == *which.entry)
            members.add(customer);
        return true;
    });
    return people_behind(funnel, step, state, members, interval, {}, how);
}

}  // namespace qiao::insight
