#include "insight/question.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace qiao::insight {

namespace json = boost::json;

namespace {

tl::unexpected<Error> unknown(std::string detail, std::string pointer) {
    return fail(ErrorCode::unprocessable, "rule.unknown", std::move(detail), std::move(pointer));
}

By by_of(std::string_view name) {
    if (name == "$event")
        return {By::Kind::event, std::string(name)};
    if (name.starts_with("tag:"))
        return {By::Kind::tag, std::string(name.substr(4))};
    return {By::Kind::property, std::string(name)};
}

}  // namespace

std::span<const std::string_view> unlike_behaviour() {
    static constexpr std::array<std::string_view, 15> prefixes = {
        // What Qiao does.
        "$audience_", "$stage_", "$message_", "$campaign_", "$contact_", "$journey_", "$send_",
        "$held_",
        // What is recorded of a customer.
        "$profile_", "$bind", "$unbind", "$alias", "$consent", "$item", "$erase"};
    return prefixes;
}

bool is_behaviour(std::string_view name) {
    const auto prefixes = unlike_behaviour();
    return std::none_of(prefixes.begin(), prefixes.end(),
                        [&](std::string_view prefix) { return name.starts_with(prefix); });
}

bool is_less(const Value& a, const Value& b) {
    if (type_of(a) == ValueType::null || type_of(b) == ValueType::null)
        return type_of(a) != ValueType::null && type_of(b) == ValueType::null;
    if (type_of(a) != type_of(b))
        return type_of(a) < type_of(b);
    return std::visit(
        [&]<class Kind>(const Kind& left) {
            const auto& right = std::get<Kind>(b);
            if constexpr (std::is_same_v<Kind, Sealed>)
                return left.hash < right.hash;
            else
                return left < right;
        },
        a);
}

bool is_before(const Group& a, const Group& b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), is_less);
}

bool is_group(const Group& group, const Group& asked) {
    return std::equal(group.begin(), group.end(), asked.begin(), asked.end(),
                      [](const Value& value, const Value& wanted) {
                          const auto typed = coerce(wanted, type_of(value));
                          return value == (typed ? *typed : wanted);
                      });
}

Day unit_start(Day day, Per per) {
    if (per == Per::week)
        return Calendar::week_start(day);
    return per == Per::month ? Calendar::month_start(day) : day;
}

Day next_unit(Day start, Per per) {
    if (per == Per::week)
        return start + 7;
    return per == Per::month ? Calendar::add_months(start, 1) : start + 1;
}

std::vector<Unit> units_of(const rule::Interval& interval, Per per, const Calendar& calendar) {
    std::vector<Unit> units;
    if (interval.from_ms >= interval.until_ms)
        return units;
    const Day first = calendar.day_of(time_from_ms(interval.from_ms));
    if (per == Per::total)
        return {{first, interval.from_ms, interval.until_ms}};
    Day named = unit_start(first, per);
    while (to_ms(calendar.start_of(named)) < interval.until_ms) {
        const Day next = next_unit(named, per);
        units.push_back({named, std::max(interval.from_ms, to_ms(calendar.start_of(named))),
                         std::min(interval.until_ms, to_ms(calendar.start_of(next)))});
        named = next;
    }
    return units;
}

Result<std::vector<Unit>> limited_units(const rule::Interval& interval, Per per,
                                        const Calendar& calendar, std::string pointer) {
    auto units = units_of(interval, per, calendar);
    if (units.size() > most_units)
        return fail(
            ErrorCode::too_large, "insight.too_many_units",
            "The period has more than 1000 units; choose weeks or months, or a shorter period.",
            std::move(pointer));
    return units;
}

// ---- the form ----

Form::Form(const json::value& value, std::string_view at) : object_(value.if_object()), at_(at) {
    if (!object_)
        refuse(at_, "A question is an object.");
}

void Form::refuse(std::string pointer, std::string detail) {
    refuse(Error{ErrorCode::invalid, "insight.invalid", std::move(detail), std::move(pointer), 0});
}

void Form::refuse(Error error) {
    if (!error_)
        error_ = std::move(error);
}

const json::value* Form::member(std::string_view name) {
    known_.emplace_back(name);
    const auto* value = object_ && !error_ ? object_->if_contains(name) : nullptr;
    return value && !value->is_null() ? value : nullptr;
}

bool Form::has(std::string_view name) const {
    const auto* value = object_ ? object_->if_contains(name) : nullptr;
    return value && !value->is_null();
}

std::string Form::text(std::string_view name, std::string_view otherwise) {
    const auto* value = member(name);
    if (!value)
        return std::string(otherwise);
    if (value->is_string() && value->get_string().size() <= 1024)
        return std::string(value->get_string());
    refuse(pointer(name), "This is to be a text of at most 1024 bytes.");
    return {};
}

bool Form::flag(std::string_view name) {
    const auto* value = member(name);
    if (value && !value->is_bool())
        refuse(pointer(name), "This is true or false.");
    return value && value->is_bool() && value->get_bool();
}

std::int64_t Form::integer(std::string_view name, std::int64_t otherwise, std::int64_t least,
                           std::int64_t most) {
    const auto* value = member(name);
    if (!value)
        return otherwise;
    if (value->is_int64() && value->get_int64() >= least && value->get_int64() <= most)
        return value->get_int64();
    refuse(pointer(name), "This is a whole number from " + std::to_string(least) + " to " +
                              std::to_string(most) + ".");
    return otherwise;
}

Duration Form::duration(std::string_view name, std::string_view otherwise) {
    const auto whole = text(name, otherwise);
    const auto parsed = parse_duration(whole);
    if (parsed && *parsed <= std::chrono::hours(24 * 3660))
        return *parsed;
    refuse(pointer(name),
           "A duration is a positive whole number and a unit m, h, d or w, such as \"7d\", at most "
           "ten years.");
    return {};
}

std::size_t Form::choice(std::string_view name, std::initializer_list<std::string_view> names,
                         std::string_view otherwise) {
    const auto chosen = text(name, otherwise);
    const auto at = std::find(names.begin(), names.end(), chosen);
    if (at != names.end())
        return static_cast<std::size_t>(at - names.begin());
    std::string all;
    for (const auto& one : names)
        all += (all.empty() ? "" : ", ") + std::string(one);
    refuse(pointer(name), "Choose one of " + all + ".");
    return 0;
}

Per Form::per(std::string_view name, bool may_be_total) {
    return static_cast<Per>(may_be_total ? choice(name, {"day", "week", "month", "total"}, "day")
                                         : choice(name, {"day", "week", "month"}, "day"));
}

std::vector<By> Form::by(std::string_view name, std::size_t most) {
    const auto* value = member(name);
    if (!value)
        return {};
    const auto* list = value->if_array();
    if (!list) {
        refuse(pointer(name), "This is a list of properties and tags.");
        return {};
    }
    if (list->size() > most)
        refuse(pointer(name), "A question may be split by at most " + std::to_string(most) +
                                  (most == 1 ? " property or tag." : " properties or tags."));
    std::vector<By> made;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const auto* text = (*list)[i].if_string();
        if (!text || text->empty() || text->size() > 1024)
            refuse(pointer(name) + "/" + std::to_string(i),
                   "Name a property, or a tag as \"tag:level\".");
        else
            made.push_back(by_of(*text));
    }
    return made;
}

Doing Form::doing_of(const json::object& object, const std::string& at) {
    auto match = rule::parse_event_match(object, at);
    if (!match) {
        refuse(match.error());
        return {};
    }
    Doing made{Subject::event, std::move(*match)};
    if (made.match.event == any_event)
        made.subject = Subject::any;
    if (made.match.event == new_customer_event)
        made.subject = Subject::new_customer;
    if (made.subject == Subject::event)
        return made;
    made.match.event.clear();
    if (!made.match.where.empty())
        refuse(at + "/where", "Conditions on properties need one event; choose it first.");
    return made;
}

Doing Form::doing() {
    known_.emplace_back("event");
    known_.emplace_back("where");
    return object_ && !error_ ? doing_of(*object_, at_) : Doing{};
}

const json::object* Form::inner(std::string_view name) {
    const auto* value = member(name);
    const auto* object = value ? value->if_object() : nullptr;
    if (!object)
        refuse(pointer(name), "This names an event, as {\"event\":\"payment\"}.");
    return object;
}

Doing Form::doing(std::string_view name) {
    const auto* object = inner(name);
    return object ? doing_of(*object, pointer(name)) : Doing{};
}

std::optional<Doing> Form::maybe_doing(std::string_view name) {
    if (has(name))
        return doing(name);
    known_.emplace_back(name);
    return std::nullopt;
}

std::vector<rule::EventMatch> Form::matches(std::string_view name, std::size_t least,
                                            std::size_t most) {
    const auto* value = member(name);
    const auto* list = value ? value->if_array() : nullptr;
    if (!value && least == 0)
        return {};
    if (!list || list->size() < least || list->size() > most) {
        refuse(pointer(name), "This is a list of " + std::to_string(least) + " to " +
                                  std::to_string(most) + " events.");
        return {};
    }
    std::vector<rule::EventMatch> made;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const auto at = pointer(name) + "/" + std::to_string(i);
        const auto* object = (*list)[i].if_object();
        if (!object) {
            refuse(at, "This names an event, as {\"event\":\"payment\"}.");
            continue;
        }
        auto match = rule::parse_event_match(*object, at);
        if (match)
            made.push_back(std::move(*match));
        else
            refuse(match.error());
    }
    return made;
}

std::vector<std::string> Form::texts(std::string_view name, std::size_t most) {
    const auto* value = member(name);
    if (!value)
        return {};
    const auto* list = value->if_array();
    if (!list || list->size() > most) {
        refuse(pointer(name), "This is a list of at most " + std::to_string(most) + " names.");
        return {};
    }
    std::vector<std::string> made;
    for (std::size_t i = 0; i < list->size(); ++i) {
        if (const auto* text = (*list)[i].if_string(); text && !text->empty())
            made.emplace_back(*text);
        else
            refuse(pointer(name) + "/" + std::to_string(i), "This is to be a name.");
    }
    return made;
}

Frame Form::frame() {
    Frame made;
    for (const char* name : {"within", "from", "to"})
        known_.emplace_back(name);
    if (object_ && !error_) {
        auto period = rule::parse_period(*object_, at_);
        if (period)
            made.period = *period;
        else
            refuse(period.error());
    }
    if (is_all_time(made.period))
        made.period.within = std::chrono::hours(24 * 30);
    if (made.period.to && !made.period.from)
        refuse(pointer("from"), "A period with an end needs a beginning.");
    if (const auto as_of = text("as_of"); !as_of.empty()) {
        if (auto time = parse_time(as_of))
            made.as_of = *time;
        else
            refuse(pointer("as_of"), "This is a time such as 2026-10-01T00:00:00+08:00.");
    }
    if (const auto* audience = member("audience")) {
        if (auto parsed = rule::parse(*audience, pointer("audience")); !parsed)
            refuse(parsed.error());
        else
            made.audience = json::serialize(*audience);
    }
    made.fresh = flag("fresh");
    if (object_)
        made.text = json::serialize(*object_);
    return made;
}

Result<void> Form::finish() {
    for (auto at = object_ ? object_->begin() : nullptr; object_ && !error_ && at != object_->end();
         ++at) {
        const std::string_view name = at->key();
        if (std::find(known_.begin(), known_.end(), name) == known_.end())
            refuse(pointer(name), "This question does not know this member; remove it.");
    }
    if (error_)
        return fail(*error_);
    return {};
}

// ---- names ----

Result<Doing> resolve(const Doing& doing, const rule::Vocabulary& vocabulary) {
    if (doing.subject != Subject::event)
        return doing;
    auto match = rule::resolve(doing.match, vocabulary);
    if (!match)
        return fail(match.error());
    return Doing{doing.subject, std::move(*match)};
}

Result<ValueType> type_of(const By& by, const Doing& of, const std::string& pointer,
                          const rule::Vocabulary& vocabulary) {
    std::optional<ValueType> type = ValueType::string;
    if (by.kind == By::Kind::property)
        type = vocabulary.property(of.match.event, by.name);
    if (by.kind == By::Kind::tag)
        type = vocabulary.tag(by.name);
    // A board that splits by a property which nobody has sent yet shows one group.
    if (!type && by.kind == By::Kind::property && of.subject != Subject::event)
        type = ValueType::string;
    if (!type)
        return unknown("There is no property or tag \"" + by.name + "\".", pointer);
    if (*type == ValueType::sealed)
        return fail(ErrorCode::unprocessable, "rule.type",
                    "\"" + by.name + "\" is personal data; numbers are not split by it.", pointer);
    return *type;
}

Result<void> check_number(const std::string& property, std::string_view event,
                          const std::string& pointer, const rule::Vocabulary& vocabulary) {
    const auto type = vocabulary.property(event, property);
    if (!type)
        return unknown("There is no property \"" + property + "\".", pointer);
    if (*type != ValueType::number)
        return fail(ErrorCode::unprocessable, "rule.type", "\"" + property + "\" holds no numbers.",
                    pointer);
    return {};
}

}  // namespace qiao::insight
