// All SQL about people, sessions, links, tries and tokens.
#include "access/detail/impl.hpp"
#include "access/detail/secrets.hpp"
#include "base/id.hpp"

namespace qiao::access::detail {

namespace {

constexpr std::size_t link_random_bytes = 32;
constexpr Duration link_life = std::chrono::hours(24);
constexpr Duration tokens_kept_after_end = std::chrono::hours(24 * 30);

constexpr std::string_view person_columns =
    "p.id, p.login, p.name, p.role, p.org, p.active, p.language, p.password, p.version, "
    "p.created_at, p.updated_at, p.created_by, p.last_sign_in_at, p.email";

Person person_of(const sql::Row& row) {
    Person person;
    person.id = row.text(0);
    person.login = row.text(1);
    person.name = row.text(2);
    person.role = row.text(3);
    person.org = row.text(4);
    person.active = row.boolean(5);
    person.language = row.text(6);
    person.has_password = !row.is_null(7);
    person.version = row.integer(8);
    person.created_at = row.time(9);
    person.updated_at = row.time(10);
    person.created_by = row.text(11);
    person.last_sign_in_at = row.maybe_time(12);
    person.email = row.text(13);
    return person;
}

std::optional<Person> one_person(sql::Transaction& transaction, std::string_view column,
                                 std::string_view value) {
    const auto row =
        transaction.query_one("SELECT " + std::string(person_columns) +
                                  " FROM access_people p WHERE " + std::string(column) + " = $1",
                              {std::string(value)});
    if (!row)
        return std::nullopt;
    return person_of(*row);
}

constexpr std::string_view token_columns =
    "SELECT id, name, role, org, expires_at, created_at, created_by, last_used_at, version "
    "FROM access_tokens ";

ApiToken token_of(const sql::Row& row) {
    return {row.text(0), row.text(1), row.text(2),       row.text(3),   row.time(4),
            row.time(5), row.text(6), row.maybe_time(7), row.integer(8)};
}

std::optional<ApiToken> one_token(sql::Transaction& transaction, std::string_view column,
                                  std::string_view value) {
    const auto row =
        transaction.query_one(std::string(token_columns) + "WHERE " + std::string(column) + " = $1",
                              {std::string(value)});
    if (!row)
        return std::nullopt;
    return token_of(*row);
}

}  // namespace

std::optional<Person> person_by_id(sql::Transaction& transaction, std::string_view id) {
    return one_person(transaction, "p.id", id);
}

std::optional<Person> person_by_login(sql::Transaction& transaction, std::string_view login) {
    return one_person(transaction, "p.login", login);
}

std::string password_of(sql::Transaction& transaction, std::string_view person) {
    const auto row = transaction.query_one("SELECT password FROM access_people WHERE id = $1",
                                           {std::string(person)});
    return row ? row->text_or(0, "") : std::string();
}

std::vector<Person> people_after(sql::Transaction& transaction, std::string_view cursor) {
    std::vector<Person> people;
    for (const auto& row :
         transaction.query("SELECT " + std::string(person_columns) +
                               " FROM access_people p WHERE p.id > $1 ORDER BY p.id",
                           {std::string(cursor)}))
        people.push_back(person_of(row));
    return people;
}

void insert_person(sql::Transaction& transaction, const Person& person) {
    transaction.execute(
        "INSERT INTO access_people (id, login, name, role, org, active, language, version, "
        "created_at, updated_at, created_by, email) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
        "$10, $11, $12)",
        {person.id, person.login, person.name, person.role, person.org, sql::param(person.active),
         person.language, person.version, sql::param(person.created_at),
         sql::param(person.updated_at), person.created_by, person.email});
}

void update_person(sql::Transaction& transaction, const Person& person) {
    transaction.execute(
        "UPDATE access_people SET login = $2, name = $3, role = $4, org = $5, active = $6, "
        "language = $7, version = $8, updated_at = $9, email = $10 WHERE id = $1",
        {person.id, person.login, person.name, person.role, person.org, sql::param(person.active),
         person.language, person.version, sql::param(person.updated_at), person.email});
}

void set_password(sql::Transaction& transaction, std::string_view person,
                  const std::optional<std::string>& encoded) {
    transaction.execute("UPDATE access_people SET password = $2 WHERE id = $1",
                        {std::string(person), encoded ? sql::Param(*encoded) : sql::Param()});
}

void note_sign_in(sql::Transaction& transaction, std::string_view person, Time now) {
    transaction.execute("UPDATE access_people SET last_sign_in_at = $2 WHERE id = $1",
                        {std::string(person), sql::param(now)});
}

std::optional<Session> session_of(sql::Transaction& transaction, std::string_view token_hash) {
    const auto row =
        transaction.query_one("SELECT " + std::string(person_columns) +
                                  ", s.created_at, s.seen_at, s.by_link FROM access_sessions s "
                                  "JOIN access_people p ON p.id = s.person WHERE s.token_hash = $1",
                              {std::string(token_hash)});
    if (!row)
        return std::nullopt;
    return Session{person_of(*row), row->text_or(7, ""), row->time(14), row->time(15),
                   row->boolean(16)};
}

void insert_session(sql::Transaction& transaction, std::string_view token_hash,
                    std::string_view person, Time now, bool by_link) {
    transaction.execute(
        "INSERT INTO access_sessions (token_hash, person, created_at, seen_at, by_link) "
        "VALUES ($1, $2, $3, $3, $4)",
        {std::string(token_hash), std::string(person), sql::param(now), sql::param(by_link)});
}

void end_sessions(sql::Transaction& transaction, std::string_view person,
                  std::string_view kept_hash) {
    transaction.execute("DELETE FROM access_sessions WHERE person = $1 AND token_hash <> $2",
                        {std::string(person), std::string(kept_hash)});
}

std::string new_link(sql::Transaction& transaction, std::string_view person, Time now) {
    auto token = random_token(link_random_bytes);
    transaction.execute("DELETE FROM access_links WHERE person = $1", {std::string(person)});
    transaction.execute(
        "INSERT INTO access_links (token_hash, person, expires_at) VALUES ($1, $2, $3)",
        {sha256_hex(token), std::string(person), sql::param(now + link_life)});
    return token;
}

std::optional<std::string> take_link(sql::Transaction& transaction, std::string_view token,
                                     Time now) {
    const auto row = transaction.query_one(
        "DELETE FROM access_links WHERE token_hash = $1 AND expires_at > $2 RETURNING person",
        {sha256_hex(token), sql::param(now)});
    if (!row)
        return std::nullopt;
    return row->text(0);
}

// Kept by the hash of the login: what people mistake for their login is often their password.
Tries tries_of(sql::Transaction& transaction, std::string_view login) {
    const auto row = transaction.query_one(
        "SELECT wrong, window_start, locks, locked_until, last_at FROM access_tries "
        "WHERE login_hash = $1",
        {sha256_hex(login)});
    if (!row)
        return {};
    return {static_cast<int>(row->integer(0)), row->time(1), static_cast<int>(row->integer(2)),
            row->time(3), row->time(4)};
}

void keep_tries(sql::Transaction& transaction, std::string_view login, const Tries& tries) {
    transaction.execute(
        "INSERT INTO access_tries (login_hash, wrong, window_start, locks, locked_until, last_at) "
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (login_hash) DO UPDATE SET "
        "wrong = $2, window_start = $3, locks = $4, locked_until = $5, last_at = $6",
        {sha256_hex(login), std::int64_t{tries.wrong}, sql::param(tries.window_start),
         std::int64_t{tries.locks}, sql::param(tries.locked_until), sql::param(tries.last_at)});
}

void forget_tries(sql::Transaction& transaction, std::string_view login) {
    transaction.execute("DELETE FROM access_tries WHERE login_hash = $1", {sha256_hex(login)});
}

std::optional<ApiToken> token_by_id(sql::Transaction& transaction, std::string_view id) {
    return one_token(transaction, "id", id);
}

std::optional<ApiToken> token_by_hash(sql::Transaction& transaction, std::string_view secret_hash) {
    return one_token(transaction, "secret_hash", secret_hash);
}

std::vector<ApiToken> tokens_after(sql::Transaction& transaction, std::string_view cursor) {
    std::vector<ApiToken> tokens;
    for (const auto& row : transaction.query(
             std::string(token_columns) + "WHERE id > $1 ORDER BY id", {std::string(cursor)}))
        tokens.push_back(token_of(row));
    return tokens;
}

void insert_token(sql::Transaction& transaction, const ApiToken& token,
                  std::string_view secret_hash) {
    transaction.execute(
        "INSERT INTO access_tokens (id, secret_hash, name, role, org, expires_at, created_at, "
        "created_by, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        {token.id, std::string(secret_hash), token.name, token.role, token.org,
         sql::param(token.expires_at), sql::param(token.created_at), token.created_by,
         token.version});
}

void note_token_use(sql::Transaction& transaction, std::string_view id, Time now) {
    transaction.execute("UPDATE access_tokens SET last_used_at = $2 WHERE id = $1",
                        {std::string(id), sql::param(now)});
}

void delete_token(sql::Transaction& transaction, std::string_view id) {
    transaction.execute("DELETE FROM access_tokens WHERE id = $1", {std::string(id)});
}

void purge_access(sql::Transaction& transaction, Time now, Duration session_life,
                  Duration session_idle) {
    transaction.execute("DELETE FROM access_sessions WHERE created_at <= $1 OR seen_at <= $2",
                        {sql::param(now - session_life), sql::param(now - session_idle)});
    transaction.execute("DELETE FROM access_links WHERE expires_at <= $1", {sql::param(now)});
    transaction.execute("DELETE FROM access_tries WHERE last_at <= $1 AND locked_until <= $2",
                        {sql::param(now - tries_forgotten), sql::param(now)});
    transaction.execute("DELETE FROM access_tokens WHERE expires_at <= $1",
                        {sql::param(now - tokens_kept_after_end)});
}

}  // namespace qiao::access::detail
