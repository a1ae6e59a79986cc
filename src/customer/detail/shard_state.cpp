#include "customer/detail/shard_state.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/check.hpp"
#include "customer/detail/wire.hpp"
#include "customer/profile_rules.hpp"

namespace qiao::customer::detail {

namespace {

constexpr std::uint64_t record_version = 1;

std::string profile_key(std::string_view letters, ProfileId profile) {
    std::string key(letters);
    put_sortable(key, static_cast<std::uint64_t>(profile));
    return key;
}

std::string record_key(const Identity& identity) {
    std::string key = "ci";
    key.append(identity.kind).push_back('\0');
    return key.append(identity.value);
}

std::string tag_prefix(ProfileId profile, std::string_view tag) {
    auto key = profile_key("ct", profile);
    key.append(tag).push_back('\0');
    return key;
}

void put_profiles(std::string& out, const std::vector<ProfileId>& profiles) {
    put_number(out, profiles.size());
    for (auto profile : profiles)
        put_number(out, static_cast<std::uint64_t>(profile));
}

std::vector<ProfileId> read_profiles(Reader& in) {
    std::vector<ProfileId> profiles(in.count());
    for (auto& profile : profiles)
        profile = in.profile();
    return profiles;
}

// A damaged state is a broken world: the shard must not go on with half a customer.
[[noreturn]] void damaged() { throw std::runtime_error("a shard's customer state is damaged"); }

bool is_of(const IdentityRecord& record, const Identity& identity) {
    return record.identity.value == identity.value && record.identity.kind == identity.kind;
}

std::vector<std::string> keys_under(std::string_view prefix, shard::ShardContext& context) {
    std::vector<std::string> keys;
    context.scan(prefix, [&](std::string_view key, std::string_view) {
        keys.emplace_back(key);
        return true;
    });
    return keys;
}

}  // namespace

std::uint64_t hash_of(const Identity& identity) {
    return hash64(identity.value, hash64(identity.kind));
}

Slot* ShardState::find(ProfileId profile, shard::ShardContext& context) {
    if (auto at = customers_.find(profile); at != customers_.end()) {
        at->second->used_in = batch_;
        return at->second.get();
    }
    const auto bytes = context.get(profile_key("cp", profile));
    if (!bytes)
        return nullptr;
    const auto counters = context.get(profile_key("ch", profile));
    auto customer = decode_customer(profile, *bytes, counters ? *counters : std::string{});
    if (!customer)
        damaged();
    auto slot = std::make_unique<Slot>();
    slot->customer = std::move(*customer);
    slot->used_in = batch_;
    return customers_.emplace(profile, std::move(slot)).first->second.get();
}

Slot& ShardState::create(ProfileId profile) {
    auto slot = std::make_unique<Slot>();
    slot->customer.id = profile;
    slot->used_in = batch_;
    auto [at, is_new] = customers_.emplace(profile, std::move(slot));
    check(is_new);
    changed(*at->second);
    return *at->second;
}

void ShardState::changed(Slot& slot) {
    if (!slot.profile_is_dirty && !slot.counters_are_dirty)
        dirty_slots_.push_back(&slot);
    slot.profile_is_dirty = true;
}

void ShardState::counted(Slot& slot) {
    if (!slot.profile_is_dirty && !slot.counters_are_dirty)
        dirty_slots_.push_back(&slot);
    slot.counters_are_dirty = true;
}

void ShardState::changed(IdentityRecord& record) {
    if (!record.is_dirty)
        dirty_records_.push_back(&record);
    record.is_dirty = true;
}

IdentityRecord* ShardState::record(const Identity& identity, shard::ShardContext& context) {
    const auto hash = hash_of(identity);
    auto [at, end] = records_.equal_range(hash);
    for (; at != end; ++at) {
        if (!is_of(*at->second, identity))
            continue;
        at->second->used_in = batch_;
        return at->second.get();
    }
    const auto bytes = context.get(record_key(identity));
    if (!bytes)
        return nullptr;
    auto record = std::make_unique<IdentityRecord>();
    Reader in(*bytes);
    if (in.number() != record_version)
        damaged();
    record->identity = {identity.kind, identity.value, {}};
    record->profile = in.profile();
    record->bindings = in.number32();
    record->carriers = read_profiles(in);
    record->others = read_profiles(in);
    record->used_in = batch_;
    if (!in.ok)
        damaged();
    return records_.emplace(hash, std::move(record))->second.get();
}

IdentityRecord& ShardState::record_or_new(const Identity& identity, shard::ShardContext& context) {
    if (auto* known = record(identity, context))
        return *known;
    auto fresh = std::make_unique<IdentityRecord>();
    fresh->identity = {identity.kind, identity.value, {}};
    fresh->used_in = batch_;
    return *records_.emplace(hash_of(identity), std::move(fresh))->second;
}

// ---- histories ----

void ShardState::keep_tag_change(Customer& customer, std::string_view tag, const TagChange& change,
                                 bool is_pruned, shard::ShardContext& context) {
    auto key = tag_prefix(customer.id, tag);
    put_sortable(key, ++customer.tag_changes);
    std::string value;
    put_time(value, change.at);
    encode(change.value, value);
    put_text(value, change.source);
    put_text(value, change.by);
    put_text(value, change.why);
    context.put(key, value);
    if (!is_pruned)
        return;
    const auto keys = keys_under(tag_prefix(customer.id, tag), context);
    for (std::size_t i = 0; i + kept_tag_changes < keys.size(); ++i)
        context.erase(keys[i]);
}

std::vector<TagChange> ShardState::tag_history(ProfileId profile, std::string_view tag,
                                               shard::ShardContext& context) {
    std::vector<TagChange> changes;
    context.scan(tag_prefix(profile, tag), [&](std::string_view, std::string_view bytes) {
        Reader in(bytes);
        TagChange change;
        change.at = in.time();
        change.value = in.value();
        change.source = in.text();
        change.by = in.text();
        change.why = in.text();
        if (!in.ok)
            damaged();
        changes.push_back(std::move(change));
        return true;
    });
    std::reverse(changes.begin(), changes.end());
    if (changes.size() > kept_tag_changes)
        changes.resize(kept_tag_changes);
    return changes;
}

std::vector<MergeEntry> ShardState::merge_log(ProfileId profile, shard::ShardContext& context) {
    std::vector<MergeEntry> log;
    context.scan(profile_key("cm", profile), [&](std::string_view, std::string_view bytes) {
        Reader in(bytes);
        MergeEntry entry;
        entry.from = in.profile();
        entry.number = in.number32();
        entry.at = in.time();
        entry.reason = in.text();
        entry.undone = in.number() == 1;
        if (!in.ok)
            damaged();
        log.push_back(std::move(entry));
        return true;
    });
    std::stable_sort(log.begin(), log.end(),
                     [](const MergeEntry& a, const MergeEntry& b) { return a.at < b.at; });
    return log;
}

void ShardState::keep_merge(ProfileId profile, const MergeEntry& entry,
                            shard::ShardContext& context) {
    auto key = profile_key("cm", profile);
    put_sortable(key, static_cast<std::uint64_t>(entry.from));
    put_sortable(key, entry.number);
    std::string value;
    put_number(value, static_cast<std::uint64_t>(entry.from));
    put_number(value, entry.number);
    put_time(value, entry.at);
    put_text(value, entry.reason);
    put_number(value, entry.undone ? 1 : 0);
    context.put(key, value);
}

bool ShardState::has_merge(ProfileId profile, ProfileId from, std::uint32_t number,
                           shard::ShardContext& context) {
    auto key = profile_key("cm", profile);
    put_sortable(key, static_cast<std::uint64_t>(from));
    put_sortable(key, number);
    return context.get(key).has_value();
}

void ShardState::wipe(Slot& slot, shard::ShardContext& context) {
    const auto id = slot.customer.id;
    for (std::string_view letters : {"ct", "cm"})
        for (const auto& key : keys_under(profile_key(letters, id), context))
            context.erase(key);
    slot.customer = Customer{};
    slot.customer.id = id;
    slot.customer.is_erased = true;
    changed(slot);
    counted(slot);
}

// ---- writing back ----

void ShardState::flush(shard::ShardContext& context) {
    for (auto* slot : dirty_slots_) {
        if (slot->profile_is_dirty)
            context.put(profile_key("cp", slot->customer.id), encode_profile(slot->customer));
        if (slot->counters_are_dirty)
            context.put(profile_key("ch", slot->customer.id), encode_counters(slot->customer));
        slot->profile_is_dirty = slot->counters_are_dirty = false;
    }
    dirty_slots_.clear();
    for (auto* record : dirty_records_) {
        std::string value;
        put_number(value, record_version);
        put_number(value, static_cast<std::uint64_t>(record->profile));
        put_number(value, record->bindings);
        put_profiles(value, record->carriers);
        put_profiles(value, record->others);
        context.put(record_key(record->identity), value);
        record->is_dirty = false;
    }
    dirty_records_.clear();
    evict();
    ++batch_;
}

void ShardState::discard() {
    dirty_slots_.clear();
    dirty_records_.clear();
    customers_.clear();
    records_.clear();
    changes.clear();
}

namespace {

// Drops the longest unused until three quarters of the capacity are left.
template <class Map>
void drop_oldest(Map& map, std::size_t capacity) {
    if (map.size() <= capacity)
        return;
    std::vector<std::uint64_t> ages;
    ages.reserve(map.size());
    for (const auto& entry : map)
        ages.push_back(entry.second->used_in);
    const auto kept = capacity - capacity / 4;
    auto limit = ages.begin() + static_cast<std::ptrdiff_t>(map.size() - kept);
    std::nth_element(ages.begin(), limit, ages.end());
    const auto oldest_kept = *limit;
    for (auto at = map.begin(); at != map.end();)
        at = at->second->used_in < oldest_kept ? map.erase(at) : std::next(at);
    if (map.size() > capacity)
        map.clear();
}

}  // namespace

void ShardState::evict() {
    drop_oldest(customers_, capacity_);
    drop_oldest(records_, capacity_ * 2);
}

void ShardState::each(shard::ShardContext& context,
                      const std::function<bool(const Customer&)>& visit) {
    flush(context);
    context.scan("cp", [&](std::string_view key, std::string_view bytes) {
        const ProfileId id{sortable64(key.substr(2))};
        const auto counters = context.get(profile_key("ch", id));
        auto customer = decode_customer(id, bytes, counters ? *counters : std::string{});
        if (!customer)
            damaged();
        return visit(*customer);
    });
}

}  // namespace qiao::customer::detail
