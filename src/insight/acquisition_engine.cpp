#include <algorithm>
#include <unordered_map>

#include "index/kept.hpp"
#include "index/plan.hpp"
#include "index/scan.hpp"
#include "insight/acquisition.hpp"
#include "insight/detail/metric_scan.hpp"

namespace qiao::insight {
namespace {

using detail::Key;
using detail::KeyHash;
using index::BlockBits;
using index::Dense;
using index::People;

// A person's first event of all, where it lies in the period, by origin.
ResolvedMetric first_events(const AcquisitionQuestion& question) {
    ResolvedMetric made;
    made.doing.subject = Subject::new_customer;
    made.measure.kind = MeasureKind::unique;
    made.by = {question.by};
    made.by_types = {question.by_type};
    return made;
}
std::vector<Unit> whole(const Ground& ground) {
    return units_of(ground.interval, Per::total, *ground.calendar);
}

// What the messages to each customer of a block cost.
class ContactCosts {
public:
    ContactCosts(const index::State& state, Time as_of) {
        const auto cost = state.strings->find(contact_cost_property);
        if (!cost)
            return;
        for (const auto event : contact_cost_events) {
            rule::EventMatch match;
            match.event = event;
            auto& scan = scans_.emplace_back(
                match, rule::Interval{detail::all_time.from_ms, to_ms(as_of) + 1}, state);
            scan.measure({*cost, ValueType::number});
        }
    }
    using Block = std::array<std::int64_t, index::block_size>;
    void of(Dense block, const BlockBits& people, Block& costs) const {
        costs.fill(0);
        for (const auto& scan : scans_)
            for (const auto& source : scan.sources)
                if (source.measured)
                    scan.each_row(source, block, people,
                                  [&](std::uint32_t local, std::uint32_t row) {
                                      const auto cell = source.measured->at(row);
                                      costs[local] += cell == index::missing ? 0 : cell;
                                  });
    }

private:
    std::vector<index::Scan> scans_;
};

using Tallies = std::unordered_map<Key, AcquisitionCounts, KeyHash>;

}  // namespace

// Rows of equal people by their value; a missing one last.
void arrange(Acquisition& acquisition) {
    auto& origins = acquisition.origins;
    std::sort(origins.begin(), origins.end(), [](const auto& a, const auto& b) {
        const auto visitors = [](const auto& one) { return one.counts.people.front(); };
        if (visitors(a) != visitors(b))
            return visitors(a) > visitors(b);
        if (a.counts.spending != b.counts.spending)
            return a.counts.spending > b.counts.spending;
        return is_before({a.value}, {b.value});
    });
}

AcquisitionCounts& AcquisitionCounts::operator+=(const AcquisitionCounts& other) {
    for (std::size_t i = 0; i < people.size(); ++i)
        people[i] += other.people[i];
    contact_cost += other.contact_cost;
    spending += other.spending;
    return *this;
}

std::optional<Decimal> AcquisitionCounts::cost_per(std::size_t step) const {
    if (people[step] == 0)
        return std::nullopt;
    const auto count = static_cast<__int128>(people[step]);
    const auto cost = (2 * (contact_cost + spending) + count) / (2 * count);
    if (cost > INT64_MAX)
        return std::nullopt;
    return Decimal::from_scaled(static_cast<std::int64_t>(cost));
}

Result<std::array<People, acquisition_steps>> people_by_step(const AcquisitionQuestion& question,
                                                             const StepRules& rules,
                                                             const Ground& ground) {
    std::array<People, acquisition_steps> steps;
    auto visitors = people_behind(first_events(question), ground.snapshot, ground.people,
                                  whole(ground), std::nullopt, ground.how);
    if (!visitors)
        return fail(visitors.error());
    steps.front() = std::move(*visitors);
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (auto kept =
                index::check_kept(*ground.snapshot, rules[i], ground.as_of, *ground.calendar);
            !kept)
            return fail(kept.error());
        auto fitting = index::Plan(rules[i], ground.snapshot, ground.as_of, *ground.calendar)
                           .evaluate(ground.how);
        if (!fitting)
            return fail(fitting.error());
        *fitting &= steps[i];
        steps[i + 1] = std::move(*fitting);
    }
    return steps;
}

Result<People> people_of_origin(const AcquisitionQuestion& question, const People& people,
                                const std::optional<Group>& origin, const Ground& ground) {
    if (!origin)
        return people;
    return people_behind(first_events(question), ground.snapshot, people, whole(ground), origin,
                         ground.how);
}

Result<Acquisition> compute(const AcquisitionQuestion& question, const StepRules& rules,
                            const Ground& ground) {
    const auto steps = people_by_step(question, rules, ground);
    if (!steps)
        return fail(steps.error());
    const auto metric = first_events(question);
    const auto units = whole(ground);
    const detail::MetricScan scan(metric, ground.snapshot, units);
    const ContactCosts contact_costs(*ground.snapshot, ground.as_of);
    struct Worker {
        detail::GroupNumbers origins;
        std::vector<AcquisitionCounts> counts;  // by origin
        ContactCosts::Block costs;
    };
    std::vector<Worker> workers(ground.how.workers());
    const auto task = [&](unsigned number, Dense block) -> Result<void> {
        auto& worker = workers[number];
        std::array<BlockBits, acquisition_steps> reached;
        for (std::size_t i = 0; i < reached.size(); ++i)
            reached[i] = index::block_of((*steps)[i], block);
        contact_costs.of(block, reached.front(), worker.costs);
        scan.block(worker.origins, block, reached.front(),
                   [&](std::uint32_t local, std::uint32_t origin, std::size_t, index::Cell) {
                       if (origin >= worker.counts.size())
                           worker.counts.resize(origin + 1);
                       auto& counts = worker.counts[origin];
                       for (std::size_t i = 0; i < reached.size(); ++i)
                           counts.people[i] += reached[i].has(local);
                       counts.contact_cost += worker.costs[local];
                   });
        if (worker.counts.size() > most_groups)
            return too_many_groups();
        return {};
    };
    if (auto done =
            index::each_block(index::block_count(ground.snapshot->customers), ground.how, task);
        !done)
        return fail(done.error());
    Tallies together;
    for (const auto& worker : workers)
        for (std::uint32_t origin = 0; origin < worker.counts.size(); ++origin)
            together[worker.origins.key(origin)] += worker.counts[origin];
    Acquisition made;
    made.interval = ground.interval;
    for (const auto& [key, counts] : together) {
        made.origins.push_back({scan.group_of(key).front(), counts});
        made.total += counts;
    }
    arrange(made);
    return made;
}

void add_spending(Acquisition& acquisition, const AcquisitionQuestion& question,
                  const std::vector<Spending>& spending, const Calendar& calendar) {
    for (const auto& entry : spending) {
        if (entry.by != question.by_name)
            continue;
        AcquisitionCounts spent;
        spent.spending = spent_in(entry, acquisition.interval, calendar);
        if (spent.spending == 0)
            continue;
        const auto typed = coerce(Value(entry.origin), question.by_type);
        const Value value = typed ? *typed : Value(entry.origin);
        auto& origins = acquisition.origins;
        auto row = std::find_if(origins.begin(), origins.end(),
                                [&](const auto& origin) { return origin.value == value; });
        if (row == origins.end())
            row = origins.insert(row, Acquisition::Origin{value, {}});
        row->counts += spent;
        acquisition.total += spent;
    }
    arrange(acquisition);
}

}  // namespace qiao::insight
