#include <map>

#include "base/check.hpp"
#include "sql/database.hpp"

namespace qiao::sql {

namespace {

std::map<std::int64_t, std::string> applied_migrations(Database& database) {
    database.execute(
        "CREATE TABLE IF NOT EXISTS sql_migrations ("
        "number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)");
    std::map<std::int64_t, std::string> applied;
    for (const auto& row : database.query("SELECT number, name FROM sql_migrations"))
        applied.emplace(row.integer(0), row.text(1));
    return applied;
}

void apply_migration(Database& database, const Migration& migration, Time now) {
    auto transaction = database.begin();
    transaction->script(migration.sql);
    transaction->execute(
        "INSERT INTO sql_migrations (number, name, applied_at) VALUES ($1, $2, $3)",
        {std::int64_t{migration.number}, std::string(migration.name), param(now)});
    transaction->commit();
}

}  // namespace

Result<void> migrate(Database& database, const std::vector<Migration>& migrations, Time now) {
    const auto applied = applied_migrations(database);
    std::map<std::int64_t, const Migration*> known;
    for (const auto& migration : migrations)
        check(known.emplace(migration.number, &migration).second);

    for (const auto& [number, name] : applied) {
        const auto found = known.find(number);
        if (found == known.end() || found->second->name != name)
            return fail(
                ErrorCode::conflict, "sql.newer_schema",
                "the database was written by another version of Qiao (it holds the change " + name +
                    "); start that version or a newer one");
    }
    for (const auto& [number, migration] : known)
        if (!applied.contains(number))
            apply_migration(database, *migration, now);
    return {};
}

}  // namespace qiao::sql
