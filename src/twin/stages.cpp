// Stages: in which of them each customer was, at one moment or at several.
#include "insight/stage_flow.hpp"
#include "twin/pieces.hpp"

namespace qiao::twin {

using clickhouse::Select;
using insight::StagesTogether;

namespace {

// The highest stage whose rule holds at the moment; their number where none does.
std::string stage_at(std::span<const rule::Node> stages, const Moment& moment) {
    const auto none = std::to_string(stages.size());
    if (stages.empty())
        return none;
    std::string choices;
    for (std::size_t i = stages.size(); i-- > 0;)
        choices += members(stages[i], moment) + ", " + std::to_string(i) + ", ";
    return "multiIf(" + choices + none + ")";
}

}  // namespace

Result<StagesTogether> ask(const Ground& ground, std::span<const rule::Node> stages,
                           std::span<const Time> moments) {
    std::vector<std::string> columns, values;
    for (const auto moment : moments) {
        columns.push_back("stage_" + std::to_string(columns.size()));
        values.push_back(stage_at(stages, {moment, ground.moment.calendar}) + " AS " +
                         columns.back());
    }
    const auto keys = clickhouse::joined(columns, ", ");
    Select together({keys, "count()"});
    together.from(people(ground, std::move(values))).group_by(keys);
    const auto rows = ground.connection.ask(together.text());
    if (!rows)
        return fail(rows.error());
    StagesTogether made;
    for (const auto& row : *rows) {
        std::vector<std::size_t> key;
        for (std::size_t i = 0; i < columns.size(); ++i)
            key.push_back(count_at(row, i));
        made.emplace(std::move(key), count_at(row, columns.size()));
    }
    return made;
}

}  // namespace qiao::twin
