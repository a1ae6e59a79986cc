#include "insight/products_sql.hpp"

namespace qiao::insight::queries {
namespace {

constexpr std::string_view product_columns =
    "SELECT id, kind, name_zh, name_en, definition, version, created_at, updated_at, created_by, "
    "updated_by FROM insight_products ";

Product product_of(const sql::Row& row) {
    return {row.text(0),    row.text(1), row.text(2), row.text(3), row.text(4),
            row.integer(5), row.time(6), row.time(7), row.text(8), row.text(9)};
}

}  // namespace

std::optional<Product> product(sql::Transaction& transaction, std::string_view id) {
    const auto row =
        transaction.query_one(std::string(product_columns) + "WHERE id = $1", {std::string(id)});
    if (!row)
        return std::nullopt;
    return product_of(*row);
}

std::vector<Product> products(sql::Transaction& transaction) {
    std::vector<Product> made;
    for (const auto& row : transaction.query(std::string(product_columns) + "ORDER BY id"))
        made.push_back(product_of(row));
    return made;
}

void put(sql::Transaction& transaction, const Product& product) {
    transaction.execute(
        "INSERT INTO insight_products (id, kind, name_zh, name_en, definition, version, "
        "created_at, updated_at, created_by, updated_by) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
        "ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name_zh = excluded.name_zh, "
        "name_en = excluded.name_en, definition = excluded.definition, "
        "version = excluded.version, updated_at = excluded.updated_at, "
        "updated_by = excluded.updated_by",
        {product.id, product.kind, product.name_zh, product.name_en, product.definition,
         product.version, sql::param(product.created_at), sql::param(product.updated_at),
         product.created_by, product.updated_by});
}

void remove_product(sql::Transaction& transaction, std::string_view id) {
    transaction.execute("DELETE FROM insight_targets WHERE product = $1", {std::string(id)});
    transaction.execute("DELETE FROM insight_products WHERE id = $1", {std::string(id)});
}

std::vector<Target> targets(sql::Transaction& transaction, const TargetKey& key) {
    std::vector<Target> made;
    for (const auto& row : transaction.query(
             "SELECT org, amount, set_at, set_by, set_by_name FROM insight_targets "
             "WHERE product = $1 AND measure = $2 AND per = $3 AND starts_on = $4 ORDER BY org",
             {key.product, key.measure, key.per, std::int64_t{key.starts_on}}))
        made.push_back({row.text(0), Decimal::from_scaled(row.integer(1)), row.time(2),
                        row.text(3), row.text(4)});
    return made;
}

void put(sql::Transaction& transaction, const TargetKey& key, const Target& target) {
    transaction.execute(
        "INSERT INTO insight_targets (product, org, measure, per, starts_on, amount, set_at, "
        "set_by, set_by_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
        "ON CONFLICT (product, org, measure, per, starts_on) DO UPDATE SET "
        "amount = excluded.amount, set_at = excluded.set_at, set_by = excluded.set_by, "
        "set_by_name = excluded.set_by_name",
        {key.product, target.org, key.measure, key.per, std::int64_t{key.starts_on},
         target.amount.scaled(), sql::param(target.set_at), target.set_by, target.set_by_name});
}

void remove(sql::Transaction& transaction, const TargetKey& key, std::string_view org) {
    transaction.execute(
        "DELETE FROM insight_targets WHERE product = $1 AND measure = $2 AND per = $3 "
        "AND starts_on = $4 AND org = $5",
        {key.product, key.measure, key.per, std::int64_t{key.starts_on}, std::string(org)});
}

}  // namespace qiao::insight::queries
