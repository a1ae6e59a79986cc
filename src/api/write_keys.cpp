#include "api/write_keys.hpp"

#include "access/write_keys.hpp"
#include "api/resource.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

json::object write_key_json(const access::WriteKey& key, const access::Principal& who) {
    const bool open = who.may(access::Permission::manage_settings);
    return {{"id", key.id},
            {"name", key.name},
            {"kind", key.kind},
            {"active", key.active},
            {"write_key", open ? key.value : access::WriteKeys::masked(key.value)},
            {"version", key.version},
            {"created_at", format_time(key.created_at)},
            {"updated_at", format_time(key.updated_at)},
            {"created_by", key.created_by}};
}

Answer write_key_answer(Call& call, const access::WriteKey& key, int status) {
    set_etag(call, key.version);
    return Answer{status, write_key_json(key, call.who)};
}

Result<Answer> list_write_keys(const access::WriteKeys& keys, Call& call) {
    json::array items;
    for (const auto& key : keys.list())
        items.push_back(write_key_json(key, call.who));
    return Answer{200, page_json(std::move(items), {})};
}

Result<Answer> get_write_key(const access::WriteKeys& keys, Call& call) {
    const auto key = keys.get(call.id());
    if (!key)
        return fail(key.error());
    return write_key_answer(call, *key, 200);
}

Result<Answer> create_write_key(access::WriteKeys& keys, Call& call) {
    Body body(call.body);
    auto name = body.text("name");
    auto kind = body.maybe_text("kind").value_or("native");
    const auto active = body.maybe_flag("active").value_or(true);
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    auto key = keys.create(call.who, std::move(name), std::move(kind));
    if (key && !active) {
        access::WriteKeyChange off;
        off.active = false;
        key = keys.update(call.who, key->id, off, {});
    }
    if (!key)
        return fail(key.error());
    return write_key_answer(call, *key, 201);
}

Result<Answer> update_write_key(access::WriteKeys& keys, Call& call) {
    Body body(call.body);
    access::WriteKeyChange change;
    change.name = body.maybe_text("name");
    change.active = body.maybe_flag("active");
    body.ignore({"kind", "write_key"});
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    const auto version = expected_version(call);
    if (!version)
        return fail(version.error());
    const auto key = keys.update(call.who, call.id(), change, *version);
    if (!key)
        return fail(key.error());
    return write_key_answer(call, *key, 200);
}

Result<Answer> remove_write_key(access::WriteKeys& keys, Call& call) {
    if (auto removed = keys.remove(call.who, call.id()); !removed)
        return fail(removed.error());
    return Answer{204, nullptr};
}

void define_shapes(Endpoints& endpoints) {
    endpoints.define("WriteKeyKind", "'segment'|'sensors'|'native'");
    endpoints.define("WriteKey", object_schema({{"id", "string"},
                                                {"name", "string"},
                                                {"kind", "WriteKeyKind"},
                                                {"active", "boolean"},
                                                {"write_key", "string"},
                                                {"version", "integer"},
                                                {"created_at", "time"},
                                                {"updated_at", "time"},
                                                {"created_by", "string"}}));
    endpoints.define(
        "NewWriteKey",
        body_schema({{"name", "string"}, {"kind?", "WriteKeyKind"}, {"active?", "boolean"}}));
    endpoints.define("WriteKeyChange", body_schema({{"name?", "string"}, {"active?", "boolean"}},
                                                   {"kind", "write_key"}));
}

}  // namespace

void add_write_keys(Endpoints& endpoints, access::WriteKeys& keys) {
    const std::string path = "/api/v1/write-keys", one = path + "/{id}";
    using enum access::Permission;

    define_shapes(endpoints);
    endpoints.add("GET", path, view, [&keys](Call& call) { return list_write_keys(keys, call); },
                  {"The write keys; masked for those who may not manage settings", "write keys",
                   nullptr, page_schema("WriteKey")});
    endpoints.add("POST", path, manage_settings,
                  [&keys](Call& call) { return create_write_key(keys, call); },
                  {"Make a write key", "write keys", "NewWriteKey", created("WriteKey")});
    endpoints.add("GET", one, view, [&keys](Call& call) { return get_write_key(keys, call); },
                  {"One write key", "write keys", nullptr, "WriteKey"});
    for (const auto* method : {"PATCH", "PUT"})
        endpoints.add(method, one, manage_settings,
                      [&keys](Call& call) { return update_write_key(keys, call); },
                      {"Rename a write key, or switch it on or off", "write keys", "WriteKeyChange",
                       "WriteKey"});
    endpoints.add("DELETE", one, manage_settings,
                  [&keys](Call& call) { return remove_write_key(keys, call); },
                  {"Remove a write key at once", "write keys", nullptr, no_content()});
}

}  // namespace qiao::api
