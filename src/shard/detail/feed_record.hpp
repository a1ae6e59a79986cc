// The binary form of feed records (docs/formats/shard-state.md).
#pragma once

#include "shard/shards.hpp"

namespace qiao::shard::detail {

// A record is begun, then items are added behind.
void begin_record(journal::Offset offset, std::string& out);
void encode(const FeedItem& item, std::string& out);
// Fills offset and items. Error: shard.corrupt.
Result<FeedRecord> decode_record(std::string_view in);

}  // namespace qiao::shard::detail
