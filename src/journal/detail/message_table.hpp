// A hash table of message hashes and when they came: open addressing, 24 bytes a slot.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "journal/detail/append.hpp"

namespace qiao::journal::detail {

struct SeenMessage {
    static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::min();
    MessageHash hash;
    std::int64_t ms = never;  // never: the slot is free
};

class MessageTable {
public:
    MessageTable() : slots_(least_slots) {}

    // When the message came last; SeenMessage::never where it did not.
    std::int64_t find(const MessageHash& hash) const { return slots_[place_of(hash)].ms; }

    void insert(const MessageHash& hash, std::int64_t ms) {
        if ((size_ + 1) * 10 > slots_.size() * 7)
            grow();
        auto& slot = slots_[place_of(hash)];
        if (slot.ms == SeenMessage::never)
            ++size_;
        slot = {hash, ms};
    }

    std::size_t size() const { return size_; }

    std::vector<SeenMessage> all() const {
        std::vector<SeenMessage> seen;
        seen.reserve(size_);
        for (const auto& slot : slots_)
            if (slot.ms != SeenMessage::never)
                seen.push_back(slot);
        return seen;
    }

private:
    static constexpr std::size_t least_slots = 1 << 12;

    // The slot that holds the hash, or the free one where it belongs.
    std::size_t place_of(const MessageHash& hash) const {
        const auto mask = slots_.size() - 1;
        auto place = hash.low & mask;
        while (slots_[place].ms != SeenMessage::never && slots_[place].hash != hash)
            place = (place + 1) & mask;
        return place;
    }

    void grow() {
        std::vector<SeenMessage> old(slots_.size() * 2);
        old.swap(slots_);
        for (const auto& slot : old)
            if (slot.ms != SeenMessage::never)
                slots_[place_of(slot.hash)] = slot;
    }

    std::vector<SeenMessage> slots_;  // a power of two
    std::size_t size_ = 0;
};

}  // namespace qiao::journal::detail
