#include "audience/audiences_sql.hpp"

namespace qiao::audience::queries {
namespace {

constexpr std::string_view columns =
    "SELECT a.id, a.name, a.description, a.rule, a.refresh, a.state, a.version, a.created_at, "
    "a.created_by, a.updated_at, a.updated_by, c.at, c.count, c.total FROM audience_audiences a "
    "LEFT JOIN audience_counts c ON c.audience = a.id AND c.at = "
    "(SELECT max(l.at) FROM audience_counts l WHERE l.audience = a.id) ";

State state_of(std::string_view name) {
    return name == name_of(State::archived) ? State::archived : State::active;
}

Audience audience_of(const sql::Row& row) {
    Audience audience{row.text(0),
                      row.text(1),
                      row.text(2),
                      row.text(3),
                      refresh_of_name(row.text(4)).value(),
                      state_of(row.text(5)),
                      row.integer(6),
                      row.time(7),
                      row.text(8),
                      row.time(9),
                      row.text(10),
                      std::nullopt};
    if (const auto at = row.maybe_time(11))
        audience.latest = CountPoint{*at, row.integer(12), row.integer(13)};
    return audience;
}

std::vector<Audience> audiences_of(const sql::Rows& rows) {
    std::vector<Audience> audiences;
    for (const auto& row : rows)
        audiences.push_back(audience_of(row));
    return audiences;
}

sql::Param text(std::string_view value) { return std::string(value); }

}  // namespace

std::optional<Audience> find(sql::Transaction& transaction, std::string_view id) {
    const auto row = transaction.query_one(std::string(columns) + "WHERE a.id = $1", {text(id)});
    if (!row)
        return std::nullopt;
    return audience_of(*row);
}

std::vector<Audience> page(sql::Transaction& transaction, const Page& page) {
    return audiences_of(transaction.query(
        std::string(columns) +
            "WHERE ($1 = '' OR lower(a.name) LIKE lower($2) OR lower(a.description) LIKE "
            "lower($2)) "
            "AND ($3 = '' OR a.state = $3) AND ($4 = '' OR a.id < $4) ORDER BY a.id DESC LIMIT $5",
        {text(page.text), "%" + std::string(page.text) + "%", text(page.state), text(page.after),
         static_cast<std::int64_t>(page.limit)}));
}

std::vector<Audience> all(sql::Transaction& transaction) {
    return audiences_of(transaction.query(std::string(columns) + "ORDER BY a.id"));
}

void insert(sql::Transaction& transaction, const Audience& audience) {
    transaction.execute(
        "INSERT INTO audience_audiences (id, name, description, rule, refresh, state, version, "
        "created_at, created_by, updated_at, updated_by) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        {audience.id, audience.name, audience.description, audience.rule,
         text(name_of(audience.refresh)), text(name_of(audience.state)), audience.version,
         sql::param(audience.created_at), audience.created_by, sql::param(audience.updated_at),
         audience.updated_by});
}

void update(sql::Transaction& transaction, const Audience& audience) {
    transaction.execute(
        "UPDATE audience_audiences SET name = $2, description = $3, rule = $4, refresh = $5, "
        "state = $6, version = $7, updated_at = $8, updated_by = $9 WHERE id = $1",
        {audience.id, audience.name, audience.description, audience.rule,
         text(name_of(audience.refresh)), text(name_of(audience.state)), audience.version,
         sql::param(audience.updated_at), audience.updated_by});
}

void insert_version(sql::Transaction& transaction, const Audience& audience,
                    std::string_view change, std::string_view by_id, std::string_view by_name) {
    transaction.execute(
        "INSERT INTO audience_versions (audience, version, at, by_id, by_name, change, name, "
        "description, rule, refresh, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        {audience.id, audience.version, sql::param(audience.updated_at), text(by_id), text(by_name),
         text(change), audience.name, audience.description, audience.rule,
         text(name_of(audience.refresh)), text(name_of(audience.state))});
}

std::vector<Version> versions(sql::Transaction& transaction, std::string_view id) {
    std::vector<Version> versions;
    for (const auto& row : transaction.query(
             "SELECT version, at, by_id, by_name, change, name, description, rule, refresh, state "
             "FROM audience_versions WHERE audience = $1 ORDER BY version DESC",
             {text(id)}))
        versions.push_back({row.integer(0), row.time(1), row.text(2), row.text(3), row.text(4),
                            row.text(5), row.text(6), row.text(7),
                            refresh_of_name(row.text(8)).value(), state_of(row.text(9))});
    return versions;
}

std::vector<CountPoint> counts(sql::Transaction& transaction, std::string_view id,
                               std::size_t limit) {
    std::vector<CountPoint> points;
    for (const auto& row :
         transaction.query("SELECT at, count, total FROM audience_counts WHERE audience = $1 "
                           "ORDER BY at DESC LIMIT $2",
                           {text(id), static_cast<std::int64_t>(limit)}))
        points.push_back({row.time(0), row.integer(1), row.integer(2)});
    return points;
}

void put_count(sql::Transaction& transaction, std::string_view id, const CountPoint& point) {
    transaction.execute(
        "INSERT INTO audience_counts (audience, at, count, total) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (audience, at) DO UPDATE SET count = excluded.count, total = excluded.total",
        {text(id), sql::param(point.at), point.count, point.total});
}

void delete_count(sql::Transaction& transaction, std::string_view id, Time at) {
    transaction.execute("DELETE FROM audience_counts WHERE audience = $1 AND at = $2",
                        {text(id), sql::param(at)});
}

void clear_references(sql::Transaction& transaction, std::string_view kind, std::string_view id) {
    transaction.execute("DELETE FROM audience_references WHERE kind = $1 AND id = $2",
                        {text(kind), text(id)});
}

void put_reference(sql::Transaction& transaction, const User& user, std::string_view audience) {
    transaction.execute(
        "INSERT INTO audience_references (kind, id, audience, name) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (kind, id, audience) DO UPDATE SET name = excluded.name",
        {user.kind, user.id, text(audience), user.name});
}

std::vector<User> users(sql::Transaction& transaction, std::string_view audience) {
    std::vector<User> users;
    for (const auto& row : transaction.query("SELECT kind, id, name FROM audience_references WHERE "
                                             "audience = $1 ORDER BY kind, name, id",
                                             {text(audience)}))
        users.push_back({row.text(0), row.text(1), row.text(2)});
    return users;
}

}  // namespace qiao::audience::queries
