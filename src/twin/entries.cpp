// Entries: how many people saw each of them, and the chains of all that are shown in one pass.
#include "insight/entries.hpp"

#include <algorithm>

#include "twin/pieces.hpp"
#include "twin/sequence.hpp"

namespace qiao::twin {

using clickhouse::Select;
using insight::Entries;
using insight::EntriesPlan;
using insight::Funnel;

namespace {

// The entry that the unit `own` of a customer belongs to.
std::string entry_of_unit(const EntriesPlan& plan, const std::string& own) {
    std::vector<std::string> units, entries;
    for (const auto& [unit, place] : insight::entries_by_unit(plan)) {
        units.push_back(unit);
        entries.push_back(plan.orgs.orgs()[place].code);
    }
    if (units.empty())
        return "CAST(NULL, 'Nullable(String)')";
    return "nullIf(transform(ifNull(" + own + ", ''), " + clickhouse::texts_literal(units) + ", " +
           clickhouse::texts_literal(entries) + ", ''), '')";
}

// Far more than are shown, so that insight's own order decides among equals.
constexpr std::size_t most_read = 10'000;

class EntriesSql {
public:
    EntriesSql(const Ground& ground, const EntriesPlan& plan)
        : ground_(ground),
          plan_(plan),
          shape_(
              shape_of_any(plan.funnel.steps.size(), std::to_string(plan.funnel.window.count()))),
          entry_(group_column(plan.by, plan.type, "tags")) {
        if (!plan.unit.empty())
            entry_.value = entry_of_unit(plan, entry_.value);
    }

    // entry, people, and how many entries there are: those that can be shown.
    Select exposed() const {
        auto exposures = with_entries({"person"});
        exposures.where(condition(plan_.funnel.steps[0])).where("entry IS NOT NULL");
        Select made({"entry", "uniqExact(person) AS people", "count() OVER ()"});
        made.from(exposures).group_by("entry").order_by("people DESC").order_by("entry");
        made.limit(most_read);
        return made;
    }
    // A row where a click carries the property that entries are values of.
    Select carrying_clicks() const {
        auto clicks = with_entries({});
        clicks.where(condition(plan_.funnel.steps[1])).where("entry IS NOT NULL").limit(1);
        return clicks;
    }
    // entry, people by step; of the entries that are listed.
    Select reached_by_entry(const std::string& listed, bool clicks_carry) const {
        auto hits = with_entries(hit_columns());
        hits.where("bits != 0");
        const auto rows =
            is_property() ? by_seen_entry(hits, listed, clicks_carry) : of_entries(hits, listed);
        auto columns = counts_by_step(shape_.steps);
        columns.insert(columns.begin(), "entry");
        Select made(std::move(columns));
        made.from(chains(rows, "person, entry")).group_by("entry");
        return made;
    }
    // People by step, whatever the entry.
    Select reached() const {
        auto hits = facts(ground_, hit_columns());
        hits.column("bits AS steps").column("toUInt32(0) AS breaks");
        hits.where(is_inside(ground_.interval)).where("bits != 0");
        Select made(counts_by_step(shape_.steps));
        made.from(chains(hits, "person"));
        return made;
    }
    bool is_property() const { return plan_.by.kind == insight::By::Kind::property; }

private:
    std::vector<std::string> hit_columns() const {
        return {"person", "time_ms", bits_of(plan_.funnel.steps) + " AS bits"};
    }
    Select with_entries(std::vector<std::string> columns) const {
        columns.push_back(entry_.value + " AS entry");
        auto rows = facts(ground_, std::move(columns));
        if (!entry_.join.empty())
            rows.join(entry_.join);
        rows.where(is_inside(ground_.interval));
        return rows;
    }
    // A customer is of one entry.
    static Select of_entries(const Select& hits, const std::string& listed) {
        Select rows({"person", "entry", "time_ms", "bits AS steps", "toUInt32(0) AS breaks"});
        rows.from(hits).where("entry IN (" + listed + ")");
        return rows;
    }
    // A customer has the entries that it saw; a row with another value is no exposure of them, and
    // no click where clicks carry the property.
    static Select by_seen_entry(const Select& hits, const std::string& listed, bool clicks_carry) {
        Select seen({"DISTINCT person", "entry AS value"});
        seen.from(hits).where("bitTest(bits, 0)").where("entry IN (" + listed + ")");
        const auto later_steps = std::to_string(clicks_carry ? 0b1100 : 0b1110);
        Select rows({"person", "seen.value AS entry", "time_ms",
                     "toUInt32(if(ifNull(hits.entry = seen.value, 0), bits, bitAnd(bits, " +
                         later_steps + "))) AS steps",
                     "toUInt32(0) AS breaks"});
        rows.from(hits, "hits").join("INNER JOIN " + within(seen) + " AS seen USING (person)");
        rows.where("steps != 0");
        return rows;
    }
    // The keys, and how many steps each of their longest chains has.
    Select chains(const Select& rows, const std::string& keys) const {
        const auto longest = fold_chains(shape_, "moments", Keep::latest_start);
        Select made({keys, reached_of(longest) + " AS reached"});
        made.from(moments_of(rows, keys, shape_));
        return made;
    }

    const Ground& ground_;
    const EntriesPlan& plan_;
    ChainShape shape_;
    GroupColumn entry_;
};

// The entries that are shown, in their order, with nobody at their steps.
Result<Entries> entries_shown(const Ground& ground, const EntriesPlan& plan,
                              const EntriesSql& sql) {
    const auto rows = ground.connection.ask(sql.exposed().text());
    if (!rows)
        return fail(rows.error());
    std::vector<Value> entries;
    std::vector<std::uint64_t> people;
    for (const auto& row : *rows) {
        entries.push_back(group_value(row[0], plan.type));
        people.push_back(count_at(row, 1));
    }
    Entries made;
    for (const auto place :
         insight::shown_entries(people, [&](std::size_t i) { return entries[i]; })) {
        const auto& entry = entries[place];
        const auto* unit =
            plan.unit.empty() ? nullptr : plan.orgs.find(std::get<std::string>(entry));
        made.rows.push_back(
            {entry, unit ? unit->name : std::string(), Funnel::Counts(plan.funnel.steps.size())});
    }
    const std::uint64_t different = rows->empty() ? 0 : count_at(rows->front(), 2);
    made.left_out = different - made.rows.size();
    return made;
}

Result<void> add_steps(Entries& made, const Ground& ground, const EntriesPlan& plan,
                       const EntriesSql& sql) {
    bool clicks_carry = false;
    if (sql.is_property()) {
        const auto clicks = ground.connection.ask(sql.carrying_clicks().text());
        if (!clicks)
            return fail(clicks.error());
        clicks_carry = !clicks->empty();
    }
    std::vector<std::string> listed;
    for (const auto& row : made.rows)
        listed.push_back(group_literal(row.entry));
    const auto reached =
        sql.reached_by_entry(clickhouse::joined(listed, ", "), clicks_carry).text();
    const auto rows = ground.connection.ask(reached);
    if (!rows)
        return fail(rows.error());
    for (const auto& row : *rows) {
        const auto entry = group_value(row[0], plan.type);
        const auto at = std::find_if(made.rows.begin(), made.rows.end(),
                                     [&](const auto& shown) { return shown.entry == entry; });
        if (at != made.rows.end())
            at->steps = counts_from(row, 1, plan.funnel.steps.size());
    }
    return {};
}

}  // namespace

Result<Entries> ask(const Ground& ground, const EntriesPlan& plan) {
    const EntriesSql sql(ground, plan);
    ground.connection.expect(sql.is_property() ? 4 : 3);
    auto made = entries_shown(ground, plan, sql);
    if (!made)
        return fail(made.error());
    if (!made->rows.empty())
        if (auto done = add_steps(*made, ground, plan, sql); !done)
            return fail(done.error());
    const auto total = ground.connection.ask(sql.reached().text());
    if (!total)
        return fail(total.error());
    made->total = counts_from(total->at(0), 0, plan.funnel.steps.size());
    made->least = insight::least_of(made->rows);
    return made;
}

}  // namespace qiao::twin
