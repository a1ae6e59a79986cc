// What the parts of Access share: its stores, and the queries with their rows.
#pragma once

#include <semaphore>

#include "access/access.hpp"
#include "access/tries.hpp"

namespace qiao::access {

struct Access::Impl {
    Impl(sql::Database& database, const Clock& clock, AuditLog& audit, Orgs& orgs)
        : database(database), clock(clock), audit(audit), orgs(orgs) {}

    sql::Database& database;
    const Clock& clock;
    AuditLog& audit;
    Orgs& orgs;
    // Each Argon2 takes 19 MiB and 30 ms of a core: a flood of sign-ins must take neither all.
    std::counting_semaphore<> hashing{2};
};

namespace detail {

struct Session {
    Person person;
    std::string password;  // encoded; empty where none was set
    Time created_at{}, seen_at{};
    bool by_link = false;
};

std::optional<Person> person_by_id(sql::Transaction& transaction, std::string_view id);
std::optional<Person> person_by_login(sql::Transaction& transaction, std::string_view login);
std::string password_of(sql::Transaction& transaction, std::string_view person);
std::vector<Person> people_after(sql::Transaction& transaction, std::string_view cursor);
void insert_person(sql::Transaction& transaction, const Person& person);
void update_person(sql::Transaction& transaction, const Person& person);
void set_password(sql::Transaction& transaction, std::string_view person,
                  const std::optional<std::string>& encoded);
void note_sign_in(sql::Transaction& transaction, std::string_view person, Time now);

std::optional<Session> session_of(sql::Transaction& transaction, std::string_view token_hash);
void insert_session(sql::Transaction& transaction, std::string_view token_hash,
                    std::string_view person, Time now, bool by_link);
// All of the person's sessions but that of `kept_hash`.
void end_sessions(sql::Transaction& transaction, std::string_view person,
                  std::string_view kept_hash);

// Makes a new link and forgets the person's earlier ones; returns its token.
std::string new_link(sql::Transaction& transaction, std::string_view person, Time now);
// The person of an unused link, which is used up by this; nothing where it is unknown or over.
std::optional<std::string> take_link(sql::Transaction& transaction, std::string_view token,
                                     Time now);

Tries tries_of(sql::Transaction& transaction, std::string_view login);
void keep_tries(sql::Transaction& transaction, std::string_view login, const Tries& tries);
void forget_tries(sql::Transaction& transaction, std::string_view login);

std::optional<ApiToken> token_by_id(sql::Transaction& transaction, std::string_view id);
std::optional<ApiToken> token_by_hash(sql::Transaction& transaction, std::string_view secret_hash);
std::vector<ApiToken> tokens_after(sql::Transaction& transaction, std::string_view cursor);
void insert_token(sql::Transaction& transaction, const ApiToken& token,
                  std::string_view secret_hash);
void note_token_use(sql::Transaction& transaction, std::string_view id, Time now);
void delete_token(sql::Transaction& transaction, std::string_view id);

void purge_access(sql::Transaction& transaction, Time now, Duration session_life,
                  Duration session_idle);

std::string lower_ascii(std::string_view text);
// May `who` give this role, and this unit? Errors: access.role_unknown, access.role_above,
// access.org_unknown, access.out_of_scope.
Result<void> judge_grant(const OrgTree& tree, const Principal& who, std::string_view role,
                         std::string_view org);

}  // namespace detail

}  // namespace qiao::access
