// One shard's state and what its next WriteBatch will hold. Belongs to the shard's thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/clock.hpp"
#include "shard/detail/overlay.hpp"
#include "shard/projection.hpp"

namespace qiao::shard::detail {

// Where a shard stands; lands with each WriteBatch.
struct Progress {
    journal::Offset applied = 0;  // the last applied entry
    std::uint64_t emitted = 0;    // numbers of the last outbox entry, feed record, queue entry
    std::uint64_t fed = 0;
    std::uint64_t queued = 0;
    friend bool operator==(const Progress&, const Progress&) = default;
};

struct Timer {
    Time due{};
    std::size_t projection = 0;
    std::string key;
};

class ShardState final : public ShardContext {
public:
    // Loads the shard's progress. Throws StoreFault.
    ShardState(journal::Store& store, const Clock& clock, ShardId shard);

    ShardId shard() const override { return shard_; }
    Time now() const override;
    std::optional<std::string> get(std::string_view key) override;
    void put(std::string_view key, std::string_view value) override;
    void erase(std::string_view key) override;
    void scan(std::string_view prefix,
              const std::function<bool(std::string_view, std::string_view)>& visit) override;
    void set_timer(std::size_t projection, std::string_view key, Time due) override;
    void cancel_timer(std::size_t projection, std::string_view key) override;
    void emit(Fact fact) override;
    void hand_out(std::string_view queue, std::string_view key, std::string_view bytes) override;
    void feed(FeedItem item) override;

    const Progress& progress() const { return progress_; }
    const Progress& landed() const { return landed_; }
    // While a fact is applied, now() is not before `time`.
    void not_before(Time time) { floor_ = time; }
    void set_applied(journal::Offset offset) { progress_.applied = offset; }
    // Ends the feed record of the entry at `offset` (0: of timers, asks and flushes).
    void end_record(journal::Offset offset);

    // No timer is due before this; Time::max() where there is none.
    Time next_due() const { return next_due_; }
    // At most `limit` timers due at `until` or before, in order.
    std::vector<Timer> due_timers(Time until, std::size_t limit);
    // Takes a timer out; false where it was moved or cancelled meanwhile.
    bool take(const Timer& timer);
    // After firing: makes next_due() exact.
    void find_next_due();

    // Puts a fact or timer on record as left out. It stays with the batch through discard().
    void park(std::string rest, std::string record);
    bool is_parked(const std::string& rest) const { return parked_.contains(rest); }
    bool has_parked() const { return !parked_.empty(); }
    const std::map<std::string, std::string>& parked() const { return parked_; }

    // Anything to write besides the applied offset.
    bool dirty() const;
    bool moved() const { return dirty() || progress_ != landed_ || !parked_.empty(); }
    void add_to(rocksdb::WriteBatch& batch) const;
    void on_landed();
    // Forgets what has not landed, except what is parked.
    void discard();
    // The queues that hand_out() named since the last batch.
    const std::vector<std::string>& queues() const { return queues_; }

private:
    std::string_view full_key(std::string_view key);
    void load_progress();

    journal::Store& store_;
    const Clock& clock_;
    ShardId shard_;
    Overlay overlay_;
    Progress progress_;
    Progress landed_;
    Time floor_ = Time::min();
    Time next_due_ = Time::max();
    Time landed_next_due_ = Time::max();
    std::string full_key_;
    std::string record_;  // items of the feed record that is open, encoded
    std::string value_;
    std::vector<std::pair<std::string, std::string>> appended_;  // to outbox and queues
    std::vector<std::pair<std::string, std::string>> fed_;
    std::vector<std::string> queues_;
    std::map<std::string, std::string> parked_;
};

}  // namespace qiao::shard::detail
