#include "access/settings_store.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "access/detail/versions.hpp"
#include "base/check.hpp"

namespace qiao::access {

namespace json = boost::json;

// Values of all described settings, stored or default.
struct SettingsStore::Snapshot {
    std::int64_t version = 0;
    std::map<std::string, json::value, std::less<>> values;

    Snapshot(sql::Transaction& transaction, const std::vector<SettingDescription>& descriptions) {
        for (const auto& description : descriptions)
            values.emplace(description.key, json::parse(description.default_json));
        for (const auto& row :
             transaction.query("SELECT key, value, version FROM access_settings")) {
            version = std::max(version, row.integer(2));
            // A setting that this version no longer describes stays in the table, unread.
            if (const auto found = values.find(row.text(0));
                found != values.end() && !row.text(1).empty())
                found->second = json::parse(row.text(1));
        }
    }
};

SettingsStore::SettingsStore(sql::Database& database, const Clock& clock, AuditLog& audit,
                             std::vector<SettingDescription> descriptions)
    : database_(database), clock_(clock), audit_(audit), descriptions_(std::move(descriptions)) {
    snapshot_ = std::make_shared<const Snapshot>(*database_.read(), descriptions_);
    check(snapshot_->values.size() == descriptions_.size());
}

std::shared_ptr<const SettingsStore::Snapshot> SettingsStore::snapshot() const {
    std::lock_guard lock(mutex_);
    return snapshot_;
}

json::value SettingsStore::get(std::string_view key) const {
    const auto now = snapshot();
    const auto found = now->values.find(key);
    check(found != now->values.end());
    return found->second;
}

std::string SettingsStore::text(std::string_view key) const {
    const auto value = get(key);
    check(value.is_string());
    return std::string(value.get_string());
}

double SettingsStore::number(std::string_view key) const {
    const auto value = get(key);
    check(value.is_number());
    return value.to_number<double>();
}

bool SettingsStore::has(std::string_view key) const { return describe(key) != nullptr; }

json::object SettingsStore::all() const {
    json::object all;
    const auto held = snapshot();
    for (const auto& [key, value] : held->values)
        all[key] = value;
    return all;
}

std::int64_t SettingsStore::version() const { return snapshot()->version; }

const SettingDescription* SettingsStore::describe(std::string_view key) const {
    for (const auto& description : descriptions_)
        if (description.key == key)
            return &description;
    return nullptr;
}

Result<void> SettingsStore::change(const Principal& who, const json::object& values,
                                   std::optional<std::int64_t> expected_version,
                                   std::string_view why) {
    if (values.empty())
        return {};
    for (const auto& [key, value] : values) {
        const auto pointer = "/" + std::string(key);
        const auto* description = describe(key);
        if (description == nullptr)
            return fail(ErrorCode::unprocessable, "access.setting_unknown",
                        "there is no setting of this name", pointer);
        if (value.is_null())
            continue;
        if (const auto refusal = description->judge(value))
            return fail(ErrorCode::unprocessable, "access.setting_value",
                        "the setting " + description->key + " " + *refusal, pointer);
    }

    auto transaction = database_.begin();
    const auto version_now = version();
    if (auto fresh = detail::judge_version(version_now, expected_version); !fresh)
        return fresh;
    std::string keys;
    for (const auto& [key, value] : values) {
        // An empty text is "the default": the row stays, so that the version never falls.
        transaction->execute(
            "INSERT INTO access_settings (key, value, version, updated_at, updated_by) "
            "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (key) DO UPDATE SET "
            "value = $2, version = $3, updated_at = $4, updated_by = $5",
            {std::string(key), value.is_null() ? std::string() : json::serialize(value),
             version_now + 1, sql::param(clock_.now()), who.id});
        keys += (keys.empty() ? "" : ", ") + std::string(key);
    }
    audit_.add(*transaction, who, {"settings.changed", keys, "changed " + keys, std::string(why)});
    publish(*transaction);
    return {};
}

void SettingsStore::publish(sql::Transaction& transaction) {
    transaction.on_commit(
        [this, next = std::make_shared<const Snapshot>(transaction, descriptions_)] {
            std::lock_guard lock(mutex_);
            snapshot_ = next;
        });
    transaction.commit();
    for (const auto& listener : listeners_)
        listener();
}

void SettingsStore::on_change(std::function<void()> listener) {
    listeners_.push_back(std::move(listener));
}

}  // namespace qiao::access
