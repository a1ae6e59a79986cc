#include "dictionary/dictionary_sql.hpp"

#include <algorithm>

#include "dictionary/usage.hpp"

namespace qiao::dictionary {

namespace {

constexpr std::string_view select_definitions =
    "SELECT kind, name, name_zh, name_en, meaning, owner, source, update_frequency, remarks, "
    "example, "
    "unit, type, data_class, status, identity_kind, tag_kind, definition, refresh, created_at, "
    "created_by, updated_at, version FROM dictionary_definitions ORDER BY kind, name";

constexpr std::string_view insert_definition =
    "INSERT INTO dictionary_definitions (kind, name, name_zh, name_en, meaning, owner, source, "
    "update_frequency, remarks, example, unit, type, data_class, status, identity_kind, tag_kind, "
    "definition, refresh, created_at, created_by, updated_at, version) VALUES ($1, $2, $3, $4, $5, "
    "$6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22) "
    "ON CONFLICT (kind, name) DO ";

constexpr std::string_view overwrite =
    "UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en, meaning = "
    "excluded.meaning, "
    "owner = excluded.owner, source = excluded.source, update_frequency = "
    "excluded.update_frequency, remarks = excluded.remarks, example = excluded.example, unit = "
    "excluded.unit, type = excluded.type, data_class = excluded.data_class, status = "
    "excluded.status, identity_kind = excluded.identity_kind, tag_kind = excluded.tag_kind, "
    "definition = excluded.definition, refresh = excluded.refresh, updated_at = "
    "excluded.updated_at, version = excluded.version";

std::vector<sql::Param> params_of(const Definition& d) {
    return {std::string(name_of(d.kind)),
            d.name,
            d.name_zh,
            d.name_en,
            d.meaning,
            d.owner,
            d.source,
            d.update_frequency,
            d.remarks,
            d.example,
            d.unit,
            std::string(name_of(d.type)),
            std::string(name_of(d.data_class)),
            std::string(name_of(d.status)),
            d.identity_kind,
            d.tag_kind,
            d.definition,
            d.refresh,
            sql::param(d.created_at),
            d.created_by,
            sql::param(d.updated_at),
            d.version};
}

Definition definition_of(const sql::Row& row) {
    Definition d;
    d.kind = kind_of_name(row.text(0)).value();
    d.name = row.text(1);
    d.name_zh = row.text(2);
    d.name_en = row.text(3);
    d.meaning = row.text(4);
    d.owner = row.text(5);
    d.source = row.text(6);
    d.update_frequency = row.text(7);
    d.remarks = row.text(8);
    d.example = row.text(9);
    d.unit = row.text(10);
    d.type = value_type_of_name(row.text(11)).value();
    d.data_class = data_class_of_name(row.text(12)).value();
    d.status = status_of_name(row.text(13)).value();
    d.identity_kind = row.text(14);
    d.tag_kind = row.text(15);
    d.definition = row.text(16);
    d.refresh = row.text(17);
    d.created_at = row.time(18);
    d.created_by = row.text(19);
    d.updated_at = row.time(20);
    d.version = row.integer(21);
    return d;
}

void add_values(sql::Transaction& transaction, const sql::Param& kind, const std::string& name,
                const UsageChange& change) {
    for (const auto& [value, count] : change.values)
        transaction.execute(
            "INSERT INTO dictionary_values (kind, name, value, total) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (kind, name, value) DO UPDATE SET total = dictionary_values.total + "
            "excluded.total",
            {kind, name, value, static_cast<std::int64_t>(count)});
    if (!change.values.empty())
        transaction.execute(
            "DELETE FROM dictionary_values WHERE kind = $1 AND name = $2 AND value NOT IN (SELECT "
            "value FROM dictionary_values WHERE kind = $1 AND name = $2 ORDER BY total DESC, value "
            "LIMIT $3)",
            {kind, name, static_cast<std::int64_t>(Usage::max_values)});
}

void add_counts(sql::Transaction& transaction, const sql::Param& kind, const std::string& name,
                const UsageChange& change) {
    transaction.execute(
        "INSERT INTO dictionary_usage (kind, name, first_seen_at, last_seen_at, total) VALUES ($1, "
        "$2, $3, $4, $5) ON CONFLICT (kind, name) DO UPDATE SET last_seen_at = CASE WHEN "
        "excluded.last_seen_at > dictionary_usage.last_seen_at THEN excluded.last_seen_at ELSE "
        "dictionary_usage.last_seen_at END, total = dictionary_usage.total + excluded.total",
        {kind, name, sql::param(change.first), sql::param(change.last),
         static_cast<std::int64_t>(change.count)});
    for (const auto& [day, count] : change.by_day)
        transaction.execute(
            "INSERT INTO dictionary_volume (kind, name, day, total) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (kind, name, day) DO UPDATE SET total = dictionary_volume.total + "
            "excluded.total",
            {kind, name, std::int64_t{day}, static_cast<std::int64_t>(count)});
}

}  // namespace

std::vector<Definition> load_definitions(sql::Transaction& transaction) {
    std::vector<Definition> definitions;
    for (const auto& row : transaction.query(select_definitions))
        definitions.push_back(definition_of(row));
    return definitions;
}

void save_definition(sql::Transaction& transaction, const Definition& definition) {
    transaction.execute(std::string(insert_definition) + std::string(overwrite),
                        params_of(definition));
}

void save_new_definition(sql::Transaction& transaction, const Definition& definition) {
    transaction.execute(std::string(insert_definition) + "NOTHING", params_of(definition));
}

void add_usage(sql::Transaction& transaction, const UsageChanges& changes) {
    for (const auto& [key, change] : changes.names) {
        const sql::Param kind = std::string(name_of(key.first));
        add_counts(transaction, kind, key.second, change);
        add_values(transaction, kind, key.second, change);
    }
    for (const auto& [pair, count] : changes.presence)
        transaction.execute(
            "INSERT INTO dictionary_presence (event, property, total) VALUES ($1, $2, $3) "
            "ON CONFLICT (event, property) DO UPDATE SET total = dictionary_presence.total + "
            "excluded.total",
            {pair.first, pair.second, static_cast<std::int64_t>(count)});
}

std::map<std::string, NameUsage> load_usage(sql::Transaction& transaction, Kind kind, Day today,
                                            const std::string& name) {
    std::map<std::string, NameUsage> all;
    const std::vector<sql::Param> params = {std::string(name_of(kind)), name};
    const std::string of_kind = " WHERE kind = $1 AND ($2 = '' OR name = $2)";
    for (const auto& row : transaction.query(
             "SELECT name, first_seen_at, last_seen_at, total FROM dictionary_usage" + of_kind,
             params)) {
        auto& usage = all[row.text(0)];
        usage.first_seen_at = row.time(1);
        usage.last_seen_at = row.time(2);
        usage.total = static_cast<std::uint64_t>(row.integer(3));
    }
    auto with_days = params;
    with_days.emplace_back(std::int64_t{today} - 6);
    with_days.emplace_back(std::int64_t{today});
    for (const auto& row : transaction.query("SELECT name, day, total FROM dictionary_volume" +
                                                 of_kind + " AND day BETWEEN $3 AND $4",
                                             with_days))
        all[row.text(0)].last_days[row.integer(1) - (today - 6)] =
            static_cast<std::uint64_t>(row.integer(2));
    for (const auto& row : transaction.query("SELECT name, value, total FROM dictionary_values" +
                                                 of_kind + " ORDER BY name, total DESC, value",
                                             params))
        all[row.text(0)].values.emplace_back(row.text(1), row.integer(2));
    if (kind != Kind::property)
        return all;
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> present;  // (with it, all)
    for (const auto& row : transaction.query(
             "SELECT p.property, p.event, p.total, u.total FROM dictionary_presence p JOIN "
             "dictionary_usage u ON u.kind = 'event' AND u.name = p.event WHERE ($1 = '' OR "
             "p.property = $1) ORDER BY p.property, p.event",
             {name})) {
        all[row.text(0)].events.push_back(row.text(1));
        auto& counts = present[row.text(0)];
        counts.first += row.integer(2);
        counts.second += row.integer(3);
    }
    for (const auto& [property, counts] : present)
        all[property].null_rate =
            1.0 - static_cast<double>(counts.first) /
                      static_cast<double>(std::max<std::int64_t>(1, counts.second));
    return all;
}

std::vector<std::pair<std::string, std::string>> load_presence(sql::Transaction& transaction) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& row : transaction.query(
             "SELECT event, property FROM dictionary_presence ORDER BY event, property"))
        pairs.emplace_back(row.text(0), row.text(1));
    return pairs;
}

}  // namespace qiao::dictionary
