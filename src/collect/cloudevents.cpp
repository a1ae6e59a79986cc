#include "collect/cloudevents.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "collect/detail/element.hpp"
#include "collect/encoding.hpp"

namespace qiao::collect {

namespace {

using namespace detail;

struct Operation {
    std::string_view type;
    FactKind kind;
};
constexpr Operation operations[] = {
    {"$profile_set", FactKind::profile_set},
    {"$identify", FactKind::profile_set},
    {"$profile_set_once", FactKind::profile_set_once},
    {"$profile_increment", FactKind::profile_increment},
    {"$profile_append", FactKind::profile_append},
    {"$profile_unset", FactKind::profile_unset},
    {"$profile_delete", FactKind::profile_delete},
    {"$bind", FactKind::bind},
    {"$unbind", FactKind::unbind},
    {"$alias", FactKind::alias},
    {"$consent", FactKind::consent},
    {"$item_set", FactKind::item},
    {"$item_delete", FactKind::item},
};

struct IdentityMember {
    std::string_view member, kind;
};
// Members of data, and extension attributes, that name whose event it is.
constexpr IdentityMember identity_members[] = {
    {"user_id", "user_id"},          {"userId", "user_id"},
    {"userid", "user_id"},           {"anonymous_id", "anonymous_id"},
    {"anonymousId", "anonymous_id"}, {"anonymousid", "anonymous_id"},
    {"device_id", "device_id"},      {"deviceId", "device_id"},
    {"deviceid", "device_id"},
};
constexpr std::string_view subject_kinds[] = {"user_id", "anonymous_id", "device_id", "phone",
                                              "email",   "open_id",      "account",   "id_card"};

Refused add_identity(Fact& fact, std::string_view kind, std::string value, std::string pointer) {
    if (value.empty() || value.size() > max_identity_bytes || kind.empty() || kind.size() > 64)
        return {"native.bad_identity", "an identity must be 1 to 255 bytes long",
                std::move(pointer)};
    for (const auto& known : fact.identities)
        if (known.kind == kind && known.value == value)
            return {};
    fact.identities.push_back({std::string(kind), std::move(value), {}});
    return {};
}

Refused add_identities(const dom::object& identities, Fact& fact) {
    for (const auto field : identities) {
        const auto pointer = "/data/identities/" + std::string(field.key);
        dom::array list;
        if (!field.value.get(list)) {
            for (dom::element member : list) {
                auto id = id_of(member);
                if (auto refused = add_identity(fact, field.key, id.value_or(""), pointer))
                    return refused;
            }
            continue;
        }
        if (auto refused = add_identity(fact, field.key, id_of(field.value).value_or(""), pointer))
            return refused;
    }
    return {};
}

Refused add_members(const dom::object& object, std::string_view base, Fact& fact) {
    for (const auto& [member, kind] : identity_members)
        if (auto id = id_at(object, member); id && !id->empty())
            if (auto refused = add_identity(fact, kind, std::move(*id),
                                            std::string(base) + std::string(member)))
                return refused;
    return {};
}

Refused add_subject(const dom::object& event, Fact& fact) {
    const auto subject = text_at(event, "subject");
    if (!subject || subject->empty())
        return {};
    const auto colon = subject->find(':');
    if (colon != std::string_view::npos)
        for (const auto kind : subject_kinds)
            if (subject->substr(0, colon) == kind)
                return add_identity(fact, kind, std::string(subject->substr(colon + 1)),
                                    "/subject");
    return add_identity(fact, "user_id", std::string(*subject), "/subject");
}

bool is_identity_member(std::string_view key) {
    return key == "identities" ||
           std::any_of(std::begin(identity_members), std::end(identity_members),
                       [&](const IdentityMember& m) { return m.member == key; });
}

Refused read_identities(const dom::object& event, const std::optional<dom::object>& data,
                        Fact& fact) {
    if (data) {
        if (auto identities = object_at(*data, "identities"))
            if (auto refused = add_identities(*identities, fact))
                return refused;
        if (auto refused = add_members(*data, "/data/", fact))
            return refused;
    }
    if (auto refused = add_members(event, "/", fact))
        return refused;
    // The subject is often what the event is about, a payment or a card: it counts where nothing
    // else does.
    if (fact.identities.empty() && fact.kind != FactKind::item)
        if (auto refused = add_subject(event, fact))
            return refused;
    const std::size_t needed = fact.kind == FactKind::item ? 0
                               : fact.kind == FactKind::bind || fact.kind == FactKind::unbind ||
                                       fact.kind == FactKind::alias
                                   ? 2
                                   : 1;
    if (fact.identities.size() >= needed)
        return {};
    return {"native.no_identity",
            needed == 2
                ? "this operation needs two identities in data.identities"
                : "an event needs data.identities, data.user_id or a subject that says whose it is",
            needed == 2 ? "/data/identities" : "/subject"};
}

Refused check_consent(const Fact& fact) {
    for (const auto* name : {"purpose", "channel"}) {
        const auto* value = find(fact.properties, name);
        if (!value || type_of(*value) != ValueType::string)
            return {"native.bad_consent", "a consent needs the texts purpose and channel",
                    std::string("/data/") + name};
    }
    const auto* granted = find(fact.properties, "granted");
    if (!granted || type_of(*granted) != ValueType::boolean)
        return {"native.bad_consent", "a consent needs granted, true or false", "/data/granted"};
    return {};
}

Refused read_data(const dom::object& data, Fact& fact) {
    for (const auto* member : {"properties", "traits"})
        if (auto properties = object_at(data, member))
            return Flattener{fact.properties, "/data/" + std::string(member)}.add(*properties);
    Flattener flattener{fact.properties, "/data"};
    for (const auto field : data) {
        if (is_identity_member(field.key))
            continue;
        if (field.value.is_object()) {
            if (auto refused = flattener.add(field.value.get_object().value_unsafe(),
                                             std::string(field.key) + "."))
                return refused;
        } else if (auto refused = flattener.add_one(std::string(field.key), field.value)) {
            return refused;
        }
    }
    return {};
}

Refused read_attributes(const dom::object& event, const Envelope& envelope, Fact& fact) {
    for (const auto* required : {"specversion", "id", "source", "type"}) {
        auto text = text_at(event, required);
        if (!text || text->empty())
            return {"native.missing_attribute",
                    "a CloudEvent needs the attribute " + std::string(required),
                    "/" + std::string(required)};
    }
    if (text_at(event, "specversion") != "1.0")
        return {"native.version", "specversion must be 1.0", "/specversion"};
    const auto source = std::string(*text_at(event, "source"));
    fact.message_id = message_id_of(source + "#" + std::string(*text_at(event, "id")));
    const auto type = *text_at(event, "type");
    const auto operation = std::find_if(std::begin(operations), std::end(operations),
                                        [&](const Operation& o) { return o.type == type; });
    if (operation != std::end(operations)) {
        fact.kind = operation->kind;
        if (fact.kind == FactKind::item)
            fact.name = std::string(type.substr(1));
    } else {
        if (type.size() > max_event_name_bytes)
            return {"collect.long_name", "a type may be at most 200 bytes long", "/type"};
        if (is_reserved(type))
            return {"collect.reserved_name", "events of this name are Qiao's own", "/type"};
        fact.name = std::string(type);
    }
    fact.time = envelope.received_at;
    dom::element time;
    if (!event.at_key("time").get(time) && !time.is_null()) {
        auto when = time_of(time);
        if (!when)
            return {when.error().reason, when.error().detail, "/time"};
        fact.time = *when;
    }
    return {};
}

Refused read_event(const dom::element& element, const Envelope& envelope, Fact& fact,
                   std::string& decoded) {
    dom::object event;
    if (element.get(event))
        return {"native.not_an_object", "an event must be a JSON object", ""};
    fact.received_at = envelope.received_at;
    fact.source = envelope.source.id;
    if (auto refused = read_attributes(event, envelope, fact))
        return refused;
    std::optional<dom::object> data = object_at(event, "data");
    dom::parser parser;
    if (auto base64 = text_at(event, "data_base64")) {
        auto text = decode_base64(*base64);
        dom::object object;
        if (text)
            decoded = std::move(*text);
        if (!text || parser.parse(decoded).get(object))
            return {"native.bad_data", "data_base64 must hold a JSON object", "/data_base64"};
        data = object;
    } else {
        dom::element member;
        if (!data && !event.at_key("data").get(member) && !member.is_null())
            return {"native.bad_data", "data must be a JSON object", "/data"};
    }
    if (auto refused = read_identities(event, data, fact))
        return refused;
    if (data)
        if (auto refused = read_data(*data, fact))
            return refused;
    if (fact.kind == FactKind::consent)
        return check_consent(fact);
    return {};
}

std::string decode_header(std::string_view value) {
    std::string plus_safe;
    for (char c : value)
        plus_safe += c == '+' ? std::string("%2B") : c == '&' ? "%26" : std::string(1, c);
    auto fields = parse_form("v=" + plus_safe);
    return fields.empty() ? std::string() : fields.front().second;
}

}  // namespace

Result<Batch> parse_cloudevents(std::string& body, const Envelope& envelope) {
    if (body.size() > max_batch_bytes)
        return fail(ErrorCode::too_large, "collect.too_large",
                    "a body may be at most 4,000 KiB long");
    auto parsed = parse(body);
    if (!parsed)
        return fail(parsed.error());
    std::vector<dom::element> records;
    dom::array list;
    if (parsed->get(list))
        records.push_back(*parsed);
    else
        for (dom::element record : list)
            records.push_back(record);
    Batch batch;
    batch.records = static_cast<std::uint32_t>(records.size());
    for (std::uint32_t i = 0; i < batch.records; ++i) {
        Fact fact;
        std::string decoded;
        auto refused = read_event(records[i], envelope, fact, decoded);
        if (!refused && i >= max_records)
            refused = {"collect.too_many_records", "a request may hold at most 2,500 events", ""};
        if (refused) {
            batch.rejected.push_back({simdjson::minify(records[i]), batch.shared, fact.name,
                                      fact.message_id, refused.reason, refused.detail,
                                      refused.pointer, subject_of(fact)});
            continue;
        }
        batch.facts.push_back(std::move(fact));
        batch.record_of.push_back(i);
    }
    batch.text_of = [records](std::uint32_t record) -> std::string {
        return simdjson::minify(records[record]);
    };
    return batch;
}

Result<Batch> parse_binary_cloudevent(
    const std::vector<std::pair<std::string, std::string>>& attributes,
    std::string_view content_type, std::string_view body, const Envelope& envelope) {
    if (body.size() > max_batch_bytes)
        return fail(ErrorCode::too_large, "collect.too_large",
                    "a body may be at most 4,000 KiB long");
    namespace json = boost::json;
    json::object event;
    for (const auto& [name, value] : attributes)
        event[name] = decode_header(value);
    if (!body.empty()) {
        json::error_code error;
        auto data = json::parse(json::string_view(body.data(), body.size()), error);
        if (error)
            return fail(ErrorCode::invalid, "native.data_not_json",
                        "the data of an event must be JSON, sent as application/json");
        event["data"] = std::move(data);
    }
    if (!content_type.empty())
        event["datacontenttype"] = content_type;
    // The batch's records lie in this thread's text, as those of other requests lie in their body.
    thread_local std::string text;
    text = json::serialize(event);
    return parse_cloudevents(text, envelope);
}

}  // namespace qiao::collect
