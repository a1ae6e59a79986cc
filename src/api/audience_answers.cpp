#include "api/audience_answers.hpp"

#include <algorithm>

#include "api/resource.hpp"
#include "audience/audiences.hpp"
#include "audience/fixed_audiences.hpp"
#include "audience/realtime.hpp"
#include "dictionary/dictionary_sql.hpp"
#include "dictionary/reserved_tag.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

using audience::Refresh;
using audience::State;

constexpr std::size_t piece_bytes = 32 << 10;

json::object identities_json(const std::vector<std::pair<std::string, StringSet>>& identities) {
    json::object made;
    for (const auto& [kind, values] : identities) {
        json::array list;
        for (const auto& value : values)
            list.emplace_back(value);
        made[kind] = std::move(list);
    }
    return made;
}

// RFC 4180; a leading sign that a spreadsheet would take for a formula gets an apostrophe.
std::string csv_field(std::string text) {
    if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
        text.insert(text.begin(), '\'');
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

using IdentityList = std::vector<std::pair<std::string, StringSet>>;

std::string csv_line(std::string_view customer, const IdentityList& identities) {
    static constexpr const char* kinds[] = {"user_id", "phone", "email", "open_id", "anonymous_id"};
    std::string line(customer);
    for (const auto* kind : kinds) {
        const auto at = std::find_if(identities.begin(), identities.end(),
                                     [&](const auto& known) { return known.first == kind; });
        std::string joined;
        if (at != identities.end())
            for (const auto& value : at->second)
                joined += (joined.empty() ? "" : " ") + value;
        line += "," + csv_field(std::move(joined));
    }
    return line + "\r\n";
}

json::array values_json(const dictionary::NameUsage* usage) {
    constexpr std::size_t most_values = 50;
    json::array values;
    if (!usage)
        return values;
    for (const auto& [value, count] : usage->values) {
        if (values.size() == most_values)
            break;
        values.emplace_back(value);
    }
    return values;
}

json::object named_json(const dictionary::Definition& definition) {
    return {{"name", definition.name},
            {"name_zh", definition.name_zh},
            {"name_en", definition.name_en},
            {"meaning", definition.meaning}};
}

json::object typed_json(const dictionary::Definition& definition,
                        const dictionary::NameUsage* usage) {
    auto made = named_json(definition);
    const bool open = definition.data_class == dictionary::DataClass::c1;
    made["type"] = open ? name_of(definition.type) : name_of(ValueType::sealed);
    made["unit"] = definition.unit;
    made["values"] = open ? values_json(usage) : json::array{};
    return made;
}

struct Words {
    std::string_view name, zh, en;
};
constexpr Words purposes[] = {{"marketing", "营销", "marketing"}, {"service", "服务", "service"}};
constexpr Words channels[] = {{"sms", "短信", "SMS"},
                              {"email", "邮件", "e-mail"},
                              {"inbox", "站内信", "inbox"},
                              {"webhook", "Webhook", "webhook"}};
constexpr Words identity_words[] = {
    {"user_id", "客户号", "User id"},      {"account", "账号", "Account"},
    {"open_id", "开放平台 ID", "Open id"}, {"phone", "手机号", "Phone"},
    {"email", "邮箱", "E-mail"},           {"anonymous_id", "匿名 ID", "Anonymous id"},
    {"device_id", "设备 ID", "Device id"}, {"id_card", "身份证号", "Identity card"}};

template <std::size_t n>
Words words_of(const Words (&known)[n], std::string_view name) {
    for (const auto& words : known)
        if (words.name == name)
            return words;
    return {name, name, name};
}

json::object words_json(std::string_view name, std::string zh, std::string en) {
    return {{"name", name}, {"name_zh", std::move(zh)}, {"name_en", std::move(en)}};
}

// "marketing.sms"
json::object consent_json(std::string_view name) {
    const auto dot = name.find('.');
    const auto purpose = words_of(purposes, name.substr(0, dot));
    const auto channel = words_of(channels, name.substr(dot + 1));
    return words_json(name, std::string(purpose.zh) + std::string(channel.zh),
                      std::string(purpose.en) + " by " + std::string(channel.en));
}

json::object identity_json(std::string_view kind) {
    const auto words = words_of(identity_words, kind);
    return words_json(kind, std::string(words.zh), std::string(words.en));
}

using UsageByName = std::map<std::string, dictionary::NameUsage>;

const dictionary::NameUsage* usage_of(const UsageByName& usage, const std::string& name) {
    const auto at = usage.find(name);
    return at == usage.end() ? nullptr : &at->second;
}

bool is_usable(const dictionary::Definition& definition) {
    return definition.status != dictionary::Status::blocked;
}

json::array tags_json(const dictionary::Snapshot& snapshot, const UsageByName& usage) {
    json::array tags;
    for (const auto* tag : snapshot.all(dictionary::Kind::tag))
        if (is_usable(*tag) && tag->identity_kind.empty() && tag->type != ValueType::null &&
            !dictionary::is_reserved(dictionary::Kind::tag, tag->name))
            tags.push_back(typed_json(*tag, usage_of(usage, tag->name)));
    return tags;
}

json::array events_json(const dictionary::Snapshot& snapshot, const UsageByName& usage,
                        sql::Transaction& transaction) {
    std::map<std::string, json::array> properties;
    for (const auto& [event, property] : dictionary::load_presence(transaction))
        if (const auto* definition = snapshot.property(property);
            definition && is_usable(*definition) && definition->type != ValueType::null)
            properties[event].push_back(typed_json(*definition, usage_of(usage, property)));
    json::array events;
    for (const auto* event : snapshot.all(dictionary::Kind::event)) {
        if (!is_usable(*event))
            continue;
        auto item = named_json(*event);
        item["properties"] = properties[event->name];
        events.push_back(std::move(item));
    }
    return events;
}

}  // namespace

json::object card_json(const audience::Card& card) {
    json::object tags;
    for (const auto& [name, value] : card.tags)
        tags[name] = to_json(value);
    return {{"customer", format_profile(card.profile)},
            {"name", card.name.empty() ? json::value(nullptr) : json::value(card.name)},
            {"identities", identities_json(card.identities)},
            {"tags", std::move(tags)}};
}

namespace {

json::object fixed_json(const AudienceParts& parts, const audience::FixedAudience& fixed) {
    const auto job = parts.fixed.job_of(fixed.audience);
    return {{"at", format_time(fixed.at)},
            {"question", json::parse(fixed.question)},
            {"people", fixed.people},
            {"done", fixed.done},
            {"status", name_of(fixed.status)},
            {"message", fixed.message},
            {"job_id", job.empty() ? json::value(nullptr) : json::value(job)}};
}

}  // namespace

json::object audience_json(const AudienceParts& parts, const audience::Audience& audience) {
    json::array users;
    for (const auto& user : parts.audiences.used_by(audience.id))
        users.push_back(json::object{{"kind", user.kind}, {"id", user.id}, {"name", user.name}});
    json::value count(nullptr), share(nullptr), computed_at(nullptr);
    auto latest = audience.latest;
    if (audience.refresh == Refresh::realtime && audience.state == State::active)
        latest = audience::CountPoint{parts.evaluation.now(), parts.realtime.count(audience.id),
                                      latest ? latest->total : 0};
    if (latest) {
        count = latest->count;
        share = latest->total > 0
                    ? static_cast<double>(latest->count) / static_cast<double>(latest->total)
                    : 0.0;
        computed_at = json::value(format_time(latest->at));
    }
    json::object made{{"id", audience.id},
                      {"name", audience.name},
                      {"description", audience.description},
                      {"rule", json::parse(audience.rule)},
                      {"refresh", name_of(audience.refresh)},
                      {"state", name_of(audience.state)},
                      {"count", count},
                      {"share", share},
                      {"computed_at", computed_at},
                      {"version", audience.version},
                      {"used_by", std::move(users)},
                      {"created_at", format_time(audience.created_at)},
                      {"created_by", audience.created_by},
                      {"updated_at", format_time(audience.updated_at)},
                      {"updated_by", audience.updated_by}};
    if (const auto fixed = parts.fixed.find(audience.id))
        made["fixed"] = fixed_json(parts, *fixed);
    return made;
}

json::object version_json(const audience::Version& version) {
    return {{"version", version.version},
            {"at", format_time(version.at)},
            {"by", version.by_id},
            {"by_name", version.by_name},
            {"change", version.change},
            {"name", version.name},
            {"description", version.description},
            {"rule", json::parse(version.rule)},
            {"refresh", name_of(version.refresh)},
            {"state", name_of(version.state)}};
}

json::object preview_json(const audience::Previewed& previewed) {
    const auto& counts = previewed.counts;
    json::object reachable;
    for (std::size_t i = 0; i < audience::preview_channels.size(); ++i)
        reachable[audience::preview_channels[i]] = counts.reachable[i];
    json::array sample, parts;
    for (const auto& card : previewed.sample)
        sample.push_back(card_json(card));
    for (const auto& part : counts.parts)
        parts.push_back(
            json::object{{"pointer", part.pointer.substr(std::string_view("/rule").size())},
                         {"count", part.count},
                         {"removes", part.removes}});
    json::object made{{"count", counts.count},
                      {"total", counts.total},
                      {"share", counts.total > 0 ? static_cast<double>(counts.count) /
                                                       static_cast<double>(counts.total)
                                                 : 0.0},
                      {"reachable", std::move(reachable)},
                      {"sample", std::move(sample)},
                      {"elapsed_ms", previewed.elapsed_ms},
                      {"data_version", counts.data_version}};
    if (!parts.empty())
        made["parts"] = std::move(parts);
    if (counts.kept_from)
        made["kept_from"] = format_time(*counts.kept_from);
    return made;
}

Answer stream_members(audience::Evaluated evaluated, const access::Principal& who, bool csv) {
    const auto held = std::make_shared<const audience::Evaluated>(std::move(evaluated));
    Answer answer;
    answer.content_type = csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
    answer.stream = [held, who, csv](const http::BodyWriter& write) {
        std::string piece = csv ? "customer,user_id,phone,email,open_id,anonymous_id\r\n" : "";
        bool open = true;
        held->members.each([&](index::Dense customer) {
            const auto id = format_profile(held->snapshot->profile(customer));
            const auto identities =
                audience::PeopleCards::identities(*held->snapshot, customer, who);
            if (csv)
                piece += csv_line(id, identities);
            else
                piece += json::serialize(json::object{
                             {"customer", id}, {"identities", identities_json(identities)}}) +
                         "\n";
            if (piece.size() >= piece_bytes) {
                open = write(piece);
                piece.clear();
            }
            return open;
        });
        if (open && !piece.empty())
            write(piece);
    };
    return answer;
}

Result<Answer> vocabulary(const AudienceParts& parts, Call& call) {
    const auto words = parts.evaluation.vocabularies().current();
    auto transaction = parts.database.read();
    const Day today = parts.evaluation.calendar().day_of(call.now);
    const auto tag_usage = dictionary::load_usage(*transaction, dictionary::Kind::tag, today);
    const auto property_usage =
        dictionary::load_usage(*transaction, dictionary::Kind::property, today);
    json::array orgs, consents, identities, audiences;
    for (const auto& org : words.orgs().orgs())
        if (words.orgs().in_scope(call.who.org, org.code))
            orgs.push_back(json::object{
                {"code", org.code},
                {"name", org.name},
                {"parent", org.parent.empty() ? json::value(nullptr) : json::value(org.parent)},
                {"kind", org.kind}});
    for (const auto& name : audience::consent_names())
        consents.push_back(consent_json(name));
    for (const auto& kind : audience::identity_kinds())
        identities.push_back(identity_json(kind));
    audience::Filter filter{"", State::active, "", 500};
    for (const auto& item : parts.audiences.list(filter))
        audiences.push_back(json::object{{"id", item.id}, {"name", item.name}});
    return Answer{
        200, json::object{{"tags", tags_json(words.dictionary(), tag_usage)},
                          {"events", events_json(words.dictionary(), property_usage, *transaction)},
                          {"orgs", std::move(orgs)},
                          {"consents", std::move(consents)},
                          {"identities", std::move(identities)},
                          {"audiences", std::move(audiences)}}};
}

audience::Wording wording_of(const AudienceParts& parts) {
    auto words =
        std::make_shared<const audience::Vocabulary>(parts.evaluation.vocabularies().current());
    auto& audiences = parts.audiences;
    return [words, &audiences](std::string_view kind, std::string_view name) -> audience::Sentence {
        if (kind == "org") {
            const auto* org = words->orgs().find(name);
            return org ? audience::Sentence{org->name, org->name} : audience::Sentence{};
        }
        if (kind == "audience") {
            const auto found = audiences.get(name);
            return found ? audience::Sentence{found->name, found->name} : audience::Sentence{};
        }
        const auto* definition =
            kind == "event" ? words->dictionary().event(name) : words->dictionary().tag(name);
        return definition ? audience::Sentence{definition->name_zh, definition->name_en}
                          : audience::Sentence{};
    };
}

json::value merged_with_rule(const json::value& rule, const json::object& explanation) {
    json::object made = rule.is_object() ? rule.get_object() : json::object{};
    const auto* parts = explanation.if_contains("parts");
    for (auto& [key, value] : made) {
        if ((key == "all" || key == "any") && value.is_array() && parts) {
            auto& list = value.get_array();
            const auto& told = parts->get_array();
            for (std::size_t i = 0; i < std::min(list.size(), told.size()); ++i)
                list[i] = merged_with_rule(list[i], told[i].get_object());
        } else if (key == "not" && parts) {
            value = merged_with_rule(value, parts->get_array().front().get_object());
        }
    }
    for (const auto& [key, value] : explanation)
        if (key != "parts" && key != "pointer")
            made[key] = value;
    // The rule of an audience that is referred to stands in another document: its parts are told
    // here.
    if (made.contains("audience") && parts)
        made["parts"] = *parts;
    return made;
}

}  // namespace qiao::api
