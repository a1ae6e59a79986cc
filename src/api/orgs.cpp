#include "api/orgs.hpp"

#include "access/orgs.hpp"
#include "api/resource.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

json::object org_json(const access::Org& org) {
    return {{"id", org.code},
            {"code", org.code},
            {"name", org.name},
            {"parent", org.parent.empty() ? json::value(nullptr) : json::value(org.parent)},
            {"kind", org.kind},
            {"version", org.version},
            {"created_at", format_time(org.created_at)},
            {"updated_at", format_time(org.updated_at)},
            {"created_by", org.created_by}};
}

Answer org_answer(Call& call, const access::Org& org, int status) {
    set_etag(call, org.version);
    return Answer{status, org_json(org)};
}

Result<Answer> list_orgs(const access::Orgs& orgs) {
    json::array items;
    const auto tree = orgs.tree();
    for (const auto& org : tree->orgs())
        items.push_back(org_json(org));
    return Answer{200, page_json(std::move(items), {})};
}

Result<Answer> get_org(const access::Orgs& orgs, Call& call) {
    const auto tree = orgs.tree();
    const auto* org = tree->find(call.id());
    if (org == nullptr)
        return fail(ErrorCode::not_found, "access.org_not_found", "there is no such unit");
    return org_answer(call, *org, 200);
}

Result<Answer> create_org(access::Orgs& orgs, Call& call) {
    Body body(call.body);
    access::Org org;
    org.code = body.text("code");
    org.name = body.text("name");
    org.parent = body.maybe_text("parent").value_or("");
    org.kind = body.text("kind");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    const auto made = orgs.create(call.who, std::move(org));
    if (!made)
        return fail(made.error());
    return org_answer(call, *made, 201);
}

Result<Answer> update_org(access::Orgs& orgs, Call& call) {
    Body body(call.body);
    access::OrgChange change;
    change.name = body.maybe_text("name");
    change.parent = body.maybe_text("parent");
    // "parent": null takes a unit to the top.
    if (call.body.is_object() && call.body.get_object().contains("parent") && !change.parent)
        change.parent = "";
    change.kind = body.maybe_text("kind");
    body.ignore({"code"});
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    const auto version = expected_version(call);
    if (!version)
        return fail(version.error());
    const auto org = orgs.update(call.who, call.id(), change, *version);
    if (!org)
        return fail(org.error());
    return org_answer(call, *org, 200);
}

Result<Answer> remove_org(access::Orgs& orgs, Call& call) {
    if (auto removed = orgs.remove(call.who, call.id()); !removed)
        return fail(removed.error());
    return Answer{204, nullptr};
}

void define_shapes(Endpoints& endpoints) {
    endpoints.define("OrgKind", "'head'|'branch'|'outlet'|'manager'");
    endpoints.define("Org", object_schema({{"id", "string"},
                                           {"code", "string"},
                                           {"name", "string"},
                                           {"parent", "string|null"},
                                           {"kind", "OrgKind"},
                                           {"version", "integer"},
                                           {"created_at", "time"},
                                           {"updated_at", "time"},
                                           {"created_by", "string"}}));
    endpoints.define(
        "NewOrg",
        body_schema(
            {{"code", "string"}, {"name", "string"}, {"parent?", "string"}, {"kind", "OrgKind"}}));
    endpoints.define("OrgChange", body_schema({{"name?", "string"},
                                               {"parent?", "string"},  // null: to the top
                                               {"kind?", "OrgKind"}},
                                              {"code"}));
}

}  // namespace

void add_orgs(Endpoints& endpoints, access::Orgs& orgs) {
    const std::string path = "/api/v1/orgs", one = path + "/{id}";
    using enum access::Permission;

    define_shapes(endpoints);
    endpoints.add("GET", path, view, [&orgs](Call&) { return list_orgs(orgs); },
                  {"The whole organisation, a unit before those below it", "orgs", nullptr,
                   page_schema("Org")});
    endpoints.add("POST", path, manage_people,
                  [&orgs](Call& call) { return create_org(orgs, call); },
                  {"Add a unit", "orgs", "NewOrg", created("Org")});
    endpoints.add("GET", one, view, [&orgs](Call& call) { return get_org(orgs, call); },
                  {"One unit, by its code", "orgs", nullptr, "Org"});
    for (const auto* method : {"PATCH", "PUT"})
        endpoints.add(method, one, manage_people,
                      [&orgs](Call& call) { return update_org(orgs, call); },
                      {"Rename or move a unit", "orgs", "OrgChange", "Org"});
    endpoints.add("DELETE", one, manage_people,
                  [&orgs](Call& call) { return remove_org(orgs, call); },
                  {"Remove a unit that nothing belongs to", "orgs", nullptr, no_content()});
}

}  // namespace qiao::api
