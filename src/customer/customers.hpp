// The customer projection: the first in every shard. It finds whose a fact is, keeps the customer's
// state, and carries out merges between shards.
//
// A fact counts for exactly one profile, the root of the chain of redirects that begins at its
// first identity; it is applied there and nowhere else. apply() sets Applied::profile to it, or
// leaves none where the fact travels on to another shard. For a message between shards that changed
// a profile (a merge arrived, a profile was split off again) it names that profile. Protocol
// between shards: docs/formats/customer.md.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "customer/customer.hpp"
#include "customer/identity_kinds.hpp"
#include "shard/projection.hpp"

namespace qiao::customer {

namespace detail {
class ShardState;
}

struct CustomersOptions {
    std::size_t cached_per_shard = 256;  // decoded customers kept between batches
};

// What the fact just applied changed in the customer that it counts for.
struct Changes {
    bool created = false;
    bool identities = false;
    bool consents = false;
    bool merged = false;            // a merge arrived or was undone: anything may have changed
    std::vector<std::string> tags;  // names
    void clear();
};

class Customers final : public shard::Projection {
public:
    explicit Customers(IdentityKinds kinds = {}, CustomersOptions options = {});
    ~Customers() override;

    // All projections in the order of the shards, this one among them: their states are handed over
    // at a merge and forgotten at an erasure. Before the shards start.
    void coordinate(std::vector<shard::Projection*> projections);

    std::string_view name() const override { return "customer"; }
    void apply(shard::Applied& applied, shard::ShardContext& context) override;
    void flush(shard::ShardContext& context) override;
    void discard(ShardId shard) override;
    std::string export_state(ProfileId profile, shard::ShardContext& context) override;
    void import_state(ProfileId into, std::string_view bytes,
                      shard::ShardContext& context) override;
    void forget(ProfileId profile, shard::ShardContext& context) override;

    // For the projections above and for asks, on the shard's thread. A reference holds until the
    // batch ends. find() gives also merged and erased profiles (see Customer::is_live); null where
    // there never was one. at() insists on a known profile.
    const Customer* find(ProfileId profile, shard::ShardContext& context);
    const Customer& at(ProfileId profile, shard::ShardContext& context);
    const Changes& changes(shard::ShardContext& context) const;

    // The profiles that an identity leads to, asked in its home shard: the one that its facts count
    // for and those that carry it (a shared phone). They may be redirected.
    std::vector<ProfileId> profiles_of(const Identity& identity, shard::ShardContext& context);
    // Newest first; at most 50 changes of a tag are kept.
    std::vector<TagChange> tag_history(ProfileId profile, std::string_view tag,
                                       shard::ShardContext& context);
    std::vector<MergeEntry> merge_log(ProfileId profile, shard::ShardContext& context);
    // All live profiles of the shard, in order of id; `visit` answers false to stop.
    void each(shard::ShardContext& context, const std::function<bool(const Customer&)>& visit);
    // The same with those that were merged away or erased.
    void each_known(shard::ShardContext& context,
                    const std::function<bool(const Customer&)>& visit);

private:
    detail::ShardState& state(shard::ShardContext& context) const;

    IdentityKinds kinds_;
    std::vector<shard::Projection*> projections_;
    std::array<std::unique_ptr<detail::ShardState>, shard_count> states_;
};

// The home shard of an identity: where facts that it routes arrive.
ShardId home_of(const Identity& identity);

// The outside queue (see shard::Shards::drain) of subjects whose keys are to be destroyed.
inline constexpr std::string_view erasure_queue = "customer.erase";

}  // namespace qiao::customer
