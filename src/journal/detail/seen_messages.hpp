// Which messages came within the dedupe window. Belongs to the committer.
//
// Each commit writes its hashes as one value to a log in `meta`, and keeps them in a table in
// memory. A full table is sorted in the background and handed to the `dedupe` family as a finished
// file; then its part of the log is deleted. Measured: a key of its own in a memtable for each
// message cost more processor time than all the rest of a commit.
//
// A filter of all that came says of nearly every new message that it is new, so that RocksDB is
// asked for repeats alone: asking it for every message took half of the committer's time. After a
// start a thread fills the filter from `dedupe`; until it has, every message is asked for.
#pragma once

#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <span>
#include <vector>

#include "journal/detail/message_filter.hpp"
#include "journal/detail/message_table.hpp"

namespace qiao::journal::detail {

class SeenMessages {
public:
    // Loads the log. Throws StoreFault.
    SeenMessages(Store& store, const JournalOptions& options);
    ~SeenMessages();
    SeenMessages(const SeenMessages&) = delete;
    SeenMessages& operator=(const SeenMessages&) = delete;

    // Loads the log again, after a failed write that may have become durable.
    void reload();

    struct Query {
        MessageHash hash;
        std::int64_t ms = 0;  // when it comes
        bool seen = false;
    };
    // Sets `seen` of those that came at `oldest` or later, or before in `queries`, and keeps the
    // others. Where they do not become durable after all, or this fails, reload() comes next.
    rocksdb::Status find(std::span<Query> queries, Time oldest);

    // Adds those that were not seen to the batch of their commit; on_landed() when it has landed.
    void remember(std::span<const Query> queries, rocksdb::WriteBatch& batch);
    void on_landed();

private:
    void keep(const MessageHash& hash, std::int64_t ms);
    std::int64_t find_in_memory(const MessageHash& hash) const;
    bool may_be_stored(const MessageHash& hash);
    rocksdb::Status find_stored(Time oldest);
    void load_log();
    MessageFilter filter_of_stored() const;
    void seal();
    void start_sealing(Duration after);
    void finish_sealing();
    rocksdb::Status store_sealed(const MessageTable& table, std::uint64_t until);

    Store& store_;
    const std::size_t recent_;
    std::uint64_t next_seq_ = 1;  // of the log
    MessageTable fresh_;
    std::unique_ptr<MessageTable> sealed_;  // on its way into `dedupe`
    std::uint64_t sealed_until_ = 0;        // the log up to here, exclusively, is in it
    std::future<rocksdb::Status> sealing_;

    const std::size_t filter_bytes_;
    MessageFilter filter_;  // of all in memory, and once it is filled of all in `dedupe`
    std::atomic<bool> stopping_{false};
    std::future<MessageFilter> filling_;

    // Buffers of find(), kept warm.
    std::vector<Query*> asked_;
    std::vector<std::array<char, 16>> keys_;
    std::vector<rocksdb::Slice> key_slices_;
    std::vector<rocksdb::PinnableSlice> values_;
    std::vector<rocksdb::Status> statuses_;
    std::string log_value_;
};

}  // namespace qiao::journal::detail
