// What a shard keeps of one customer for real-time rules: where each subject (audience or rule tag)
// stands, and the events that their rules name. Binary form: docs/formats/audience.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audience/realtime_rules.hpp"
#include "base/id.hpp"

namespace qiao::audience {

// The subject's number is the shard's own.
struct Standing {
    std::uint32_t subject = 0;
    bool member = false;
    Flip flip;
};

struct Kept {
    std::vector<Standing> standings;  // sorted by subject; only members and those that can flip
    std::vector<KeptEvent> events;    // sorted by time

    bool empty() const { return standings.empty() && events.empty(); }
    const Standing* find(std::uint32_t subject) const;
    // A standing that says nothing (no member, never flips) is taken out.
    void put(const Standing& standing);
    // After those of equal time.
    void add(KeptEvent event);
    // The earliest flip that is not of a midnight.
    Time next_flip() const;
    // The earliest flip of a midnight.
    Time next_midnight() const;
};

std::string encode(const Kept& kept);
// Error: audience.corrupt.
Result<Kept> decode_kept(std::string_view bytes);

// Where an event came from: a fact of a journal entry, or a backfill from the index, by its number.
inline std::uint64_t origin_of(ShardId shard, std::uint64_t offset) { return offset << 7 | shard; }
inline std::uint64_t origin_of_backfill(std::uint64_t number) { return number << 7 | 64; }
inline bool is_backfill(std::uint64_t origin) { return (origin & 64) != 0; }

}  // namespace qiao::audience
