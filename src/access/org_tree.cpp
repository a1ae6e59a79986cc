#include "access/org_tree.hpp"

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>

#include "base/check.hpp"

namespace qiao::access {

OrgTree::OrgTree(std::vector<Org> orgs) {
    std::sort(orgs.begin(), orgs.end(), [](const Org& a, const Org& b) { return a.code < b.code; });
    std::map<std::string, std::vector<std::size_t>, std::less<>> children;
    std::map<std::string, std::size_t, std::less<>> given;
    for (std::size_t at = 0; at < orgs.size(); ++at)
        given.emplace(orgs[at].code, at);
    for (std::size_t at = 0; at < orgs.size(); ++at)
        children[given.contains(orgs[at].parent) ? orgs[at].parent : ""].push_back(at);

    // A bank's tree is a few levels deep, but its data may not be: an explicit stack.
    struct Visit {
        std::size_t org, position;
        bool leaving;
    };
    std::vector<Visit> stack;
    const auto push_children = [&](std::string_view code) {
        const auto found = children.find(code);
        if (found == children.end())
            return;
        for (auto at = found->second.rbegin(); at != found->second.rend(); ++at)
            stack.push_back({*at, 0, false});
    };
    push_children("");
    while (!stack.empty()) {
        const auto visit = stack.back();
        stack.pop_back();
        if (visit.leaving) {
            ends_[visit.position] = orgs_.size();
            continue;
        }
        const auto position = orgs_.size();
        orgs_.push_back(orgs[visit.org]);
        ends_.push_back(0);
        by_code_.emplace(orgs_.back().code, position);
        stack.push_back({visit.org, position, true});
        push_children(orgs[visit.org].code);
    }
    check(orgs_.size() == orgs.size());  // what a cycle hangs on is never reached
}

const Org* OrgTree::find(std::string_view code) const {
    const auto found = by_code_.find(code);
    return found == by_code_.end() ? nullptr : &orgs_[found->second];
}

std::vector<std::string> OrgTree::subtree(std::string_view code) const {
    std::vector<std::string> codes;
    const auto found = by_code_.find(code);
    if (found == by_code_.end())
        return codes;
    for (auto at = found->second; at < ends_[found->second]; ++at)
        codes.push_back(orgs_[at].code);
    return codes;
}

bool OrgTree::is_within(std::string_view ancestor, std::string_view code) const {
    if (ancestor == code)
        return true;
    const auto above = by_code_.find(ancestor), below = by_code_.find(code);
    if (above == by_code_.end() || below == by_code_.end())
        return false;
    return above->second <= below->second && below->second < ends_[above->second];
}

bool OrgTree::in_scope(std::string_view principal_org, std::string_view customer_org) const {
    if (principal_org.empty())
        return true;
    return !customer_org.empty() && is_within(principal_org, customer_org);
}

std::vector<std::string> OrgTree::path_up(std::string_view code) const {
    std::vector<std::string> codes;
    for (const auto* org = find(code); org != nullptr; org = find(org->parent))
        codes.push_back(org->code);
    return codes;
}

Result<void> judge_org(const OrgTree& tree, const Org& changed) {
    const auto refuse = [](std::string reason, std::string detail, std::string pointer) {
        return fail(ErrorCode::unprocessable, std::move(reason), std::move(detail),
                    std::move(pointer));
    };
    const bool plain = std::all_of(changed.code.begin(), changed.code.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '.' || c == '_' || c == '-';
    });
    if (!plain || changed.code.empty() || changed.code.size() > 32)
        return refuse("access.org_code",
                      "the code of a unit has 1 to 32 letters a-z, digits, or . _ -", "/code");
    if (changed.name.empty() || changed.name.size() > 200)
        return refuse("access.org_name", "a unit needs a name of at most 200 bytes", "/name");
    static constexpr std::string_view kinds[] = {"head", "branch", "outlet", "manager"};
    if (std::find(std::begin(kinds), std::end(kinds), changed.kind) == std::end(kinds))
        return refuse("access.org_kind", "the kind of a unit is head, branch, outlet or manager",
                      "/kind");
    if (changed.parent.empty())
        return {};
    if (changed.parent != changed.code && tree.find(changed.parent) == nullptr)
        return refuse("access.org_unknown",
                      "there is no unit " + changed.parent + "; create it first", "/parent");
    if (tree.is_within(changed.code, changed.parent))
        return refuse("access.org_cycle",
                      "the unit " + changed.parent + " is " + changed.code +
                          " itself or below it, so it cannot stand above it",
                      "/parent");
    return {};
}

}  // namespace qiao::access
