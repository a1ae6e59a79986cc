// The one table of roles, and how a missing permission is said.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "access/principal.hpp"

namespace qiao::access {

struct Role {
    std::string_view role;  // "operator"
    std::string_view name;  // for people: "Operator"
    std::uint32_t permissions;
};

std::span<const Role> all_roles();
const Role* find_role(std::string_view role);
std::string_view name_of(Permission permission);  // "edit_audiences"
std::vector<std::string_view> permission_names(std::uint32_t permissions);

// Forbidden `access.forbidden`: names the roles that may and who grants them.
Error refusal(Permission permission);
// Error: the refusal.
Result<void> require(const Principal& who, Permission permission);

// Qiao itself, also the command line on the machine: all permissions, the whole bank.
Principal system_principal();

}  // namespace qiao::access
