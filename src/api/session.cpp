#include "api/session.hpp"

#include "access/access.hpp"
#include "access/settings_store.hpp"
#include "api/resource.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

constexpr std::string_view session_cookie_name = "qiao_session";

std::string_view session_cookie_of(const http::Request& request) {
    auto rest = request.header("cookie");
    while (!rest.empty()) {
        const auto end = rest.find(';');
        auto pair = rest.substr(0, end);
        pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
        if (pair.starts_with(session_cookie_name) &&
            pair.substr(session_cookie_name.size()).starts_with('='))
            return pair.substr(session_cookie_name.size() + 1);
        if (end == rest.npos)
            break;
        rest.remove_prefix(end + 1);
    }
    return {};
}

class SessionApi {
public:
    SessionApi(access::Access& access, const access::Orgs& orgs,
               const access::SettingsStore& settings, bool secure_cookie)
        : access_(access), orgs_(orgs), settings_(settings), secure_cookie_(secure_cookie) {}

    Result<Answer> sign_in(Call& call) {
        Body body(call.body);
        const auto link = body.maybe_text("link_token");
        const auto login = link ? std::string() : body.text("login");
        const auto password = link ? std::string() : body.text("password");
        if (auto sound = body.finish(); !sound)
            return fail(sound.error());
        auto signed_in = link ? access_.sign_in_by_link(*link) : access_.sign_in(login, password);
        if (!signed_in)
            return fail(signed_in.error());

        constexpr std::string_view seven_days = "604800";
        set_cookie(call, signed_in->session_token, seven_days);
        auto answer = described(*signed_in);
        return Answer{200, std::move(answer)};
    }

    Result<Answer> show(Call& call) {
        if (call.who.through_token)
            return Answer{200, described_token(call.who)};
        const auto session = access_.session(session_cookie_of(call.request));
        if (!session)
            return fail(session.error());
        return Answer{200, described(*session)};
    }

    Result<Answer> change(Call& call) {
        Body body(call.body);
        const auto language = body.maybe_text("language");
        const auto* password = body.member("password");
        std::string old_one, new_one;
        if (password != nullptr) {
            Body part(*password, "/password");
            old_one = part.maybe_text("old").value_or("");
            new_one = part.text("new");
            if (auto sound = part.finish(); !sound)
                return fail(sound.error());
        }
        if (auto sound = body.finish(); !sound)
            return fail(sound.error());

        const auto cookie = session_cookie_of(call.request);
        if (password != nullptr)
            if (auto changed = access_.change_password(call.who, cookie, old_one, new_one);
                !changed)
                return fail(changed.error());
        if (language)
            if (auto changed = access_.set_language(call.who, *language); !changed)
                return fail(changed.error());
        return show(call);
    }

    Result<Answer> sign_out(Call& call) {
        access_.sign_out(session_cookie_of(call.request));
        set_cookie(call, "", "0");
        return Answer{204, nullptr};
    }

private:
    void set_cookie(Call& call, std::string_view value, std::string_view max_age) const {
        std::string cookie(session_cookie_name);
        cookie.append("=").append(value).append("; Path=/; HttpOnly; SameSite=Strict; Max-Age=");
        cookie.append(max_age);
        if (secure_cookie_)
            cookie += "; Secure";
        call.response_headers.emplace_back("Set-Cookie", std::move(cookie));
    }

    json::object institution() const {
        return {{"name", settings_.text("institution_name")},
                {"time_zone", settings_.text("time_zone")}};
    }

    static json::array permissions_json(std::uint32_t permissions) {
        json::array names;
        for (const auto name : access::permission_names(permissions))
            names.emplace_back(name);
        return names;
    }

    json::value described(const access::SignedIn& session) const {
        const auto& person = session.person;
        const auto* role = access::find_role(person.role);
        return {{"person",
                 {{"id", person.id},
                  {"login", person.login},
                  {"name", person.name},
                  {"role", person.role},
                  {"org", person.org},
                  {"org_name", orgs_.name_of(person.org)},
                  {"permissions", permissions_json(role ? role->permissions : 0)},
                  {"language", person.language}}},
                {"csrf_token", session.csrf_token},
                {"password_needed", session.by_link || !person.has_password},
                {"institution", institution()}};
    }

    json::value described_token(const access::Principal& who) const {
        return {{"person",
                 {{"id", who.id},
                  {"login", nullptr},
                  {"name", who.name},
                  {"role", who.role},
                  {"org", who.org},
                  {"org_name", orgs_.name_of(who.org)},
                  {"permissions", permissions_json(who.permissions)},
                  {"language", nullptr}}},
                {"csrf_token", nullptr},
                {"password_needed", false},
                {"institution", institution()}};
    }

    access::Access& access_;
    const access::Orgs& orgs_;
    const access::SettingsStore& settings_;
    bool secure_cookie_;
};

}  // namespace

namespace {

void define_shapes(Endpoints& endpoints) {
    const auto permissions = access::permission_names(~0u);
    endpoints.define("Permission", words_schema({permissions.begin(), permissions.end()}));
    endpoints.define("Language", "'zh'|'en'");
    // Of a token: no login and no language.
    endpoints.define("SignedInPerson", object_schema({{"id", "string"},
                                                      {"login", "string|null"},
                                                      {"name", "string"},
                                                      {"role", "RoleName"},
                                                      {"org", "string"},
                                                      {"org_name", "string"},
                                                      {"permissions", "Permission[]"},
                                                      {"language", "Language|null"}}));
    endpoints.define(
        "Session", object_schema({{"person", "SignedInPerson"},
                                  {"csrf_token", "string|null"},
                                  {"password_needed", "boolean"},
                                  {"institution",
                                   object_schema({{"name", "string"}, {"time_zone", "string"}})}}));
    endpoints.define(
        "SignIn",
        body_schema({{"login?", "string"}, {"password?", "string"}, {"link_token?", "string"}}));
    endpoints.define(
        "SessionChange",
        body_schema({{"language?", "Language"},
                     {"password?", body_schema({{"old?", "string"}, {"new", "string"}})}}));
}

}  // namespace

void add_session(Endpoints& endpoints, access::Access& access, const access::Orgs& orgs,
                 const access::SettingsStore& settings, bool secure_cookie) {
    const auto api = std::make_shared<SessionApi>(access, orgs, settings, secure_cookie);
    const std::string path = "/api/v1/session";
    using enum access::Permission;

    define_shapes(endpoints);
    endpoints.add_open("POST", path, [api](Call& call) { return api->sign_in(call); },
                       {"Sign in with login and password, or with a one-time link", "session",
                        "SignIn", "Session"});
    endpoints.add("GET", path, view, [api](Call& call) { return api->show(call); },
                  {"Who is signed in, and what they may do", "session", nullptr, "Session"});
    endpoints.add("PATCH", path, view, [api](Call& call) { return api->change(call); },
                  {"Change the own language or password", "session", "SessionChange", "Session"});
    endpoints.add("DELETE", path, view, [api](Call& call) { return api->sign_out(call); },
                  {"Sign out", "session", nullptr, no_content()});
}

}  // namespace qiao::api
