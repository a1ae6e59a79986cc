#include "access/audit.hpp"

#include <algorithm>

#include "access/detail/secrets.hpp"

namespace qiao::access {

namespace {

constexpr std::int64_t verify_page = 1000;
constexpr std::size_t max_audit_page = 500;

const std::string audit_genesis(64, '0');

// Length before text: no two entries have the same canonical form.
void put_field(std::string& out, std::string_view text) {
    out += std::to_string(text.size());
    out += ':';
    out += text;
}

std::string hash_of(std::string_view previous, const AuditEntry& entry) {
    std::string canonical;
    put_field(canonical, previous);
    put_field(canonical, std::to_string(entry.seq));
    put_field(canonical, std::to_string(to_ms(entry.at)));
    for (const auto* field : {&entry.who, &entry.who_name, &entry.note.action, &entry.note.object,
                              &entry.note.summary, &entry.note.why})
        put_field(canonical, *field);
    return detail::sha256_hex(canonical);
}

constexpr const char* audit_columns =
    "SELECT seq, at, who, who_name, action, object, summary, why, hash FROM access_audit ";

AuditEntry audit_entry_of(const sql::Row& row) {
    return {row.integer(0),
            row.time(1),
            row.text(2),
            row.text(3),
            {row.text(4), row.text(5), row.text(6), row.text(7)},
            row.text(8)};
}

std::string containing(std::string_view text) {
    std::string pattern = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '!')
            pattern += '!';
        pattern += c;
    }
    return pattern + "%";
}

}  // namespace

void AuditLog::add(sql::Transaction& transaction, const Principal& who, const AuditNote& note) {
    const auto last =
        transaction.query_one("SELECT seq, hash FROM access_audit ORDER BY seq DESC LIMIT 1");
    AuditEntry entry{last ? last->integer(0) + 1 : 1, clock_.now(), who.id, who.name, note, {}};
    entry.hash = hash_of(last ? last->text(1) : audit_genesis, entry);
    transaction.execute(
        "INSERT INTO access_audit (seq, at, who, who_name, action, object, summary, why, hash) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        {entry.seq, sql::param(entry.at), entry.who, entry.who_name, note.action, note.object,
         note.summary, note.why, entry.hash});
}

void AuditLog::add(const Principal& who, const AuditNote& note) {
    auto transaction = database_.begin();
    add(*transaction, who, note);
    transaction->commit();
}

std::vector<AuditEntry> AuditLog::list(const AuditQuery& query) const {
    std::string where = "WHERE 1 = 1";
    std::vector<sql::Param> params;
    const auto parameter = [&](sql::Param param) {
        params.push_back(std::move(param));
        return "$" + std::to_string(params.size());
    };
    if (!query.who.empty())
        where += " AND (who = " + parameter(query.who) + " OR lower(who_name) LIKE lower(" +
                 parameter(containing(query.who)) + ") ESCAPE '!')";
    if (!query.action.empty())
        where += " AND action LIKE " + parameter(containing(query.action)) + " ESCAPE '!'";
    if (!query.object.empty())
        where += " AND object = " + parameter(query.object);
    if (query.before > 0)
        where += " AND seq < " + parameter(query.before);
    params.emplace_back(static_cast<std::int64_t>(std::min(query.limit, max_audit_page)));

    std::vector<AuditEntry> entries;
    for (const auto& row : database_.query(
             audit_columns + where + " ORDER BY seq DESC LIMIT $" + std::to_string(params.size()),
             params))
        entries.push_back(audit_entry_of(row));
    return entries;
}

AuditVerdict AuditLog::verify() const {
    AuditVerdict verdict{true, 0, audit_genesis, 0};
    auto snapshot = database_.read();
    for (;;) {
        const auto rows =
            snapshot->query(std::string(audit_columns) + "WHERE seq > $1 ORDER BY seq LIMIT $2",
                            {verdict.entries, verify_page});
        for (const auto& row : rows) {
            const auto entry = audit_entry_of(row);
            if (entry.seq != verdict.entries + 1 || entry.hash != hash_of(verdict.head, entry)) {
                verdict.ok = false;
                verdict.broken_at = verdict.entries + 1;
                return verdict;
            }
            verdict.entries = entry.seq;
            verdict.head = entry.hash;
        }
        if (rows.empty())
            return verdict;
    }
}

}  // namespace qiao::access
