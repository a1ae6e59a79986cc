// What was left out of a shard: where it is kept, and how it is reported.
#pragma once

#include "runtime/metrics.hpp"
#include "shard/detail/shard_state.hpp"
#include "shard/shards.hpp"

namespace qiao::shard::detail {

// The part of the key behind the shard and Part::parked.
std::string parked_fact_key(journal::Offset offset, std::uint32_t ordinal);
std::string parked_timer_key(const Timer& timer);
std::string parked_record(std::string_view projection, std::string_view fault);
Parked decode_parked(ShardId shard, std::string_view rest, std::string_view record);

// Counts and logs what the batch of `state` parked, once it has landed.
void report_parked(const ShardState& state, Counter& counter);

}  // namespace qiao::shard::detail
