// What a unit of the organisation is to reach: a number for a product, a measure, a unit of time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/audit.hpp"
#include "access/orgs.hpp"
#include "base/decimal.hpp"
#include "runtime/clock.hpp"
#include "sql/database.hpp"

namespace qiao::insight {

struct TargetKey {
    std::string product, measure;  // measure: a name of league_rules.hpp
    std::string per;               // "day", "week", "month"
    Day starts_on = 0;             // the first day of the unit
};
struct Target {
    std::string org;
    Decimal amount;  // from 0; of a rate: 0.25 is a quarter
    Time set_at{};
    std::string set_by, set_by_name;
};

// Thread-safe.
class Targets {
public:
    Targets(sql::Database& database, const access::Orgs& orgs, access::AuditLog& audit,
            const Clock& clock)
        : database_(database), orgs_(orgs), audit_(audit), clock_(clock) {}

    // Nothing takes the target away. The audit log says who set what. Errors: access.out_of_scope,
    // access.org_not_found, insight.product_not_found, insight.target (below 0).
    Result<void> set(const TargetKey& key, std::string_view org, std::optional<Decimal> amount,
                     const access::Principal& who);
    // Those of units that `who` may see, by code.
    std::vector<Target> list(const TargetKey& key, const access::Principal& who) const;

private:
    sql::Database& database_;
    const access::Orgs& orgs_;
    access::AuditLog& audit_;
    const Clock& clock_;
};

}  // namespace qiao::insight
