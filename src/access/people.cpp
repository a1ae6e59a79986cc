#include "access/people.hpp"

#include <algorithm>

#include "access/detail/impl.hpp"
#include "access/detail/secrets.hpp"
#include "access/detail/versions.hpp"
#include "base/id.hpp"

namespace qiao::access {

std::string address_of(const Person& person) {
    const bool is_address = person.login.find('@') != std::string::npos;
    return person.email.empty() && is_address ? person.login : person.email;
}

namespace {

constexpr std::size_t longest_name = 200;
constexpr Duration longest_token_life = std::chrono::hours(24 * 366);
constexpr std::size_t token_random_bytes = 32;

Error no_such_person() {
    return {ErrorCode::not_found, "access.person_not_found", "there is no such person", {}, 0};
}

Error no_such_token() {
    return {ErrorCode::not_found, "access.token_not_found", "there is no such token", {}, 0};
}

Result<void> judge_login(std::string_view login) {
    const bool plain = std::all_of(login.begin(), login.end(), [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '-' || c == '@' || c == '+';
    });
    if (plain && login.size() >= 2 && login.size() <= 64)
        return {};
    return fail(ErrorCode::unprocessable, "access.login_form",
                "a login has 2 to 64 letters a-z, digits, or . _ - @ +", "/login");
}

Result<void> judge_email(std::string_view email) {
    const auto at = email.find('@');
    const bool plain = std::all_of(email.begin(), email.end(), [](unsigned char c) {
        return c > ' ' && c < 0x7F && c != '<' && c != '>' && c != ',' && c != '"';
    });
    if (email.empty() || (plain && email.size() <= 254 && at != 0 && at + 1 < email.size() &&
                          at != std::string_view::npos && email.rfind('@') == at))
        return {};
    return fail(ErrorCode::unprocessable, "access.email",
                "this is no e-mail address; leave it empty where the person has none", "/email");
}

Result<void> judge_person(sql::Transaction& transaction, const OrgTree& tree, const Principal& who,
                          const Person& person) {
    if (auto login = judge_login(person.login); !login)
        return login;
    if (person.name.empty() || person.name.size() > longest_name)
        return fail(ErrorCode::unprocessable, "access.person_name",
                    "a person needs a name of at most 200 bytes", "/name");
    if (person.language != "zh" && person.language != "en")
        return fail(ErrorCode::unprocessable, "access.language", "the language is zh or en",
                    "/language");
    if (auto email = judge_email(person.email); !email)
        return email;
    if (auto granted = detail::judge_grant(tree, who, person.role, person.org); !granted)
        return granted;
    const auto twin = detail::person_by_login(transaction, person.login);
    if (twin && twin->id != person.id)
        return fail(ErrorCode::conflict, "access.login_taken", "another person has this login",
                    "/login");
    return {};
}

bool rules_the_bank(const Person& person) {
    return person.active && person.role == "administrator" && person.org.empty();
}

Result<void> judge_last_administrator(sql::Transaction& transaction, const Person& before,
                                      const Person& after) {
    if (!rules_the_bank(before) || rules_the_bank(after))
        return {};
    const auto others = transaction.query_one(
        "SELECT count(*) FROM access_people "
        "WHERE role = 'administrator' AND org = '' AND active = 1 AND id <> $1",
        {before.id});
    if (others->integer(0) > 0)
        return {};
    return fail(ErrorCode::conflict, "access.last_administrator",
                "this is the last administrator of the whole bank; make another one first");
}

std::string said_of_person(const Person& person) {
    return person.login + " as " + person.role +
           (person.org.empty() ? "" : " of unit " + person.org) +
           (person.active ? "" : ", switched off");
}

template <class Thing>
std::vector<Thing> within_scope(std::vector<Thing> things, const OrgTree& tree,
                                const Principal& who, std::size_t limit) {
    std::erase_if(things, [&](const Thing& thing) { return !tree.in_scope(who.org, thing.org); });
    if (things.size() > limit)
        things.resize(limit);
    return things;
}

}  // namespace

std::string detail::lower_ascii(std::string_view text) {
    std::string lower(text);
    for (auto& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

Result<void> detail::judge_grant(const OrgTree& tree, const Principal& who,
                                 std::string_view role_name, std::string_view org) {
    const auto* role = find_role(role_name);
    if (role == nullptr)
        return fail(ErrorCode::unprocessable, "access.role_unknown",
                    "there is no such role; GET /api/v1/roles lists them", "/role");
    if ((role->permissions & ~who.permissions) != 0)
        return fail(ErrorCode::forbidden, "access.role_above",
                    "you cannot give a role that may do more than your own", "/role");
    if (!org.empty() && tree.find(org) == nullptr)
        return fail(ErrorCode::unprocessable, "access.org_unknown",
                    "there is no unit of this code; create it first", "/org");
    if (!tree.in_scope(who.org, org))
        return fail(ErrorCode::forbidden, "access.out_of_scope",
                    "this unit is outside the part of the bank that you look after", "/org");
    return {};
}

Result<PersonWithLink> Access::create_person(const Principal& who, const NewPerson& given) {
    if (auto allowed = require(who, Permission::manage_people); !allowed)
        return fail(allowed.error());
    const auto now = impl_->clock.now();
    Person person;
    person.id = new_id("usr", now);
    person.login = detail::lower_ascii(given.login);
    person.name = given.name;
    person.role = given.role;
    person.org = given.org;
    person.email = given.email;
    person.active = given.active;
    person.language = given.language;
    person.created_at = person.updated_at = now;
    person.created_by = who.id;

    auto transaction = impl_->database.begin();
    if (auto sound = judge_person(*transaction, *impl_->orgs.tree(), who, person); !sound)
        return fail(sound.error());
    detail::insert_person(*transaction, person);
    auto link = detail::new_link(*transaction, person.id, now);
    impl_->audit.add(*transaction, who, {"person.created", person.id, said_of_person(person)});
    transaction->commit();
    return PersonWithLink{std::move(person), std::move(link)};
}

Result<Person> Access::update_person(const Principal& who, std::string_view id,
                                     const PersonChange& change,
                                     std::optional<std::int64_t> expected_version) {
    if (auto allowed = require(who, Permission::manage_people); !allowed)
        return fail(allowed.error());
    auto transaction = impl_->database.begin();
    const auto tree = impl_->orgs.tree();
    const auto before = detail::person_by_id(*transaction, id);
    if (!before || !tree->in_scope(who.org, before->org))
        return fail(no_such_person());
    if (auto fresh = detail::judge_version(before->version, expected_version); !fresh)
        return fail(fresh.error());

    auto person = *before;
    if (change.login)
        person.login = detail::lower_ascii(*change.login);
    if (change.name)
        person.name = *change.name;
    if (change.role)
        person.role = *change.role;
    if (change.org)
        person.org = *change.org;
    if (change.email)
        person.email = *change.email;
    if (change.active)
        person.active = *change.active;
    if (auto sound = judge_person(*transaction, *tree, who, person); !sound)
        return fail(sound.error());
    if (auto kept = judge_last_administrator(*transaction, *before, person); !kept)
        return fail(kept.error());

    ++person.version;
    person.updated_at = impl_->clock.now();
    detail::update_person(*transaction, person);
    if (!person.active)
        detail::end_sessions(*transaction, person.id, "");
    impl_->audit.add(*transaction, who, {"person.updated", person.id, said_of_person(person)});
    transaction->commit();
    return person;
}

Result<PersonWithLink> Access::reset_person(const Principal& who, std::string_view id) {
    if (auto allowed = require(who, Permission::manage_people); !allowed)
        return fail(allowed.error());
    auto transaction = impl_->database.begin();
    const auto tree = impl_->orgs.tree();
    auto person = detail::person_by_id(*transaction, id);
    if (!person || !tree->in_scope(who.org, person->org))
        return fail(no_such_person());
    // A link signs in as the person: who makes one must be able to give that role.
    if (auto granted = detail::judge_grant(*tree, who, person->role, person->org); !granted)
        return fail(granted.error());

    detail::set_password(*transaction, id, std::nullopt);
    detail::end_sessions(*transaction, id, "");
    detail::forget_tries(*transaction, person->login);
    auto link = detail::new_link(*transaction, id, impl_->clock.now());
    impl_->audit.add(*transaction, who,
                     {"person.reset", person->id, "a new one-time link for " + person->login});
    transaction->commit();
    person->has_password = false;
    return PersonWithLink{std::move(*person), std::move(link)};
}

Result<Person> Access::person(const Principal& who, std::string_view id) const {
    auto person = detail::person_by_id(*impl_->database.read(), id);
    if (!person || !impl_->orgs.in_scope(who.org, person->org))
        return fail(no_such_person());
    return std::move(*person);
}

std::vector<Person> Access::people(const Principal& who, std::string_view cursor,
                                   std::size_t limit) const {
    auto people = detail::people_after(*impl_->database.read(), cursor);
    return within_scope(std::move(people), *impl_->orgs.tree(), who, limit);
}

bool Access::has_people() const {
    return impl_->database.query_one("SELECT id FROM access_people LIMIT 1").has_value();
}

std::vector<Person> Access::colleagues() const {
    auto people = detail::people_after(*impl_->database.read(), "");
    std::erase_if(people, [](const Person& person) { return !person.active; });
    std::sort(people.begin(), people.end(),
              [](const Person& a, const Person& b) { return a.name < b.name; });
    return people;
}

Result<ApiTokenWithSecret> Access::create_token(const Principal& who, std::string name,
                                                std::string role, std::string org,
                                                Time expires_at) {
    if (auto allowed = require(who, Permission::manage_people); !allowed)
        return fail(allowed.error());
    const auto now = impl_->clock.now();
    if (name.empty() || name.size() > longest_name)
        return fail(ErrorCode::unprocessable, "access.token_name",
                    "a token needs a name of at most 200 bytes", "/name");
    if (expires_at <= now || expires_at - now > longest_token_life)
        return fail(ErrorCode::unprocessable, "access.token_expiry",
                    "a token ends in the future, at most 366 days ahead", "/expires_at");
    if (auto granted = detail::judge_grant(*impl_->orgs.tree(), who, role, org); !granted)
        return fail(granted.error());

    ApiToken token;
    token.id = new_id("tok", now);
    token.name = std::move(name);
    token.role = std::move(role);
    token.org = std::move(org);
    token.expires_at = expires_at;
    token.created_at = now;
    token.created_by = who.id;
    auto secret = "tok_" + random_token(token_random_bytes);

    auto transaction = impl_->database.begin();
    detail::insert_token(*transaction, token, detail::sha256_hex(secret));
    impl_->audit.add(*transaction, who,
                     {"token.created", token.id, token.name + " as " + token.role});
    transaction->commit();
    return ApiTokenWithSecret{std::move(token), std::move(secret)};
}

std::vector<ApiToken> Access::tokens(const Principal& who, std::string_view cursor,
                                     std::size_t limit) const {
    auto tokens = detail::tokens_after(*impl_->database.read(), cursor);
    return within_scope(std::move(tokens), *impl_->orgs.tree(), who, limit);
}

Result<ApiToken> Access::token(const Principal& who, std::string_view id) const {
    auto token = detail::token_by_id(*impl_->database.read(), id);
    if (!token || !impl_->orgs.in_scope(who.org, token->org))
        return fail(no_such_token());
    return std::move(*token);
}

Result<void> Access::revoke_token(const Principal& who, std::string_view id) {
    if (auto allowed = require(who, Permission::manage_people); !allowed)
        return allowed;
    auto transaction = impl_->database.begin();
    const auto token = detail::token_by_id(*transaction, id);
    if (!token || !impl_->orgs.in_scope(who.org, token->org))
        return fail(no_such_token());
    detail::delete_token(*transaction, id);
    impl_->audit.add(*transaction, who, {"token.revoked", token->id, token->name});
    transaction->commit();
    return {};
}

}  // namespace qiao::access
