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

json::value settings_schema(const access::SettingsStore& settings) {
    json::object members{{"version", {{"type", "integer"}}}};
    for (const auto& setting : settings.descriptions())
        members[setting.key] = {{"description", setting.meaning},
                                {"default", json::parse(setting.default_json)}};
    return json::object{{"type", "object"}, {"properties", std::move(members)}};
}

}  // namespace

void add_settings(Endpoints& endpoints, access::SettingsStore& settings) {
    const auto schema = settings_schema(settings);
    endpoints.add(
        "GET", "/api/v1/settings", access::Permission::view,
        [&settings](Call& call) -> Result<Answer> { return settings_answer(settings, call); },
        {"All settings", "settings", nullptr, schema});
    endpoints.add("PATCH", "/api/v1/settings", access::Permission::manage_settings,
                  [&settings](Call& call) { return change_settings(settings, call); },
                  {"Change some settings, all or none; null takes one back to its default",
                   "settings", schema, schema});
}

}  // namespace qiao::api
