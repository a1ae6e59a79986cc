// The audiences of the bank: create, change, clone, archive, versions, and who uses them.
//
// Rules are checked before they are kept: their form, every name in them, no circle of references,
// and for real-time audiences that a shard can decide them. Copies never take members along.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit.hpp"
#include "access/principal.hpp"
#include "audience/audience.hpp"
#include "audience/vocabulary.hpp"
#include "runtime/clock.hpp"
#include "sql/database.hpp"

namespace qiao::audience {

struct Draft {
    std::string name, description, rule;
    Refresh refresh = Refresh::manual;
    std::string id = {};  // from new_id(); empty: a new one
};
struct Change {
    std::optional<std::string> name, description, rule;
    std::optional<Refresh> refresh;
    std::optional<State> state;
};
struct Filter {
    std::string text;  // part of the name or description
    std::optional<State> state;
    std::string after;  // id of the last item of the page before
    std::size_t limit = 50;
};

class Audiences {
public:
    // Reads all rules into the rule book of `vocabularies`.
    Audiences(sql::Database& database, Vocabularies& vocabularies, access::AuditLog& audit,
              const Clock& clock);

    // What belongs to the creation is written by `also`, in its transaction.
    // Errors: audience.name, rule.*, audience.not_realtime.
    using Also = std::function<void(sql::Transaction&)>;
    Result<Audience> create(const Draft& draft, const access::Principal& who,
                            const Also& also = {});
    // `expected_version` 0 takes any. Errors: those of create, audience.not_found, audience.stale,
    // audience.in_use (archiving what others use).
    Result<Audience> change(std::string_view id, const Change& change,
                            std::int64_t expected_version, const access::Principal& who);
    // A copy with another id and without members. An empty name makes "name (copy)".
    Result<Audience> clone(std::string_view id, std::string name, const access::Principal& who);

    Result<Audience> get(std::string_view id) const;
    std::vector<Audience> list(const Filter& filter) const;  // newest first
    Result<std::vector<Version>> versions(std::string_view id) const;
    Result<std::vector<CountPoint>> history(std::string_view id, std::size_t limit) const;
    std::vector<User> used_by(std::string_view id) const;

    // Adds a point to the history; one that says the same as the last two replaces the last.
    void record_count(std::string_view id, const CountPoint& point);

    // Called after a change of any audience is durable, on the thread that made it.
    void on_change(std::function<void()> listener) { listener_ = std::move(listener); }

private:
    Result<void> check_rule(std::string_view id, const std::string& rule, Refresh refresh) const;
    Result<void> check_users(std::string_view id, const std::string& rule) const;
    Result<Audience> insert(const Audience& audience, std::string_view change,
                            const access::Principal& who, const Also& also = {});
    Result<Audience> write(Audience audience, const Change& change, const access::Principal& who,
                           sql::Transaction& transaction);
    void changed() const {
        if (listener_)
            listener_();
    }

    sql::Database& database_;
    Vocabularies& vocabularies_;
    access::AuditLog& audit_;
    const Clock& clock_;
    std::function<void()> listener_;
};

// Says which audiences an object of another module uses, in that module's own transaction; an empty
// list says that it uses none any more.
void set_references(sql::Transaction& transaction, std::string_view kind, std::string_view id,
                    std::string_view name, const std::vector<std::string>& audiences);

}  // namespace qiao::audience
