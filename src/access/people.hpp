// People, sessions and tokens as values.
#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"

namespace qiao::access {

struct Person {
    std::string id;     // "usr_01J…"
    std::string login;  // lower case, unique
    std::string name;
    std::string role;
    std::string org;    // data scope; empty: the whole bank
    std::string email;  // empty: the login, where that is an address
    bool active = true;
    std::string language = "zh";
    bool has_password = false;
    std::int64_t version = 1;
    Time created_at{}, updated_at{};
    std::string created_by;
    std::optional<Time> last_sign_in_at;
};

// Where e-mail to them goes; empty: nowhere.
std::string address_of(const Person& person);

struct NewPerson {
    std::string login, name, role, org, email;
    bool active = true;
    std::string language = "zh";
};

struct PersonChange {
    std::optional<std::string> login, name, role, org, email;
    std::optional<bool> active;
};

// `link_token` is shown once, valid once, for 24 hours.
struct PersonWithLink {
    Person person;
    std::string link_token;
};

// `session_token` is the cookie's value.
struct SignedIn {
    Person person;
    std::string session_token;
    std::string csrf_token;
    bool by_link = false;  // it began with a one-time link: the person is to choose a password
};

struct ApiToken {
    std::string id;  // "tok_01J…", the name of the principal; not the secret
    std::string name;
    std::string role;
    std::string org;
    Time expires_at{}, created_at{};
    std::string created_by;
    std::optional<Time> last_used_at;
    std::int64_t version = 1;
};

struct ApiTokenWithSecret {
    ApiToken token;
    std::string secret;  // "tok_…": shown once, kept as its hash
};

}  // namespace qiao::access
