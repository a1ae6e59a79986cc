#include "access/access.hpp"

#include "access/detail/impl.hpp"
#include "access/detail/secrets.hpp"
#include "base/check.hpp"
#include "base/id.hpp"

namespace qiao::access {

namespace {

constexpr Duration session_life = std::chrono::hours(24 * 7);
constexpr Duration session_idle = std::chrono::hours(12);
// How exactly the last use of a session or token is known: each note of it is a synced write.
constexpr Duration use_noted_every = std::chrono::minutes(5);
constexpr std::size_t session_random_bytes = 32;
constexpr std::size_t longest_credential = 1024;
constexpr std::chrono::seconds hashing_deadline{10};
constexpr std::size_t shortest_password = 12, longest_password = 200;

std::string csrf_of(std::string_view session_token) {
    return detail::sha256_base64url("qiao csrf token of session " + std::string(session_token));
}

bool is_over(const detail::Session& session, Time now) {
    return now - session.created_at >= session_life || now - session.seen_at >= session_idle ||
           !session.person.active;
}

Principal principal_of(const Person& person) {
    const auto* role = find_role(person.role);
    return {person.id, person.name, person.role, role ? role->permissions : 0, person.org, false};
}

Principal principal_of(const ApiToken& token) {
    const auto* role = find_role(token.role);
    return {token.id, token.name, token.role, role ? role->permissions : 0, token.org, true};
}

Error session_over() {
    return {ErrorCode::unauthenticated,
            "access.session_over",
            "your session is over; sign in again",
            {},
            0};
}

// One answer for an unknown login, a wrong password and a switched-off person: it tells nobody
// which.
Error wrong_credentials() {
    return {ErrorCode::unauthenticated,
            "access.wrong_credentials",
            "the login or the password is wrong; an administrator can give you a new link",
            {},
            0};
}

Error locked(const Tries& tries, Time now) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(tries.locked_until - now).count();
    const auto minutes = std::max<std::int64_t>(1, (seconds + 59) / 60);
    return {ErrorCode::too_many_requests,
            "access.locked",
            "too many wrong passwords; try again in " + std::to_string(minutes) +
                " minutes, or ask an administrator for a new link",
            {},
            static_cast<int>(seconds)};
}

Result<void> judge_password(std::string_view password, const Person& person) {
    const auto refuse = [](std::string detail) {
        return fail(ErrorCode::unprocessable, "access.weak_password", std::move(detail),
                    "/password/new");
    };
    if (password.size() < shortest_password)
        return refuse("a password needs at least 12 characters; several words make a good one");
    if (password.size() > longest_password)
        return refuse("a password has at most 200 bytes");
    if (detail::lower_ascii(password).find(person.login) != std::string::npos)
        return refuse("a password must not contain your login");
    if (password.find_first_not_of(password.front()) == std::string_view::npos)
        return refuse("a password must not repeat one character");
    return {};
}

// A turn at hashing, given back at the end of the scope.
class HashingTurn {
public:
    explicit HashingTurn(std::counting_semaphore<>& semaphore)
        : semaphore_(semaphore), taken_(semaphore.try_acquire_for(hashing_deadline)) {}
    ~HashingTurn() {
        if (taken_)
            semaphore_.release();
    }
    HashingTurn(const HashingTurn&) = delete;
    HashingTurn& operator=(const HashingTurn&) = delete;
    bool taken() const { return taken_; }

private:
    std::counting_semaphore<>& semaphore_;
    bool taken_;
};

Error hashing_busy() {
    return {ErrorCode::unavailable,
            "access.busy",
            "too many people sign in right now; try again",
            {},
            2};
}

}  // namespace

Access::Access(sql::Database& database, const Clock& clock, AuditLog& audit, Orgs& orgs)
    : impl_(std::make_unique<Impl>(database, clock, audit, orgs)) {}

Access::~Access() = default;

Result<Principal> Access::authenticate(std::string_view authorization_header,
                                       std::string_view session_cookie,
                                       std::string_view csrf_header, bool changes, Time now) {
    constexpr std::string_view bearer = "bearer ";
    if (detail::lower_ascii(authorization_header.substr(0, bearer.size())) == bearer)
        return authenticate_token(authorization_header.substr(bearer.size()), now);
    if (session_cookie.empty())
        return fail(ErrorCode::unauthenticated, "access.sign_in_needed",
                    "sign in first, or send a token as Authorization: Bearer");
    return authenticate_session(session_cookie, csrf_header, changes, now);
}

Result<Principal> Access::authenticate_session(std::string_view session_cookie,
                                               std::string_view csrf_header, bool changes,
                                               Time now) {
    const auto hash = detail::sha256_hex(session_cookie);
    const auto session = detail::session_of(*impl_->database.read(), hash);
    if (!session || is_over(*session, now))
        return fail(session_over());
    if (changes && !detail::equal_in_constant_time(csrf_header, csrf_of(session_cookie)))
        return fail(
            ErrorCode::forbidden, "access.csrf",
            "a change needs the session's token in the header X-CSRF-Token; reload the page");
    if (now - session->seen_at >= use_noted_every)
        impl_->database.execute("UPDATE access_sessions SET seen_at = $2 WHERE token_hash = $1",
                                {hash, sql::param(now)});
    return principal_of(session->person);
}

Result<Principal> Access::authenticate_token(std::string_view secret, Time now) {
    const auto token = detail::token_by_hash(*impl_->database.read(), detail::sha256_hex(secret));
    if (!token)
        return fail(ErrorCode::unauthenticated, "access.token_invalid",
                    "this token is not known here, or was revoked; make a new one");
    if (now >= token->expires_at)
        return fail(ErrorCode::unauthenticated, "access.token_expired",
                    "this token has expired; make a new one");
    if (!token->last_used_at || now - *token->last_used_at >= use_noted_every) {
        auto transaction = impl_->database.begin();
        detail::note_token_use(*transaction, token->id, now);
        transaction->commit();
    }
    return principal_of(*token);
}

Result<Principal> Access::principal(std::string_view id) const {
    if (id == system_principal().id)
        return system_principal();
    auto transaction = impl_->database.read();
    if (const auto person = detail::person_by_id(*transaction, id); person && person->active)
        return principal_of(*person);
    const auto token = detail::token_by_id(*transaction, id);
    if (token && impl_->clock.now() < token->expires_at)
        return principal_of(*token);
    return fail(ErrorCode::not_found, "access.no_principal",
                "this person was switched off, or this token is over");
}

SignedIn Access::start_session(sql::Transaction& transaction, Person person, bool by_link) {
    const auto now = impl_->clock.now();
    auto token = random_token(session_random_bytes);
    detail::insert_session(transaction, detail::sha256_hex(token), person.id, now, by_link);
    detail::note_sign_in(transaction, person.id, now);
    detail::forget_tries(transaction, person.login);
    impl_->audit.add(
        transaction, principal_of(person),
        {"session.started", person.id, by_link ? "by a one-time link" : "by password"});
    person.last_sign_in_at = now;
    auto csrf = csrf_of(token);
    return {std::move(person), std::move(token), std::move(csrf), by_link};
}

// Counts the wrong try; the tenth is noted, because someone may be guessing.
Error Access::wrong_try(std::string_view login, const std::optional<Person>& person) {
    const auto now = impl_->clock.now();
    auto transaction = impl_->database.begin();
    const auto tries = after_wrong_try(detail::tries_of(*transaction, login), now);
    detail::keep_tries(*transaction, login, tries);
    const bool locks = is_locked(tries, now);
    if (locks && person)
        impl_->audit.add(
            *transaction, system_principal(),
            {"login.locked", person->id, "too many wrong passwords for " + person->login});
    transaction->commit();
    return locks ? locked(tries, now) : wrong_credentials();
}

Result<SignedIn> Access::sign_in(std::string_view login_given, std::string_view password) {
    if (login_given.size() > longest_credential || password.size() > longest_credential)
        return fail(wrong_credentials());
    const auto login = detail::lower_ascii(login_given);
    const HashingTurn turn(impl_->hashing);
    if (!turn.taken())
        return fail(hashing_busy());

    std::optional<Person> person;
    std::string encoded;
    {
        auto snapshot = impl_->database.read();
        const auto tries = detail::tries_of(*snapshot, login);
        if (const auto now = impl_->clock.now(); is_locked(tries, now))
            return fail(locked(tries, now));
        person = detail::person_by_login(*snapshot, login);
        if (person)
            encoded = detail::password_of(*snapshot, person->id);
    }
    const bool right = detail::is_password(password, encoded);
    if (!right || !person->active)
        return fail(wrong_try(login, person));

    auto transaction = impl_->database.begin();
    const auto now = impl_->clock.now();
    if (const auto tries = detail::tries_of(*transaction, login); is_locked(tries, now))
        return fail(locked(tries, now));  // by wrong tries beside this one
    person = detail::person_by_id(*transaction, person->id);
    check(person.has_value());  // people are switched off, never removed
    if (!person->active || detail::password_of(*transaction, person->id) != encoded)
        return fail(wrong_credentials());
    auto signed_in = start_session(*transaction, std::move(*person), false);
    transaction->commit();
    return signed_in;
}

Result<SignedIn> Access::sign_in_by_link(std::string_view link_token) {
    auto transaction = impl_->database.begin();
    const auto id = detail::take_link(*transaction, link_token, impl_->clock.now());
    auto person = id ? detail::person_by_id(*transaction, *id) : std::nullopt;
    if (!person || !person->active)
        return fail(
            ErrorCode::unauthenticated, "access.link_invalid",
            "this link was used already or is older than 24 hours; ask an administrator for a "
            "new one");
    auto signed_in = start_session(*transaction, std::move(*person), true);
    transaction->commit();
    return signed_in;
}

Result<SignedIn> Access::session(std::string_view session_cookie) const {
    auto session = detail::session_of(*impl_->database.read(), detail::sha256_hex(session_cookie));
    if (!session || is_over(*session, impl_->clock.now()))
        return fail(session_over());
    return SignedIn{std::move(session->person), std::string(session_cookie),
                    csrf_of(session_cookie), session->by_link};
}

void Access::sign_out(std::string_view session_cookie) {
    const auto hash = detail::sha256_hex(session_cookie);
    auto transaction = impl_->database.begin();
    const auto session = detail::session_of(*transaction, hash);
    if (!session)
        return;
    transaction->execute("DELETE FROM access_sessions WHERE token_hash = $1", {hash});
    impl_->audit.add(*transaction, principal_of(session->person),
                     {"session.ended", session->person.id, "signed out"});
    transaction->commit();
}

Result<void> Access::change_password(const Principal& who, std::string_view session_cookie,
                                     std::string_view old_password, std::string_view new_password) {
    const auto hash = detail::sha256_hex(session_cookie);
    const auto session = detail::session_of(*impl_->database.read(), hash);
    if (!session || session->person.id != who.id)
        return fail(session_over());
    const auto& person = session->person;
    if (auto strong = judge_password(new_password, person); !strong)
        return strong;

    const HashingTurn turn(impl_->hashing);
    if (!turn.taken())
        return fail(hashing_busy());
    if (!session->by_link) {
        const auto tries = detail::tries_of(*impl_->database.read(), person.login);
        if (const auto now = impl_->clock.now(); is_locked(tries, now))
            return fail(locked(tries, now));
        if (!detail::is_password(old_password.substr(0, longest_credential), session->password)) {
            const auto refusal = wrong_try(person.login, person);
            if (refusal.reason == "access.locked")
                return fail(refusal);
            return fail(ErrorCode::unprocessable, "access.wrong_password",
                        "the present password is wrong", "/password/old");
        }
    }
    const auto encoded = detail::hash_password(new_password);
    auto transaction = impl_->database.begin();
    detail::set_password(*transaction, person.id, encoded);
    detail::end_sessions(*transaction, person.id, hash);
    transaction->execute("UPDATE access_sessions SET by_link = 0 WHERE token_hash = $1", {hash});
    impl_->audit.add(*transaction, who, {"person.password_changed", person.id, "by the person"});
    transaction->commit();
    return {};
}

Result<Person> Access::set_language(const Principal& who, std::string_view language) {
    if (language != "zh" && language != "en")
        return fail(ErrorCode::unprocessable, "access.language", "the language is zh or en",
                    "/language");
    auto transaction = impl_->database.begin();
    auto person = detail::person_by_id(*transaction, who.id);
    if (!person)
        return fail(ErrorCode::unprocessable, "access.not_a_person",
                    "a token has no language of its own");
    person->language = language;
    detail::update_person(*transaction, *person);
    transaction->commit();
    return *person;
}

void Access::purge() {
    auto transaction = impl_->database.begin();
    detail::purge_access(*transaction, impl_->clock.now(), session_life, session_idle);
    transaction->commit();
}

}  // namespace qiao::access
