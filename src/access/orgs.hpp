// The organisation of the bank, kept in SQL and as one snapshot in memory. Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "access/audit.hpp"
#include "access/org_tree.hpp"

namespace qiao::access {

struct OrgChange {
    std::optional<std::string> name, parent, kind;
};

class Orgs {
public:
    Orgs(sql::Database& database, const Clock& clock, AuditLog& audit);

    // The tree as it is now; a later change makes a new one. Cheap: copy it once per request or
    // plan.
    std::shared_ptr<const OrgTree> tree() const;
    bool in_scope(std::string_view principal_org, std::string_view customer_org) const {
        return tree()->in_scope(principal_org, customer_org);
    }
    std::vector<std::string> subtree(std::string_view code) const { return tree()->subtree(code); }
    std::string name_of(std::string_view code) const;  // empty where unknown

    // Errors: those of judge_org; `access.org_exists`, `access.org_not_found`, `access.org_in_use`
    // (it has units or people below), `access.out_of_scope`, stale `access.stale`.
    Result<Org> create(const Principal& who, Org org);
    Result<Org> update(const Principal& who, std::string_view code, const OrgChange& change,
                       std::optional<std::int64_t> expected_version);
    Result<void> remove(const Principal& who, std::string_view code);
    // Many at once, in any order (the demo bank, an import); units that exist are updated.
    Result<void> put_all(const Principal& who, const std::vector<Org>& orgs);

    // Called after each change has committed, on the changing thread; register before serving.
    void on_change(std::function<void()> listener);

private:
    void commit(sql::Transaction& transaction);

    sql::Database& database_;
    const Clock& clock_;
    AuditLog& audit_;
    mutable std::mutex mutex_;
    std::shared_ptr<const OrgTree> tree_;
    std::vector<std::function<void()>> listeners_;
};

}  // namespace qiao::access
