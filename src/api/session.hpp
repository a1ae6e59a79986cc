// /api/v1/session: sign in, who am I, language, password, sign out.
#pragma once

#include "api/endpoint.hpp"

namespace qiao::access {
class Orgs;
class SettingsStore;
}  // namespace qiao::access

namespace qiao::api {

// `secure_cookie`: the server speaks TLS, so the cookie must never travel without it.
void add_session(Endpoints& endpoints, access::Access& access, const access::Orgs& orgs,
                 const access::SettingsStore& settings, bool secure_cookie);

}  // namespace qiao::api
