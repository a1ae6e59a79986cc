// What a customer looks like to the one who asks.
#include <algorithm>
#include <charconv>

#include "access/audit.hpp"
#include "access/orgs.hpp"
#include "api/customers.hpp"
#include "api/resource.hpp"
#include "customer/directory.hpp"
#include "customer/masking.hpp"
#include "dictionary/dictionary.hpp"
#include "dictionary/reserved_tag.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

// How personal values are shown: masked, or as they are to who asked for it and may.
class Lens {
public:
    static Result<Lens> of(const CustomerParts& parts, const Call& call) {
        const bool wants = call.query("personal") == "true";
        if (wants && !call.who.may(access::Permission::view_personal))
            return fail(ErrorCode::forbidden, "customer.personal",
                        "your role does not show personal data; ask an administrator for a role "
                        "that does");
        return Lens(parts, wants);
    }
    Lens(const CustomerParts& parts, bool is_open) : parts_(parts), is_open_(is_open) {}

    bool is_open() const { return is_open_; }

    json::value identity(const Identity& identity) const {
        const auto plain = parts_.directory.plain(identity);
        if (plain.empty())
            return "•••";
        return json::value(is_open_ ? plain : customer::mask(identity.kind, plain));
    }

    json::value tag(std::string_view name, const Value& value) const {
        if (const auto* sealed = std::get_if<Sealed>(&value))
            return text(name, parts_.directory.plain(*sealed));
        const auto* plain = std::get_if<std::string>(&value);
        if (plain != nullptr && name == "name")
            return text(name, *plain);
        return to_json(value);
    }

    // The properties of a row, in which sealed values are objects of hash and ciphertext.
    json::object properties(json::object properties) const {
        for (auto& member : properties) {
            auto& value = member.value();
            const auto* sealed = value.if_object();
            const auto* ciphertext = sealed ? sealed->if_contains("ciphertext") : nullptr;
            if (ciphertext == nullptr || !ciphertext->is_string())
                continue;
            const Sealed kept{{}, std::string(ciphertext->get_string())};
            value = text(member.key(), parts_.directory.plain(kept));
        }
        return properties;
    }

private:
    json::value text(std::string_view name, const std::string& plain) const {
        if (plain.empty())
            return "•••";
        if (is_open_)
            return json::value(plain);
        const bool has_shape = customer::is_sensitive(name);
        return json::value(has_shape ? customer::mask(name, plain) : customer::mask_value(plain));
    }

    const CustomerParts& parts_;
    bool is_open_;
};

json::value or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

json::array identities_json(const Lens& lens, const customer::Customer& customer) {
    json::array identities;
    for (const auto& known : customer.identities) {
        if (known.identity.kind == "name")
            continue;
        identities.push_back({{"kind", known.identity.kind},
                              {"value", lens.identity(known.identity)},
                              {"at", format_time(known.since)},
                              {"source", known.source}});
    }
    return identities;
}

json::value name_json(const Lens& lens, const customer::Customer& customer) {
    if (const auto* known = customer.newest_identity("name"))
        return lens.identity(known->identity);
    const auto* tag = customer.value_of("name");
    return tag ? lens.tag("name", *tag) : json::value(nullptr);
}

std::string person_name(const CustomerParts& parts, const std::string& id) {
    const auto name =
        parts.name_of_person && !id.empty() ? parts.name_of_person(id) : std::string();
    return name.empty() ? id : name;
}

json::array tags_json(const CustomerParts& parts, const Lens& lens,
                      const customer::Customer& customer) {
    json::array tags;
    for (const auto& tag : customer.tags) {
        // The page names the audiences themselves.
        if (dictionary::is_reserved(dictionary::Kind::tag, tag.name))
            continue;
        json::object item{{"name", tag.name},     {"value", lens.tag(tag.name, tag.value)},
                          {"source", tag.source}, {"at", format_time(tag.at)},
                          {"by", nullptr},        {"why", nullptr}};
        if (tag.note) {
            item["by"] = or_null(person_name(parts, tag.note->by));
            item["why"] = or_null(tag.note->why);
        }
        tags.push_back(std::move(item));
    }
    return tags;
}

json::array consents_json(const customer::Customer& customer) {
    json::array consents;
    for (const auto& consent : customer.consents)
        consents.push_back({{"purpose", consent.purpose},
                            {"channel", consent.channel},
                            {"granted", consent.granted},
                            {"source", consent.source},
                            {"at", format_time(consent.at)}});
    return consents;
}

json::array merges_json(const CustomerParts& parts, const customer::Customer& customer) {
    json::array merges;
    for (const auto& entry : parts.directory.merge_log(customer.id))
        merges.push_back({{"at", format_time(entry.at)},
                          {"from", format_profile(entry.from)},
                          {"reason", entry.reason},
                          {"undone", entry.undone}});
    return merges;
}

json::object customer_json(const CustomerParts& parts, const Lens& lens,
                           const customer::Customer& customer) {
    const std::string org(customer.org());
    json::object body{{"customer", format_profile(customer.id)},
                      {"name", name_json(lens, customer)},
                      {"created_at", format_time(customer.created_at)},
                      {"identities", identities_json(lens, customer)},
                      {"tags", tags_json(parts, lens, customer)},
                      {"consents", consents_json(customer)},
                      {"merges", merges_json(parts, customer)},
                      {"org", or_null(org)},
                      {"org_name", or_null(org.empty() ? org : parts.orgs.name_of(org))},
                      {"first_seen_at", nullptr},
                      {"last_seen_at", nullptr},
                      {"event_count", customer.event_count}};
    if (customer.event_count > 0) {
        body["first_seen_at"] = format_time(customer.first_seen);
        body["last_seen_at"] = format_time(customer.last_seen);
    }
    json::array audiences;
    if (parts.audiences)
        for (const auto& audience : parts.audiences(customer.id))
            audiences.push_back({{"id", audience.id}, {"name", audience.name}});
    body["audiences"] = std::move(audiences);
    json::array stages;
    if (parts.stages)
        for (const auto& in : parts.stages(customer.id))
            stages.push_back({{"model", in.model},
                              {"model_name", in.model_name},
                              {"kind", in.kind},
                              {"stage", in.stage},
                              {"stage_name", in.stage_name}});
    body["stages"] = std::move(stages);
    const auto contacts = parts.contacts ? parts.contacts(customer.id) : CustomerParts::Contacts{};
    body["contacts"] = {{"day", contacts.day}, {"week", contacts.week}, {"month", contacts.month}};
    return body;
}

json::object row_json(const CustomerParts& parts, const Lens& lens, TimelineRow row) {
    const auto snapshot = parts.dictionary.snapshot();
    const auto* event = snapshot->event(row.event);
    return {{"at", format_time(row.at)},
            {"event", row.event},
            {"name_zh", event ? or_null(event->name_zh) : json::value(nullptr)},
            {"name_en", event ? or_null(event->name_en) : json::value(nullptr)},
            {"source", row.source},
            {"properties", lens.properties(std::move(row.properties))},
            {"offset", row.offset}};
}

json::array history_json(const CustomerParts& parts, const Lens& lens, ProfileId profile,
                         std::string_view tag) {
    json::array items;
    for (const auto& change : parts.directory.tag_history(profile, tag))
        items.push_back({{"at", format_time(change.at)},
                         {"value", lens.tag(tag, change.value)},
                         {"source", change.source},
                         {"by", or_null(person_name(parts, change.by))},
                         {"why", or_null(change.why)}});
    return items;
}

void note_look(const CustomerParts& parts, const Call& call, ProfileId profile, const Lens& lens,
               const char* action) {
    parts.audit.add(call.who, {action, format_profile(profile),
                               lens.is_open() ? "personal data shown" : "personal data masked"});
}

}  // namespace

Result<Answer> show_customer(const CustomerParts& parts, Call& call) {
    const auto lens = Lens::of(parts, call);
    if (!lens)
        return fail(lens.error());
    const auto customer = seen_customer(parts, call);
    if (!customer)
        return fail(customer.error());
    note_look(parts, call, customer->id, *lens, "customer.seen");
    return Answer{200, customer_json(parts, *lens, *customer)};
}

Result<Answer> show_timeline(const CustomerParts& parts, Call& call) {
    const auto lens = Lens::of(parts, call);
    if (!lens)
        return fail(lens.error());
    const auto customer = seen_customer(parts, call);
    if (!customer)
        return fail(customer.error());
    const auto page = page_of(call);
    if (!page)
        return fail(page.error());
    const auto before =
        page->cursor.empty() ? call.query("before") : std::string_view(page->cursor);
    auto found = timeline_page(parts.timeline, customer->id, before, call.query("event"),
                               page->limit, call.now);
    if (!found)
        return fail(found.error());
    if (lens->is_open())
        note_look(parts, call, customer->id, *lens, "customer.timeline_seen");
    json::array items;
    for (auto& row : found->rows)
        items.push_back(row_json(parts, *lens, std::move(row)));
    std::optional<std::string> next;
    if (!found->next_cursor.empty())
        next = found->next_cursor;
    auto body = page_json(std::move(items), next).as_object();
    if (const auto from = parts.timeline.kept_from())
        body["kept_from"] = format_time(*from);
    return Answer{200, std::move(body)};
}

Result<Answer> show_tag_history(const CustomerParts& parts, Call& call) {
    const auto lens = Lens::of(parts, call);
    if (!lens)
        return fail(lens.error());
    const auto customer = seen_customer(parts, call);
    if (!customer)
        return fail(customer.error());
    if (lens->is_open())
        note_look(parts, call, customer->id, *lens, "customer.tag_history_seen");
    const auto tag = call.request.path_param("name");
    return Answer{200, page_json(history_json(parts, *lens, customer->id, tag), {})};
}

// The events are read while they are sent, so that a long life needs no memory.
Result<Answer> export_customer(const CustomerParts& parts, Call& call) {
    const auto customer = seen_customer(parts, call);
    if (!customer)
        return fail(customer.error());
    const Lens lens(parts, true);
    note_look(parts, call, customer->id, lens, "customer.exported");
    auto person = customer_json(parts, lens, *customer);
    json::object histories;
    for (const auto& tag : customer->tags)
        histories[tag.name] = history_json(parts, lens, customer->id, tag.name);
    person["tag_histories"] = std::move(histories);
    auto head = json::serialize(person);
    head.back() = ',';
    Answer answer;
    answer.stream = [&parts, lens, id = customer->id, now = call.now,
                     head = std::move(head)](const http::BodyWriter& write) {
        if (!write(head + "\"events\":["))
            return;
        std::string cursor;
        bool is_first = true;
        do {
            auto page = timeline_page(parts.timeline, id, cursor, {}, 1'000, now);
            if (!page)
                return;
            std::string text;
            for (auto& row : page->rows) {
                text += is_first ? "" : ",";
                text += json::serialize(row_json(parts, lens, std::move(row)));
                is_first = false;
            }
            if (!text.empty() && !write(text))
                return;
            cursor = page->next_cursor;
        } while (!cursor.empty());
        write("]}");
    };
    return answer;
}

}  // namespace qiao::api
