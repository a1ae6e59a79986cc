#include "audience/publications_sql.hpp"

#include "base/check.hpp"

namespace qiao::audience {

std::string_view name_of(SubjectKind kind) {
    switch (kind) {
        case SubjectKind::audience:
            return "audience";
        case SubjectKind::tag:
            return "tag";
        case SubjectKind::stage:
            return "stage";
    }
    check(false);
    return {};
}

SubjectKind subject_kind_of_name(std::string_view name) {
    return name == "tag"     ? SubjectKind::tag
           : name == "stage" ? SubjectKind::stage
                             : SubjectKind::audience;
}

namespace queries {

std::vector<Publication> publications(sql::Transaction& transaction) {
    std::vector<Publication> found;
    for (const auto& row :
         transaction.query("SELECT subject, kind, name, version, config_version, frozen, stage "
                           "FROM audience_publications ORDER BY subject"))
        found.push_back(
            {{row.text(0), subject_kind_of_name(row.text(1)), row.text(2), row.integer(3),
              row.integer(4), row.text(5)},
             row.text(6) == "live"});
    return found;
}

void put_publication(sql::Transaction& transaction, const Publication& publication) {
    const auto& definition = publication.definition;
    transaction.execute(
        "INSERT INTO audience_publications (subject, kind, name, version, config_version, frozen, "
        "stage) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (subject) DO UPDATE SET "
        "kind = excluded.kind, name = excluded.name, version = excluded.version, "
        "config_version = excluded.config_version, frozen = excluded.frozen, "
        "stage = excluded.stage",
        {definition.subject, std::string(name_of(definition.kind)),
         definition.name, definition.version, definition.config, definition.frozen,
         std::string(publication.live ? "live" : "announced")});
}

std::int64_t next_config(sql::Transaction& transaction) {
    const auto row = transaction.query_one(
        "UPDATE audience_config SET value = value + 1 WHERE name = 'config_version' "
        "RETURNING value");
    return row->integer(0);
}

std::optional<Run> last_run(sql::Transaction& transaction, std::string_view subject) {
    const auto row = transaction.query_one(
        "SELECT run, version, finished_at FROM audience_runs WHERE subject = $1",
        {std::string(subject)});
    if (!row)
        return std::nullopt;
    return Run{row->integer(0), row->integer(1), row->time(2)};
}

void put_run(sql::Transaction& transaction, std::string_view subject, const Run& run) {
    transaction.execute(
        "INSERT INTO audience_runs (subject, run, version, finished_at) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (subject) DO UPDATE SET run = excluded.run, version = excluded.version, "
        "finished_at = excluded.finished_at",
        {std::string(subject), run.run, run.version, sql::param(run.finished_at)});
}

}  // namespace queries

}  // namespace qiao::audience
