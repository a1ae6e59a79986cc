#include "api/dictionary.hpp"

#include <algorithm>

#include "access/audit.hpp"
#include "api/resource.hpp"
#include "api/shapes.hpp"
#include "dictionary/dictionary.hpp"
#include "dictionary/dictionary_sql.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

using dictionary::Definition;
using dictionary::Kind;
using dictionary::NameUsage;

struct Shelf {
    dictionary::Dictionary& dictionary;
    sql::Database& database;
    access::AuditLog& audit;
    const Calendar& calendar;
    DictionaryParts parts;
};

json::object definition_json(const Definition& d, const NameUsage& usage) {
    json::array days;
    for (const auto count : usage.last_days)
        days.emplace_back(count);
    json::object out{{"id", d.name},
                     {"name", d.name},
                     {"name_zh", d.name_zh},
                     {"name_en", d.name_en},
                     {"meaning", d.meaning},
                     {"owner", d.owner},
                     {"source", d.source},
                     {"update_frequency", d.update_frequency},
                     {"remarks", d.remarks},
                     {"example", d.example},
                     {"status", name_of(d.status)},
                     {"first_seen_at", time_json(usage.first_seen_at)},
                     {"last_seen_at", time_json(usage.last_seen_at)},
                     {"volume_7d", std::move(days)},
                     {"volume_total", usage.total},
                     {"version", d.version},
                     {"created_at", format_time(d.created_at)},
                     {"updated_at", format_time(d.updated_at)},
                     {"created_by", d.created_by}};
    return out;
}

void add_value_members(json::object& out, const Definition& d, const NameUsage& usage) {
    out["type"] = name_of(d.type);
    out["unit"] = d.unit;
    out["class"] = name_of(d.data_class);
    json::array values;
    if (d.data_class == dictionary::DataClass::c1)
        for (const auto& [value, count] : usage.values)
            values.push_back({{"value", value}, {"count", count}});
    out["values"] = std::move(values);
}

json::object to_object(const Definition& d, const NameUsage& usage) {
    auto out = definition_json(d, usage);
    if (d.kind != Kind::event)
        add_value_members(out, d, usage);
    if (d.kind == Kind::property) {
        out["events"] = json::value_from(usage.events);
        out["null_rate"] = usage.total == 0 ? json::value(nullptr) : json::value(usage.null_rate);
    }
    if (d.kind == Kind::tag) {
        out["kind"] = d.tag_kind.empty() ? "imported" : d.tag_kind;
        out["identity_kind"] =
            d.identity_kind.empty() ? json::value(nullptr) : json::value(d.identity_kind);
        json::error_code error;
        out["definition"] =
            d.definition.empty() ? json::value(nullptr) : json::parse(d.definition, error);
        out["refresh"] = d.refresh.empty() ? json::value(nullptr) : json::value(d.refresh);
    }
    return out;
}

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

bool holds_text(const Definition& d, const std::string& wanted) {
    for (const auto* field : {&d.name, &d.name_zh, &d.name_en, &d.meaning, &d.owner})
        if (lower_case(*field).find(wanted) != std::string::npos)
            return true;
    return wanted.empty();
}

std::map<std::string, NameUsage> usage_of(Shelf& shelf, Kind kind, Time now,
                                          const std::string& name = {}) {
    shelf.dictionary.flush();
    return load_usage(*shelf.database.read(), kind, shelf.calendar.day_of(now), name);
}

Result<Answer> list(Shelf& shelf, Kind kind, Call& call) {
    const auto page = page_of(call);
    if (!page)
        return fail(page.error());
    const auto usage = usage_of(shelf, kind, call.now);
    const auto wanted = lower_case(call.query("text"));
    const auto status = call.query("status");
    json::array items;
    std::optional<std::string> next;
    const auto snapshot = shelf.dictionary.snapshot();
    for (const auto* definition : snapshot->all(kind)) {
        if (!page->cursor.empty() && definition->name <= page->cursor)
            continue;
        if (!holds_text(*definition, wanted))
            continue;
        if (!status.empty() && name_of(definition->status) != status)
            continue;
        if (items.size() == page->limit) {
            next = std::string(items.back().at("name").as_string());
            break;
        }
        const auto used = usage.find(definition->name);
        items.push_back(to_object(*definition, used == usage.end() ? NameUsage{} : used->second));
    }
    return Answer{200, page_json(std::move(items), next)};
}

Answer one(Shelf& shelf, const Definition& definition, Call& call, int status) {
    auto usage = usage_of(shelf, definition.kind, call.now, definition.name);
    set_etag(call, definition.version);
    return Answer{status, to_object(definition, usage[definition.name])};
}

Result<Answer> get(Shelf& shelf, Kind kind, Call& call) {
    const auto snapshot = shelf.dictionary.snapshot();
    const auto* definition = snapshot->find(kind, call.request.path_param("name"));
    if (!definition)
        return fail(ErrorCode::not_found, "dictionary.not_found",
                    "the dictionary does not hold this name");
    return one(shelf, *definition, call, 200);
}

void take_text(Body& body, std::string_view name, std::string& field) {
    if (auto text = body.maybe_text(name))
        field = std::move(*text);
}

template <class Enum>
void take_enum(Body& body, std::string_view name, Result<Enum> (*read)(std::string_view),
               Enum& field, std::optional<Error>& error) {
    const auto text = body.maybe_text(name);
    if (!text)
        return;
    auto value = read(*text);
    if (value) {
        field = *value;
    } else if (!error) {
        error = value.error();
        error->pointer = "/" + std::string(name);
    }
}

// Members that are absent leave the field as it is.
Result<void> read_fields(Call& call, Definition& d) {
    Body body(call.body);
    std::optional<Error> error;
    take_text(body, "name_zh", d.name_zh);
    take_text(body, "name_en", d.name_en);
    take_text(body, "meaning", d.meaning);
    take_text(body, "owner", d.owner);
    take_text(body, "source", d.source);
    take_text(body, "update_frequency", d.update_frequency);
    take_text(body, "remarks", d.remarks);
    take_text(body, "example", d.example);
    take_enum(body, "status", dictionary::status_of_name, d.status, error);
    body.ignore({"name", "first_seen_at", "last_seen_at", "volume_7d", "volume_total", "values",
                 "events", "null_rate"});
    if (d.kind != Kind::event) {
        take_text(body, "unit", d.unit);
        take_enum(body, "class", dictionary::data_class_of_name, d.data_class, error);
        take_enum(body, "type", value_type_of_name, d.type, error);
    }
    if (d.kind == Kind::tag) {
        take_text(body, "kind", d.tag_kind);
        take_text(body, "identity_kind", d.identity_kind);
        take_text(body, "refresh", d.refresh);
        if (const auto* rule = body.member("definition"); rule && !rule->is_null())
            d.definition = json::serialize(*rule);
    }
    if (auto sound = body.finish(); !sound)
        return sound;
    if (error)
        return fail(*error);
    for (const auto* field : {&d.name_zh, &d.name_en, &d.meaning, &d.owner, &d.source,
                              &d.update_frequency, &d.remarks, &d.example, &d.unit})
        if (field->size() > 2'000)
            return fail(ErrorCode::unprocessable, "dictionary.long_text",
                        "a field of a definition may be at most 2,000 bytes long");
    return {};
}

Result<void> check_tag(const Shelf& shelf, Definition& d, const access::Principal& who) {
    if (d.kind != Kind::tag)
        return {};
    static constexpr std::string_view kinds[] = {"imported", "staff", "rule", "formula", "system"};
    if (std::find(std::begin(kinds), std::end(kinds), d.tag_kind) == std::end(kinds))
        return fail(ErrorCode::invalid, "dictionary.unknown_word",
                    "the kind of a tag is one of imported, staff, rule, formula, system", "/kind");
    static constexpr std::string_view refreshes[] = {"", "realtime", "hourly", "daily", "manual"};
    if (std::find(std::begin(refreshes), std::end(refreshes), d.refresh) == std::end(refreshes))
        return fail(ErrorCode::invalid, "dictionary.unknown_word",
                    "refresh is one of realtime, hourly, daily, manual", "/refresh");
    if (d.tag_kind != "rule" && d.tag_kind != "formula")
        return {};
    if (d.definition.empty())
        return fail(ErrorCode::unprocessable, "dictionary.no_definition",
                    "a rule or formula tag needs its definition", "/definition");
    if (!shelf.parts.compute)
        return fail(ErrorCode::unsupported, "dictionary.computed_tags",
                    "this server does not compute rule and formula tags", "/kind");
    const auto type = shelf.parts.compute(d, who);
    if (!type)
        return fail(type.error());
    d.type = *type;
    return {};
}

// A computed tag is kept: its first values follow.
void compute(const Shelf& shelf, const Definition& d) {
    if (shelf.parts.computed && (d.tag_kind == "rule" || d.tag_kind == "formula"))
        shelf.parts.computed(d);
}

void note(Shelf& shelf, Call& call, const Definition& d, std::string_view verb) {
    shelf.audit.add(call.who,
                    {"dictionary." + std::string(name_of(d.kind)) + "_" + std::string(verb), d.name,
                     "definition of the " + std::string(name_of(d.kind)) + " " + d.name});
}

Result<Answer> put(Shelf& shelf, Kind kind, Call& call) {
    const auto version = expected_version(call);
    if (!version)
        return fail(version.error());
    const auto snapshot = shelf.dictionary.snapshot();
    const auto name = call.request.path_param("name");
    const auto* known = snapshot->find(kind, name);
    Definition definition;
    if (known) {
        definition = *known;
    } else {
        // What a person defines before the first fact arrives is reviewed from the start.
        const auto guess = dictionary::guess_of(kind, name);
        definition.kind = kind;
        definition.name = std::string(name);
        definition.status = dictionary::Status::reviewed;
        definition.data_class = guess.data_class;
        definition.identity_kind = std::string(guess.identity_kind);
        definition.type = kind == Kind::event ? ValueType::null : ValueType::string;
        definition.created_by = call.who.id;
        if (kind == Kind::tag)
            definition.tag_kind = "imported";
    }
    if (auto read = read_fields(call, definition); !read)
        return fail(read.error());
    if (auto good = check_tag(shelf, definition, call.who); !good)
        return fail(good.error());
    const auto kept = known ? shelf.dictionary.put(definition, version->value_or(0))
                            : shelf.dictionary.create(definition);
    if (!kept)
        return fail(kept.error());
    note(shelf, call, *kept, known ? "updated" : "created");
    compute(shelf, *kept);
    return one(shelf, *kept, call, known ? 200 : 201);
}

Result<Answer> create_tag(Shelf& shelf, Call& call) {
    Definition definition;
    definition.kind = Kind::tag;
    definition.status = dictionary::Status::reviewed;
    definition.type = ValueType::boolean;
    definition.tag_kind = "rule";
    definition.refresh = "daily";
    definition.created_by = call.who.id;
    const auto* name = call.body.is_object() ? call.body.get_object().if_contains("name") : nullptr;
    if (!name || !name->is_string())
        return fail(ErrorCode::invalid, "api.body", "a tag needs a name", "/name");
    definition.name = std::string(name->get_string());
    if (auto read = read_fields(call, definition); !read)
        return fail(read.error());
    if (shelf.dictionary.snapshot()->tag(definition.name))
        return fail(ErrorCode::conflict, "dictionary.exists", "a tag of this name exists already",
                    "/name");
    if (auto good = check_tag(shelf, definition, call.who); !good)
        return fail(good.error());
    const auto kept = shelf.dictionary.create(definition);
    if (!kept)
        return fail(kept.error());
    note(shelf, call, *kept, "created");
    compute(shelf, *kept);
    return one(shelf, *kept, call, 201);
}

}  // namespace

void add_dictionary(Endpoints& endpoints, dictionary::Dictionary& dictionary,
                    sql::Database& database, access::AuditLog& audit, const Calendar& calendar,
                    DictionaryParts parts) {
    const auto shelf =
        std::make_shared<Shelf>(Shelf{dictionary, database, audit, calendar, std::move(parts)});
    using enum access::Permission;
    struct Row {
        Kind kind;
        std::string plural, shape;
    };
    define_dictionary(endpoints);
    for (const auto& [kind, plural, shape] :
         {Row{Kind::event, "events", "EventDefinition"},
          Row{Kind::property, "properties", "PropertyDefinition"},
          Row{Kind::tag, "tags", "TagDefinition"}}) {
        const auto path = "/api/v1/dictionary/" + plural, one_path = path + "/{name}";
        endpoints.add("GET", path, view,
                      [shelf, kind = kind](Call& call) { return list(*shelf, kind, call); },
                      {"All " + plural + " that facts may name, with their use",
                       "dictionary",
                       nullptr,
                       page_schema(shape),
                       {"text", {"status", "ReviewStatus"}, "limit", "cursor"}});
        endpoints.add("GET", one_path, view,
                      [shelf, kind = kind](Call& call) { return get(*shelf, kind, call); },
                      {"One definition, by its name", "dictionary", nullptr, Schema(shape)});
        endpoints.add("PUT", one_path, edit_dictionary,
                      [shelf, kind = kind](Call& call) { return put(*shelf, kind, call); },
                      {"Define a name, or change what is said of it", "dictionary",
                       Schema(shape + "Change"), AnswerShapes(Schema(shape)) | created(shape)});
    }
    endpoints.add("POST", "/api/v1/dictionary/tags", edit_dictionary,
                  [shelf](Call& call) { return create_tag(*shelf, call); },
                  {"Add a tag", "dictionary", "NewTagDefinition", created("TagDefinition")});
}

}  // namespace qiao::api
