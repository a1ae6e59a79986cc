// Alerts: metrics that are watched, and people who are told when one is out of line.
//
// An alert looks at the last whole unit of its metric, once, at its time of the institution's day,
// as its owner (who made it) would see it then. An episode - from the first unit out of line to the
// first one back in line - tells its recipients once and opens one work item. A number is shown
// only to people who see the owner's part of the bank. Thread-safe.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/access.hpp"
#include "insight/alert_rules.hpp"
#include "insight/metrics.hpp"
#include "work/items.hpp"
#include "work/notices.hpp"

namespace qiao::insight {

struct AlertCheck {
    Day unit = 0;  // its first day
    std::optional<Decimal> value;
    Verdict verdict;
};

struct Alert {
    std::string id;  // "alr_…"
    std::string name;
    std::string metric;                   // JSON of the question; its period does not matter
    std::string rule;                     // JSON, see parse_alert_rule
    int minute = 8 * 60;                  // of the institution's day, when it is checked
    std::vector<std::string> recipients;  // people
    std::string assignee;                 // of its work items; empty: nobody yet
    bool opens_item = true;
    bool active = true;
    std::int64_t version = 1;
    Time created_at{}, updated_at{};
    std::string created_by, updated_by;

    std::string org;  // the owner's part of the bank
    AlertState state = AlertState::ok;
    std::optional<Time> since;    // of the state, but for ok from the beginning
    std::string acknowledged_by;  // of acknowledged
    std::optional<Day> checked_unit;
    std::optional<Time> checked_at;
    std::string problem;  // why the last check had no number; a sentence
};

struct AlertChange {
    std::optional<std::string> name, metric, rule, assignee;
    std::optional<int> minute;
    std::optional<std::vector<std::string>> recipients;
    std::optional<bool> opens_item, active;
};

struct AlertPreview {
    std::vector<AlertCheck> checks;  // the oldest first
    std::size_t episodes = 0;
};

class Alerts {
public:
    struct Parts {
        sql::Database& database;
        access::AuditLog& audit;
        const access::Access& access;
        const access::Orgs& orgs;
        const Metrics& metrics;
        work::Items& items;
        work::Notices& notices;
        const Calendar& calendar;
        const Clock& clock;
    };
    explicit Alerts(const Parts& parts) : parts_(parts) {}

    // Errors: invalid `insight.alert` with pointers, those of parse_metric and of its names, under
    // /metric.
    Result<Alert> create(const AlertChange& draft, const access::Principal& who);
    // Another metric or rule begins anew. Errors also: not_found `insight.no_alert`,
    // `insight.stale`.
    Result<Alert> change(std::string_view id, const AlertChange& change,
                         std::optional<std::int64_t> expected_version,
                         const access::Principal& who);
    Result<void> remove(std::string_view id, const access::Principal& who);
    // Error also: conflict `insight.not_firing`.
    Result<Alert> acknowledge(std::string_view id, const access::Principal& who);
    Result<Alert> get(std::string_view id, const access::Principal& who) const;
    std::vector<Alert> list(const access::Principal& who) const;  // newest first
    // What was seen of the last 400 units, the oldest first.
    Result<std::vector<AlertCheck>> checks(std::string_view id, const access::Principal& who) const;

    // How the rule would have judged the last 90 days, 52 weeks or 24 months, as `who` sees them.
    // Errors: those of create, with pointers /metric and /rule, and those of Metrics::ask.
    Result<AlertPreview> preview(std::string_view metric, std::string_view rule,
                                 const access::Principal& who) const;

    // Checks whatever is due. For a periodic job (each minute) and the test clock.
    void run_due();

private:
    struct Sound {
        MetricQuestion question;
        AlertRule rule;
    };
    Result<Sound> sound(std::string_view metric, std::string_view rule) const;
    Result<void> check_draft(const Alert& alert) const;
    bool sees(const access::Principal& who, const Alert& alert) const;
    // The numbers of the units from `first` to `last`; those before the first number are none.
    Result<Numbers> line(std::string_view metric, Per per, Day first, Day last,
                         const access::Principal& who) const;
    Result<AlertCheck> look(const Alert& alert, const Sound& sound, Day unit,
                            const access::Principal& owner) const;
    void check_one(const Alert& alert);
    void settle(const Alert& seen, Day unit, const access::Principal& owner,
                const Result<AlertCheck>& found);
    void tell(sql::Transaction& transaction, const Alert& alert, const AlertCheck& check);

    Parts parts_;
    std::mutex running_;
};

}  // namespace qiao::insight
