// The tables that history and its questions need in ClickHouse.
//
//   events      a fact as it was recorded; properties by type beside their JSON text
//   profiles    the winner of each profile's last merge (itself: none; 0: erased), and its root:
//   who
//               stands for it now; traits of before `since` are void
//   attributes  tags, identities and consents, the last word on each
//   positions   how far the shards' feed has been read
//   meta        numbers by name, the largest counts: format, kept_from, marks
//   facts       (view) events with the customer they count for
//   people      (view) the living customers
//   traits      (view) attributes of living customers
// The last three are all that questions read. Numbers are scaled by 10^4, times are milliseconds,
// booleans 0 and 1, as in the index's cells. Tables of state replace their rows by version.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace qiao::clickhouse {

struct SchemaOptions {
    // The name of a cluster in the server's configuration: tables are replicated within its shards
    // and events are spread over them by customer. Empty: one server.
    std::string cluster;
    std::optional<int> keep_months;  // events older than this are dropped by the server
};

inline constexpr int format_version = 1;

// Statements in order; each may be run again.
std::vector<std::string> schema(const SchemaOptions& options);

}  // namespace qiao::clickhouse
