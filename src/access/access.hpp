// Who may come in: people with passwords, sessions and one-time links, and API tokens of scripts.
//
// Passwords are kept as Argon2id, every other secret as its SHA-256. A session ends after 12 hours
// without a request or 7 days after sign-in; its CSRF token is derived from its cookie. A change of
// role, unit or state holds from the next request on. Every change is in the audit log.
// Thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit.hpp"
#include "access/orgs.hpp"
#include "access/people.hpp"
#include "access/principal.hpp"
#include "access/roles.hpp"

namespace qiao::access {

class Access {
public:
    Access(sql::Database& database, const Clock& clock, AuditLog& audit, Orgs& orgs);
    ~Access();

    // The principal of a request, from its `Authorization` header, or else its session cookie with,
    // for a request that changes, its `X-CSRF-Token`. Errors: unauthenticated
    // `access.sign_in_needed`, `access.session_over`, `access.token_invalid`,
    // `access.token_expired`; forbidden `access.csrf`.
    Result<Principal> authenticate(std::string_view authorization_header,
                                   std::string_view session_cookie, std::string_view csrf_header,
                                   bool changes, Time now);
    // What is said to someone without `permission`: which roles hold it, and who gives them.
    Error refusal(Permission permission) const { return access::refusal(permission); }

    // Ten wrong passwords for a login within 15 minutes lock it, first for 5 minutes, each further
    // time twice as long up to 4 hours. Errors: unauthenticated `access.wrong_credentials`,
    // `access.link_invalid`; too_many_requests `access.locked`; unavailable `access.busy`.
    Result<SignedIn> sign_in(std::string_view login, std::string_view password);
    Result<SignedIn> sign_in_by_link(std::string_view link_token);
    // Who is signed in with this cookie (which authenticate() has accepted).
    Result<SignedIn> session(std::string_view session_cookie) const;
    void sign_out(std::string_view session_cookie);
    // For a person. `old_password` is not asked for where the session began with a one-time link;
    // the other sessions end. Errors: `access.wrong_password`, `access.weak_password` (with
    // pointers).
    Result<void> change_password(const Principal& who, std::string_view session_cookie,
                                 std::string_view old_password, std::string_view new_password);
    Result<Person> set_language(const Principal& who, std::string_view language);

    // `who` needs manage_people, sees and gives only its own scope, and no role above its own.
    // Errors: `access.login_taken`, `access.login_form`, `access.role_unknown`,
    // `access.org_unknown`, `access.last_administrator`, `access.person_not_found`, `access.stale`,
    // `access.out_of_scope`.
    Result<PersonWithLink> create_person(const Principal& who, const NewPerson& person);
    Result<Person> update_person(const Principal& who, std::string_view id,
                                 const PersonChange& change,
                                 std::optional<std::int64_t> expected_version);
    // A new one-time link; the password, the sessions and a lock are gone.
    Result<PersonWithLink> reset_person(const Principal& who, std::string_view id);
    Result<Person> person(const Principal& who, std::string_view id) const;
    // By id, after `cursor` (an id; empty: from the first).
    std::vector<Person> people(const Principal& who, std::string_view cursor,
                               std::size_t limit) const;
    bool has_people() const;
    // Everyone who may sign in now, by name: whom work can be given to.
    std::vector<Person> colleagues() const;
    // Whom an id stands for now: a person, a token, or Qiao itself. For work that runs later on
    // somebody's behalf. Error: not_found `access.no_principal` (switched off, over or unknown).
    Result<Principal> principal(std::string_view id) const;

    // Errors: `access.role_unknown`, `access.org_unknown`, `access.token_name`,
    // `access.token_expiry` (in the past, or over a year ahead), `access.token_not_found`.
    Result<ApiTokenWithSecret> create_token(const Principal& who, std::string name,
                                            std::string role, std::string org, Time expires_at);
    std::vector<ApiToken> tokens(const Principal& who, std::string_view cursor,
                                 std::size_t limit) const;
    Result<ApiToken> token(const Principal& who, std::string_view id) const;
    Result<void> revoke_token(const Principal& who, std::string_view id);

    // Removes what is over: sessions, links, tokens a month after their end, old wrong tries.
    void purge();

    struct Impl;  // shared by the sources of this class alone

private:
    Result<Principal> authenticate_session(std::string_view session_cookie,
                                           std::string_view csrf_header, bool changes, Time now);
    Result<Principal> authenticate_token(std::string_view secret, Time now);
    SignedIn start_session(sql::Transaction& transaction, Person person, bool by_link);
    Error wrong_try(std::string_view login, const std::optional<Person>& person);

    std::unique_ptr<Impl> impl_;
};

}  // namespace qiao::access
