// The list of work items of all systems: what is to be done, why, where to look, and by whom.
// Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit.hpp"
#include "access/orgs.hpp"
#include "sql/database.hpp"

namespace qiao::work {

struct Item {
    std::string id;               // "wrk_…"
    std::string kind = "manual";  // which part of Qiao opened it: alert, manual
    std::string title;            // what is to be done
    std::string why;              // in words, may be empty where figures say it
    std::string figures = "{}";   // JSON object that the kind explains
    std::string link;             // an address of the console, may be empty
    std::string subject;          // what it is about, such as "alr_…"
    std::string org;              // whose customers it is about; empty: the whole bank
    std::string assignee;         // "usr_…"; empty: nobody yet
    bool is_done = false;
    std::string note;  // what was done
    std::int64_t version = 1;
    Time created_at{}, updated_at{};
    std::string created_by, updated_by;
};

struct ItemChange {
    std::optional<std::string> title, why, link, assignee, note;
    std::optional<bool> is_done;
};

struct ItemFilter {
    std::optional<bool> is_done;
    bool is_mine = false;  // assigned to who asks
    std::string subject;   // empty: any
    std::string before;    // only older ids; empty: from the newest
    std::size_t limit = 50;
};

class Items {
public:
    Items(sql::Database& database, access::AuditLog& audit, const access::Orgs& orgs,
          const Clock& clock)
        : database_(database), audit_(audit), orgs_(orgs), clock_(clock) {}

    // By Qiao itself, with what caused it. One subject has at most one open item: another answers
    // the id of the first.
    std::string open(sql::Transaction& transaction, Item item, const access::Principal& by);

    // By a person. Errors: invalid `work.item` with pointers.
    Result<Item> create(const ItemChange& draft, const access::Principal& who);
    // By its assignee, its maker, or whoever edits boards and sees its unit. Errors also: not_found
    // `work.no_item`, forbidden `work.not_yours`, `work.stale`.
    Result<Item> change(std::string_view id, const ItemChange& change,
                        std::optional<std::int64_t> expected_version, const access::Principal& who);
    Result<Item> get(std::string_view id, const access::Principal& who) const;
    std::vector<Item> list(const ItemFilter& filter, const access::Principal& who) const;
    std::size_t open_of(std::string_view person) const;  // how many wait for this person

private:
    bool sees(const access::Principal& who, const Item& item) const;
    Item shown(Item item, const access::Principal& who) const;

    sql::Database& database_;
    access::AuditLog& audit_;
    const access::Orgs& orgs_;
    const Clock& clock_;
};

}  // namespace qiao::work
