#include "insight/spending_sql.hpp"

namespace qiao::insight::queries {
namespace {

constexpr std::string_view columns =
    "SELECT id, split, origin, starts_on, ends_on, amount, note, version, created_at, created_by, "
    "updated_at, updated_by FROM insight_spending ";

Spending spending_of(const sql::Row& row) {
    Spending made;
    made.id = row.text(0);
    made.by = row.text(1);
    made.origin = row.text(2);
    made.from = static_cast<Day>(row.integer(3));
    made.to = static_cast<Day>(row.integer(4));
    made.amount = Decimal::from_scaled(row.integer(5));
    made.note = row.text(6);
    made.version = row.integer(7);
    made.created_at = row.time(8);
    made.created_by = row.text(9);
    made.updated_at = row.time(10);
    made.updated_by = row.text(11);
    return made;
}

}  // namespace

std::optional<Spending> find_spending(sql::Transaction& transaction, std::string_view id) {
    const auto row =
        transaction.query_one(std::string(columns) + "WHERE id = $1", {std::string(id)});
    if (!row)
        return std::nullopt;
    return spending_of(*row);
}

std::vector<Spending> spending_between(sql::Transaction& transaction, Day from, Day to) {
    std::vector<Spending> made;
    for (const auto& row : transaction.query(
             std::string(columns) +
                 "WHERE ends_on >= $1 AND starts_on <= $2 ORDER BY starts_on DESC, id DESC",
             {std::int64_t{from}, std::int64_t{to}}))
        made.push_back(spending_of(row));
    return made;
}

void put(sql::Transaction& transaction, const Spending& spending) {
    transaction.execute(
        "INSERT INTO insight_spending (id, split, origin, starts_on, ends_on, amount, note, "
        "version, created_at, created_by, updated_at, updated_by) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
        "ON CONFLICT (id) DO UPDATE SET split = excluded.split, origin = excluded.origin, "
        "starts_on = excluded.starts_on, ends_on = excluded.ends_on, amount = excluded.amount, "
        "note = excluded.note, version = excluded.version, updated_at = excluded.updated_at, "
        "updated_by = excluded.updated_by",
        {spending.id, spending.by, spending.origin, std::int64_t{spending.from},
         std::int64_t{spending.to}, spending.amount.scaled(), spending.note, spending.version,
         sql::param(spending.created_at), spending.created_by, sql::param(spending.updated_at),
         spending.updated_by});
}

void remove_spending(sql::Transaction& transaction, std::string_view id) {
    transaction.execute("DELETE FROM insight_spending WHERE id = $1", {std::string(id)});
}

std::optional<StoredSteps> acquisition_steps(sql::Transaction& transaction) {
    const auto row = transaction.query_one(
        "SELECT rules, version, updated_at, updated_by FROM insight_acquisition_steps "
        "WHERE id = 'steps'");
    if (!row)
        return std::nullopt;
    return StoredSteps{row->text(0), row->integer(1), row->time(2), row->text(3)};
}

void put(sql::Transaction& transaction, const StoredSteps& steps) {
    transaction.execute(
        "INSERT INTO insight_acquisition_steps (id, rules, version, updated_at, updated_by) "
        "VALUES ('steps', $1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET rules = excluded.rules, "
        "version = excluded.version, updated_at = excluded.updated_at, "
        "updated_by = excluded.updated_by",
        {steps.rules, steps.version, sql::param(steps.updated_at), steps.updated_by});
}

}  // namespace qiao::insight::queries
