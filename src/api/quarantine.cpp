#include "api/quarantine.hpp"

#include "access/audit.hpp"
#include "api/jobs.hpp"
#include "api/resource.hpp"
#include "collect/intake.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

constexpr std::string_view mask = "•••";

struct Ward {
    collect::Quarantine& quarantine;
    collect::Intake& intake;
    dictionary::Dictionary& dictionary;
    Jobs& jobs;
    access::AuditLog& audit;
};

bool is_personal(const dictionary::Snapshot& names, std::string_view key) {
    using dictionary::DataClass;
    if (key.starts_with("$identity_mobile") || key.starts_with("$identity_email"))
        return true;
    for (const auto kind : {dictionary::Kind::tag, dictionary::Kind::property}) {
        const auto* definition = names.find(kind, key);
        if (definition ? definition->data_class != DataClass::c1
                       : dictionary::guess_of(kind, key).data_class != DataClass::c1)
            return true;
    }
    return false;
}

// Masks the members that hold personal data, at any depth; says whether there were some.
bool mask_personal(const dictionary::Snapshot& names, json::value& value) {
    bool any = false;
    if (value.is_array()) {
        for (auto& element : value.get_array())
            any = mask_personal(names, element) || any;
    } else if (value.is_object()) {
        for (auto& [key, member] : value.get_object()) {
            if (!member.is_structured() && is_personal(names, std::string_view(key))) {
                member = json::string(mask);
                any = true;
            } else {
                any = mask_personal(names, member) || any;
            }
        }
    }
    return any;
}

json::value record_json(const Ward& ward, Call& call, const std::optional<std::string>& text,
                        bool& was_seen) {
    if (!text)
        return nullptr;
    json::error_code error;
    auto record = json::parse(*text, error);
    if (error)
        return json::value(*text);
    auto masked = record;
    const bool holds_personal = mask_personal(*ward.dictionary.snapshot(), masked);
    if (!call.who.may(access::Permission::view_personal))
        return masked;
    was_seen = was_seen || holds_personal;
    return record;
}

json::object row_json(const Ward& ward, Call& call, const collect::QuarantinedRecord& row,
                      bool& was_seen) {
    return {{"id", row.id},
            {"at", format_time(row.at)},
            {"source", row.source_name.empty() ? row.source : row.source_name},
            {"source_id", row.source},
            {"protocol", name_of(row.protocol)},
            {"name", row.name},
            {"message_id", row.message_id},
            {"reason", row.reason},
            {"detail", row.detail},
            {"pointer", row.pointer},
            {"record", record_json(ward, call, row.record, was_seen)},
            {"status", row.status}};
}

Result<Answer> list(Ward& ward, Call& call) {
    const auto page = page_of(call);
    if (!page)
        return fail(page.error());
    collect::QuarantineQuery query;
    query.reason = std::string(call.query("reason"));
    query.status = std::string(call.query("status"));
    query.text = std::string(call.query("text"));
    query.cursor = page->cursor;
    query.limit = page->limit;
    const auto found = ward.quarantine.list(query);
    json::array items;
    bool was_seen = false;
    for (const auto& row : found.items)
        items.push_back(row_json(ward, call, row, was_seen));
    if (was_seen)
        ward.audit.add(call.who,
                       {"quarantine.seen", "quarantine", "personal data in quarantined records"});
    return Answer{200, page_json(std::move(items), found.next_cursor.empty()
                                                       ? std::nullopt
                                                       : std::optional(found.next_cursor))};
}

Result<Answer> replay(Ward& ward, Call& call) {
    std::optional<std::string> mended;
    if (call.body.is_object()) {
        Body body(call.body);
        if (const auto* record = body.member("record"); record && !record->is_null())
            mended = json::serialize(*record);
        if (auto sound = body.finish(); !sound)
            return fail(sound.error());
    }
    if (mended && mended->find(mask) != std::string::npos)
        return fail(ErrorCode::unprocessable, "quarantine.masked",
                    "the record holds masked values, which would be kept as they stand; someone "
                    "who may see "
                    "personal data must mend it",
                    "/record");
    if (auto done = ward.intake.replay(call.id(), mended, call.who.id); !done)
        return fail(done.error());
    ward.audit.add(call.who, {"quarantine.replayed", std::string(call.id()),
                              mended ? "record mended and replayed" : "record replayed"});
    return Answer{200, {{"accepted", true}}};
}

Result<Answer> drop(Ward& ward, Call& call) {
    const auto row = ward.quarantine.get(call.id());
    if (!row)
        return fail(row.error());
    if (!ward.quarantine.close(call.id(), "dropped", call.who.id))
        return fail(ErrorCode::conflict, "collect.not_open",
                    "this record was " + row->status + " already");
    ward.audit.add(call.who, {"quarantine.dropped", std::string(call.id()), "record dropped"});
    return Answer{204, nullptr};
}

Result<std::string> replay_each(collect::Intake& intake, const std::vector<std::string>& ids,
                                const std::string& by, Job& job) {
    std::uint64_t replayed = 0, refused = 0;
    for (const auto& id : ids) {
        if (job.is_cancelled())
            break;
        const auto done = intake.replay(id, std::nullopt, by);
        if (!done && done.error().code == ErrorCode::unavailable)
            return fail(done.error());
        ++(done ? replayed : refused);
        job.count(replayed + refused, ids.size());
    }
    return json::serialize(json::value{{"replayed", replayed}, {"refused", refused}});
}

Result<Answer> replay_all(Ward& ward, Call& call) {
    Body body(call.body);
    const auto reason = body.text("reason");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    auto job =
        ward.jobs.start("quarantine_replay", [&intake = ward.intake, by = call.who.id,
                                              ids = ward.quarantine.open_ids(reason)](Job& job) {
            return replay_each(intake, ids, by, job);
        });
    if (!job)
        return fail(job.error());
    ward.audit.add(call.who, {"quarantine.replayed", "quarantine",
                              "all open records of the reason " + reason});
    return Answer{202, {{"job", to_object(*job)}}};
}

void define_shapes(Endpoints& endpoints) {
    endpoints.define("QuarantineStatus", "'open'|'replayed'|'dropped'");
    endpoints.define("Quarantined",
                     object_schema({{"id", "string"},
                                    {"at", "time"},
                                    {"source", "string"},
                                    {"source_id", "string"},
                                    {"protocol", "'segment'|'sensors'|'native'|'posthog'"},
                                    {"name", "string"},
                                    {"message_id", "string"},
                                    {"reason", "string"},
                                    {"detail", "string"},
                                    {"pointer", "string"},
                                    {"record", "any"},
                                    {"status", "QuarantineStatus"}}));
    endpoints.define("Mended", body_schema({{"record?", "any"}}));
    endpoints.define("Replayed", object_schema({{"accepted", "boolean"}}));
    endpoints.define("ReplayAll", body_schema({{"reason", "string"}}));
    endpoints.define("Begun", object_schema({{"job", "Job"}}));
}

}  // namespace

void add_quarantine(Endpoints& endpoints, collect::Quarantine& quarantine, collect::Intake& intake,
                    dictionary::Dictionary& dictionary, Jobs& jobs, access::AuditLog& audit) {
    const auto ward = std::make_shared<Ward>(Ward{quarantine, intake, dictionary, jobs, audit});
    const std::string path = "/api/v1/quarantine";
    using enum access::Permission;
    define_shapes(endpoints);
    endpoints.add("GET", path, view_customers, [ward](Call& call) { return list(*ward, call); },
                  {"Records that could not be taken, newest first",
                   "quarantine",
                   nullptr,
                   page_schema("Quarantined"),
                   {"reason", {"status", "QuarantineStatus"}, "text", "limit", "cursor"}});
    endpoints.add("POST", path + "/{id}/replay", import_data,
                  [ward](Call& call) { return replay(*ward, call); },
                  {"Take a record again, as it was sent or mended", "quarantine",
                   optional_body("Mended"), "Replayed"});
    endpoints.add("DELETE", path + "/{id}", import_data,
                  [ward](Call& call) { return drop(*ward, call); },
                  {"Drop a record for good", "quarantine", nullptr, no_content()});
    endpoints.add(
        "POST", path + "/replay", import_data,
        [ward](Call& call) { return replay_all(*ward, call); },
        {"Take all open records of a reason again", "quarantine", "ReplayAll", accepted("Begun")});
}

}  // namespace qiao::api
