#include "api/tokens.hpp"

#include "access/access.hpp"
#include "api/resource.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

json::object token_json(const access::ApiToken& token) {
    return {{"id", token.id},
            {"name", token.name},
            {"role", token.role},
            {"org", token.org},
            {"expires_at", format_time(token.expires_at)},
            {"last_used_at", time_json(token.last_used_at)},
            {"version", token.version},
            {"created_at", format_time(token.created_at)},
            {"updated_at", format_time(token.created_at)},
            {"created_by", token.created_by}};
}

Result<Answer> list_tokens(access::Access& access, Call& call) {
    const auto page = page_of(call);
    if (!page)
        return fail(page.error());
    auto tokens = access.tokens(call.who, page->cursor, page->limit + 1);
    std::optional<std::string> next;
    if (tokens.size() > page->limit) {
        tokens.pop_back();
        next = tokens.back().id;
    }
    json::array items;
    for (const auto& token : tokens)
        items.push_back(token_json(token));
    return Answer{200, page_json(std::move(items), next)};
}

Result<Answer> get_token(access::Access& access, Call& call) {
    const auto token = access.token(call.who, call.id());
    if (!token)
        return fail(token.error());
    return Answer{200, token_json(*token)};
}

Result<Answer> create_token(access::Access& access, Call& call) {
    Body body(call.body);
    auto name = body.text("name");
    auto role = body.text("role");
    auto org = body.maybe_text("org").value_or("");
    const auto expires_at = body.maybe_time("expires_at");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (!expires_at)
        return fail(ErrorCode::invalid, "api.body",
                    "expires_at is missing; a token ends within 366 days", "/expires_at");
    const auto made = access.create_token(call.who, std::move(name), std::move(role),
                                          std::move(org), *expires_at);
    if (!made)
        return fail(made.error());
    auto answer = token_json(made->token);
    answer["token"] = made->secret;
    return Answer{201, std::move(answer)};
}

Result<Answer> revoke_token(access::Access& access, Call& call) {
    if (auto revoked = access.revoke_token(call.who, call.id()); !revoked)
        return fail(revoked.error());
    return Answer{204, nullptr};
}

void define_shapes(Endpoints& endpoints) {
    const auto token = object_schema({{"id", "string"},
                                      {"name", "string"},
                                      {"role", "RoleName"},
                                      {"org", "string"},
                                      {"expires_at", "time"},
                                      {"last_used_at", "time|null"},
                                      {"version", "integer"},
                                      {"created_at", "time"},
                                      {"updated_at", "time"},
                                      {"created_by", "string"}});
    endpoints.define("Token", token);
    endpoints.define("TokenWithSecret", extended(token, {{"token", "string"}}));
    endpoints.define("NewToken", body_schema({{"name", "string"},
                                              {"role", "RoleName"},
                                              {"org?", "string"},
                                              {"expires_at", "time"}}));
}

}  // namespace

void add_tokens(Endpoints& endpoints, access::Access& access) {
    const std::string path = "/api/v1/tokens", one = path + "/{id}";
    using enum access::Permission;

    define_shapes(endpoints);
    endpoints.add("GET", path, manage_people,
                  [&access](Call& call) { return list_tokens(access, call); },
                  {"The tokens of scripts, without their secrets",
                   "tokens",
                   nullptr,
                   page_schema("Token"),
                   {"limit", "cursor"}});
    endpoints.add("POST", path, manage_people,
                  [&access](Call& call) { return create_token(access, call); },
                  {"Make a token; the answer holds its secret, once", "tokens", "NewToken",
                   created("TokenWithSecret")});
    endpoints.add("GET", one, manage_people,
                  [&access](Call& call) { return get_token(access, call); },
                  {"One token", "tokens", nullptr, "Token"});
    endpoints.add("DELETE", one, manage_people,
                  [&access](Call& call) { return revoke_token(access, call); },
                  {"Revoke a token at once", "tokens", nullptr, no_content()});
}

}  // namespace qiao::api
