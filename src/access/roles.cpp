#include "access/roles.hpp"

#include <array>
#include <initializer_list>
#include <string>

#include "base/check.hpp"

namespace qiao::access {

namespace {

using enum Permission;

constexpr std::array<std::string_view, 15> names_of_permissions = {"view",
                                                                   "view_customers",
                                                                   "view_personal",
                                                                   "edit_customers",
                                                                   "edit_dictionary",
                                                                   "import_data",
                                                                   "edit_audiences",
                                                                   "edit_campaigns",
                                                                   "approve_campaigns",
                                                                   "edit_boards",
                                                                   "manage_settings",
                                                                   "manage_people",
                                                                   "erase_customers",
                                                                   "view_audit",
                                                                   "run_sql"};
static_assert(static_cast<std::size_t>(run_sql) + 1 == names_of_permissions.size());

constexpr std::uint32_t bits(std::initializer_list<Permission> permissions) {
    std::uint32_t set = 0;
    for (const auto permission : permissions)
        set |= 1u << static_cast<unsigned>(permission);
    return set;
}

constexpr std::uint32_t every_permission = (1u << names_of_permissions.size()) - 1;

// The one table. Who builds a campaign does not approve: an operator has no approve_campaigns.
constexpr std::array<Role, 6> roles = {{
    {"administrator", "Administrator", every_permission},
    {"operator", "Operator",
     bits({view, view_customers, view_personal, edit_customers, edit_dictionary, import_data,
           edit_audiences, edit_campaigns, edit_boards})},
    {"approver", "Approver", bits({view, view_customers, approve_campaigns, view_audit})},
    {"branch", "Branch staff", bits({view, view_customers, view_personal, edit_customers})},
    {"analyst", "Analyst", bits({view, view_customers, edit_audiences, edit_boards, run_sql})},
    {"viewer", "Viewer", bits({view})},
}};

std::string roles_that_may(Permission permission) {
    std::string text;
    for (const auto& role : roles) {
        if (!((role.permissions >> static_cast<unsigned>(permission)) & 1u))
            continue;
        if (!text.empty())
            text += ", ";
        text += role.role;
    }
    return text;
}

}  // namespace

std::span<const Role> all_roles() { return roles; }

const Role* find_role(std::string_view name) {
    for (const auto& role : roles)
        if (role.role == name)
            return &role;
    return nullptr;
}

std::string_view name_of(Permission permission) {
    return names_of_permissions.at(static_cast<std::size_t>(permission));
}

std::vector<std::string_view> permission_names(std::uint32_t permissions) {
    std::vector<std::string_view> names;
    for (std::size_t at = 0; at < names_of_permissions.size(); ++at)
        if ((permissions >> at) & 1u)
            names.push_back(names_of_permissions[at]);
    return names;
}

Error refusal(Permission permission) {
    return {ErrorCode::forbidden,
            "access.forbidden",
            "your role does not hold the permission " + std::string(name_of(permission)) +
                "; the roles that do are " + roles_that_may(permission) +
                ", and an administrator can give you one",
            {},
            0};
}

Result<void> require(const Principal& who, Permission permission) {
    if (who.may(permission))
        return {};
    return fail(refusal(permission));
}

Principal system_principal() {
    return {"system", "Qiao", "administrator", every_permission, "", false};
}

}  // namespace qiao::access
