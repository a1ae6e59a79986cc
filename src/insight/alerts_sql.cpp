#include "insight/alerts_sql.hpp"

#include <algorithm>

namespace qiao::insight::queries {
namespace {

constexpr std::string_view columns =
    "SELECT id, name, metric, rule, minute, recipients, assignee, opens_item, active, version, "
    "created_at, created_by, updated_at, updated_by, org, state, since, acknowledged_by, "
    "checked_unit, checked_at, problem FROM insight_alerts ";

// Ids are words without blanks.
std::string joined(const std::vector<std::string>& ids) {
    std::string text;
    for (const auto& id : ids)
        text += (text.empty() ? "" : " ") + id;
    return text;
}
std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> ids;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        ids.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return ids;
}

sql::Param maybe(const std::optional<Time>& time) {
    return time ? sql::param(*time) : sql::Param();
}
sql::Param maybe(const std::optional<Decimal>& number) {
    return number ? sql::Param(number->scaled()) : sql::Param();
}
std::optional<Decimal> decimal_of(const sql::Row& row, std::size_t column) {
    if (row.is_null(column))
        return std::nullopt;
    return Decimal::from_scaled(row.integer(column));
}

Alert alert_of(const sql::Row& row) {
    Alert alert;
    alert.id = row.text(0);
    alert.name = row.text(1);
    alert.metric = row.text(2);
    alert.rule = row.text(3);
    alert.minute = static_cast<int>(row.integer(4));
    alert.recipients = split(row.text(5));
    alert.assignee = row.text(6);
    alert.opens_item = row.boolean(7);
    alert.active = row.boolean(8);
    alert.version = row.integer(9);
    alert.created_at = row.time(10);
    alert.created_by = row.text(11);
    alert.updated_at = row.time(12);
    alert.updated_by = row.text(13);
    alert.org = row.text(14);
    alert.state = static_cast<AlertState>(row.integer(15));
    alert.since = row.maybe_time(16);
    alert.acknowledged_by = row.text(17);
    if (!row.is_null(18))
        alert.checked_unit = static_cast<Day>(row.integer(18));
    alert.checked_at = row.maybe_time(19);
    alert.problem = row.text(20);
    return alert;
}

}  // namespace

std::optional<Alert> find_alert(sql::Transaction& transaction, std::string_view id) {
    const auto row =
        transaction.query_one(std::string(columns) + "WHERE id = $1", {std::string(id)});
    if (!row)
        return std::nullopt;
    return alert_of(*row);
}

std::vector<Alert> all_alerts(sql::Transaction& transaction) {
    std::vector<Alert> alerts;
    for (const auto& row : transaction.query(std::string(columns) + "ORDER BY id DESC"))
        alerts.push_back(alert_of(row));
    return alerts;
}

void put(sql::Transaction& transaction, const Alert& alert) {
    transaction.execute(
        "INSERT INTO insight_alerts (id, name, metric, rule, minute, recipients, assignee, "
        "opens_item, active, version, created_at, created_by, updated_at, updated_by, org, state, "
        "since, acknowledged_by, checked_unit, checked_at, problem) VALUES ($1, $2, $3, $4, $5, "
        "$6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) "
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, metric = excluded.metric, "
        "rule = excluded.rule, minute = excluded.minute, recipients = excluded.recipients, "
        "assignee = excluded.assignee, opens_item = excluded.opens_item, "
        "active = excluded.active, version = excluded.version, updated_at = excluded.updated_at, "
        "updated_by = excluded.updated_by, org = excluded.org, state = excluded.state, "
        "since = excluded.since, acknowledged_by = excluded.acknowledged_by, "
        "checked_unit = excluded.checked_unit, checked_at = excluded.checked_at, "
        "problem = excluded.problem",
        {alert.id,
         alert.name,
         alert.metric,
         alert.rule,
         std::int64_t{alert.minute},
         joined(alert.recipients),
         alert.assignee,
         sql::param(alert.opens_item),
         sql::param(alert.active),
         alert.version,
         sql::param(alert.created_at),
         alert.created_by,
         sql::param(alert.updated_at),
         alert.updated_by,
         alert.org,
         static_cast<std::int64_t>(alert.state),
         maybe(alert.since),
         alert.acknowledged_by,
         alert.checked_unit ? sql::Param(std::int64_t{*alert.checked_unit}) : sql::Param(),
         maybe(alert.checked_at),
         alert.problem});
}

void remove_alert(sql::Transaction& transaction, std::string_view id) {
    forget_checks(transaction, id);
    transaction.execute("DELETE FROM insight_alerts WHERE id = $1", {std::string(id)});
}

void put_check(sql::Transaction& transaction, std::string_view alert, const AlertCheck& check) {
    transaction.execute(
        "INSERT INTO insight_alert_checks (alert, unit, value, low, high, is_known, is_out) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (alert, unit) DO UPDATE SET "
        "value = excluded.value, low = excluded.low, high = excluded.high, "
        "is_known = excluded.is_known, is_out = excluded.is_out",
        {std::string(alert), std::int64_t{check.unit}, maybe(check.value), maybe(check.verdict.low),
         maybe(check.verdict.high), sql::param(check.verdict.is_known),
         sql::param(check.verdict.is_out)});
}

std::vector<AlertCheck> checks_of(sql::Transaction& transaction, std::string_view alert,
                                  std::size_t limit) {
    std::vector<AlertCheck> made;
    for (const auto& row : transaction.query(
             "SELECT unit, value, low, high, is_known, is_out FROM insight_alert_checks "
             "WHERE alert = $1 ORDER BY unit DESC LIMIT $2",
             {std::string(alert), static_cast<std::int64_t>(limit)}))
        made.push_back({static_cast<Day>(row.integer(0)),
                        decimal_of(row, 1),
                        {row.boolean(4), row.boolean(5), decimal_of(row, 2), decimal_of(row, 3)}});
    std::reverse(made.begin(), made.end());
    return made;
}

void forget_checks(sql::Transaction& transaction, std::string_view alert) {
    transaction.execute("DELETE FROM insight_alert_checks WHERE alert = $1", {std::string(alert)});
}

}  // namespace qiao::insight::queries
