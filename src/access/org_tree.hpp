// The organisation as a tree that never changes: head office, branches, outlets.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace qiao::access {

struct Org {
    std::string code;  // the bank's own: "3301"
    std::string name;
    std::string parent;  // empty for the top
    std::string kind;    // "head", "branch", "outlet", "manager" (of relationships)
    std::int64_t version = 1;
    Time created_at{}, updated_at{};
    std::string created_by;
};

// Safe to share between threads. All questions about scope are one look into a hash table.
class OrgTree {
public:
    OrgTree() = default;
    // Units whose parent is missing stand at the top; a cycle is a bug of the caller.
    explicit OrgTree(std::vector<Org> orgs);

    const std::vector<Org>& orgs() const { return orgs_; }  // a parent before its children, by code
    const Org* find(std::string_view code) const;
    // The unit and all below it, the unit first; empty where it is unknown.
    std::vector<std::string> subtree(std::string_view code) const;
    // True where `code` is `ancestor` or below it. An unknown code is below nothing but itself.
    bool is_within(std::string_view ancestor, std::string_view code) const;
    // May someone of `principal_org` see a customer of `customer_org`? Empty principal: the whole
    // bank. A customer without a unit is seen by the whole bank's people alone.
    bool in_scope(std::string_view principal_org, std::string_view customer_org) const;
    // From the unit up to the top, the unit first.
    std::vector<std::string> path_up(std::string_view code) const;

private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    std::vector<Org> orgs_;          // in pre-order
    std::vector<std::size_t> ends_;  // the subtree of orgs_[i] is [i, ends_[i])
    std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>> by_code_;
};

// Errors: unprocessable `access.org_cycle`, `access.org_unknown` (parent), `access.org_kind`.
Result<void> judge_org(const OrgTree& tree, const Org& changed);

}  // namespace qiao::access
