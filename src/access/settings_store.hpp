// The settings that people change while the server runs: one described table, values as JSON.
//
// A setting without a stored value has the default of its description. Thread-safe; get() reads
// memory.
#pragma once

#include <boost/json/fwd.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit.hpp"

namespace qiao::access {

// `judge` answers a refusal's sentence for a value, or nothing where it is good.
struct SettingDescription {
    std::string key;
    std::string default_json;
    std::string meaning;  // English, for /docs
    std::function<std::optional<std::string>(const boost::json::value&)> judge;
};

// The settings that every installation has: institution_name, time_zone, unknown_events,
// public_address, default_language, history_months, index_months.
std::vector<SettingDescription> basic_settings();

class SettingsStore {
public:
    // Keys of `descriptions` are unique. Modules bring their own ("contact_policy" of engage): app
    // joins them to basic_settings().
    SettingsStore(sql::Database& database, const Clock& clock, AuditLog& audit,
                  std::vector<SettingDescription> descriptions = basic_settings());

    // An unknown key is a bug of the caller.
    boost::json::value get(std::string_view key) const;
    std::string text(std::string_view key) const;
    double number(std::string_view key) const;
    bool has(std::string_view key) const;
    boost::json::object all() const;
    const std::vector<SettingDescription>& descriptions() const { return descriptions_; }
    // Rises with every change: for caches of parsed values.
    std::int64_t version() const;

    // All or nothing; null takes a value back to its default. Errors: unprocessable
    // `access.setting_unknown`, `access.setting_value` (pointer /key); stale `access.stale`.
    Result<void> change(const Principal& who, const boost::json::object& values,
                        std::optional<std::int64_t> expected_version, std::string_view why = {});

    // Called after each change has committed, on the changing thread; register before serving.
    void on_change(std::function<void()> listener);

private:
    struct Snapshot;
    const SettingDescription* describe(std::string_view key) const;
    std::shared_ptr<const Snapshot> snapshot() const;
    void publish(sql::Transaction& transaction);

    sql::Database& database_;
    const Clock& clock_;
    AuditLog& audit_;
    std::vector<SettingDescription> descriptions_;
    mutable std::mutex mutex_;
    std::shared_ptr<const Snapshot> snapshot_;
    std::vector<std::function<void()>> listeners_;
};

}  // namespace qiao::access
