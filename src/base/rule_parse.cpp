// The form of rule trees: JSON to nodes, with pointers and limits.
#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/rule.hpp"

namespace qiao::rule {
namespace {

namespace json = boost::json;

constexpr std::array op_names = {"eq",  "ne",      "in",     "not_in",  "lt",       "lte", "gt",
                                 "gte", "between", "exists", "missing", "contains", "top"};
constexpr std::array window_names = {"today",      "yesterday",  "this_week",    "last_week",
                                     "this_month", "last_month", "this_quarter", "this_year"};
constexpr std::array measure_names = {"count", "days",     "sum",   "min", "max",
                                      "avg",   "distinct", "first", "last"};

template <class Names>
int index_in(const Names& names, std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name)
            return static_cast<int>(i);
    return -1;
}

std::string child(std::string_view at, std::string_view member) {
    std::string pointer(at);
    pointer += '/';
    for (char c : member) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
    return pointer;
}
std::string child(std::string_view at, std::size_t index) {
    return std::string(at) + "/" + std::to_string(index);
}

tl::unexpected<Error> invalid(std::string detail, std::string pointer) {
    return fail(ErrorCode::invalid, "rule.invalid", std::move(detail), std::move(pointer));
}
tl::unexpected<Error> too_large(std::string detail, std::string pointer) {
    return fail(ErrorCode::too_large, "rule.too_large", std::move(detail), std::move(pointer));
}

class Parser {
public:
    explicit Parser(const Limits& limits) : limits_(limits) {}

    Result<Node> node(const json::value& value, const std::string& at, std::size_t depth);
    Result<EventMatch> match(const json::object& object, const std::string& at);
    Result<Period> period(const json::object& object, const std::string& at);

private:
    Result<void> only(const json::object& object, std::initializer_list<std::string_view> members,
                      const std::string& at) const;
    Result<std::string> text(const json::value& value, const std::string& at) const;
    Result<std::vector<Node>> nodes(const json::value& value, const std::string& at,
                                    std::size_t depth);
    Result<Test> test(const json::object& object, const std::string& at, std::string_view operand,
                      bool durations);
    Result<Value> constant(const json::value& value, const std::string& at, bool duration);
    Result<Op> op(const json::object& object, const std::string& at) const;
    Result<Bound> bound(const json::value& value, const std::string& at) const;
    Result<Duration> duration(const json::value& value, const std::string& at) const;
    Result<Measure> measure(const json::object& object, const std::string& at) const;

    using Make = Result<Node> (Parser::*)(const json::object&, const std::string&, std::size_t);
    Result<Node> all(const json::object&, const std::string&, std::size_t depth);
    Result<Node> any(const json::object&, const std::string&, std::size_t depth);
    Result<Node> negation(const json::object&, const std::string&, std::size_t depth);
    Result<Node> tag(const json::object&, const std::string&, std::size_t);
    Result<Node> event(const json::object&, const std::string&, std::size_t);
    Result<Node> sequence(const json::object&, const std::string&, std::size_t);
    Result<Node> identity(const json::object&, const std::string&, std::size_t);
    Result<Node> score(const json::object&, const std::string&, std::size_t);
    Result<Node> audience(const json::object&, const std::string&, std::size_t);
    Result<Node> org(const json::object&, const std::string&, std::size_t);
    Result<Node> consent(const json::object&, const std::string&, std::size_t);

    const Limits& limits_;
    std::size_t nodes_ = 0;
    std::size_t values_ = 0;
};

Result<void> Parser::only(const json::object& object,
                          std::initializer_list<std::string_view> members,
                          const std::string& at) const {
    for (const auto& [key, value] : object) {
        if (std::find(members.begin(), members.end(), std::string_view(key)) == members.end())
            return invalid("This condition has a member that it does not know; remove it.",
                           child(at, key));
    }
    return {};
}

Result<std::string> Parser::text(const json::value& value, const std::string& at) const {
    const auto* string = value.if_string();
    if (!string || string->empty())
        return invalid("A name must be a text that is not empty.", at);
    if (string->size() > limits_.text_bytes)
        return too_large(
            "A name may have at most " + std::to_string(limits_.text_bytes) + " bytes.", at);
    return std::string(*string);
}

Result<Op> Parser::op(const json::object& object, const std::string& at) const {
    const auto* value = object.if_contains("op");
    if (!value)
        return invalid("The operator \"op\" is missing.", at);
    const auto* name = value->if_string();
    const int index = name ? index_in(op_names, *name) : -1;
    if (index < 0)
        return invalid(
            "The operator must be one of eq, ne, in, not_in, lt, lte, gt, gte, between, "
            "exists, missing, contains, top.",
            child(at, "op"));
    return static_cast<Op>(index);
}

Result<Duration> Parser::duration(const json::value& value, const std::string& at) const {
    const auto* string = value.if_string();
    auto parsed = string ? parse_duration(*string)
                         : Result<Duration>(fail(ErrorCode::invalid, "rule.invalid", ""));
    if (!parsed)
        return invalid(
            "A duration is a positive whole number and a unit m, h, d or w, such as "
            "\"30d\".",
            at);
    return parsed;
}

Result<Value> Parser::constant(const json::value& value, const std::string& at, bool as_duration) {
    if (++values_ > limits_.values)
        return too_large(
            "A rule may have at most " + std::to_string(limits_.values) + " values in all.", at);
    if (as_duration) {
        auto parsed = duration(value, at);
        if (!parsed)
            return fail(parsed.error());
        auto number = Decimal::from_int(parsed->count());
        if (!number)
            return invalid("This duration is too long.", at);
        return Value(*number);
    }
    if (value.is_array() || value.is_object() || value.is_null())
        return invalid("A value must be a text, a number, true or false.", at);
    if (const auto* string = value.if_string(); string && string->size() > limits_.text_bytes)
        return too_large(
            "A text value may have at most " + std::to_string(limits_.text_bytes) + " bytes.", at);
    auto parsed = value_from_json(value);
    if (!parsed)
        return invalid(parsed.error().detail, at);
    return parsed;
}

// `operand` is the member that holds the constants: "value", or "reached" of sequences.
Result<Test> Parser::test(const json::object& object, const std::string& at,
                          std::string_view operand, bool durations) {
    auto parsed_op = op(object, at);
    if (!parsed_op)
        return fail(parsed_op.error());
    Test made{*parsed_op, {}, at};
    const auto* value = object.if_contains(operand);
    const std::string place = child(at, operand);
    if (made.op == Op::exists || made.op == Op::missing) {
        if (value)
            return invalid("exists and missing take no value; remove it.", place);
        return made;
    }
    if (!value)
        return invalid("The value to compare with is missing.", at);
    const bool many = made.op == Op::in || made.op == Op::not_in || made.op == Op::between;
    if (!many) {
        auto parsed = constant(*value, place, durations);
        if (!parsed)
            return fail(parsed.error());
        made.values.push_back(std::move(*parsed));
        return made;
    }
    const auto* list = value->if_array();
    if (!list)
        return invalid("in, not_in and between take a list of values.", place);
    if (made.op == Op::between && list->size() != 2)
        return invalid("between takes a list of two values: the lowest and the highest.", place);
    for (std::size_t i = 0; i < list->size(); ++i) {
        auto parsed = constant((*list)[i], child(place, i), durations);
        if (!parsed)
            return fail(parsed.error());
        made.values.push_back(std::move(*parsed));
    }
    return made;
}

Result<Bound> Parser::bound(const json::value& value, const std::string& at) const {
    if (const auto* string = value.if_string()) {
        if (auto day = parse_day(*string))
            return Bound(CivilDay{*day});
        if (auto time = parse_time(*string))
            return Bound(*time);
    }
    return invalid(
        "A bound of a period is a day (2026-10-01) or a time with its offset "
        "(2026-10-01T00:00:00+08:00).",
        at);
}

Result<Period> Parser::period(const json::object& object, const std::string& at) {
    Period made;
    const auto* within = object.if_contains("within");
    const auto* from = object.if_contains("from");
    const auto* to = object.if_contains("to");
    if (within && (from || to))
        return invalid("A period is either \"within\" or \"from\" and \"to\", not both.", at);
    if (within) {
        const auto* name = within->if_string();
        if (const int index = name ? index_in(window_names, *name) : -1; index >= 0) {
            made.calendar = static_cast<CalendarWindow>(index);
        } else if (auto parsed = duration(*within, child(at, "within"))) {
            made.within = *parsed;
        } else {
            return invalid(
                "\"within\" is a duration such as \"30d\", or one of today, yesterday, "
                "this_week, last_week, this_month, last_month, this_quarter, this_year.",
                child(at, "within"));
        }
    }
    if (from) {
        auto parsed = bound(*from, child(at, "from"));
        if (!parsed)
            return fail(parsed.error());
        made.from = *parsed;
    }
    if (to) {
        auto parsed = bound(*to, child(at, "to"));
        if (!parsed)
            return fail(parsed.error());
        made.to = *parsed;
    }
    return made;
}

Result<EventMatch> Parser::match(const json::object& object, const std::string& at) {
    const auto* name = object.if_contains("event");
    if (!name)
        return invalid("The event is missing.", at);
    auto event = text(*name, child(at, "event"));
    if (!event)
        return fail(event.error());
    EventMatch made{std::move(*event), {}, at};
    const auto* where = object.if_contains("where");
    if (!where)
        return made;
    const std::string place = child(at, "where");
    const auto* list = where->if_array();
    if (!list)
        return invalid("\"where\" is a list of property conditions.", place);
    if (list->size() > limits_.tests)
        return too_large(
            "\"where\" may have at most " + std::to_string(limits_.tests) + " conditions.", place);
    for (std::size_t i = 0; i < list->size(); ++i) {
        const std::string item = child(place, i);
        const auto* condition = (*list)[i].if_object();
        const auto* property = condition ? condition->if_contains("property") : nullptr;
        if (!property)
            return invalid("A condition of \"where\" has \"property\", \"op\" and \"value\".",
                           item);
        if (auto known = only(*condition, {"property", "op", "value"}, item); !known)
            return fail(known.error());
        auto property_name = text(*property, child(item, "property"));
        if (!property_name)
            return fail(property_name.error());
        auto parsed = test(*condition, item, "value", false);
        if (!parsed)
            return fail(parsed.error());
        made.where.push_back({std::move(*property_name), std::move(*parsed)});
    }
    return made;
}

Result<Measure> Parser::measure(const json::object& object, const std::string& at) const {
    const auto* value = object.if_contains("measure");
    if (!value)
        return Measure{};
    auto whole = text(*value, child(at, "measure"));
    if (!whole)
        return fail(whole.error());
    const auto colon = whole->find(':');
    const int index = index_in(measure_names, std::string_view(*whole).substr(0, colon));
    Measure made;
    if (index >= 0)
        made.kind = static_cast<MeasureKind>(index);
    if (colon != std::string::npos)
        made.property = whole->substr(colon + 1);
    const bool wants_property = made.kind == MeasureKind::sum || made.kind == MeasureKind::min ||
                                made.kind == MeasureKind::max || made.kind == MeasureKind::avg ||
                                made.kind == MeasureKind::distinct;
    if (index < 0 || wants_property != (colon != std::string::npos && !made.property.empty()) ||
        (!wants_property && colon != std::string::npos))
        return invalid(
            "The measure is count, days, first, last, or one of sum, min, max, avg, "
            "distinct with a property, such as \"sum:amount\".",
            child(at, "measure"));
    return made;
}

Result<std::vector<Node>> Parser::nodes(const json::value& value, const std::string& at,
                                        std::size_t depth) {
    const auto* list = value.if_array();
    if (!list)
        return invalid("all and any hold a list of conditions.", at);
    std::vector<Node> made;
    for (std::size_t i = 0; i < list->size(); ++i) {
        auto parsed = node((*list)[i], child(at, i), depth);
        if (!parsed)
            return fail(parsed.error());
        made.push_back(std::move(*parsed));
    }
    return made;
}

Result<Node> Parser::all(const json::object& object, const std::string& at, std::size_t depth) {
    if (auto known = only(object, {"all"}, at); !known)
        return fail(known.error());
    auto made = nodes(object.at("all"), child(at, "all"), depth + 1);
    if (!made)
        return fail(made.error());
    return Node{All{std::move(*made)}, at};
}

Result<Node> Parser::any(const json::object& object, const std::string& at, std::size_t depth) {
    if (auto known = only(object, {"any"}, at); !known)
        return fail(known.error());
    auto made = nodes(object.at("any"), child(at, "any"), depth + 1);
    if (!made)
        return fail(made.error());
    return Node{Any{std::move(*made)}, at};
}

Result<Node> Parser::negation(const json::object& object, const std::string& at,
                              std::size_t depth) {
    if (auto known = only(object, {"not"}, at); !known)
        return fail(known.error());
    auto made = node(object.at("not"), child(at, "not"), depth + 1);
    if (!made)
        return made;
    return Node{Not{std::make_unique<Node>(std::move(*made))}, at};
}

Result<Node> Parser::tag(const json::object& object, const std::string& at, std::size_t) {
    if (auto known = only(object, {"tag", "op", "value"}, at); !known)
        return fail(known.error());
    auto name = text(object.at("tag"), child(at, "tag"));
    if (!name)
        return fail(name.error());
    auto parsed = test(object, at, "value", false);
    if (!parsed)
        return fail(parsed.error());
    if (parsed->op == Op::top)
        return invalid("top is for scores.", child(at, "op"));
    return Node{TagTest{std::move(*name), std::move(*parsed)}, at};
}

Result<Node> Parser::event(const json::object& object, const std::string& at, std::size_t) {
    auto known =
        only(object, {"event", "where", "within", "from", "to", "measure", "op", "value"}, at);
    if (!known)
        return fail(known.error());
    EventTest made;
    auto matched = match(object, at);
    if (!matched)
        return fail(matched.error());
    made.match = std::move(*matched);
    auto parsed_period = period(object, at);
    if (!parsed_period)
        return fail(parsed_period.error());
    made.period = *parsed_period;
    auto parsed_measure = measure(object, at);
    if (!parsed_measure)
        return fail(parsed_measure.error());
    made.measure = std::move(*parsed_measure);
    const bool ages =
        made.measure.kind == MeasureKind::first || made.measure.kind == MeasureKind::last;
    if (!object.contains("op") && !object.contains("value")) {
        if (made.measure.kind != MeasureKind::count)
            return invalid("A measure needs \"op\" and \"value\".", at);
        made.test = Test{Op::gte, {Value(*Decimal::from_int(1))}, at};
        return Node{std::move(made), at};
    }
    auto parsed = test(object, at, "value", ages);
    if (!parsed)
        return fail(parsed.error());
    if (parsed->op >= Op::exists)
        return invalid(
            "A measure of events is compared by eq, ne, in, not_in, lt, lte, gt, gte or "
            "between.",
            child(at, "op"));
    made.test = std::move(*parsed);
    return Node{std::move(made), at};
}

Result<Node> Parser::sequence(const json::object& object, const std::string& at, std::size_t) {
    auto known = only(object, {"sequence", "within", "from", "to", "window", "reached", "op"}, at);
    if (!known)
        return fail(known.error());
    SequenceTest made;
    const std::string place = child(at, "sequence");
    const auto* steps = object.at("sequence").if_array();
    if (!steps || steps->empty())
        return invalid("A sequence is a list of one or more steps.", place);
    if (steps->size() > limits_.steps)
        return too_large("A sequence may have at most " + std::to_string(limits_.steps) + " steps.",
                         place);
    for (std::size_t i = 0; i < steps->size(); ++i) {
        const std::string item = child(place, i);
        const auto* step = (*steps)[i].if_object();
        if (!step)
            return invalid("A step has \"event\" and may have \"where\".", item);
        if (auto fine = only(*step, {"event", "where"}, item); !fine)
            return fail(fine.error());
        auto matched = match(*step, item);
        if (!matched)
            return fail(matched.error());
        made.steps.push_back(std::move(*matched));
    }
    auto parsed_period = period(object, at);
    if (!parsed_period)
        return fail(parsed_period.error());
    made.period = *parsed_period;
    if (const auto* window = object.if_contains("window")) {
        auto parsed = duration(*window, child(at, "window"));
        if (!parsed)
            return fail(parsed.error());
        made.window = *parsed;
    }
    if (!object.contains("op") && !object.contains("reached")) {
        const auto length = static_cast<std::int64_t>(made.steps.size());
        made.test = Test{Op::gte, {Value(*Decimal::from_int(length))}, at};
        return Node{std::move(made), at};
    }
    auto parsed = test(object, at, "reached", false);
    if (!parsed)
        return fail(parsed.error());
    if (parsed->op >= Op::exists)
        return invalid(
            "The reached length is compared by eq, ne, in, not_in, lt, lte, gt, gte or "
            "between.",
            child(at, "op"));
    made.test = std::move(*parsed);
    return Node{std::move(made), at};
}

Result<Node> Parser::identity(const json::object& object, const std::string& at, std::size_t) {
    if (auto known = only(object, {"identity", "op"}, at); !known)
        return fail(known.error());
    auto kind = text(object.at("identity"), child(at, "identity"));
    if (!kind)
        return fail(kind.error());
    bool exists = true;
    if (object.contains("op")) {
        auto parsed = op(object, at);
        if (!parsed)
            return fail(parsed.error());
        if (*parsed != Op::exists && *parsed != Op::missing)
            return invalid("An identity is tested by exists or missing.", child(at, "op"));
        exists = *parsed == Op::exists;
    }
    return Node{IdentityTest{std::move(*kind), exists}, at};
}

Result<Node> Parser::score(const json::object& object, const std::string& at, std::size_t) {
    if (auto known = only(object, {"score", "op", "value"}, at); !known)
        return fail(known.error());
    auto name = text(object.at("score"), child(at, "score"));
    if (!name)
        return fail(name.error());
    auto parsed = test(object, at, "value", false);
    if (!parsed)
        return fail(parsed.error());
    if (parsed->op == Op::contains)
        return invalid("contains is for tags that hold sets.", child(at, "op"));
    if (parsed->op == Op::top) {
        const auto* share = std::get_if<Decimal>(&parsed->values.front());
        if (!share || share->scaled() <= 0 || share->scaled() > Decimal::scale)
            return invalid("top takes a share above 0 and up to 1, such as 0.1.",
                           child(at, "value"));
    }
    return Node{ScoreTest{std::move(*name), std::move(*parsed)}, at};
}

Result<Node> Parser::audience(const json::object& object, const std::string& at, std::size_t) {
    if (auto known = only(object, {"audience"}, at); !known)
        return fail(known.error());
    auto id = text(object.at("audience"), child(at, "audience"));
    if (!id)
        return fail(id.error());
    return Node{AudienceTest{std::move(*id), nullptr}, at};
}

Result<Node> Parser::org(const json::object& object, const std::string& at, std::size_t) {
    if (auto known = only(object, {"org"}, at); !known)
        return fail(known.error());
    auto code = text(object.at("org"), child(at, "org"));
    if (!code)
        return fail(code.error());
    return Node{OrgTest{std::move(*code), {}}, at};
}

Result<Node> Parser::consent(const json::object& object, const std::string& at, std::size_t) {
    if (auto known = only(object, {"consent"}, at); !known)
        return fail(known.error());
    auto name = text(object.at("consent"), child(at, "consent"));
    if (!name)
        return fail(name.error());
    return Node{ConsentTest{std::move(*name)}, at};
}

Result<Node> Parser::node(const json::value& value, const std::string& at, std::size_t depth) {
    static constexpr std::array<std::pair<std::string_view, Make>, 11> kinds = {{
        {"all", &Parser::all},
        {"any", &Parser::any},
        {"not", &Parser::negation},
        {"tag", &Parser::tag},
        {"event", &Parser::event},
        {"sequence", &Parser::sequence},
        {"identity", &Parser::identity},
        {"score", &Parser::score},
        {"audience", &Parser::audience},
        {"org", &Parser::org},
        {"consent", &Parser::consent},
    }};
    if (depth > limits_.depth)
        return too_large(
            "A rule may be nested at most " + std::to_string(limits_.depth) + " levels deep.", at);
    if (++nodes_ > limits_.nodes)
        return too_large(
            "A rule may have at most " + std::to_string(limits_.nodes) + " conditions.", at);
    if (const auto* object = value.if_object()) {
        for (const auto& [member, make] : kinds)
            if (object->contains(member))
                return (this->*make)(*object, at, depth);
    }
    return invalid(
        "A condition is an object with one of all, any, not, tag, event, sequence, "
        "identity, score, audience, org, consent.",
        at);
}

}  // namespace

std::string_view name_of(Op op) { return op_names[static_cast<std::size_t>(op)]; }

std::string value_pointer(const Test& test, std::size_t index) {
    const bool many = test.op == Op::in || test.op == Op::not_in || test.op == Op::between;
    return test.pointer + "/value" + (many ? "/" + std::to_string(index) : "");
}

Result<Node> parse(const json::value& value, std::string_view at, const Limits& limits) {
    return Parser(limits).node(value, std::string(at), 0);
}

Result<EventMatch> parse_event_match(const json::object& object, std::string_view at,
                                     const Limits& limits) {
    return Parser(limits).match(object, std::string(at));
}

Result<Period> parse_period(const json::object& object, std::string_view at) {
    const Limits limits;
    return Parser(limits).period(object, std::string(at));
}

}  // namespace qiao::rule
