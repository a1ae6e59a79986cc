// Spending on origins of customers beside the messages: an advertisement, a poster, a partner's
// fee.
//
// An entry names where the people came from as questions split them: by a tag or a property, and
// its value. It is spread evenly over its days, which are the institution's. Entries are the whole
// bank's; each change is in the audit log. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit.hpp"
#include "base/decimal.hpp"
#include "base/rule.hpp"
#include "sql/database.hpp"

namespace qiao::insight {

inline constexpr std::string_view usual_origin = "tag:origin";

struct Spending {
    std::string id;                // "spd_…"
    std::string by{usual_origin};  // as a question's "by"
    std::string origin;            // its value, as text
    Day from = 0, to = 0;          // both included
    Decimal amount;                // CNY, from 0
    std::string note;
    std::int64_t version = 1;
    Time created_at{}, updated_at{};
    std::string created_by, updated_by;  // principals
};
inline constexpr Day most_spending_days = 1'100;  // of an entry

// The part of it that falls into a period, scaled by 10^4. Parts of periods that follow each other
// add up to the whole.
std::int64_t spent_in(const Spending& spending, const rule::Interval& interval,
                      const Calendar& calendar);

struct SpendingChange {
    std::optional<std::string> by, origin, note;
    std::optional<Day> from, to;
    std::optional<Decimal> amount;
};

class SpendingBook {
public:
    SpendingBook(sql::Database& database, access::AuditLog& audit, const Clock& clock)
        : database_(database), audit_(audit), clock_(clock) {}

    // Errors: invalid `insight.spending` with pointers.
    Result<Spending> create(const SpendingChange& draft, const access::Principal& who);
    // Errors also: not_found `insight.no_spending`, `insight.stale`.
    Result<Spending> change(std::string_view id, const SpendingChange& change,
                            std::optional<std::int64_t> expected_version,
                            const access::Principal& who);
    Result<void> remove(std::string_view id, const access::Principal& who);
    Result<Spending> get(std::string_view id) const;
    // What touches the days from `from` to `to`, both included; the latest first.
    std::vector<Spending> list(Day from, Day to) const;

private:
    sql::Database& database_;
    access::AuditLog& audit_;
    const Clock& clock_;
};

}  // namespace qiao::insight
