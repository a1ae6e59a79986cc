// The quarantine: records that could not be taken, kept until a person mends, replays or drops
// them.
//
// Rows are in SQL; what was sent is sealed for the person it is about, so that an erasure makes it
// unreadable too. One writer thread gathers the rows of many requests into one transaction; add()
// calls back when its rows are durable. A record that an SDK sends again lands on the same row.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "collect/batch.hpp"
#include "customer/vault.hpp"
#include "runtime/clock.hpp"
#include "runtime/metrics.hpp"
#include "sql/database.hpp"

namespace qiao::collect {

struct QuarantinedRecord {
    std::string id;  // "qrn_…"
    Time at{};
    std::string source, source_name;
    Protocol protocol = Protocol::segment;
    std::string reason, detail, pointer, name, message_id;
    std::optional<std::string> record;  // JSON text; nothing where the person was erased
    std::string shared;
    std::string status;  // open, replayed, dropped
};

struct QuarantineQuery {
    std::string reason, status, text, cursor;
    std::size_t limit = 50;  // at most 500
};
struct QuarantinePage {
    std::vector<QuarantinedRecord> items;  // newest first
    std::string next_cursor;               // empty at the end
};

class Quarantine {
public:
    static constexpr std::size_t max_waiting_bytes = 32 << 20;
    static constexpr std::size_t max_open = 1'000'000;  // then intake of bad records answers 503
    static constexpr std::size_t text_scan = 5'000;     // rows that a search by text looks into

    Quarantine(sql::Database& database, customer::Vault& vault, const Clock& clock,
               Metrics& metrics);
    ~Quarantine();

    // Called once, on the writer thread. Errors: collect.quarantine_full,
    // collect.quarantine_unavailable (both unavailable).
    using Done = std::function<void(Result<>)>;
    void add(std::vector<Rejected> records, Protocol protocol, const Envelope& envelope, Done done);

    QuarantinePage list(const QuarantineQuery& query) const;
    // Error: collect.not_quarantined.
    Result<QuarantinedRecord> get(std::string_view id) const;
    // Ids of the open records of a reason (empty: of all), oldest first.
    std::vector<std::string> open_ids(std::string_view reason) const;
    // Closes an open record; false where it is not open any more.
    bool close(std::string_view id, std::string_view status, std::string_view by);
    // Deletes closed rows that are older than 30 days and open ones older than a year. A daily job.
    void expire();

private:
    struct Waiting {
        std::vector<std::vector<sql::Param>> rows;
        std::size_t bytes = 0;
        Done done;
    };
    std::vector<sql::Param> row_of(const Rejected& record, Protocol protocol,
                                   const Envelope& envelope);
    QuarantinedRecord read_row(const sql::Row& row) const;
    void write_waiting();
    Result<> write(const std::deque<Waiting>& waiting);

    sql::Database& database_;
    customer::Vault& vault_;
    const Clock& clock_;
    Counter& quarantined_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Waiting> waiting_;
    std::size_t waiting_bytes_ = 0;
    bool stopping_ = false;
    std::thread writer_;
};

}  // namespace qiao::collect
