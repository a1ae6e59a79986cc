#include "api/people.hpp"

#include "access/access.hpp"
#include "api/resource.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

json::object person_json(const access::Person& person, const access::Orgs& orgs) {
    return {{"id", person.id},
            {"login", person.login},
            {"name", person.name},
            {"role", person.role},
            {"org", person.org},
            {"org_name", orgs.name_of(person.org)},
            {"email", person.email},
            {"active", person.active},
            {"language", person.language},
            {"has_password", person.has_password},
            {"last_sign_in_at", time_json(person.last_sign_in_at)},
            {"version", person.version},
            {"created_at", format_time(person.created_at)},
            {"updated_at", format_time(person.updated_at)},
            {"created_by", person.created_by}};
}

// A path: the console or the script puts its own address before it.
std::string link_path(std::string_view token) { return "/sign-in?link=" + std::string(token); }

class PeopleApi {
public:
    PeopleApi(access::Access& access, const access::Orgs& orgs) : access_(access), orgs_(orgs) {}

    Result<Answer> list(Call& call) {
        const auto page = page_of(call);
        if (!page)
            return fail(page.error());
        auto people = access_.people(call.who, page->cursor, page->limit + 1);
        std::optional<std::string> next;
        if (people.size() > page->limit) {
            people.pop_back();
            next = people.back().id;
        }
        json::array items;
        for (const auto& person : people)
            items.push_back(person_json(person, orgs_));
        return Answer{200, page_json(std::move(items), next)};
    }

    // Whom work can be given to and who can be told: names alone.
    Result<Answer> colleagues(Call&) {
        json::array items;
        for (const auto& person : access_.colleagues())
            items.push_back({{"id", person.id},
                             {"name", person.name},
                             {"org_name", orgs_.name_of(person.org)},
                             {"has_email", !access::address_of(person).empty()}});
        return Answer{200, page_json(std::move(items), {})};
    }

    Result<Answer> get(Call& call) {
        const auto person = access_.person(call.who, call.id());
        if (!person)
            return fail(person.error());
        return answer(call, *person);
    }

    Result<Answer> create(Call& call) {
        Body body(call.body);
        access::NewPerson person;
        person.login = body.text("login");
        person.name = body.text("name");
        person.role = body.text("role");
        person.org = body.maybe_text("org").value_or("");
        person.email = body.maybe_text("email").value_or("");
        person.active = body.maybe_flag("active").value_or(true);
        person.language = body.maybe_text("language").value_or("zh");
        if (auto sound = body.finish(); !sound)
            return fail(sound.error());
        const auto made = access_.create_person(call.who, person);
        if (!made)
            return fail(made.error());
        return answer_with_link(call, *made, 201);
    }

    Result<Answer> update(Call& call) {
        Body body(call.body);
        access::PersonChange change;
        change.login = body.maybe_text("login");
        change.name = body.maybe_text("name");
        change.role = body.maybe_text("role");
        change.org = body.maybe_text("org");
        // "org": null moves someone to the whole bank.
        if (call.body.is_object() && call.body.get_object().contains("org") && !change.org)
            change.org = "";
        change.email = body.maybe_text("email");
        change.active = body.maybe_flag("active");
        body.ignore({"org_name", "language", "has_password", "last_sign_in_at"});
        if (auto sound = body.finish(); !sound)
            return fail(sound.error());
        return changed(call, change);
    }

    // What someone made stays theirs by name, so a person is switched off, not removed.
    Result<Answer> switch_off(Call& call) {
        access::PersonChange change;
        change.active = false;
        auto answer = changed(call, change);
        if (!answer)
            return answer;
        return Answer{204, nullptr};
    }

    Result<Answer> reset(Call& call) {
        const auto made = access_.reset_person(call.who, call.id());
        if (!made)
            return fail(made.error());
        return answer_with_link(call, *made, 200);
    }

private:
    Result<Answer> changed(Call& call, const access::PersonChange& change) {
        const auto version = expected_version(call);
        if (!version)
            return fail(version.error());
        const auto person = access_.update_person(call.who, call.id(), change, *version);
        if (!person)
            return fail(person.error());
        return answer(call, *person);
    }
    Answer answer(Call& call, const access::Person& person) const {
        set_etag(call, person.version);
        return Answer{200, person_json(person, orgs_)};
    }
    Answer answer_with_link(Call& call, const access::PersonWithLink& made, int status) const {
        set_etag(call, made.person.version);
        auto body = person_json(made.person, orgs_);
        body["one_time_link"] = link_path(made.link_token);
        return Answer{status, std::move(body)};
    }

    access::Access& access_;
    const access::Orgs& orgs_;
};

Result<Answer> list_roles(Call&) {
    json::array items;
    for (const auto& role : access::all_roles()) {
        json::array permissions;
        for (const auto name : access::permission_names(role.permissions))
            permissions.emplace_back(name);
        items.push_back(
            {{"role", role.role}, {"name", role.name}, {"permissions", std::move(permissions)}});
    }
    return Answer{200, page_json(std::move(items), {})};
}

void define_shapes(Endpoints& endpoints) {
    std::vector<std::string> roles;
    for (const auto& role : access::all_roles())
        roles.emplace_back(role.role);
    endpoints.define("RoleName", words_schema(roles));
    endpoints.define(
        "Role",
        object_schema({{"role", "RoleName"}, {"name", "string"}, {"permissions", "Permission[]"}}));
    const auto person = object_schema({{"id", "string"},
                                       {"login", "string"},
                                       {"name", "string"},
                                       {"role", "RoleName"},
                                       {"org", "string"},
                                       {"org_name", "string"},
                                       {"email", "string"},
                                       {"active", "boolean"},
                                       {"language", "Language"},
                                       {"has_password", "boolean"},
                                       {"last_sign_in_at", "time|null"},
                                       {"version", "integer"},
                                       {"created_at", "time"},
                                       {"updated_at", "time"},
                                       {"created_by", "string"}});
    endpoints.define("Person", person);
    endpoints.define("Colleague", object_schema({{"id", "string"},
                                                 {"name", "string"},
                                                 {"org_name", "string"},
                                                 {"has_email", "boolean"}}));
    endpoints.define("PersonWithLink", extended(person, {{"one_time_link", "string"}}));
    endpoints.define("NewPerson", body_schema({{"login", "string"},
                                               {"name", "string"},
                                               {"role", "RoleName"},
                                               {"org?", "string"},
                                               {"email?", "string"},
                                               {"active?", "boolean"},
                                               {"language?", "Language"}}));
    endpoints.define("PersonChange",
                     body_schema({{"login?", "string"},
                                  {"name?", "string"},
                                  {"role?", "RoleName"},
                                  {"org?", "string"},  // null moves someone to the whole bank
                                  {"email?", "string"},
                                  {"active?", "boolean"}},
                                 {"org_name", "language", "has_password", "last_sign_in_at"}));
}

}  // namespace

void add_people(Endpoints& endpoints, access::Access& access, const access::Orgs& orgs) {
    const auto api = std::make_shared<PeopleApi>(access, orgs);
    const std::string path = "/api/v1/people", one = path + "/{id}";
    using enum access::Permission;

    define_shapes(endpoints);
    endpoints.add("GET", path, manage_people, [api](Call& call) { return api->list(call); },
                  {"The people who may sign in",
                   "people",
                   nullptr,
                   page_schema("Person"),
                   {"limit", "cursor"}});
    endpoints.add("POST", path, manage_people, [api](Call& call) { return api->create(call); },
                  {"Add a person; the answer holds their one-time link, once", "people",
                   "NewPerson", created("PersonWithLink")});
    endpoints.add(
        "GET", "/api/v1/colleagues", view, [api](Call& call) { return api->colleagues(call); },
        {"The names of everyone who may sign in", "people", nullptr, page_schema("Colleague")});
    endpoints.add("GET", one, manage_people, [api](Call& call) { return api->get(call); },
                  {"One person", "people", nullptr, "Person"});
    for (const auto* method : {"PATCH", "PUT"})
        endpoints.add(method, one, manage_people, [api](Call& call) { return api->update(call); },
                      {"Change the named fields of a person", "people", "PersonChange", "Person"});
    endpoints.add("DELETE", one, manage_people, [api](Call& call) { return api->switch_off(call); },
                  {"Switch a person off; their sessions end", "people", nullptr, no_content()});
    endpoints.add("POST", one + "/reset", manage_people,
                  [api](Call& call) { return api->reset(call); },
                  {"A new one-time link; the password and the sessions are gone", "people", nullptr,
                   "PersonWithLink"});
    endpoints.add("GET", "/api/v1/roles", view, list_roles,
                  {"The roles and what each may do", "people", nullptr, page_schema("Role")});
}

}  // namespace qiao::api
