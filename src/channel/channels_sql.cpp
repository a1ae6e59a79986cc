#include "channel/channels_sql.hpp"

#include <boost/json.hpp>

namespace qiao::channel::channels_sql {

namespace json = boost::json;

namespace {

constexpr std::string_view columns =
    "SELECT id, kind, name, settings, secret_names, sealed, rate_per_s, active, version, "
    "created_at, "
    "updated_at, created_by FROM channel_channels ";

Row read(const sql::Row& row) {
    Row found;
    auto& channel = found.channel;
    channel.id = row.text(0);
    channel.kind = *action::channel_kind(row.text(1));
    channel.name = row.text(2);
    channel.settings = json::value_to<Settings>(json::parse(row.text(3)));
    channel.secrets = json::value_to<std::vector<std::string>>(json::parse(row.text(4)));
    found.sealed = row.text(5);
    channel.rate_per_s = row.real(6);
    channel.active = row.boolean(7);
    channel.version = row.integer(8);
    channel.created_at = row.time(9);
    channel.updated_at = row.time(10);
    channel.created_by = row.text(11);
    return found;
}

}  // namespace

std::vector<Row> all(sql::Transaction& transaction) {
    std::vector<Row> rows;
    for (const auto& row : transaction.query(std::string(columns) + "ORDER BY created_at, id"))
        rows.push_back(read(row));
    return rows;
}

std::optional<Row> find(sql::Transaction& transaction, std::string_view id) {
    const auto row =
        transaction.query_one(std::string(columns) + "WHERE id = $1", {std::string(id)});
    if (!row)
        return {};
    return read(*row);
}

void write(sql::Transaction& transaction, const Row& row) {
    const auto& channel = row.channel;
    transaction.execute(
        "INSERT INTO channel_channels (id, kind, name, settings, secret_names, sealed, rate_per_s, "
        "active, version, created_at, updated_at, created_by) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO UPDATE SET "
        "name = $3, settings = $4, secret_names = $5, sealed = $6, rate_per_s = $7, active = $8, "
        "version = $9, updated_at = $11",
        {channel.id, std::string(action::name_of(channel.kind)), channel.name,
         json::serialize(json::value_from(channel.settings)),
         json::serialize(json::value_from(channel.secrets)), row.sealed, channel.rate_per_s,
         sql::param(channel.active), channel.version, sql::param(channel.created_at),
         sql::param(channel.updated_at), channel.created_by});
}

void remove(sql::Transaction& transaction, std::string_view id) {
    transaction.execute("DELETE FROM channel_prices WHERE channel = $1", {std::string(id)});
    transaction.execute("DELETE FROM channel_channels WHERE id = $1", {std::string(id)});
}

}  // namespace qiao::channel::channels_sql
