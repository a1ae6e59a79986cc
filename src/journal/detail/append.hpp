// One caller's append on its way to the committer: encoded, routed and hashed by the caller's
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "journal/journal.hpp"

namespace qiao::journal::detail {

// 128 bits of (source, message id): the key of the `dedupe` family.
struct MessageHash {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    friend auto operator<=>(const MessageHash&, const MessageHash&) = default;
};

struct EncodedFact {
    MessageHash hash;
    std::uint32_t begin = 0;  // in Append::bytes
    std::uint32_t size = 0;
    ShardId to = 0;          // or all_shards
    bool may_repeat = true;  // false: came from another shard, exactly once
    bool never_expires = false;
    bool repeated = false;  // the committer's verdict
};

struct Append {
    std::string bytes;
    std::vector<EncodedFact> facts;
    std::vector<std::string> consumed;  // keys in `state`
    Journal::Done done;
};

MessageHash hash_message(std::string_view source, std::string_view message_id);
Append encode_append(std::vector<Fact> facts);
Append encode_forwarded(std::vector<Forwarded> facts);

}  // namespace qiao::journal::detail
