// Demo customers react to campaigns, so that a newcomer sees opens, conversions and lift within
// minutes.
//
// Of those who enter a campaign with a goal event, 6 % do it anyway within half an hour, in every
// arm. Of those whom a message reached, 45 % open it within five minutes, and 10 % do the goal
// because of it. Registered only for the demo bank. Everything follows from (profile, campaign).
#pragma once

#include "shard/projection.hpp"

namespace qiao::demo {

inline constexpr double spontaneous_rate = 0.06;
inline constexpr double open_rate = 0.45;
inline constexpr double persuaded_rate = 0.10;

class Reactions final : public shard::Projection {
public:
    // `index`: the place of this projection in the order of the shards, for its timers.
    explicit Reactions(std::size_t index) : index_(index) {}

    std::string_view name() const override { return "demo"; }
    void apply(shard::Applied& applied, shard::ShardContext& context) override;
    void on_timer(std::string_view key, Time due, shard::ShardContext& context) override;
    void forget(ProfileId profile, shard::ShardContext& context) override;

private:
    void plan(shard::ShardContext& context, ProfileId profile, std::string_view what,
              const std::string& campaign, const std::string& detail, Duration wait);

    std::size_t index_;
};

}  // namespace qiao::demo
