#include "insight/annotations_sql.hpp"

namespace qiao::insight::queries {
namespace {

constexpr std::string_view columns =
    "SELECT id, day, kind, text, version, created_at, created_by, updated_at, updated_by "
    "FROM insight_annotations ";

Annotation annotation_of(const sql::Row& row) {
    Annotation made;
    made.id = row.text(0);
    made.day = static_cast<Day>(row.integer(1));
    made.kind = row.text(2);
    made.text = row.text(3);
    made.version = row.integer(4);
    made.created_at = row.time(5);
    made.created_by = row.text(6);
    made.updated_at = row.time(7);
    made.updated_by = row.text(8);
    return made;
}

}  // namespace

std::optional<Annotation> find_annotation(sql::Transaction& transaction, std::string_view id) {
    const auto row =
        transaction.query_one(std::string(columns) + "WHERE id = $1", {std::string(id)});
    if (!row)
        return std::nullopt;
    return annotation_of(*row);
}

std::vector<Annotation> annotations_between(sql::Transaction& transaction, Day from, Day until) {
    std::vector<Annotation> made;
    for (const auto& row : transaction.query(
             std::string(columns) + "WHERE day >= $1 AND day <= $2 ORDER BY day, id LIMIT 500",
             {std::int64_t{from}, std::int64_t{until}}))
        made.push_back(annotation_of(row));
    return made;
}

void put(sql::Transaction& transaction, const Annotation& annotation) {
    transaction.execute(
        "INSERT INTO insight_annotations (id, day, kind, text, version, created_at, created_by, "
        "updated_at, updated_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
        "ON CONFLICT (id) DO UPDATE SET day = excluded.day, kind = excluded.kind, "
        "text = excluded.text, version = excluded.version, updated_at = excluded.updated_at, "
        "updated_by = excluded.updated_by",
        {annotation.id, std::int64_t{annotation.day}, annotation.kind, annotation.text,
         annotation.version, sql::param(annotation.created_at), annotation.created_by,
         sql::param(annotation.updated_at), annotation.updated_by});
}

void remove_annotation(sql::Transaction& transaction, std::string_view id) {
    transaction.execute("DELETE FROM insight_annotations WHERE id = $1", {std::string(id)});
}

}  // namespace qiao::insight::queries
