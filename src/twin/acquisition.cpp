// Acquisition: everyone's first event, how far they have come, and what messages to them cost.
#include "insight/acquisition.hpp"

#include "twin/pieces.hpp"

namespace qiao::twin {

using clickhouse::Select;
using insight::Acquisition;
using insight::AcquisitionQuestion;

namespace {

// person, cost.
Select contact_costs(const Ground& ground) {
    const std::vector<std::string> events(insight::contact_cost_events.begin(),
                                          insight::contact_cost_events.end());
    const auto cost = property_cell(std::string(insight::contact_cost_property), ValueType::number);
    auto made = facts(ground, {"person", "sum(toInt128(" + cost.value + ")) AS cost"});
    made.where("event IN " + clickhouse::text_list(events)).where(cost.present);
    made.where("time_ms <= " + std::to_string(to_ms(ground.moment.as_of))).group_by("person");
    return made;
}

// Nobody has an origin of a tag that is not known yet.
GroupColumn origin_of(const AcquisitionQuestion& question) {
    if (question.by_type == ValueType::null)
        return {"CAST(NULL, 'Nullable(String)')", {}};
    return group_column(question.by, question.by_type, "tags");
}

// origin, people by step, the cost of messages.
Select origins_of(const Ground& ground, const AcquisitionQuestion& question,
                  std::span<const rule::Node> steps) {
    Select visitors({"person", "group_0 AS origin"});
    std::vector<std::string> reached;
    std::vector<std::string> columns = {"origin", "count()"};
    for (const auto& step : steps) {
        reached.push_back("step_" + std::to_string(reached.size() + 1));
        visitors.column("(" + members(step, ground.moment) + ") AS " + reached.back());
        columns.push_back("countIf(" + clickhouse::all_of(reached) + ")");
    }
    visitors.from(first_events(ground, {origin_of(question)}, ground.interval), "visitors");
    columns.emplace_back("toString(sum(ifNull(cost, toInt128(0))))");
    Select made(std::move(columns));
    made.from(visitors, "visitors");
    made.join("LEFT JOIN " + within(contact_costs(ground)) + " AS costs USING (person)");
    made.group_by("origin").limit(insight::most_groups + 1);
    return made;
}

}  // namespace

Result<Acquisition> ask(const Ground& ground, const AcquisitionQuestion& question,
                        std::span<const rule::Node> steps) {
    const auto rows = ground.connection.ask(origins_of(ground, question, steps).text());
    if (!rows)
        return fail(rows.error());
    if (rows->size() > insight::most_groups)
        return insight::too_many_groups();
    Acquisition made;
    made.interval = ground.interval;
    for (const auto& row : *rows) {
        insight::AcquisitionCounts counts;
        for (std::size_t step = 0; step < counts.people.size(); ++step)
            counts.people[step] = count_at(row, 1 + step);
        counts.contact_cost = wide_at(row, 1 + counts.people.size());
        made.origins.push_back({group_value(row[0], question.by_type), counts});
        made.total += counts;
    }
    insight::arrange(made);
    return made;
}

}  // namespace qiao::twin
