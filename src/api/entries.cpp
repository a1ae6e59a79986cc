// POST /api/v1/insights/entries
#include "insight/entries.hpp"

#include "api/insights.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;

json::object entries_json(const insight::Entries& entries) {
    json::array rows;
    for (std::size_t i = 0; i < entries.rows.size(); ++i) {
        const auto& row = entries.rows[i];
        json::array steps(row.steps.begin(), row.steps.end());
        rows.push_back(
            json::object{{"entry", to_json(row.entry)},
                         {"name", row.name.empty() ? json::value(nullptr) : json::value(row.name)},
                         {"steps", std::move(steps)},
                         {"least", entries.least == i}});
    }
    return {{"rows", std::move(rows)},
            {"total", json::array(entries.total.begin(), entries.total.end())},
            {"left_out", entries.left_out}};
}

Result<Answer> entries(const InsightParts& parts, Call& call) {
    const auto question = insight::parse_entries(call.body);
    if (!question)
        return fail(question.error());
    const auto answered = insight::ask(parts.asking, parts.products, *question, "", call.who);
    if (!answered)
        return fail(answered.error());
    auto made = entries_json(*answered->result);
    tell_source(made, *answered);
    return Answer{200, std::move(made)};
}

Result<audience::Evaluated> entries_people(const InsightParts& parts, const json::value& asked,
                                           std::string_view at, Body& body,
                                           const access::Principal& who) {
    const auto question = insight::parse_entries(asked, at);
    if (!question)
        return fail(question.error());
    insight::EntriesPeople which;
    const auto* entry = body.member("entry");
    const auto step = body.maybe_integer("step").value_or(1);
    const auto outcome = body.maybe_text("outcome").value_or("reached");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (entry && !entry->is_null()) {
        auto value = value_from_json(*entry);
        if (!value)
            return fail(value.error());
        which.entry = std::move(*value);
    }
    if (step < 1 || step > static_cast<std::int64_t>(insight::entry_steps))
        return fail(ErrorCode::invalid, "api.body", "An entry has four steps.", "/step");
    if (outcome != "reached" && outcome != "dropped")
        return fail(ErrorCode::invalid, "api.body", "The outcome is reached or dropped.",
                    "/outcome");
    which.step = static_cast<unsigned>(step);
    which.dropped = outcome == "dropped";
    return insight::people(parts.asking, parts.products, *question, which, at, who);
}

}  // namespace

const InsightKind entries_kind{"entries",         "How far people get from each entry to a product",
                               "EntriesQuestion", "EntriesAnswer",
                               entries,           entries_people};

}  // namespace qiao::api
