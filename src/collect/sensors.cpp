#include "collect/sensors.hpp"

#include <algorithm>
#include <cctype>

#include "collect/detail/element.hpp"
#include "collect/encoding.hpp"

namespace qiao::collect {

namespace {

using namespace detail;

constexpr std::size_t max_name_bytes = 100;
constexpr std::size_t max_text_bytes = 8192;

constexpr std::string_view reserved_names[] = {
    "distinct_id", "original_id", "event_id", "time",  "properties", "id",   "first_id",
    "second_id",   "users",       "events",   "event", "user_id",    "date", "datetime"};

// Identities of the third generation of ID mapping, by the kinds of ours.
struct IdentityName {
    std::string_view name, kind;
};
constexpr IdentityName identity_names[] = {
    {"$identity_login_id", "user_id"},
    {"$identity_anonymous_id", "anonymous_id"},
    {"$identity_cookie_id", "anonymous_id"},
    {"$identity_distinct_id", "anonymous_id"},
    {"$identity_android_id", "device_id"},
    {"$identity_android_uuid", "device_id"},
    {"$identity_ios_uuid", "device_id"},
    {"$identity_idfa", "device_id"},
    {"$identity_idfv", "device_id"},
    {"$identity_harmony_uuid", "device_id"},
    {"$identity_mobile", "phone"},
    {"$identity_email", "email"},
    {"$identity_wechat_openid", "open_id"},
    {"$identity_mp_openid", "open_id"},
    {"$mp_openid", "open_id"},
    {"$identity_mp_unionid", "union_id"},
};

std::string kind_of_identity(std::string_view name) {
    for (const auto& known : identity_names)
        if (known.name == name)
            return std::string(known.kind);
    if (name.starts_with("$identity_mp_") && name.ends_with("_openid"))
        return "open_id";
    if (name.starts_with("$identity_"))
        name.remove_prefix(10);
    return std::string(name);
}

struct RecordType {
    std::string_view name;
    FactKind kind;
};
constexpr RecordType record_types[] = {
    {"track", FactKind::event},
    {"track_signup", FactKind::event},
    {"track_id_bind", FactKind::bind},
    {"track_id_unbind", FactKind::unbind},
    {"profile_set", FactKind::profile_set},
    {"profile_set_once", FactKind::profile_set_once},
    {"profile_increment", FactKind::profile_increment},
    {"profile_append", FactKind::profile_append},
    {"profile_unset", FactKind::profile_unset},
    {"profile_delete", FactKind::profile_delete},
    {"item_set", FactKind::item},
    {"item_delete", FactKind::item},
    {"detail_set", FactKind::item},
    {"detail_delete", FactKind::item},
};

struct Shared {
    const Envelope& envelope;
    std::string project;
    Refused refused;  // of the whole request: crc, encryption
};

// Two independent 64-bit hashes over the members but _flush_time, which a resend changes.
std::string hash_of(const dom::object& record) {
    std::string text;
    for (const auto field : record) {
        if (field.key == "_flush_time")
            continue;
        text.append(field.key).push_back('\x1f');
        text += simdjson::minify(field.value);
        text.push_back('\x1e');
    }
    char hex[36];
    std::snprintf(hex, sizeof hex, "s-%016llx%016llx",
                  static_cast<unsigned long long>(hash64(text, 21)),
                  static_cast<unsigned long long>(hash64(text, 22)));
    return hex;
}

Refused check_id(const std::string& id, std::string_view pointer) {
    if (id.empty() || id.size() > max_identity_bytes)
        return {"sensors.bad_id", "an id must be 1 to 255 bytes long", std::string(pointer)};
    return {};
}

void add_identity(Fact& fact, std::string kind, std::string value) {
    for (const auto& known : fact.identities)
        if (known.kind == kind && known.value == value)
            return;
    fact.identities.push_back({std::move(kind), std::move(value), {}});
}

Refused add_identities_object(const dom::object& record, Fact& fact) {
    auto identities = object_at(record, "identities");
    if (!identities)
        return {};
    for (const auto field : *identities) {
        auto value = id_of(field.value);
        const auto pointer = "/identities/" + std::string(field.key);
        if (!value || field.key.empty() || field.key.size() > max_name_bytes)
            return {"sensors.bad_id", "an identity must have a name and a text", pointer};
        if (auto refused = check_id(*value, pointer))
            return refused;
        add_identity(fact, kind_of_identity(field.key), std::move(*value));
    }
    return {};
}

bool says_login(const dom::object& record) {
    auto properties = object_at(record, "properties");
    bool is_login = false;
    return properties && !properties->at_key("$is_login_id").get(is_login) && is_login;
}

// distinct_id is a visitor's id or a login id, and old records do not say which: it is a login id
// where login_id equals it, $is_login_id says so or a sign-up names it. A sign-up also makes it
// known as a visitor's id of the same person, so that later records that do not say come to the
// right one.
Refused read_identities(const dom::object& record, std::string_view type, Fact& fact) {
    auto distinct = id_at(record, "distinct_id");
    auto login = id_at(record, "login_id");
    auto anonymous = id_at(record, "anonymous_id");
    auto original = id_at(record, "original_id");
    if (!distinct)
        return {"sensors.no_distinct_id", "a record needs distinct_id", "/distinct_id"};
    struct Checked {
        const std::optional<std::string>& id;
        std::string_view pointer;
    };
    for (const auto& [id, pointer] :
         {Checked{distinct, "/distinct_id"}, Checked{login, "/login_id"},
          Checked{anonymous, "/anonymous_id"}, Checked{original, "/original_id"}})
        if (id)
            if (auto refused = check_id(*id, pointer))
                return refused;
    const bool is_signup = type == "track_signup";
    if (is_signup && !original)
        return {"sensors.no_original_id", "a track_signup record needs original_id",
                "/original_id"};
    const bool is_mapped = type == "track_id_bind" || type == "track_id_unbind";
    if (is_mapped && !object_at(record, "identities"))
        return {"sensors.no_identities", "this record needs identities", "/identities"};

    if (login)
        add_identity(fact, "user_id", *login);
    if (is_signup || says_login(record))
        add_identity(fact, "user_id", *distinct);
    if (is_signup) {
        add_identity(fact, "anonymous_id", *original);
        if (!login && !anonymous)
            add_identity(fact, "anonymous_id", *distinct);
    }
    if (anonymous)
        add_identity(fact, "anonymous_id", *anonymous);
    if (type == "track_id_unbind") {
        // First the person, then what no longer belongs to it.
        if (fact.identities.empty())
            add_identity(fact, "anonymous_id", *distinct);
        fact.identities.resize(1);
        return add_identities_object(record, fact);
    }
    if (auto refused = add_identities_object(record, fact))
        return refused;
    const bool is_said = std::any_of(fact.identities.begin(), fact.identities.end(),
                                     [&](const Identity& i) { return i.value == *distinct; });
    if (!is_said && !(is_mapped && !fact.identities.empty()))
        add_identity(fact, "anonymous_id", *distinct);
    return {};
}

// Clocks that are more than a minute off are set right by _flush_time; times beyond the window are
// refused unless time_free says that they are meant.
Refused read_time(const dom::object& record, const Shared& shared, Fact& fact) {
    using namespace std::chrono;
    fact.time = shared.envelope.received_at;
    dom::element member;
    if (!record.at_key("time").get(member) && !member.is_null()) {
        auto time = time_of(member);
        if (!time || member.is_string())
            return {"sensors.bad_time", "time must be milliseconds since 1970", "/time"};
        fact.time = *time;
    }
    if (!record.at_key("_flush_time").get(member))
        if (auto flushed = time_of(member)) {
            const auto skew = shared.envelope.received_at - *flushed;
            if (skew > minutes(1) || skew < -minutes(1))
                fact.time += skew;
        }
    const bool is_free = !record.at_key("time_free").get(member) && !member.is_null();
    if (!is_free && (fact.time > shared.envelope.received_at + hours(1) ||
                     fact.time < shared.envelope.received_at - hours(24 * 730)))
        return {"sensors.time_window",
                "the time is more than an hour ahead or two years back; send time_free where it is "
                "meant",
                "/time"};
    return {};
}

bool is_scalar_or_texts(const dom::element& element) {
    if (element.is_object())
        return false;
    if (!element.is_array())
        return true;
    const dom::array members = element.get_array().value_unsafe();
    for (dom::element member : members)
        if (!member.is_string())
            return false;
    return true;
}

Refused check_type(FactKind kind, const dom::element& value, const std::string& pointer) {
    if (value.is_null() || kind == FactKind::profile_unset)
        return {};
    if (!is_scalar_or_texts(value))
        return {"sensors.bad_type", "a value must be a number, text, truth value or list of texts",
                pointer};
    if (kind == FactKind::profile_increment && !value.is_number())
        return {"sensors.bad_type", "profile_increment takes numbers", pointer};
    if (kind == FactKind::profile_append && !value.is_array())
        return {"sensors.bad_type", "profile_append takes lists of texts", pointer};
    return {};
}

Refused read_properties(const dom::object& record, Fact& fact) {
    auto properties = object_at(record, "properties");
    if (!properties)
        return {};
    Flattener flattener{fact.properties, "/properties", max_text_bytes};
    for (const auto field : *properties) {
        if (field.key == "$is_login_id" || field.key == "$token" || field.key == "$project")
            continue;
        const auto pointer = "/properties/" + std::string(field.key);
        if (!is_sensors_name(field.key))
            return {
                "sensors.bad_name",
                "a name must be 1 to 100 letters, digits, _ or $, not begin with a digit and be no "
                "reserved word",
                pointer};
        if (auto refused = check_type(fact.kind, field.value, pointer))
            return refused;
        if (fact.kind == FactKind::profile_unset) {
            set(fact.properties, field.key, true);
            continue;
        }
        if (auto refused = flattener.add_one(std::string(field.key), field.value))
            return refused;
    }
    return {};
}

Refused read_event_name(const dom::object& record, std::string_view type, Fact& fact) {
    auto event = text_at(record, "event");
    if (!event && type == "track_signup")
        event = "$SignUp";
    if (!event || !is_sensors_name(*event))
        return {
            "sensors.bad_event",
            "an event name must be 1 to 100 letters, digits, _ or $, not begin with a digit and be "
            "no reserved word",
            "/event"};
    if (is_reserved(*event))
        return {"collect.reserved_name", "events of this name are Qiao's own", "/event"};
    fact.name = std::string(*event);
    return {};
}

Refused read_item(const dom::object& record, std::string_view type, Fact& fact) {
    auto item_type = text_at(record, "item_type");
    auto item_id = id_at(record, "item_id");
    const bool is_item = type.starts_with("item_");
    if (is_item && (!item_type || !is_sensors_name(*item_type)))
        return {"sensors.no_item_type", "a record about an item needs item_type", "/item_type"};
    if (is_item && (!item_id || check_id(*item_id, "")))
        return {"sensors.no_item_id", "a record about an item needs item_id", "/item_id"};
    fact.name = std::string(type);
    if (item_type)
        fact.properties.emplace_back("item_type", std::string(*item_type));
    if (item_id)
        fact.properties.emplace_back("item_id", std::move(*item_id));
    return {};
}

void add_lib(const dom::object& record, Fact& fact) {
    auto lib = object_at(record, "lib");
    if (!lib)
        return;
    for (const auto* name : {"$lib", "$lib_version", "$app_version"})
        if (auto text = text_at(*lib, name); text && !find(fact.properties, name))
            fact.properties.emplace_back(name, cut_text(*text, max_text_bytes));
}

bool is_known_project(std::string_view project, const Shared& shared) {
    return project == "default" || project == "production" || project == shared.project ||
           project == shared.envelope.source.name || project == shared.envelope.source.id;
}

Refused read_record(const dom::element& element, const Shared& shared, Fact& fact) {
    dom::object record;
    if (element.get(record))
        return {"sensors.not_an_object", "a record must be a JSON object", ""};
    fact.received_at = shared.envelope.received_at;
    fact.source = shared.envelope.source.id;
    fact.message_id = hash_of(record);
    if (shared.refused)
        return shared.refused;
    const auto type = text_at(record, "type").value_or("");
    const auto known = std::find_if(std::begin(record_types), std::end(record_types),
                                    [&](const RecordType& t) { return t.name == type; });
    if (known == std::end(record_types))
        return {"sensors.unknown_type", "the type of this record is not known", "/type"};
    fact.kind = known->kind;
    if (auto project = text_at(record, "project"); project && !is_known_project(*project, shared))
        return {"sensors.unknown_project", "the record names another project", "/project"};
    if (fact.kind == FactKind::item) {
        if (auto refused = read_item(record, type, fact))
            return refused;
    } else if (auto refused = read_identities(record, type, fact)) {
        return refused;
    }
    if (fact.kind == FactKind::event)
        if (auto refused = read_event_name(record, type, fact))
            return refused;
    if (auto refused = read_time(record, shared, fact))
        return refused;
    if (auto refused = read_properties(record, fact))
        return refused;
    if (fact.kind == FactKind::event)
        add_lib(record, fact);
    return {};
}

std::vector<dom::element> records_of(const dom::element& top) {
    dom::array list;
    if (top.get(list))
        return {top};
    std::vector<dom::element> records;
    for (dom::element record : list)
        records.push_back(record);
    return records;
}

Refused refusal_of_all(const SensorsPayload& payload) {
    if (payload.is_encrypted)
        return {"sensors.encrypted", "encrypted records cannot be read here; turn encryption off",
                ""};
    if (!payload.is_crc_good)
        return {"sensors.bad_crc", "the checksum of the request does not match its data", ""};
    return {};
}

}  // namespace

bool is_sensors_name(std::string_view name) {
    if (name.empty() || name.size() > max_name_bytes)
        return false;
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
    };
    if (!is_letter(name.front()))
        return false;
    std::string lower;
    for (char c : name) {
        if (!is_letter(c) && !(c >= '0' && c <= '9'))
            return false;
        lower.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    }
    if (lower.starts_with("user_group") || lower.starts_with("user_tag"))
        return false;
    return std::find(std::begin(reserved_names), std::end(reserved_names), lower) ==
           std::end(reserved_names);
}

Result<SensorsPayload> read_sensors_fields(const Fields& fields) {
    SensorsPayload payload;
    std::string data, gzip, crc;
    for (const auto& [name, value] : fields) {
        if (name == "data" || name == "data_list")
            data = value;
        else if (name == "gzip")
            gzip = value;
        else if (name == "crc")
            crc = value;
        else if (name == "ext" && value.starts_with("crc="))
            crc = value.substr(4);
        else if (name == "project")
            payload.project = value;
        else if (name == "token")
            payload.token = value;
    }
    if (data.empty())
        return fail(ErrorCode::invalid, "sensors.no_data",
                    "the request holds neither data nor data_list");
    std::replace(data.begin(), data.end(), ' ', '+');
    if (!crc.empty())
        payload.is_crc_good = crc == std::to_string(java_hash(data));
    auto bytes = decode_base64(data);
    if (!bytes)
        return fail(ErrorCode::invalid, "sensors.bad_encoding", "data is not base64 text");
    if (is_gzip(*bytes)) {
        auto inflated = inflate(*bytes, max_batch_bytes);
        if (!inflated)
            return fail(inflated.error());
        bytes = std::move(*inflated);
    }
    payload.is_encrypted = gzip == "9";
    payload.json = std::move(*bytes);
    return payload;
}

std::string sensors_token(std::string& json) {
    auto parsed = parse(json);
    if (!parsed)
        return {};
    const auto records = records_of(*parsed);
    dom::object first;
    if (records.empty() || records.front().get(first))
        return {};
    if (auto token = text_at(first, "token"))
        return std::string(*token);
    if (auto properties = object_at(first, "properties"))
        if (auto token = text_at(*properties, "$token"))
            return std::string(*token);
    return {};
}

Result<Batch> parse_sensors(SensorsPayload payload, const Envelope& envelope) {
    auto parsed = parse(payload.json);
    if (!parsed)
        return fail(parsed.error());
    const auto records = records_of(*parsed);
    const Shared shared{envelope, payload.project, refusal_of_all(payload)};
    Batch batch;
    batch.records = static_cast<std::uint32_t>(records.size());
    for (std::uint32_t i = 0; i < batch.records; ++i) {
        Fact fact;
        auto refused = read_record(records[i], shared, fact);
        if (!refused && i >= max_records)
            refused = {"collect.too_many_records", "a request may hold at most 2,500 records", ""};
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

Result<Batch> parse_sensors_again(const std::string& record, const Envelope& envelope) {
    SensorsPayload payload;
    payload.json = record;
    return parse_sensors(std::move(payload), envelope);
}

std::string sensors_config() {
    return R"({"v":"1.0","configs":{"n":0,"disableSDK":false,"disableDebugMode":false,)"
           R"("autoTrackMode":-1,"event_blacklist":[],"nv":"1.0"}})";
}

}  // namespace qiao::collect
