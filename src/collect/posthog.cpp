#include "collect/posthog.hpp"

#include "collect/detail/element.hpp"

namespace qiao::collect {

namespace {

using namespace detail;

// Facts of one event: itself, and the traits that travel in its properties.
struct Facts {
    Fact event;
    std::optional<Fact> traits, first_traits;
    bool has_event = true;
};

std::optional<std::string> distinct_id_of(const dom::object& event,
                                          const std::optional<dom::object>& properties) {
    auto id = id_at(event, "distinct_id");
    if (!id && properties)
        id = id_at(*properties, "distinct_id");
    return id;
}

// Browsers send their device's id as distinct_id until somebody signs in; servers send user ids.
bool is_visitor(const dom::object& properties, const std::string& distinct) {
    bool is_identified = false;
    if (!properties.at_key("$is_identified").get(is_identified))
        return !is_identified;
    return id_at(properties, "$device_id") == distinct;
}

Refused read_identities(const dom::object& event, const std::optional<dom::object>& properties,
                        Fact& fact) {
    auto distinct = distinct_id_of(event, properties);
    if (!distinct || distinct->empty() || distinct->size() > max_identity_bytes)
        return {"posthog.no_distinct_id", "an event needs distinct_id, 1 to 255 bytes long",
                "/distinct_id"};
    const bool is_anonymous = properties && is_visitor(*properties, *distinct);
    fact.identities.push_back({is_anonymous ? "anonymous_id" : "user_id", *distinct, {}});
    if (!properties)
        return {};
    for (const auto* name : {"$anon_distinct_id", "$device_id"})
        if (auto other = id_at(*properties, name);
            other && *other != *distinct && !other->empty() && other->size() <= max_identity_bytes)
            fact.identities.push_back({"anonymous_id", std::move(*other), {}});
    return {};
}

Refused read_traits(const dom::object& properties, const char* member, FactKind kind,
                    const Fact& event, std::optional<Fact>& traits) {
    auto object = object_at(properties, member);
    if (!object)
        return {};
    traits = event;
    traits->kind = kind;
    traits->name.clear();
    traits->properties.clear();
    traits->message_id += kind == FactKind::profile_set ? "+set" : "+once";
    return Flattener{traits->properties, "/properties/" + std::string(member)}.add(*object);
}

Refused read_properties(const dom::object& properties, Fact& fact) {
    Flattener flattener{fact.properties, "/properties"};
    for (const auto field : properties) {
        if (field.key == "$set" || field.key == "$set_once" || field.key == "token" ||
            field.key == "distinct_id")
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

Refused read_alias(const dom::object& properties, Fact& fact) {
    auto alias = id_at(properties, "alias");
    if (!alias || alias->empty() || alias->size() > max_identity_bytes)
        return {"posthog.no_alias", "a $create_alias event needs the property alias",
                "/properties/alias"};
    fact.kind = FactKind::alias;
    fact.name.clear();
    fact.identities.resize(1);
    fact.identities.push_back({"user_id", std::move(*alias), {}});
    return {};
}

Refused read_frame(const dom::object& event, const Envelope& envelope, Fact& fact) {
    fact.received_at = envelope.received_at;
    fact.source = envelope.source.id;
    if (auto id = id_at(event, "uuid"); id && !id->empty())
        fact.message_id = message_id_of(*id);
    fact.time = envelope.received_at;
    dom::element time;
    if (!event.at_key("timestamp").get(time) && !time.is_null()) {
        auto when = time_of(time);
        if (!when)
            return {when.error().reason, when.error().detail, "/timestamp"};
        fact.time = *when;
    }
    const auto name = text_at(event, "event");
    if (!name || name->empty() || name->size() > max_event_name_bytes)
        return {"posthog.no_event", "an event needs a name of 1 to 200 bytes", "/event"};
    if (is_reserved(*name))
        return {"collect.reserved_name", "events of this name are Qiao's own", "/event"};
    fact.name = std::string(*name);
    return {};
}

Refused read_event(const dom::element& element, const Envelope& envelope, Facts& facts) {
    dom::object event;
    if (element.get(event))
        return {"posthog.not_an_object", "an event must be a JSON object", ""};
    auto& fact = facts.event;
    if (auto refused = read_frame(event, envelope, fact))
        return refused;
    const auto properties = object_at(event, "properties");
    if (auto refused = read_identities(event, properties, fact))
        return refused;
    if (fact.message_id.empty())
        fact.message_id = new_message_id();
    if (fact.name == "$create_alias")
        return properties ? read_alias(*properties, fact)
                          : Refused{"posthog.no_alias", "an alias needs properties", "/properties"};
    if (!properties && fact.name != "$identify")
        return {};
    if (properties) {
        if (auto refused =
                read_traits(*properties, "$set", FactKind::profile_set, fact, facts.traits))
            return refused;
        if (auto refused = read_traits(*properties, "$set_once", FactKind::profile_set_once, fact,
                                       facts.first_traits))
            return refused;
    }
    // Only the traits and the binding matter of an $identify.
    if (fact.name == "$identify") {
        fact.kind = FactKind::profile_set;
        fact.name.clear();
        facts.has_event = !facts.traits;
        return {};
    }
    return read_properties(*properties, fact);
}

std::vector<dom::element> records_of(const dom::element& top) {
    dom::array list;
    dom::object object;
    const bool is_list = !top.get(list);
    if (!is_list && (top.get(object) || object.at_key("batch").get(list)))
        return {top};
    std::vector<dom::element> records;
    for (dom::element record : list)
        records.push_back(record);
    return records;
}

}  // namespace

std::string posthog_key(std::string& body) {
    auto parsed = parse(body);
    if (!parsed)
        return {};
    dom::array list;
    dom::object top;
    if (!parsed->get(list)) {
        for (dom::element first : list) {
            if (first.get(top))
                return {};
            break;
        }
    } else if (parsed->get(top)) {
        return {};
    }
    for (const auto* name : {"api_key", "token"})
        if (auto key = text_at(top, name))
            return std::string(*key);
    if (auto properties = object_at(top, "properties"))
        if (auto key = text_at(*properties, "token"))
            return std::string(*key);
    return {};
}

Result<Batch> parse_posthog(std::string& body, const Envelope& envelope) {
    if (body.size() > max_batch_bytes)
        return fail(ErrorCode::too_large, "collect.too_large",
                    "a body may be at most 4,000 KiB long");
    auto parsed = parse(body);
    if (!parsed)
        return fail(parsed.error());
    const auto records = records_of(*parsed);
    Batch batch;
    batch.records = static_cast<std::uint32_t>(records.size());
    const auto keep = [&](Fact&& fact, std::uint32_t record) {
        batch.facts.push_back(std::move(fact));
        batch.record_of.push_back(record);
    };
    for (std::uint32_t i = 0; i < batch.records; ++i) {
        Facts facts;
        auto refused = read_event(records[i], envelope, facts);
        if (!refused && i >= max_records)
            refused = {"collect.too_many_records", "a request may hold at most 2,500 events", ""};
        if (refused) {
            batch.rejected.push_back({simdjson::minify(records[i]), batch.shared, facts.event.name,
                                      facts.event.message_id, refused.reason, refused.detail,
                                      refused.pointer, subject_of(facts.event)});
            continue;
        }
        if (facts.traits)
            keep(std::move(*facts.traits), i);
        if (facts.first_traits)
            keep(std::move(*facts.first_traits), i);
        if (facts.has_event)
            keep(std::move(facts.event), i);
    }
    batch.text_of = [records](std::uint32_t record) -> std::string {
        return simdjson::minify(records[record]);
    };
    return batch;
}

Result<Batch> parse_posthog_again(const std::string& record, const Envelope& envelope) {
    auto body = record;
    return parse_posthog(body, envelope);
}

}  // namespace qiao::collect
