#include "insight/metric_question.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace qiao::insight {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 7> measure_names = {"count", "unique", "sum",       "avg",
                                                           "min",   "max",    "per_person"};
constexpr std::array<std::string_view, 4> per_names = {"day", "week", "month", "total"};
constexpr std::array<std::string_view, 13> known_members = {
    "event", "where", "measure", "per",   "by",      "audience", "within",
    "from",  "to",    "as_of",   "fresh", "compare", "kind"};

tl::unexpected<Error> invalid(std::string detail, std::string pointer) {
    return fail(ErrorCode::invalid, "insight.invalid", std::move(detail), std::move(pointer));
}

template <class Names>
std::optional<std::size_t> place_in(const Names& names, std::string_view name) {
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end())
        return std::nullopt;
    return static_cast<std::size_t>(at - names.begin());
}

Result<std::string> text_of(const json::object& object, const char* name,
                            std::string_view otherwise, const std::string& at) {
    const auto* value = object.if_contains(name);
    if (!value || value->is_null())
        return std::string(otherwise);
    if (!value->is_string())
        return invalid("This is to be a text.", at + "/" + name);
    return std::string(value->get_string());
}

Result<bool> flag_of(const json::object& object, const char* name, const std::string& at) {
    const auto* value = object.if_contains(name);
    if (!value || value->is_null())
        return false;
    if (!value->is_bool())
        return invalid("This is true or false.", at + "/" + name);
    return value->get_bool();
}

Result<Measure> measure_of(const json::object& object, const std::string& at) {
    const auto whole = text_of(object, "measure", "count", at);
    if (!whole)
        return fail(whole.error());
    const auto colon = whole->find(':');
    const auto kind = place_in(measure_names, std::string_view(*whole).substr(0, colon));
    Measure made;
    if (kind)
        made.kind = static_cast<MeasureKind>(*kind);
    if (colon != std::string::npos)
        made.property = whole->substr(colon + 1);
    const bool wants = kind && made.kind >= MeasureKind::sum && made.kind <= MeasureKind::max;
    if (!kind || wants == made.property.empty() || (!wants && colon != std::string::npos))
        return invalid(
            "The measure is count, unique, per_person, or one of sum, avg, min, max with a "
            "property, such as \"sum:amount\".",
            at + "/measure");
    return made;
}

Result<std::vector<By>> by_of(const json::object& object, const std::string& at) {
    std::vector<By> made;
    const auto* list = object.if_contains("by");
    if (!list || list->is_null())
        return made;
    if (!list->is_array())
        return invalid("\"by\" is a list of properties and tags.", at + "/by");
    if (list->get_array().size() > most_by)
        return invalid("A question may be split by at most 3 properties or tags.", at + "/by");
    for (std::size_t i = 0; i < list->get_array().size(); ++i) {
        const auto& item = list->get_array()[i];
        if (!item.is_string() || item.get_string().empty())
            return invalid("Name a property, or a tag as \"tag:level\".",
                           at + "/by/" + std::to_string(i));
        const std::string name(item.get_string());
        if (name == "$event")
            made.push_back({By::Kind::event, name});
        else if (name.starts_with("tag:"))
            made.push_back({By::Kind::tag, name.substr(4)});
        else
            made.push_back({By::Kind::property, name});
    }
    return made;
}

Result<void> read_subject(const json::object& object, const std::string& at, MetricQuestion& made) {
    auto match = rule::parse_event_match(object, at);
    if (!match)
        return fail(match.error());
    made.match = std::move(*match);
    if (made.match.event == any_event)
        made.subject = Subject::any;
    if (made.match.event == new_customer_event)
        made.subject = Subject::new_customer;
    if (made.subject == Subject::event)
        return {};
    made.match.event.clear();
    if (!made.match.where.empty())
        return invalid("Conditions on properties need one event; choose it first.", at + "/where");
    return {};
}

Result<void> read_time(const json::object& object, const std::string& at, MetricQuestion& made) {
    auto period = rule::parse_period(object, at);
    if (!period)
        return fail(period.error());
    made.period = *period;
    if (is_all_time(made.period))
        made.period.within = std::chrono::hours(24 * 30);
    if (made.period.to && !made.period.from)
        return invalid("A period with an end needs a beginning.", at + "/from");
    const auto as_of = text_of(object, "as_of", "", at);
    if (!as_of)
        return fail(as_of.error());
    if (as_of->empty())
        return {};
    auto time = parse_time(*as_of);
    if (!time)
        return invalid("This is a time such as 2026-10-01T00:00:00+08:00.", at + "/as_of");
    made.as_of = *time;
    return {};
}

}  // namespace

Result<MetricQuestion> parse_metric(const json::value& value, std::string_view place) {
    const std::string at(place);
    const auto* object = value.if_object();
    if (!object)
        return invalid("A metric is an object with an event and a measure.", at);
    for (const auto& [key, member] : *object)
        if (!place_in(known_members, std::string_view(key)))
            return invalid("A metric does not know this member; remove it.",
                           at + "/" + std::string(key));
    MetricQuestion made;
    if (auto read = read_subject(*object, at, made); !read)
        return fail(read.error());
    auto measure = measure_of(*object, at);
    if (!measure)
        return fail(measure.error());
    made.measure = *measure;
    const auto per = text_of(*object, "per", "day", at);
    if (!per)
        return fail(per.error());
    const auto unit = place_in(per_names, *per);
    if (!unit)
        return invalid("Choose day, week, month or total.", at + "/per");
    made.per = static_cast<Per>(*unit);
    auto by = by_of(*object, at);
    if (!by)
        return fail(by.error());
    made.by = std::move(*by);
    if (auto read = read_time(*object, at, made); !read)
        return fail(read.error());
    if (const auto* audience = object->if_contains("audience"); audience && !audience->is_null()) {
        if (auto parsed = rule::parse(*audience, at + "/audience"); !parsed)
            return fail(parsed.error());
        made.audience = json::serialize(*audience);
    }
    const auto fresh = flag_of(*object, "fresh", at);
    const auto compare = flag_of(*object, "compare", at);
    if (!fresh)
        return fail(fresh.error());
    if (!compare)
        return fail(compare.error());
    made.fresh = *fresh;
    made.compare = *compare;
    return made;
}

}  // namespace qiao::insight
