// Makes an index anew from what outlives it: rows, merges and positions from history, tags,
// identities and consents from the shards.
//
// History is read at one moment, by several threads; every shard is asked once for what it knows of
// its profiles now, which is never earlier. The feed from history's positions on is then applied:
// it ends where the shards stand, so that what was read early comes out the same. The feed and the
// journal from those positions on must be kept meanwhile.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "customer/customers.hpp"
#include "history/history.hpp"
#include "index/index.hpp"

namespace qiao::index {

struct RebuildSources {
    history::History& history;
    shard::Shards& shards;
    customer::Customers& customers;
    const journal::Journal& journal;
    // Whether the dictionary says that a property of an event is a time. Any thread.
    std::function<bool(std::string_view event, std::string_view property)> is_time;
};

struct RebuildOptions {
    IndexOptions index;  // where the new one is made; what is there is removed
    unsigned threads = 2;
    std::size_t bytes_per_thread = 128 << 20;  // of rows gathered before they become a segment
    std::optional<Time> kept_from;             // older rows are left out
};

enum class RebuildPhase : std::uint8_t { customers, rows, feed };
std::string_view name_of(RebuildPhase phase);
struct RebuildProgress {
    RebuildPhase phase = RebuildPhase::customers;
    std::uint64_t done = 0, total = 0;  // shards, rows, feed records
};

// `tell` is called from several threads, one at a time; it answers false to give up. Error:
// index.rebuild_cancelled. Throws what the stores throw.
Result<std::unique_ptr<Index>> rebuild(const RebuildSources& sources, const RebuildOptions& options,
                                       const std::function<bool(const RebuildProgress&)>& tell);

}  // namespace qiao::index
