// The outbox of SQL: what a transaction tells the journal (or another store), in the same commit.
//
// An entry is handed out by drain() until it is acknowledged; the consumer makes its effect
// idempotent by the entry's key. Keys never expire: a key that was put once is not put again.
// Thread-safe; one consumer per queue.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "sql/database.hpp"

namespace qiao::sql {

struct OutboxEntry {
    std::int64_t seq = 0;  // rises over all queues in the order of commits
    std::string key;
    std::string bytes;
};

class Outbox {
public:
    explicit Outbox(Database& database) : database_(database) {}

    // False where the key was put before (nothing is changed).
    bool put(Transaction& transaction, std::string_view queue, std::string_view key,
             std::string_view bytes);

    // The oldest entries not yet acknowledged, by rising seq, at most `limit`.
    std::vector<OutboxEntry> drain(std::string_view queue, std::size_t limit);
    // All entries up to and including `seq` of the queue are done.
    void acknowledge(std::string_view queue, std::int64_t seq);

    // Called after each commit that put something into the queue, on the writer's thread: wake a
    // thread of your own there, do not drain in it. Register before the first put.
    void on_put(std::string queue, std::function<void()> listener);

private:
    Database& database_;
    std::mutex mutex_;
    std::map<std::string, std::function<void()>, std::less<>> listeners_;
};

}  // namespace qiao::sql
