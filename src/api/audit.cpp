#include "api/audit.hpp"

#include <charconv>

#include "access/audit.hpp"
#include "api/resource.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

json::object audit_entry_json(const access::AuditEntry& entry) {
    return {{"seq", entry.seq},
            {"at", format_time(entry.at)},
            {"who", entry.who_name},
            {"who_id", entry.who},
            {"action", entry.note.action},
            {"object", entry.note.object},
            {"summary", entry.note.summary},
            {"why", entry.note.why.empty() ? json::value(nullptr) : json::value(entry.note.why)},
            {"hash", entry.hash}};
}

Result<Answer> list_audit(const access::AuditLog& audit, Call& call) {
    const auto page = page_of(call);
    if (!page)
        return fail(page.error());
    access::AuditQuery query;
    query.who = call.query("who");
    query.action = call.query("action");
    query.object = call.query("object");
    query.limit = page->limit;
    if (!page->cursor.empty()) {
        const auto* end = page->cursor.data() + page->cursor.size();
        const auto parsed = std::from_chars(page->cursor.data(), end, query.before);
        if (parsed.ec != std::errc() || parsed.ptr != end || query.before < 1)
            return fail(ErrorCode::invalid, "api.cursor",
                        "cursor takes the next_cursor of an earlier answer");
    }
    json::array items;
    const auto entries = audit.list(query);
    for (const auto& entry : entries)
        items.push_back(audit_entry_json(entry));
    std::optional<std::string> next;
    if (entries.size() == page->limit && entries.back().seq > 1)
        next = std::to_string(entries.back().seq);
    return Answer{200, page_json(std::move(items), next)};
}

Result<Answer> verify_audit(const access::AuditLog& audit) {
    const auto verdict = audit.verify();
    json::object body{{"ok", verdict.ok}, {"entries", verdict.entries}, {"head", verdict.head}};
    if (!verdict.ok)
        body["broken_at"] = verdict.broken_at;
    return Answer{200, std::move(body)};
}

}  // namespace

void add_audit(Endpoints& endpoints, const access::AuditLog& audit) {
    using enum access::Permission;
    endpoints.define("AuditEntry", object_schema({{"seq", "integer"},
                                                  {"at", "time"},
                                                  {"who", "string"},
                                                  {"who_id", "string"},
                                                  {"action", "string"},
                                                  {"object", "string"},
                                                  {"summary", "string"},
                                                  {"why", "string|null"},
                                                  {"hash", "string"}}));
    endpoints.define("AuditVerdict", object_schema({{"ok", "boolean"},
                                                    {"entries", "integer"},
                                                    {"head", "string"},
                                                    {"broken_at?", "integer"}}));
    endpoints.add("GET", "/api/v1/audit", view_audit,
                  [&audit](Call& call) { return list_audit(audit, call); },
                  {"What was done or looked at, newest first",
                   "audit",
                   nullptr,
                   page_schema("AuditEntry"),
                   {"who", "action", "object", "limit", "cursor"}});
    endpoints.add(
        "GET", "/api/v1/audit/verify", view_audit, [&audit](Call&) { return verify_audit(audit); },
        {"Walk the chain of hashes and say whether it holds", "audit", nullptr, "AuditVerdict"});
}

}  // namespace qiao::api
