#include "api/settings.hpp"

#include "access/settings_store.hpp"
#include "api/resource.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

Answer settings_answer(const access::SettingsStore& settings, Call& call) {
    auto all = settings.all();
    const auto version = settings.version();
    set_etag(call, version);
    all["version"] = version;
    return Answer{200, std::move(all)};
}

Result<Answer> change_settings(access::SettingsStore& settings, Call& call) {
    if (!call.body.is_object())
        return fail(ErrorCode::invalid, "api.body", "the body must be a JSON object of settings");
    auto values = call.body.get_object();
    values.erase("version");
    std::string why;
    if (const auto* given = values.if_contains("why"); given && given->is_string()) {
        why = std::string(given->get_string());
        values.erase("why");
    }
    const auto version = expected_version(call);
    if (!version)
        return fail(version.error());
    if (auto changed = settings.change(call.who, values, *version, why); !changed)
        return fail(changed.error());
    return settings_answer(settings, call);
}

json::object type_of(const json::value& value) {
    const char* name = value.is_bool()     ? "boolean"
                       : value.is_string() ? "string"
                       : value.is_int64()  ? "integer"
                                           : "number";
    return {{"type", name}};
}

// The settings are described in one table, so the shape is made from it.
void define_shapes(Endpoints& endpoints, const access::SettingsStore& settings) {
    json::object all{{"version", {{"type", "integer"}}}}, some{{"version", {{"readOnly", true}}}};
    json::array names{"version"};
    for (const auto& setting : settings.descriptions()) {
        const auto otherwise = json::parse(setting.default_json);
        auto member = type_of(otherwise);
        member["description"] = setting.meaning;
        member["default"] = otherwise;
        all[setting.key] = member;
        member["type"] = json::array{member["type"], "null"};
        some[setting.key] = std::move(member);
        names.emplace_back(setting.key);
    }
    some["why"] = {{"type", "string"}};
    endpoints.define("Settings", Schema(json::value{{"type", "object"},
                                                    {"properties", std::move(all)},
                                                    {"required", std::move(names)},
                                                    {"additionalProperties", false}}));
    endpoints.define("SettingsChange", Schema(json::value{{"type", "object"},
                                                          {"properties", std::move(some)},
                                                          {"required", json::array{}},
                                                          {"additionalProperties", false}}));
}

}  // namespace

void add_settings(Endpoints& endpoints, access::SettingsStore& settings) {
    define_shapes(endpoints, settings);
    endpoints.add(
        "GET", "/api/v1/settings", access::Permission::view,
        [&settings](Call& call) -> Result<Answer> { return settings_answer(settings, call); },
        {"All settings", "settings", nullptr, "Settings"});
    endpoints.add("PATCH", "/api/v1/settings", access::Permission::manage_settings,
                  [&settings](Call& call) { return change_settings(settings, call); },
                  {"Change some settings, all or none; null takes one back to its default",
                   "settings", "SettingsChange", "Settings"});
}

}  // namespace qiao::api
