// Write keys: what an SDK or a server shows to deliver facts. They only write, and stand in
// browsers and apps, so they are no secret; they are masked in lists for those who may not manage
// settings.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "access/audit.hpp"

namespace qiao::access {

struct WriteKey {
    std::string id;    // "key_01J…"; the `source` under which its facts are kept
    std::string name;  // also the `project` of Sensors SDKs
    std::string
        kind;  // "segment", "sensors" or "native": the SDK it was made for; it opens all intakes
    std::string value;
    bool active = true;
    std::int64_t version = 1;
    Time created_at{}, updated_at{};
    std::string created_by;
};

struct WriteKeyChange {
    std::optional<std::string> name;
    std::optional<bool> active;
};

// Thread-safe. find() looks into a snapshot in memory: for every intake request.
class WriteKeys {
public:
    WriteKeys(sql::Database& database, const Clock& clock, AuditLog& audit);

    // Null where there is no active key of that value.
    std::shared_ptr<const WriteKey> find(std::string_view value) const;
    // The oldest active key of that name (a Sensors `project` without a token); null where there is
    // none.
    std::shared_ptr<const WriteKey> find_by_name(std::string_view name) const;

    std::vector<WriteKey> list() const;  // oldest first
    Result<WriteKey> get(std::string_view id) const;
    // `value` empty: a random one. Errors: `access.key_kind`, `access.key_name`,
    // `access.key_value`.
    Result<WriteKey> create(const Principal& who, std::string name, std::string kind,
                            std::string value = {});
    Result<WriteKey> update(const Principal& who, std::string_view id, const WriteKeyChange& change,
                            std::optional<std::int64_t> expected_version);
    Result<void> remove(const Principal& who, std::string_view id);

    static std::string masked(std::string_view value);  // "abcd…": the first four characters

private:
    struct Snapshot;
    std::shared_ptr<const Snapshot> snapshot() const;
    void publish(sql::Transaction& transaction);

    sql::Database& database_;
    const Clock& clock_;
    AuditLog& audit_;
    mutable std::mutex mutex_;
    std::shared_ptr<const Snapshot> snapshot_;
};

}  // namespace qiao::access
