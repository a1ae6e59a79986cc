#include "customer/customers.hpp"

#include "base/check.hpp"
#include "customer/detail/applying.hpp"
#include "customer/detail/shard_state.hpp"

namespace qiao::customer {

void Changes::clear() {
    created = identities = consents = merged = false;
    tags.clear();
}

ShardId home_of(const Identity& identity) { return shard_of(profile_of_first(identity)); }

Customers::Customers(IdentityKinds kinds, CustomersOptions options)
    : kinds_(std::move(kinds)), projections_{this} {
    for (auto& state : states_)
        state = std::make_unique<detail::ShardState>(options.cached_per_shard);
}

Customers::~Customers() = default;

void Customers::coordinate(std::vector<shard::Projection*> projections) {
    projections_ = std::move(projections);
}

detail::ShardState& Customers::state(shard::ShardContext& context) const {
    return *states_[context.shard()];
}

void Customers::apply(shard::Applied& applied, shard::ShardContext& context) {
    auto& own = state(context);
    own.changes.clear();
    detail::Applying applying{kinds_, projections_, *this, own, context};
    applied.profile = applying.run(applied.fact, applied.at);
}

void Customers::flush(shard::ShardContext& context) { state(context).flush(context); }

void Customers::discard(ShardId shard) { states_[shard]->discard(); }

std::string Customers::export_state(ProfileId profile, shard::ShardContext& context) {
    return detail::Applying{kinds_, projections_, *this, state(context), context}.export_customer(
        profile);
}

void Customers::import_state(ProfileId into, std::string_view bytes, shard::ShardContext& context) {
    detail::Applying{kinds_, projections_, *this, state(context), context}.import_customer(into,
                                                                                           bytes);
}

void Customers::forget(ProfileId profile, shard::ShardContext& context) {
    auto& own = state(context);
    if (auto* slot = own.find(profile, context))
        own.wipe(*slot, context);
}

const Customer* Customers::find(ProfileId profile, shard::ShardContext& context) {
    const auto* slot = state(context).find(profile, context);
    return slot ? &slot->customer : nullptr;
}

const Customer& Customers::at(ProfileId profile, shard::ShardContext& context) {
    const auto* customer = find(profile, context);
    check(customer != nullptr);
    return *customer;
}

const Changes& Customers::changes(shard::ShardContext& context) const {
    return state(context).changes;
}

std::vector<ProfileId> Customers::profiles_of(const Identity& identity,
                                              shard::ShardContext& context) {
    const auto* record = state(context).record(identity, context);
    if (!record)
        return {};
    std::vector<ProfileId> profiles;
    if (record->profile != ProfileId::none)
        profiles.push_back(record->profile);
    for (auto carrier : record->carriers)
        if (carrier != record->profile)
            profiles.push_back(carrier);
    return profiles;
}

std::vector<TagChange> Customers::tag_history(ProfileId profile, std::string_view tag,
                                              shard::ShardContext& context) {
    return state(context).tag_history(profile, tag, context);
}

std::vector<MergeEntry> Customers::merge_log(ProfileId profile, shard::ShardContext& context) {
    return state(context).merge_log(profile, context);
}

void Customers::each(shard::ShardContext& context,
                     const std::function<bool(const Customer&)>& visit) {
    each_known(context,
               [&](const Customer& customer) { return !customer.is_live() || visit(customer); });
}

void Customers::each_known(shard::ShardContext& context,
                           const std::function<bool(const Customer&)>& visit) {
    state(context).each(context, visit);
}

}  // namespace qiao::customer
