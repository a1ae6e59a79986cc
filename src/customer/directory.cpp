#include "customer/directory.hpp"

#include <algorithm>
#include <optional>

namespace qiao::customer {

namespace {

// Redirects lead upwards in rank and are few; more of them would be an error of ours.
constexpr int max_redirects = 100;

}  // namespace

std::vector<Customer> Directory::find(std::string_view kind, std::string_view text) {
    const auto normal = normalise(kind, text);
    if (normal.empty())
        return {};
    const Identity identity{
        std::string(kind), is_sensitive(kind) ? vault_.hash(kind, normal) : normal, {}};
    const auto profiles =
        shards_
            .ask<std::vector<ProfileId>>(home_of(identity),
                                         [&](shard::ShardContext& context) {
                                             return customers_.profiles_of(identity, context);
                                         })
            .get();
    std::vector<Customer> found;
    for (auto profile : profiles) {
        auto customer = get(profile);
        const bool is_new =
            customer && std::none_of(found.begin(), found.end(),
                                     [&](const Customer& one) { return one.id == customer->id; });
        if (is_new)
            found.push_back(std::move(*customer));
    }
    return found;
}

std::vector<Customer> Directory::find_any(std::string_view text) {
    std::vector<Customer> found;
    auto add = [&](Customer customer) {
        const bool is_new = std::none_of(
            found.begin(), found.end(), [&](const Customer& one) { return one.id == customer.id; });
        if (is_new)
            found.push_back(std::move(customer));
    };
    if (const auto profile = parse_profile(text))
        if (auto customer = get(*profile))
            add(std::move(*customer));
    for (const char* kind : {"user_id", "phone", "name", "email", "account", "id_card", "open_id",
                             "anonymous_id", "device_id"})
        for (auto& customer : find(kind, text))
            add(std::move(customer));
    return found;
}

Result<Customer> Directory::get(ProfileId profile) {
    for (int hop = 0; hop < max_redirects; ++hop) {
        auto customer = shards_
                            .ask<std::optional<Customer>>(
                                shard_of(profile),
                                [&](shard::ShardContext& context) -> std::optional<Customer> {
                                    const auto* known = customers_.find(profile, context);
                                    return known ? std::optional(*known) : std::nullopt;
                                })
                            .get();
        if (!customer)
            return fail(ErrorCode::not_found, "customer.not_found", "there is no such customer");
        if (customer->is_erased)
            return fail(ErrorCode::not_found, "customer.erased",
                        "this customer was erased; nothing is kept about them");
        if (customer->redirect == ProfileId::none)
            return std::move(*customer);
        profile = customer->redirect;
    }
    return fail(ErrorCode::not_found, "customer.not_found", "there is no such customer");
}

std::vector<TagChange> Directory::tag_history(ProfileId profile, std::string_view tag) {
    return shards_
        .ask<std::vector<TagChange>>(shard_of(profile),
                                     [&](shard::ShardContext& context) {
                                         return customers_.tag_history(profile, tag, context);
                                     })
        .get();
}

std::vector<MergeEntry> Directory::merge_log(ProfileId profile) {
    return shards_
        .ask<std::vector<MergeEntry>>(
            shard_of(profile),
            [&](shard::ShardContext& context) { return customers_.merge_log(profile, context); })
        .get();
}

std::string Directory::plain(const Identity& identity) const {
    if (!is_sensitive(identity.kind))
        return identity.value;
    return plain(Sealed{identity.value, identity.sealed});
}

std::string Directory::plain(const Sealed& sealed) const {
    if (sealed.ciphertext.empty())
        return {};
    return vault_.unseal(sealed.ciphertext).value_or(std::string{});
}

}  // namespace qiao::customer
