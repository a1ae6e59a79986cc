// Which messages came within the dedupe window. Belongs to the committer.
//
// Each commit writes its hashes as one value to a log in `meta`, and keeps them in a table in
// memory. A full table is sorted in the background and handed to the `dedupe` family as a finished
// file; then its part of the log is deleted. Measured: a key of its own in a memtable for each
// message cost more processor time than all the rest of a commit.
#pragma once

#include <array>
#include <future>
#include <memory>
#include <span>
#include <vector>

#include "journal/detail/message_table.hpp"

namespace qiao::journal::detail {

class SeenMessages {
public:
    // Loads the log. Throws StoreFault.
    SeenMessages(Store& store, std::size_t recent);
    ~SeenMessages();
    SeenMessages(const SeenMessages&) = delete;
    SeenMessages& operator=(const SeenMessages&) = delete;

    // Loads the log again, after a failed write that may have become durable.
    void reload();

    struct Query {
        MessageHash hash;
        bool seen = false;
    };
    // Sets `seen` of those that came at `oldest` or later. The queries are sorted and differ.
    rocksdb::Status find(std::span<Query> queries, Time oldest);

    // Adds the messages of a commit to its batch; on_landed() when it has landed.
    void remember(std::span<const SeenMessage> messages, rocksdb::WriteBatch& batch);
    void on_landed(std::span<const SeenMessage> messages);

private:
    rocksdb::Status find_stored(Time oldest);
    void load_log();
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

    // Buffers of find(), kept warm.
    std::vector<Query*> asked_;
    std::vector<std::array<char, 16>> keys_;
    std::vector<rocksdb::Slice> key_slices_;
    std::vector<rocksdb::PinnableSlice> values_;
    std::vector<rocksdb::Status> statuses_;
    std::string log_value_;
};

}  // namespace qiao::journal::detail
