// What a shard does with facts: projections, in the fixed order in which `app` registers them.
//
// A shard is owned by one thread. For every fact, in journal order, each projection's apply() runs;
// its reads and writes go through the ShardContext, whose effects (state, timers, outbox, feed)
// land with the journal offset in one WriteBatch: exactly once. No SQL, no socket, no blocking in
// here.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "journal/journal.hpp"

namespace qiao::shard {

// A change for those who read behind the shards: history and index (see feed.hpp for the reader).
struct FeedItem {
    enum class Kind : std::uint8_t {
        row,       // fact `ordinal` of the journal entry counts for `profile`
                   // (events; also profile operations, consents and binds, which only the timeline
                   // shows)
        tag,       // `profile`'s tag `name` is now `value` (null: gone)
        identity,  // `profile` has identity kind `name`, `value` as in Identity::value (null: gone)
        consent,   // `name` = "purpose.channel", `value` = boolean
        merge,     // all rows and tags of `other` now belong to `profile`
        split,     // undo of a merge: rows recorded for `other` belong to it again
        create,    // a new profile exists, `value` = boolean: has it a user id
        erase,     // forget `profile`
    };
    Kind kind = Kind::row;
    ProfileId profile = ProfileId::none;
    ProfileId other = ProfileId::none;
    std::uint32_t ordinal = 0;
    std::string name;
    Value value;
};

// Where the fact that is being applied stands.
struct Position {
    ShardId shard = 0;
    journal::Offset offset = 0;  // 0 for timers and asks
    std::uint32_t ordinal = 0;   // of the fact within its entry
};

class ShardContext {
public:
    virtual ~ShardContext() = default;

    virtual ShardId shard() const = 0;
    // The clock's time; while a fact is applied, never before its received_at.
    virtual Time now() const = 0;

    // State of this shard. Keys are the projection's own: start them with a letter of its own.
    virtual std::optional<std::string> get(std::string_view key) = 0;
    virtual void put(std::string_view key, std::string_view value) = 0;
    virtual void erase(std::string_view key) = 0;
    // In key order; `visit` answers false to stop. Must not write while visiting.
    virtual void scan(
        std::string_view prefix,
        const std::function<bool(std::string_view key, std::string_view value)>& visit) = 0;

    // One timer per (projection, key); setting it again moves it. Calls on_timer of the projection
    // with this index at or after `due`, and before any fact received at or after `due` is applied.
    virtual void set_timer(std::size_t projection, std::string_view key, Time due) = 0;
    virtual void cancel_timer(std::size_t projection, std::string_view key) = 0;

    // Appends a fact to the journal (any shard) exactly once, after this batch has landed, in the
    // order of the calls, and without looking for repeats: a fact may be passed on under its own
    // message id. What is empty is filled in: the message id from the shard and a counter, the
    // source with "qiao", the times with now().
    virtual void emit(Fact fact) = 0;
    // Hands bytes to a named outside consumer (see Shards::drain), exactly once with its help.
    virtual void hand_out(std::string_view queue, std::string_view key, std::string_view bytes) = 0;
    virtual void feed(FeedItem item) = 0;
};

// A fact as the projections see it. `profile` is found by the customer projection, the first in the
// order; none where the fact is no customer's or was forwarded to another shard: the others skip
// it.
struct Applied {
    const Fact& fact;
    Position at;
    ProfileId profile = ProfileId::none;
};

// An exception of apply() or on_timer() undoes the whole batch; the fact or timer that raised it is
// parked (kept on record, counted, logged) and the batch is applied again without it.
class Projection {
public:
    virtual ~Projection() = default;
    virtual std::string_view name() const = 0;
    virtual void apply(Applied& applied, ShardContext& context) = 0;
    virtual void on_timer(std::string_view /*key*/, Time /*due*/, ShardContext&) {}
    // Before each WriteBatch: write back what is cached for this shard.
    virtual void flush(ShardContext&) {}
    // The batch was undone: forget what is cached for this shard.
    virtual void discard(ShardId) {}

    // A merge moves a profile's state to its new home: the loser's shard exports (and deletes) it,
    // the winner's imports it. Merge by the rules of the state (newest consent wins, counts unite).
    virtual std::string export_state(ProfileId, ShardContext&) { return {}; }
    virtual void import_state(ProfileId /*into*/, std::string_view, ShardContext&) {}
    // Erasure of a customer.
    virtual void forget(ProfileId, ShardContext&) {}
};

}  // namespace qiao::shard
