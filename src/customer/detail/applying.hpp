// One fact on its way into a shard's customers: whose it is, what it changes, whom to tell.
#pragma once

#include "customer/detail/messages.hpp"
#include "customer/detail/shard_state.hpp"
#include "customer/profile_rules.hpp"

namespace qiao::customer::detail {

class Applying {
public:
    const IdentityKinds& kinds;
    const std::vector<shard::Projection*>& projections;
    shard::Projection& self;
    ShardState& state;
    shard::ShardContext& context;

    // The profile that the fact counts for, or that the message has changed; none where there is
    // none in this shard.
    ProfileId run(const Fact& fact, shard::Position at);

    // Customers' own part of a hand-over.
    std::string export_customer(ProfileId profile);
    void import_customer(ProfileId into, std::string_view bytes);

private:
    // Finding the profile (applying.cpp).
    ProfileId apply_to_customer(const Fact& fact, shard::Position at);
    Slot* locate(const Fact& fact);
    Slot* root_here(Slot* slot, const Fact& fact);
    Slot& begin(const Identity& first, const Fact& fact);
    void forward(const Fact& fact, ProfileId profile);

    // What a fact does to the profile (applying.cpp).
    void apply_content(Slot& root, const Fact& fact);
    void note_identities(Slot& root, const Fact& fact);
    void note_identity(Slot& root, const Identity& identity, ClaimMode mode, const Fact& fact);
    void apply_properties(Slot& root, const Fact& fact);
    void apply_trait(Slot& root, const Fact& fact, std::string_view kind, const Value& value);
    void apply_tag(Slot& root, const Fact& fact, const std::string& name, const Value& value,
                   const TagSource& from);
    void apply_consent(Slot& root, const Fact& fact);
    void replace_attached(Slot& root, const Identity& by);
    void tag_changed(Slot& root, const std::string& name, const TagSource& from);

    // Merges, told from shard to shard (merging.cpp).
    ProfileId handle_message(const Fact& fact);
    void alias(Slot& root, const Fact& fact);
    void send_claim(const Identity& identity, Claim claim);
    void handle_claim(const Identity& identity, Claim claim);
    void join(ProfileId asked, Claim claim, const std::vector<Identity>& about);
    void link(Slot& loser, const Claim& claim);
    ProfileId handle_claimed(const Fact& fact);
    ProfileId handle_hand_over(const Fact& fact);
    void pass_through(Slot& merged, const HandOver& hand_over);

    // Splitting and forgetting (parting.cpp).
    void unbind(Slot& root, const Fact& fact);
    ProfileId handle_unbind(const Identity& identity, const std::vector<ProfileId>& group);
    void split(Slot& slot);
    ProfileId handle_split_off(const Fact& fact);
    void leave(Slot& slot, const SplitOff& leaving);
    void erase(Slot& slot);
    void handle_erase(ProfileId profile, ProfileId parent);
    void handle_release(const Identity& identity, ProfileId erased);
    void free(IdentityRecord& record);
    std::vector<ProfileId> group_of(const Slot& slot);

    // Feeding and sending.
    void list_identity(Slot& slot, KnownIdentity known);
    bool unlist_identity(Slot& slot, const Identity& identity);
    void feed_consent(ProfileId profile, const Consent& consent);
    void send(std::string_view name, ProfileId to, std::vector<Identity> about, std::string payload,
              std::string message_id = {});
};

}  // namespace qiao::customer::detail
