#include "collect/quarantine.hpp"

#include <algorithm>

#include "runtime/log.hpp"

namespace qiao::collect {

namespace {

constexpr std::string_view insert_row =
    "INSERT INTO collect_quarantine (id, repeat_key, at, source, source_name, protocol, reason, "
    "detail, "
    "pointer, name, message_id, record, shared, status, changed_at, changed_by) VALUES ($1, $2, "
    "$3, $4, "
    "$5, $6, $7, $8, $9, $10, $11, $12, $13, 'open', $3, '') ON CONFLICT (repeat_key) DO NOTHING";

constexpr std::string_view select_rows =
    "SELECT id, at, source, source_name, protocol, reason, detail, pointer, name, message_id, "
    "record, "
    "shared, status FROM collect_quarantine ";

std::string hex_of(std::uint64_t n) {
    char hex[17];
    std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(n));
    return hex;
}

// What an SDK sends again after a lost answer must not make a second row.
std::string repeat_key(const Rejected& record, const Envelope& envelope) {
    const auto& what = record.message_id.empty() ? record.record : record.message_id;
    return envelope.source.id + ":" + hex_of(hash64(what, 11)) + hex_of(hash64(what, 12)) + ":" +
           record.reason;
}

Identity subject_for(customer::Vault& vault, const Identity& subject) {
    if (subject.kind.empty())
        return {"quarantine", "records", {}};
    return customer::is_sensitive(subject.kind) ? vault.seal_identity(subject.kind, subject.value)
                                                : subject;
}

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

bool holds_text(const QuarantinedRecord& row, const std::string& wanted) {
    for (const auto* field :
         {&row.source_name, &row.reason, &row.detail, &row.pointer, &row.name, &row.message_id})
        if (lower_case(*field).find(wanted) != std::string::npos)
            return true;
    return row.record && lower_case(*row.record).find(wanted) != std::string::npos;
}

}  // namespace

Quarantine::Quarantine(sql::Database& database, customer::Vault& vault, const Clock& clock,
                       Metrics& metrics)
    : database_(database),
      vault_(vault),
      clock_(clock),
      quarantined_(
          metrics.counter("qiao_collect_quarantined_total", "records put into the quarantine")),
      writer_([this] { write_waiting(); }) {}

Quarantine::~Quarantine() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    writer_.join();
}

std::vector<sql::Param> Quarantine::row_of(const Rejected& record, Protocol protocol,
                                           const Envelope& envelope) {
    const auto subject = subject_for(vault_, record.subject);
    return {new_id("qrn", clock_.now()),
            repeat_key(record, envelope),
            sql::param(envelope.received_at),
            envelope.source.id,
            envelope.source.name,
            std::string(name_of(protocol)),
            record.reason,
            record.detail,
            record.pointer,
            record.name,
            record.message_id,
            vault_.seal(subject, "quarantine", record.record).ciphertext,
            vault_.seal(subject, "quarantine", record.shared).ciphertext};
}

void Quarantine::add(std::vector<Rejected> records, Protocol protocol, const Envelope& envelope,
                     Done done) {
    Waiting waiting;
    waiting.done = std::move(done);
    for (const auto& record : records) {
        waiting.rows.push_back(row_of(record, protocol, envelope));
        waiting.bytes += record.record.size() + record.shared.size() + 500;
    }
    bool is_full = false;
    {
        std::lock_guard lock(mutex_);
        is_full = waiting_bytes_ > 0 && waiting_bytes_ + waiting.bytes > max_waiting_bytes;
        if (!is_full) {
            waiting_bytes_ += waiting.bytes;
            waiting_.push_back(std::move(waiting));
        }
    }
    if (is_full) {
        Error error{ErrorCode::unavailable,
                    "collect.quarantine_full",
                    "more bad records arrive than can be written; send the batch again later",
                    {},
                    5};
        waiting.done(fail(std::move(error)));
        return;
    }
    wake_.notify_one();
}

void Quarantine::write_waiting() {
    while (true) {
        std::deque<Waiting> batch;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
            if (waiting_.empty())
                return;
            batch.swap(waiting_);
            waiting_bytes_ = 0;
        }
        const auto written = write(batch);
        for (auto& waiting : batch)
            waiting.done(written);
    }
}

Result<> Quarantine::write(const std::deque<Waiting>& batch) {
    try {
        auto transaction = database_.begin();
        const auto open = transaction->query_one(
            "SELECT COUNT(*) FROM (SELECT 1 FROM collect_quarantine WHERE status = 'open' LIMIT "
            "$1) AS o",
            {static_cast<std::int64_t>(max_open)});
        if (static_cast<std::size_t>(open->integer(0)) >= max_open)
            return fail({ErrorCode::unavailable,
                         "collect.quarantine_full",
                         "the quarantine is full; replay or drop what it holds",
                         {},
                         60});
        std::int64_t added = 0;
        for (const auto& waiting : batch)
            for (const auto& row : waiting.rows)
                added += transaction->execute(insert_row, row);
        transaction->commit();
        quarantined_.add(static_cast<std::uint64_t>(added));
        return {};
    } catch (const std::exception& fault) {
        log::error(std::string("the quarantine cannot be written: ") + fault.what());
        return fail({ErrorCode::unavailable,
                     "collect.quarantine_unavailable",
                     "bad records cannot be kept just now; send the batch again later",
                     {},
                     5});
    }
}

QuarantinedRecord Quarantine::read_row(const sql::Row& row) const {
    QuarantinedRecord record;
    record.id = row.text(0);
    record.at = row.time(1);
    record.source = row.text(2);
    record.source_name = row.text(3);
    record.protocol = protocol_of_name(row.text(4)).value_or(Protocol::segment);
    record.reason = row.text(5);
    record.detail = row.text(6);
    record.pointer = row.text(7);
    record.name = row.text(8);
    record.message_id = row.text(9);
    if (auto text = vault_.unseal(row.text(10)))
        record.record = std::move(*text);
    record.shared = vault_.unseal(row.text(11)).value_or("{}");
    record.status = row.text(12);
    return record;
}

QuarantinePage Quarantine::list(const QuarantineQuery& query) const {
    const auto limit = std::clamp<std::size_t>(query.limit, 1, 500);
    const auto wanted = lower_case(query.text);
    const auto scanned = query.text.empty() ? limit : text_scan;
    const auto rows = database_.query(
        std::string(select_rows) +
            "WHERE ($1 = '' OR reason = $1) AND ($2 = '' OR status = $2) AND ($3 = '' OR id < $3) "
            "ORDER BY id DESC LIMIT $4",
        {query.reason, query.status, query.cursor, static_cast<std::int64_t>(scanned)});
    QuarantinePage page;
    for (const auto& row : rows) {
        auto record = read_row(row);
        page.next_cursor = record.id;
        if (wanted.empty() || holds_text(record, wanted))
            page.items.push_back(std::move(record));
        if (page.items.size() == limit)
            return page;
    }
    if (rows.size() < scanned)
        page.next_cursor.clear();
    return page;
}

Result<QuarantinedRecord> Quarantine::get(std::string_view id) const {
    auto row = database_.query_one(std::string(select_rows) + "WHERE id = $1", {std::string(id)});
    if (!row)
        return fail(ErrorCode::not_found, "collect.not_quarantined",
                    "the quarantine holds no record of this id");
    return read_row(*row);
}

std::vector<std::string> Quarantine::open_ids(std::string_view reason) const {
    std::vector<std::string> ids;
    for (const auto& row :
         database_.query("SELECT id FROM collect_quarantine WHERE status = 'open' AND "
                         "($1 = '' OR reason = $1) ORDER BY id",
                         {std::string(reason)}))
        ids.push_back(row.text(0));
    return ids;
}

bool Quarantine::close(std::string_view id, std::string_view status, std::string_view by) {
    return database_.execute(
               "UPDATE collect_quarantine SET status = $2, changed_at = $3, changed_by = $4 "
               "WHERE id = $1 AND status = 'open'",
               {std::string(id), std::string(status), sql::param(clock_.now()), std::string(by)}) ==
           1;
}

void Quarantine::expire() {
    using std::chrono::hours;
    database_.execute(
        "DELETE FROM collect_quarantine WHERE (status <> 'open' AND changed_at < $1) OR at < $2",
        {sql::param(clock_.now() - hours(24 * 30)), sql::param(clock_.now() - hours(24 * 365))});
}

}  // namespace qiao::collect
