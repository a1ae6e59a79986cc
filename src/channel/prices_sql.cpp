#include "channel/prices_sql.hpp"

namespace qiao::channel::prices_sql {
namespace {

std::vector<Price> read(sql::Transaction& transaction, std::string_view rest,
                        const std::vector<sql::Param>& params) {
    std::vector<Price> made;
    for (const auto& row : transaction.query(
             "SELECT id, channel, amount, valid_from, created_at, created_by FROM channel_prices " +
                 std::string(rest),
             params))
        made.push_back({row.text(0), row.text(1), Decimal::from_scaled(row.integer(2)),
                        static_cast<Day>(row.integer(3)), row.time(4), row.text(5)});
    return made;
}

}  // namespace

std::vector<Price> all(sql::Transaction& transaction) {
    return read(transaction, "ORDER BY channel, valid_from DESC", {});
}

std::vector<Price> of_channel(sql::Transaction& transaction, std::string_view channel) {
    return read(transaction, "WHERE channel = $1", {std::string(channel)});
}

std::optional<Price> find(sql::Transaction& transaction, std::string_view id) {
    auto found = read(transaction, "WHERE id = $1", {std::string(id)});
    if (found.empty())
        return std::nullopt;
    return std::move(found.front());
}

void insert(sql::Transaction& transaction, const Price& price) {
    transaction.execute(
        "INSERT INTO channel_prices (id, channel, amount, valid_from, created_at, created_by) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        {price.id, price.channel, price.amount.scaled(), std::int64_t{price.valid_from},
         sql::param(price.created_at), price.created_by});
}

void remove(sql::Transaction& transaction, std::string_view id) {
    transaction.execute("DELETE FROM channel_prices WHERE id = $1", {std::string(id)});
}

}  // namespace qiao::channel::prices_sql
