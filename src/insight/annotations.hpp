// Annotations: notes on days that every chart over time shows, such as a release or a holiday.
//
// They are the whole bank's: everyone sees them, whoever edits boards may change them, and each
// change is in the audit log. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit.hpp"
#include "sql/database.hpp"

namespace qiao::insight {

struct Annotation {
    std::string id;              // "ann_…"
    Day day = 0;                 // of the institution
    std::string kind = "other";  // release, holiday, campaign, incident, other
    std::string text;
    std::int64_t version = 1;
    Time created_at{}, updated_at{};
    std::string created_by, updated_by;  // principals
};

struct AnnotationChange {
    std::optional<Day> day;
    std::optional<std::string> kind, text;
};

class Annotations {
public:
    Annotations(sql::Database& database, access::AuditLog& audit, const Clock& clock)
        : database_(database), audit_(audit), clock_(clock) {}

    // Errors: invalid `insight.annotation` with pointers.
    Result<Annotation> create(const AnnotationChange& draft, const access::Principal& who);
    // Errors also: not_found `insight.no_annotation`, `insight.stale`.
    Result<Annotation> change(std::string_view id, const AnnotationChange& change,
                              std::optional<std::int64_t> expected_version,
                              const access::Principal& who);
    Result<void> remove(std::string_view id, const access::Principal& who);
    Result<Annotation> get(std::string_view id) const;
    // Of the days from `from` to `until`, both included; the earliest day first, at most 500.
    std::vector<Annotation> list(Day from, Day until) const;

private:
    sql::Database& database_;
    access::AuditLog& audit_;
    const Clock& clock_;
};

}  // namespace qiao::insight
