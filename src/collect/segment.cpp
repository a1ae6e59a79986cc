#include "collect/segment.hpp"

#include <boost/json.hpp>

#include "collect/detail/element.hpp"
#include "collect/encoding.hpp"

namespace qiao::collect {

namespace {

using namespace detail;

struct CallName {
    std::string_view name;
    SegmentCall call;
};
constexpr CallName call_names[] = {
    {"batch", SegmentCall::batch},  {"b", SegmentCall::batch},
    {"import", SegmentCall::batch}, {"track", SegmentCall::track},
    {"t", SegmentCall::track},      {"identify", SegmentCall::identify},
    {"i", SegmentCall::identify},   {"page", SegmentCall::page},
    {"p", SegmentCall::page},       {"screen", SegmentCall::screen},
    {"s", SegmentCall::screen},     {"group", SegmentCall::group},
    {"g", SegmentCall::group},      {"alias", SegmentCall::alias},
    {"a", SegmentCall::alias},
};

// What all records of a request share.
struct Shared {
    const Envelope& envelope;
    Properties context;  // of the batch, flattened
    std::optional<Time> sent_at;
    Refused refused;  // what they share cannot be read, so none of them can
};

// The members of one record, found in one walk over it.
struct Members {
    std::optional<dom::element> type, event, user_id, anonymous_id, previous_id, group_id,
        message_id, timestamp, original_timestamp, sent_at, properties, traits, context, name,
        category;
};

Members members_of(const dom::object& record) {
    Members m;
    for (const auto field : record) {
        const auto key = field.key;
        if (key == "type")
            m.type = field.value;
        else if (key == "event")
            m.event = field.value;
        else if (key == "userId")
            m.user_id = field.value;
        else if (key == "anonymousId")
            m.anonymous_id = field.value;
        else if (key == "messageId")
            m.message_id = field.value;
        else if (key == "timestamp")
            m.timestamp = field.value;
        else if (key == "properties")
            m.properties = field.value;
        else if (key == "context")
            m.context = field.value;
        else if (key == "traits")
            m.traits = field.value;
        else if (key == "originalTimestamp")
            m.original_timestamp = field.value;
        else if (key == "sentAt")
            m.sent_at = field.value;
        else if (key == "previousId")
            m.previous_id = field.value;
        else if (key == "groupId")
            m.group_id = field.value;
        else if (key == "name")
            m.name = field.value;
        else if (key == "category")
            m.category = field.value;
    }
    return m;
}

std::optional<std::string> id_member(const std::optional<dom::element>& member) {
    if (!member)
        return std::nullopt;
    auto id = id_of(*member);
    if (id && id->empty())
        return std::nullopt;
    return id;
}

// timestamp = receivedAt - (sentAt - originalTimestamp): the client's clock cancels out.
Refused read_time(const Members& m, const Shared& shared, Fact& fact) {
    fact.time = shared.envelope.received_at;
    const bool is_original = m.original_timestamp && !m.original_timestamp->is_null();
    const auto& stated = is_original ? m.original_timestamp : m.timestamp;
    if (!stated || stated->is_null())
        return {};
    auto time = time_of(*stated);
    if (!time)
        return {time.error().reason, time.error().detail,
                is_original ? "/originalTimestamp" : "/timestamp"};
    auto sent_at = shared.sent_at;
    if (m.sent_at && !m.sent_at->is_null()) {
        auto own = time_of(*m.sent_at);
        if (!own)
            return {own.error().reason, own.error().detail, "/sentAt"};
        sent_at = *own;
    }
    fact.time = sent_at ? shared.envelope.received_at - (*sent_at - *time) : *time;
    return {};
}

Refused read_identities(const Members& m, SegmentCall call, Fact& fact) {
    auto user = id_member(m.user_id);
    auto anonymous = id_member(m.anonymous_id);
    for (const auto* id : {&user, &anonymous})
        if (*id && (*id)->size() > max_identity_bytes)
            return {"collect.long_identity",
                    "an id may be at most " + std::to_string(max_identity_bytes) + " bytes long",
                    id == &user ? "/userId" : "/anonymousId"};
    if (call == SegmentCall::alias) {
        auto previous = id_member(m.previous_id);
        if (!user || !previous)
            return {"segment.no_previous_id", "an alias call needs userId and previousId",
                    user ? "/previousId" : "/userId"};
        if (previous->size() > max_identity_bytes)
            return {"collect.long_identity", "an id may be at most 255 bytes long", "/previousId"};
        // A visitor's id that became a user id is a binding; a former user id is a merge.
        const bool was_visitor = anonymous && *anonymous == *previous;
        fact.kind = was_visitor ? FactKind::bind : FactKind::alias;
        fact.identities.push_back({"user_id", std::move(*user), {}});
        fact.identities.push_back(
            {was_visitor ? "anonymous_id" : "user_id", std::move(*previous), {}});
        return {};
    }
    if (!user && !anonymous)
        return {"segment.no_user_anon_id", "a record needs userId or anonymousId", ""};
    if (user)
        fact.identities.push_back({"user_id", std::move(*user), {}});
    if (anonymous)
        fact.identities.push_back({"anonymous_id", std::move(*anonymous), {}});
    return {};
}

Refused add_context(const Members& m, const Shared& shared, Fact& fact) {
    fact.properties = shared.context;
    if (!m.context)
        return {};
    dom::object context;
    if (m.context->get(context)) {
        if (m.context->is_null())
            return {};
        return {"segment.bad_context", "context must be an object", "/context"};
    }
    Flattener flattener{fact.properties, "/context"};
    bool is_direct = false;
    for (const auto field : context) {
        if (field.key == "traits" || field.key == "integrations")
            continue;
        if (field.key == "direct")
            is_direct = field.value.is_bool() && field.value.get_bool().value_unsafe();
        dom::object nested;
        if (field.key == "device" && !field.value.get(nested))
            if (auto device = id_at(nested, "id");
                device && !device->empty() && device->size() <= max_identity_bytes)
                fact.identities.push_back({"device_id", std::move(*device), {}});
        if (!field.value.get(nested)) {
            if (auto refused = flattener.add(nested, "context." + std::string(field.key) + "."))
                return refused;
        } else {
            const std::string name = "context." + std::string(field.key);
            if (auto refused = flattener.add_one(name, field.value))
                return refused;
        }
    }
    if (is_direct)
        set(fact.properties, "context.ip", shared.envelope.remote);
    return {};
}

Refused add_object(const std::optional<dom::element>& member, std::string_view name, Fact& fact,
                   std::string_view prefix = {}) {
    if (!member || member->is_null())
        return {};
    dom::object object;
    if (member->get(object))
        return {"segment.bad_" + std::string(name), std::string(name) + " must be an object",
                "/" + std::string(name)};
    return Flattener{fact.properties, "/" + std::string(name)}.add(object, prefix);
}

Refused read_track(const Members& m, Fact& fact) {
    std::string_view event;
    if (!m.event || m.event->get(event) || event.empty())
        return {"segment.no_event", "a track call needs the name of its event", "/event"};
    if (event.size() > max_event_name_bytes)
        return {
            "collect.long_name",
            "an event name may be at most " + std::to_string(max_event_name_bytes) + " bytes long",
            "/event"};
    if (is_reserved(event))
        return {"collect.reserved_name", "events of this name are Qiao's own", "/event"};
    fact.name = std::string(event);
    return {};
}

void add_text(const std::optional<dom::element>& member, std::string_view name, Fact& fact) {
    std::string_view text;
    if (member && !member->get(text) && !text.empty() && !find(fact.properties, name))
        fact.properties.emplace_back(std::string(name), std::string(text));
}

// Events carry the context; a person's traits do not become facts about the page or the device.
Refused read_content(const Members& m, SegmentCall call, const Shared& shared, Fact& fact) {
    if (call == SegmentCall::alias)
        return {};
    if (call == SegmentCall::identify) {
        fact.kind = FactKind::profile_set;
        return add_object(m.traits, "traits", fact);
    }
    if (call == SegmentCall::track) {
        if (auto refused = read_track(m, fact))
            return refused;
    } else {
        fact.name = call == SegmentCall::page     ? "page"
                    : call == SegmentCall::screen ? "screen"
                                                  : "group";
    }
    if (auto refused = add_context(m, shared, fact))
        return refused;
    if (auto refused = add_object(m.properties, "properties", fact))
        return refused;
    if (call == SegmentCall::page || call == SegmentCall::screen) {
        add_text(m.name, "name", fact);
        add_text(m.category, "category", fact);
    }
    if (call == SegmentCall::group) {
        auto group = id_member(m.group_id);
        if (!group)
            return {"segment.no_group_id", "a group call needs groupId", "/groupId"};
        set(fact.properties, "group_id", std::move(*group));
        return add_object(m.traits, "traits", fact, "traits.");
    }
    return {};
}

std::optional<SegmentCall> call_of(const Members& m, SegmentCall call) {
    std::string_view type;
    if (call != SegmentCall::batch || !m.type || m.type->get(type)) {
        if (call == SegmentCall::batch)
            return std::nullopt;
        return call;
    }
    for (const auto& [name, known] : call_names)
        if (name == type && name.size() > 1 && known != SegmentCall::batch)
            return known;
    return std::nullopt;
}

Refused read_record(const dom::element& element, SegmentCall path_call, const Shared& shared,
                    Fact& fact) {
    dom::object record;
    if (element.get(record))
        return {"segment.not_an_object", "a record must be a JSON object", ""};
    const auto m = members_of(record);
    fact.received_at = shared.envelope.received_at;
    fact.source = shared.envelope.source.id;
    if (auto id = id_member(m.message_id))
        fact.message_id = message_id_of(*id);
    const auto call = call_of(m, path_call);
    if (!call)
        return {"segment.unknown_type",
                "type must be track, identify, page, screen, group or alias", "/type"};
    if (auto refused = read_identities(m, *call, fact))
        return refused;
    if (shared.refused)
        return shared.refused;
    if (auto refused = read_time(m, shared, fact))
        return refused;
    return read_content(m, *call, shared, fact);
}

Refused read_shared(const dom::object& top, Shared& shared) {
    if (auto context = object_at(top, "context")) {
        Members m;
        m.context = dom::element(top.at_key("context").value_unsafe());
        Fact scratch;
        if (auto refused = add_context(m, shared, scratch))
            return refused;
        shared.context = std::move(scratch.properties);
    }
    dom::element sent_at;
    if (!top.at_key("sentAt").get(sent_at) && !sent_at.is_null()) {
        auto time = time_of(sent_at);
        if (!time)
            return {time.error().reason, time.error().detail, "/sentAt"};
        shared.sent_at = *time;
    }
    return {};
}

std::string shared_text(const dom::object& top) {
    std::string text = "{";
    for (const auto* key : {"context", "sentAt"}) {
        dom::element member;
        if (top.at_key(key).get(member))
            continue;
        text += text.size() > 1 ? "," : "";
        text += "\"" + std::string(key) + "\":" + std::string(simdjson::minify(member));
    }
    return text + "}";
}

void reject(Batch& batch, const dom::element& element, const Refused& refused, const Fact& fact) {
    batch.rejected.push_back({simdjson::minify(element), batch.shared, fact.name, fact.message_id,
                              refused.reason, refused.detail, refused.pointer, subject_of(fact)});
}

Batch read_records(const std::vector<dom::element>& records, SegmentCall call, const Shared& shared,
                   std::string shared_json) {
    Batch batch;
    batch.shared = std::move(shared_json);
    batch.records = static_cast<std::uint32_t>(records.size());
    batch.facts.reserve(records.size());
    batch.record_of.reserve(records.size());
    for (std::uint32_t i = 0; i < batch.records; ++i) {
        auto& fact = batch.facts.emplace_back();
        auto refused = i >= max_records
                           ? Refused{"collect.too_many_records",
                                     "a batch may hold at most " + std::to_string(max_records) +
                                         " records; this one came after them",
                                     ""}
                           : read_record(records[i], call, shared, fact);
        if (refused) {
            reject(batch, records[i], refused, fact);
            batch.facts.pop_back();
            continue;
        }
        if (fact.message_id.empty())
            fact.message_id = new_message_id();
        batch.record_of.push_back(i);
    }
    batch.text_of = [records](std::uint32_t record) -> std::string {
        return simdjson::minify(records[record]);
    };
    return batch;
}

// Length of a record's text. Its end is not in the document's tape, so records are measured only
// where the whole body is longer than one record may be.
void reject_long_records(Batch& batch, const std::vector<dom::element>& records) {
    std::vector<bool> is_long(records.size());
    for (std::size_t i = 0; i < records.size(); ++i)
        is_long[i] = std::string(simdjson::minify(records[i])).size() > max_record_bytes;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < batch.facts.size(); ++i) {
        const auto record = batch.record_of[i];
        if (is_long[record]) {
            reject(
                batch, records[record],
                {"collect.record_too_large",
                 "a record may be at most " + std::to_string(max_record_bytes) + " bytes long", ""},
                batch.facts[i]);
            continue;
        }
        if (kept != i) {
            batch.facts[kept] = std::move(batch.facts[i]);
            batch.record_of[kept] = record;
        }
        ++kept;
    }
    batch.facts.resize(kept);
    batch.record_of.resize(kept);
}

}  // namespace

std::optional<SegmentCall> segment_call_of(std::string_view path_segment) {
    for (const auto& [name, call] : call_names)
        if (name == path_segment)
            return call;
    return std::nullopt;
}

std::string write_key_of_authorization(std::string_view header) {
    if (header.starts_with("Bearer ") || header.starts_with("bearer "))
        return std::string(header.substr(7));
    if (!header.starts_with("Basic ") && !header.starts_with("basic "))
        return {};
    auto text = decode_base64(header.substr(6));
    if (!text)
        return {};
    return text->substr(0, text->find(':'));
}

struct SegmentBody::Parsed {
    Result<dom::element> root;
};

SegmentBody::SegmentBody(std::string& body)
    : size_(body.size()), parsed_(new Parsed{parse(body)}) {}

SegmentBody::~SegmentBody() = default;

std::string SegmentBody::write_key() const {
    dom::object top;
    if (!parsed_->root || parsed_->root->get(top))
        return {};
    if (auto key = text_at(top, "writeKey"))
        return std::string(*key);
    dom::array batch;
    if (top.at_key("batch").get(batch))
        return {};
    for (dom::element first : batch) {
        dom::object record;
        if (!first.get(record))
            if (auto key = text_at(record, "writeKey"))
                return std::string(*key);
        return {};
    }
    return {};
}

Result<Batch> SegmentBody::read(SegmentCall call, const Envelope& envelope) const {
    if (size_ > max_batch_bytes)
        return fail(ErrorCode::too_large, "collect.too_large",
                    "a body may be at most 4,000 KiB long");
    const auto& parsed = parsed_->root;
    if (!parsed)
        return fail(parsed.error());
    std::vector<dom::element> records;
    dom::object top;
    const bool is_object = !parsed->get(top);
    Shared shared{envelope};
    std::string shared_json = "{}";
    if (call == SegmentCall::batch) {
        dom::array batch;
        if (!is_object || top.at_key("batch").get(batch))
            return fail(ErrorCode::invalid, "segment.no_batch",
                        "the body must be an object with the list \"batch\"", "/batch");
        shared.refused = read_shared(top, shared);
        shared_json = shared_text(top);
        for (dom::element record : batch)
            records.push_back(record);
    } else {
        records.push_back(*parsed);
        for (const auto& [name, known] : call_names)
            if (known == call && name.size() > 1)
                shared_json = "{\"call\":\"" + std::string(name) + "\"}";
    }
    auto batch = read_records(records, call, shared, std::move(shared_json));
    if (size_ > max_record_bytes)
        reject_long_records(batch, records);
    return batch;
}

Result<Batch> parse_segment(std::string& body, SegmentCall call, const Envelope& envelope) {
    return SegmentBody(body).read(call, envelope);
}

Result<Batch> parse_segment_again(const std::string& record, const std::string& shared,
                                  const Envelope& envelope) {
    std::string text = shared;
    auto parsed = parse(text);
    dom::object object;
    if (parsed && !parsed->get(object))
        if (auto name = text_at(object, "call"))
            if (auto call = segment_call_of(*name)) {
                auto body = record;
                return parse_segment(body, *call, envelope);
            }
    auto body = "{\"batch\":[" + record + "]" + (shared.size() > 2 ? "," + shared.substr(1) : "}");
    return parse_segment(body, SegmentCall::batch, envelope);
}

std::string segment_settings(std::string_view write_key, std::string_view api_host,
                             std::string_view protocol) {
    namespace json = boost::json;
    json::object integration{
        {"apiKey", write_key},
        {"apiHost", std::string(api_host) + "/v1"},
        {"protocol", protocol},
        {"unbundledIntegrations", json::array{}},
        {"addBundledMetadata", true},
        {"type", "server"},
        {"versionSettings", {{"version", "4.4.7"}, {"componentTypes", json::array{"browser"}}}}};
    json::object settings{{"integrations", {{"Segment.io", integration}}},
                          {"plan",
                           {{"track", {{"__default", {{"enabled", true}}}}},
                            {"identify", {{"__default", {{"enabled", true}}}}},
                            {"group", {{"__default", {{"enabled", true}}}}}}},
                          {"edgeFunction", json::object{}},
                          {"analyticsNextEnabled", true},
                          {"middlewareSettings", json::object{}},
                          {"enabledMiddleware", json::object{}},
                          {"metrics", {{"sampleRate", 0}}},
                          {"legacyVideoPluginsEnabled", false},
                          {"remotePlugins", json::array{}}};
    return json::serialize(settings);
}

}  // namespace qiao::collect
