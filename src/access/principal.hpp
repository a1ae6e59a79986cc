// Who asks: a person, a token or a write key, what it may do, and which customers it may see.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace qiao::access {

// What a route asks for. Roles are sets of permissions (access/roles.cpp is the one table):
// administrator: all · operator: build and run · approver: view and approve · branch: view and work
// leads in its own subtree · analyst: view and ask · viewer: view without personal data.
enum class Permission : std::uint8_t {
    view,              // see configuration and aggregate numbers
    view_customers,    // open customers (masked)
    view_personal,     // see personal data unmasked (each look is audited)
    edit_customers,    // hand-set tags, consent, merges
    edit_dictionary,
    import_data,
    edit_audiences,
    edit_campaigns,
    approve_campaigns,
    edit_boards,
    manage_settings,   // channels, write keys, contact policy
    manage_people,     // people, roles, organisation, tokens
    erase_customers,
    view_audit,
    run_sql,           // ask the history in SQL, read only, within the data scope
};

struct Principal {
    std::string id;            // "usr_…" or "tok_…"; "system" for Qiao itself
    std::string name;          // as the audit log shows it
    std::string role;
    std::uint32_t permissions = 0;   // bit set of Permission
    std::string org;           // data scope: this unit and all below it; empty: the whole bank
    bool through_token = false;

    bool may(Permission permission) const {
        return (permissions >> static_cast<unsigned>(permission)) & 1u;
    }
};

}  // namespace qiao::access
