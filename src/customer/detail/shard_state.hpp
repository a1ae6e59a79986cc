// What one shard keeps about customers: a write-back cache over the shard's state.
//
// Keys (docs/formats/customer.md): ci identity records, cp profiles, ch their counters, ct tag
// histories, cm merge logs. One thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>

#include "customer/customers.hpp"

namespace qiao::customer::detail {

// Where an identity leads; lies in the identity's home shard.
struct IdentityRecord {
    Identity identity;  // without ciphertext
    ProfileId profile =
        ProfileId::none;              // its facts count for this one (and on along its redirects)
    std::uint32_t bindings = 0;       // how often it began to lead to a profile
    std::vector<ProfileId> carriers;  // those who list it as an attached identity
    std::vector<ProfileId> others;    // who wanted it and did not get it: told when it is free
    bool is_dirty = false;
    std::uint64_t used_in = 0;
};

struct Slot {
    Customer customer;
    bool profile_is_dirty = false;
    bool counters_are_dirty = false;
    std::uint64_t used_in = 0;
};

std::uint64_t hash_of(const Identity& identity);

class ShardState {
public:
    explicit ShardState(std::size_t capacity) : capacity_(capacity) {}

    // Null where the profile never existed. References hold until flush().
    Slot* find(ProfileId profile, shard::ShardContext& context);
    Slot& create(ProfileId profile);
    // Null where the identity is new here.
    IdentityRecord* record(const Identity& identity, shard::ShardContext& context);
    IdentityRecord& record_or_new(const Identity& identity, shard::ShardContext& context);
    // What was changed through a reference has to be said.
    void changed(Slot& slot);
    void counted(Slot& slot);  // only its counters
    void changed(IdentityRecord& record);

    // Adds the tag's present value (null where it is gone) to its history.
    void keep_tag_change(Customer& customer, std::string_view tag, const TagChange& change,
                         bool is_pruned, shard::ShardContext& context);
    std::vector<TagChange> tag_history(ProfileId profile, std::string_view tag,
                                       shard::ShardContext& context);

    std::vector<MergeEntry> merge_log(ProfileId profile, shard::ShardContext& context);
    void keep_merge(ProfileId profile, const MergeEntry& entry, shard::ShardContext& context);
    bool has_merge(ProfileId profile, ProfileId from, std::uint32_t number,
                   shard::ShardContext& context);

    // Everything of the profile but its mark as erased.
    void wipe(Slot& slot, shard::ShardContext& context);
    void flush(shard::ShardContext& context);
    // Forgets what is cached, written back or not.
    void discard();
    // All profiles that ever were, in order of id.
    void each(shard::ShardContext& context, const std::function<bool(const Customer&)>& visit);

    Changes changes;

private:
    void evict();

    std::size_t capacity_;
    std::uint64_t batch_ = 1;
    std::unordered_map<ProfileId, std::unique_ptr<Slot>> customers_;
    // By hash; records of other identities with the same hash lie side by side.
    std::unordered_multimap<std::uint64_t, std::unique_ptr<IdentityRecord>> records_;
    // What to write at the next flush.
    std::vector<Slot*> dirty_slots_;
    std::vector<IdentityRecord*> dirty_records_;
};

}  // namespace qiao::customer::detail
