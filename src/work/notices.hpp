// What one person of the bank is told: under the bell of the console, and by e-mail. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/orgs.hpp"
#include "access/principal.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "runtime/clock.hpp"
#include "sql/database.hpp"

namespace qiao::work {

struct Notice {
    std::string id;      // "ntc_…"
    std::string person;  // "usr_…"
    std::string kind;    // which part of Qiao tells it: alert
    std::string title;
    std::string figures = "{}";  // JSON object that the kind explains
    std::string link;            // an address of the console
    Time at{};
    bool is_read = false;
    std::string org;  // whose numbers it tells; empty: the whole bank's
};

class Notices {
public:
    Notices(sql::Database& database, const access::Orgs& orgs, const Clock& clock)
        : database_(database), orgs_(orgs), clock_(clock) {}

    // With what caused it; its id and time are made here.
    void add(sql::Transaction& transaction, Notice notice);

    std::vector<Notice> list(const access::Principal& who, bool only_unread,
                             std::size_t limit) const;
    // Without figures and link for who does not see that part of the bank (any more).
    Notice shown(Notice notice, const access::Principal& who) const;
    std::size_t unread(std::string_view person) const;
    // Error: not_found `work.no_notice`.
    Result<void> mark_read(std::string_view person, std::string_view id);
    void mark_all_read(std::string_view person);
    void purge();  // those older than 90 days

    // For who sends e-mail. A notice is taken once; what could not leave is given back, at most
    // five times. One that may have left is not sent again.
    std::optional<Notice> take_unmailed();
    enum class Mailed : std::uint8_t { sent, none, failed, again };
    void settle_mail(std::string_view id, Mailed how);

private:
    sql::Database& database_;
    const access::Orgs& orgs_;
    const Clock& clock_;
};

}  // namespace qiao::work
