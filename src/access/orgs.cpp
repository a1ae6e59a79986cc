#include "access/orgs.hpp"

#include <map>

#include "access/detail/versions.hpp"

namespace qiao::access {

namespace {

std::shared_ptr<const OrgTree> read_tree(sql::Transaction& transaction) {
    std::vector<Org> orgs;
    for (const auto& row : transaction.query(
             "SELECT code, name, parent, kind, version, created_at, updated_at, created_by "
             "FROM access_orgs"))
        orgs.push_back({row.text(0), row.text(1), row.text(2), row.text(3), row.integer(4),
                        row.time(5), row.time(6), row.text(7)});
    return std::make_shared<const OrgTree>(std::move(orgs));
}

void write_org(sql::Transaction& transaction, const Org& org) {
    transaction.execute(
        "INSERT INTO access_orgs (code, name, parent, kind, version, created_at, updated_at, "
        "created_by) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (code) DO UPDATE SET "
        "name = $2, parent = $3, kind = $4, version = $5, updated_at = $7",
        {org.code, org.name, org.parent, org.kind, org.version, sql::param(org.created_at),
         sql::param(org.updated_at), org.created_by});
}

std::string said_of_org(const Org& org) {
    return org.kind + " " + org.name + (org.parent.empty() ? "" : " below " + org.parent);
}

Result<void> judge_scope(const OrgTree& tree, const Principal& who, std::string_view org) {
    if (tree.in_scope(who.org, org))
        return {};
    return fail(ErrorCode::forbidden, "access.out_of_scope",
                "this unit is outside the part of the bank that you look after");
}

// Orders units so that each stands after its parent, as far as both are in the list. What hangs on
// a cycle comes last, and is refused there.
std::vector<Org> parents_first(const std::vector<Org>& orgs) {
    std::map<std::string, const Org*> waiting;
    for (const auto& org : orgs)
        waiting.insert_or_assign(org.code, &org);
    std::vector<Org> ordered;
    for (bool moved = true; moved;) {
        moved = false;
        for (auto at = waiting.begin(); at != waiting.end();) {
            if (waiting.contains(at->second->parent)) {
                ++at;
                continue;
            }
            ordered.push_back(*at->second);
            at = waiting.erase(at);
            moved = true;
        }
    }
    for (const auto& [code, org] : waiting)
        ordered.push_back(*org);
    return ordered;
}

}  // namespace

Orgs::Orgs(sql::Database& database, const Clock& clock, AuditLog& audit)
    : database_(database), clock_(clock), audit_(audit), tree_(read_tree(*database.read())) {}

std::shared_ptr<const OrgTree> Orgs::tree() const {
    std::lock_guard lock(mutex_);
    return tree_;
}

std::string Orgs::name_of(std::string_view code) const {
    const auto tree_now = tree();
    const auto* org = tree_now->find(code);
    return org == nullptr ? std::string() : org->name;
}

Result<Org> Orgs::create(const Principal& who, Org org) {
    auto transaction = database_.begin();
    const auto tree_now = tree();
    if (tree_now->find(org.code) != nullptr)
        return fail(ErrorCode::conflict, "access.org_exists",
                    "there is a unit with the code " + org.code + " already", "/code");
    if (auto sound = judge_org(*tree_now, org); !sound)
        return fail(sound.error());
    if (auto allowed = judge_scope(*tree_now, who, org.parent); !allowed)
        return fail(allowed.error());

    org.version = 1;
    org.created_at = org.updated_at = clock_.now();
    org.created_by = who.id;
    write_org(*transaction, org);
    audit_.add(*transaction, who, {"org.created", org.code, said_of_org(org)});
    commit(*transaction);
    return org;
}

Result<Org> Orgs::update(const Principal& who, std::string_view code, const OrgChange& change,
                         std::optional<std::int64_t> expected_version) {
    auto transaction = database_.begin();
    const auto tree_now = tree();
    const auto* found = tree_now->find(code);
    if (found == nullptr)
        return fail(ErrorCode::not_found, "access.org_not_found", "there is no such unit");
    auto org = *found;
    if (auto fresh = detail::judge_version(org.version, expected_version); !fresh)
        return fail(fresh.error());
    if (change.name)
        org.name = *change.name;
    if (change.parent)
        org.parent = *change.parent;
    if (change.kind)
        org.kind = *change.kind;
    if (auto sound = judge_org(*tree_now, org); !sound)
        return fail(sound.error());
    if (auto allowed = judge_scope(*tree_now, who, code); !allowed)
        return fail(allowed.error());
    if (org.parent != found->parent)
        if (auto allowed = judge_scope(*tree_now, who, org.parent); !allowed)
            return fail(allowed.error());

    ++org.version;
    org.updated_at = clock_.now();
    write_org(*transaction, org);
    audit_.add(*transaction, who, {"org.updated", org.code, said_of_org(org)});
    commit(*transaction);
    return org;
}

Result<void> Orgs::remove(const Principal& who, std::string_view code) {
    auto transaction = database_.begin();
    const auto tree_now = tree();
    const auto* org = tree_now->find(code);
    if (org == nullptr)
        return fail(ErrorCode::not_found, "access.org_not_found", "there is no such unit");
    if (auto allowed = judge_scope(*tree_now, who, code); !allowed)
        return fail(allowed.error());
    const auto used = transaction->query_one(
        "SELECT (SELECT count(*) FROM access_people WHERE org = $1) + "
        "(SELECT count(*) FROM access_tokens WHERE org = $1)",
        {std::string(code)});
    if (tree_now->subtree(code).size() > 1 || used->integer(0) > 0)
        return fail(ErrorCode::conflict, "access.org_in_use",
                    "units, people or tokens belong to this unit; move or remove them first");

    transaction->execute("DELETE FROM access_orgs WHERE code = $1", {std::string(code)});
    audit_.add(*transaction, who, {"org.removed", org->code, said_of_org(*org)});
    commit(*transaction);
    return {};
}

Result<void> Orgs::put_all(const Principal& who, const std::vector<Org>& orgs) {
    auto transaction = database_.begin();
    auto tree_then = tree();
    const auto now = clock_.now();
    for (auto org : parents_first(orgs)) {
        if (auto sound = judge_org(*tree_then, org); !sound)
            return fail(sound.error());
        if (auto allowed = judge_scope(*tree_then, who, org.parent); !allowed)
            return fail(allowed.error());
        const auto* existing = tree_then->find(org.code);
        org.version = existing ? existing->version + 1 : 1;
        org.created_at = existing ? existing->created_at : now;
        org.updated_at = now;
        org.created_by = who.id;
        write_org(*transaction, org);
        tree_then = read_tree(*transaction);
    }
    audit_.add(*transaction, who,
               {"org.put_all", "", std::to_string(orgs.size()) + " units created or updated"});
    commit(*transaction);
    return {};
}

// The tree is read before the commit, so that a lost connection cannot leave an old one behind.
void Orgs::commit(sql::Transaction& transaction) {
    transaction.on_commit([this, next = read_tree(transaction)] {
        std::lock_guard lock(mutex_);
        tree_ = next;
    });
    transaction.commit();
    for (const auto& listener : listeners_)
        listener();
}

void Orgs::on_change(std::function<void()> listener) { listeners_.push_back(std::move(listener)); }

}  // namespace qiao::access
