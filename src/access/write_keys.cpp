#include "access/write_keys.hpp"

#include <algorithm>
#include <unordered_map>

#include "access/detail/versions.hpp"
#include "base/id.hpp"

namespace qiao::access {

namespace {

constexpr std::size_t key_random_bytes = 24;
constexpr std::size_t shortest_key = 8, longest_key = 200;

Error no_such_key() {
    return {ErrorCode::not_found, "access.key_not_found", "there is no such write key", {}, 0};
}

Result<void> judge_key_name(std::string_view name) {
    if (!name.empty() && name.size() <= 200)
        return {};
    return fail(ErrorCode::unprocessable, "access.key_name",
                "a write key needs a name of at most 200 bytes", "/name");
}

Result<void> judge_new_key(const WriteKey& key) {
    if (auto named = judge_key_name(key.name); !named)
        return named;
    if (key.kind != "segment" && key.kind != "sensors" && key.kind != "native")
        return fail(ErrorCode::unprocessable, "access.key_kind",
                    "the kind of a write key is segment, sensors or native", "/kind");
    const bool printable = std::all_of(key.value.begin(), key.value.end(),
                                       [](char c) { return c > ' ' && c < 127 && c != ':'; });
    if (key.value.size() < shortest_key || key.value.size() > longest_key || !printable)
        return fail(ErrorCode::unprocessable, "access.key_value",
                    "a write key has 8 to 200 printable ASCII characters without spaces and colons",
                    "/write_key");
    return {};
}

void write_key_row(sql::Transaction& transaction, const WriteKey& key) {
    transaction.execute(
        "INSERT INTO access_write_keys "
        "(id, name, kind, value, active, version, created_at, updated_at, created_by) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET "
        "name = $2, active = $5, version = $6, updated_at = $8",
        {key.id, key.name, key.kind, key.value, sql::param(key.active), key.version,
         sql::param(key.created_at), sql::param(key.updated_at), key.created_by});
}

}  // namespace

struct WriteKeys::Snapshot {
    std::vector<std::shared_ptr<const WriteKey>> keys;  // oldest first
    std::unordered_map<std::string_view, std::shared_ptr<const WriteKey>> active_by_value;

    explicit Snapshot(sql::Transaction& transaction) {
        for (const auto& row :
             transaction.query("SELECT id, name, kind, value, active, version, created_at, "
                               "updated_at, created_by "
                               "FROM access_write_keys ORDER BY created_at, id")) {
            auto key = std::make_shared<const WriteKey>(
                WriteKey{row.text(0), row.text(1), row.text(2), row.text(3), row.boolean(4),
                         row.integer(5), row.time(6), row.time(7), row.text(8)});
            if (key->active)
                active_by_value.emplace(key->value, key);
            keys.push_back(std::move(key));
        }
    }
    const WriteKey* find_id(std::string_view id) const {
        for (const auto& key : keys)
            if (key->id == id)
                return key.get();
        return nullptr;
    }
};

WriteKeys::WriteKeys(sql::Database& database, const Clock& clock, AuditLog& audit)
    : database_(database),
      clock_(clock),
      audit_(audit),
      snapshot_(std::make_shared<const Snapshot>(*database.read())) {}

std::shared_ptr<const WriteKeys::Snapshot> WriteKeys::snapshot() const {
    std::lock_guard lock(mutex_);
    return snapshot_;
}

std::shared_ptr<const WriteKey> WriteKeys::find(std::string_view value) const {
    const auto now = snapshot();
    const auto found = now->active_by_value.find(value);
    return found == now->active_by_value.end() ? nullptr : found->second;
}

std::shared_ptr<const WriteKey> WriteKeys::find_by_name(std::string_view name) const {
    const auto now = snapshot();
    for (const auto& key : now->keys)
        if (key->active && key->name == name)
            return key;
    return nullptr;
}

std::vector<WriteKey> WriteKeys::list() const {
    std::vector<WriteKey> keys;
    const auto held = snapshot();
    for (const auto& key : held->keys)
        keys.push_back(*key);
    return keys;
}

Result<WriteKey> WriteKeys::get(std::string_view id) const {
    const auto now = snapshot();
    const auto* key = now->find_id(id);
    if (key == nullptr)
        return fail(no_such_key());
    return *key;
}

Result<WriteKey> WriteKeys::create(const Principal& who, std::string name, std::string kind,
                                   std::string value) {
    WriteKey key;
    const auto now = clock_.now();
    key.id = new_id("key", now);
    key.name = std::move(name);
    key.kind = std::move(kind);
    key.value = value.empty() ? random_token(key_random_bytes) : std::move(value);
    key.created_at = key.updated_at = now;
    key.created_by = who.id;
    if (auto sound = judge_new_key(key); !sound)
        return fail(sound.error());

    auto transaction = database_.begin();
    const auto held = snapshot();
    for (const auto& existing : held->keys)
        if (existing->value == key.value)
            return fail(ErrorCode::conflict, "access.key_value", "this write key exists already",
                        "/write_key");
    write_key_row(*transaction, key);
    audit_.add(*transaction, who, {"write_key.created", key.id, key.kind + " key " + key.name});
    publish(*transaction);
    return key;
}

Result<WriteKey> WriteKeys::update(const Principal& who, std::string_view id,
                                   const WriteKeyChange& change,
                                   std::optional<std::int64_t> expected_version) {
    auto transaction = database_.begin();
    auto key = get(id);
    if (!key)
        return key;
    if (auto fresh = detail::judge_version(key->version, expected_version); !fresh)
        return fail(fresh.error());
    if (change.name) {
        if (auto named = judge_key_name(*change.name); !named)
            return fail(named.error());
        key->name = *change.name;
    }
    if (change.active)
        key->active = *change.active;

    ++key->version;
    key->updated_at = clock_.now();
    write_key_row(*transaction, *key);
    audit_.add(*transaction, who,
               {"write_key.updated", key->id,
                "key " + key->name + (key->active ? " is active" : " is switched off")});
    publish(*transaction);
    return key;
}

Result<void> WriteKeys::remove(const Principal& who, std::string_view id) {
    auto transaction = database_.begin();
    const auto key = get(id);
    if (!key)
        return fail(key.error());
    transaction->execute("DELETE FROM access_write_keys WHERE id = $1", {std::string(id)});
    audit_.add(*transaction, who, {"write_key.removed", key->id, key->kind + " key " + key->name});
    publish(*transaction);
    return {};
}

std::string WriteKeys::masked(std::string_view value) {
    return std::string(value.substr(0, std::min<std::size_t>(4, value.size() / 2))) + "…";
}

void WriteKeys::publish(sql::Transaction& transaction) {
    transaction.on_commit([this, next = std::make_shared<const Snapshot>(transaction)] {
        std::lock_guard lock(mutex_);
        snapshot_ = next;
    });
    transaction.commit();
}

}  // namespace qiao::access
