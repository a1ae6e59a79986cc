// The audit log: who changed or looked at what, when and why. Append-only, a chain of hashes.
//
// The hash of an entry is SHA-256 over the hash before it and the entry's fields
// (docs/formats/audit.md), so that no entry can be changed or taken out unseen. Removing the newest
// entries shows only against a head that was noted elsewhere. Entries hold no personal data: a
// customer is named by id. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/principal.hpp"
#include "base/time.hpp"
#include "runtime/clock.hpp"
#include "sql/database.hpp"

namespace qiao::access {

// One thing that was done. `action` is "module.verb" in the past or a noun ("audience.updated",
// "customer.seen"); `object` is an id or a code; `summary` is a sentence part for people.
struct AuditNote {
    std::string action;
    std::string object;
    std::string summary = {};
    std::string why = {};
};

struct AuditEntry {
    std::int64_t seq = 0;
    Time at;
    std::string who, who_name;
    AuditNote note;
    std::string hash;
};

struct AuditQuery {
    std::string who;          // a principal's id, or a part of a name; empty: any
    std::string action;       // a part of it: "audience." finds all of the module
    std::string object;       // the whole of it
    std::int64_t before = 0;  // only smaller seq; 0: from the newest
    std::size_t limit = 50;
};

struct AuditVerdict {
    bool ok = false;
    std::int64_t entries = 0;
    std::string head;            // hash of the last sound entry; 64 zeros for an empty log
    std::int64_t broken_at = 0;  // seq of the first entry that does not fit; 0 where ok
};

class AuditLog {
public:
    AuditLog(sql::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

    // Commits or falls with the change that it records.
    void add(sql::Transaction& transaction, const Principal& who, const AuditNote& note);
    // In a transaction of its own: for looks, and for changes kept outside SQL.
    void add(const Principal& who, const AuditNote& note);

    std::vector<AuditEntry> list(const AuditQuery& query) const;  // newest first
    AuditVerdict verify() const;

private:
    sql::Database& database_;
    const Clock& clock_;
};

}  // namespace qiao::access
