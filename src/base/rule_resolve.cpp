// The meaning of names: checks a parsed tree against a vocabulary and fills in what it refers to.
#include <algorithm>
#include <limits>

#include "base/check.hpp"
#include "base/rule.hpp"

namespace qiao::rule {
namespace {

tl::unexpected<Error> unknown(std::string detail, std::string pointer) {
    return fail(ErrorCode::unprocessable, "rule.unknown", std::move(detail), std::move(pointer));
}
tl::unexpected<Error> wrong_type(std::string detail, std::string pointer) {
    return fail(ErrorCode::unprocessable, "rule.type", std::move(detail), std::move(pointer));
}

bool allows(ValueType type, Op op) {
    if (op == Op::exists || op == Op::missing)
        return true;
    switch (type) {
        case ValueType::number:
        case ValueType::time:
            return op != Op::contains && op != Op::top;
        case ValueType::boolean:
        case ValueType::string:
            return op <= Op::not_in;
        case ValueType::string_set:
            return op == Op::contains;
        case ValueType::sealed:
            return op == Op::eq || op == Op::in;
        case ValueType::null:
            return false;
    }
    return false;
}

class Resolver {
public:
    Resolver(const Vocabulary& vocabulary, const Limits& limits)
        : vocabulary_(vocabulary), limits_(limits) {}

    Result<Node> node(const Node& from);
    Result<EventMatch> match(const EventMatch& from) const;

private:
    Result<Test> fit(const Test& test, ValueType type, std::string_view name) const;
    Result<std::vector<Node>> nodes(const std::vector<Node>& from);

    Result<Node> make(const All& all, const std::string& at);
    Result<Node> make(const Any& any, const std::string& at);
    Result<Node> make(const Not& negation, const std::string& at);
    Result<Node> make(const TagTest& tag, const std::string& at);
    Result<Node> make(const EventTest& event, const std::string& at);
    Result<Node> make(const SequenceTest& sequence, const std::string& at);
    Result<Node> make(const IdentityTest& identity, const std::string& at);
    Result<Node> make(const ScoreTest& score, const std::string& at);
    Result<Node> make(const AudienceTest& audience, const std::string& at);
    Result<Node> make(const OrgTest& org, const std::string& at);
    Result<Node> make(const ConsentTest& consent, const std::string& at);

    const Vocabulary& vocabulary_;
    const Limits& limits_;
    std::size_t nodes_ = 0;
    std::vector<std::string> open_;  // the audiences that are being inlined
};

// A text stands for a time where the name holds times; every other mixture is an error.
Result<Test> Resolver::fit(const Test& test, ValueType type, std::string_view name) const {
    if (!allows(type, test.op))
        return wrong_type("The operator " + std::string(name_of(test.op)) + " does not fit \"" +
                              std::string(name) + "\", which holds a " +
                              std::string(qiao::name_of(type)) + ".",
                          test.pointer + "/op");
    Test made{test.op, {}, test.pointer, type};
    const ValueType constant = type == ValueType::string_set ? ValueType::string : type;
    for (std::size_t i = 0; i < test.values.size(); ++i) {
        const Value& value = test.values[i];
        if (type_of(value) == constant) {
            made.values.push_back(value);
            continue;
        }
        const auto* text = std::get_if<std::string>(&value);
        if (text && constant == ValueType::time) {
            if (auto time = parse_time(*text)) {
                made.values.emplace_back(*time);
                continue;
            }
        }
        if (text && constant == ValueType::sealed) {
            if (auto hash = vocabulary_.sealed_hash(name, *text)) {
                made.values.emplace_back(Sealed{std::move(*hash), {}});
                continue;
            }
        }
        return wrong_type("\"" + std::string(name) + "\" holds a " +
                              std::string(qiao::name_of(type)) + "; this value is not one.",
                          value_pointer(test, i));
    }
    return made;
}

Result<EventMatch> Resolver::match(const EventMatch& from) const {
    if (!vocabulary_.has_event(from.event))
        return unknown("There is no event \"" + from.event + "\".", from.pointer + "/event");
    EventMatch made{from.event, {}, from.pointer};
    for (const auto& condition : from.where) {
        const auto type = vocabulary_.property(from.event, condition.property);
        if (!type)
            return unknown(
                "The event \"" + from.event + "\" has no property \"" + condition.property + "\".",
                condition.test.pointer + "/property");
        auto fitted = fit(condition.test, *type, condition.property);
        if (!fitted)
            return fail(fitted.error());
        made.where.push_back({condition.property, std::move(*fitted)});
    }
    return made;
}

Result<std::vector<Node>> Resolver::nodes(const std::vector<Node>& from) {
    std::vector<Node> made;
    for (const auto& child : from) {
        auto resolved = node(child);
        if (!resolved)
            return fail(resolved.error());
        made.push_back(std::move(*resolved));
    }
    return made;
}

Result<Node> Resolver::make(const All& all, const std::string& at) {
    auto made = nodes(all.nodes);
    if (!made)
        return fail(made.error());
    return Node{All{std::move(*made)}, at};
}

Result<Node> Resolver::make(const Any& any, const std::string& at) {
    auto made = nodes(any.nodes);
    if (!made)
        return fail(made.error());
    return Node{Any{std::move(*made)}, at};
}

Result<Node> Resolver::make(const Not& negation, const std::string& at) {
    auto made = node(*negation.node);
    if (!made)
        return made;
    return Node{Not{std::make_unique<Node>(std::move(*made))}, at};
}

Result<Node> Resolver::make(const TagTest& tag, const std::string& at) {
    const auto type = vocabulary_.tag(tag.tag);
    if (!type)
        return unknown("There is no tag \"" + tag.tag + "\".", at + "/tag");
    auto fitted = fit(tag.test, *type, tag.tag);
    if (!fitted)
        return fail(fitted.error());
    return Node{TagTest{tag.tag, std::move(*fitted)}, at};
}

Result<Node> Resolver::make(const EventTest& event, const std::string& at) {
    auto matched = match(event.match);
    if (!matched)
        return fail(matched.error());
    const auto type = check_measure(event.match, event.measure, at + "/measure", vocabulary_);
    if (!type)
        return fail(type.error());
    const Measure measure{event.measure.kind, event.measure.property, *type};
    auto fitted = fit(event.test, ValueType::number, "measure");
    if (!fitted)
        return fail(fitted.error());
    return Node{EventTest{std::move(*matched), event.period, measure, std::move(*fitted)}, at};
}

Result<Node> Resolver::make(const SequenceTest& sequence, const std::string& at) {
    SequenceTest made;
    for (const auto& step : sequence.steps) {
        auto matched = match(step);
        if (!matched)
            return fail(matched.error());
        made.steps.push_back(std::move(*matched));
    }
    for (const auto& value : sequence.test.values) {
        if (type_of(value) != ValueType::number)
            return wrong_type("The reached length is a number.", at + "/reached");
    }
    made.test = sequence.test;
    made.test.type = ValueType::number;
    made.period = sequence.period;
    made.window = sequence.window;
    return Node{std::move(made), at};
}

Result<Node> Resolver::make(const IdentityTest& identity, const std::string& at) {
    if (!vocabulary_.has_identity(identity.kind))
        return unknown("There is no kind of identity \"" + identity.kind + "\".", at + "/identity");
    return Node{identity, at};
}

Result<Node> Resolver::make(const ScoreTest& score, const std::string& at) {
    if (!vocabulary_.has_score(score.score))
        return unknown("There is no score \"" + score.score + "\".", at + "/score");
    if (score.test.op == Op::top)
        return Node{score, at};
    auto fitted = fit(score.test, ValueType::number, score.score);
    if (!fitted)
        return fail(fitted.error());
    return Node{ScoreTest{score.score, std::move(*fitted)}, at};
}

Result<Node> Resolver::make(const AudienceTest& audience, const std::string& at) {
    if (std::find(open_.begin(), open_.end(), audience.id) != open_.end())
        return fail(ErrorCode::unprocessable, "rule.cycle",
                    "This audience refers back to itself; a rule may not go in a circle.",
                    at + "/audience");
    const Node* rule = vocabulary_.audience(audience.id);
    if (!rule)
        return unknown("There is no such audience.", at + "/audience");
    open_.push_back(audience.id);
    auto made = node(*rule);
    open_.pop_back();
    if (!made) {
        Error error = std::move(made.error());
        if (error.pointer != at + "/audience")
            error.detail = "In the audience that is referred to: " + error.detail;
        error.pointer = at + "/audience";
        return fail(std::move(error));
    }
    return Node{AudienceTest{audience.id, std::make_shared<const Node>(std::move(*made))}, at};
}

Result<Node> Resolver::make(const OrgTest& org, const std::string& at) {
    auto codes = vocabulary_.org(org.code);
    if (!codes)
        return unknown("There is no organisation unit \"" + org.code + "\".", at + "/org");
    std::sort(codes->begin(), codes->end());
    return Node{OrgTest{org.code, std::move(*codes)}, at};
}

Result<Node> Resolver::make(const ConsentTest& consent, const std::string& at) {
    if (!vocabulary_.has_consent(consent.name))
        return unknown("There is no consent \"" + consent.name + "\".", at + "/consent");
    return Node{consent, at};
}

Result<Node> Resolver::node(const Node& from) {
    if (++nodes_ > limits_.nodes)
        return fail(ErrorCode::too_large, "rule.too_large",
                    "A rule may have at most " + std::to_string(limits_.nodes) +
                        " conditions, with those of the audiences it refers to.",
                    from.pointer);
    return std::visit([&](const auto& what) { return make(what, from.pointer); }, from.what);
}

template <class Names>
void add_name(Names& names, const std::string& name) {
    const auto place = std::lower_bound(names.begin(), names.end(), name);
    if (place == names.end() || *place != name)
        names.insert(place, name);
}

void collect(const Node& node, References& into) {
    const auto& what = node.what;
    if (const auto* all = std::get_if<All>(&what)) {
        for (const auto& child : all->nodes)
            collect(child, into);
    } else if (const auto* any = std::get_if<Any>(&what)) {
        for (const auto& child : any->nodes)
            collect(child, into);
    } else if (const auto* negation = std::get_if<Not>(&what)) {
        collect(*negation->node, into);
    } else if (const auto* tag = std::get_if<TagTest>(&what)) {
        add_name(into.tags, tag->tag);
    } else if (const auto* event = std::get_if<EventTest>(&what)) {
        add_name(into.events, event->match.event);
    } else if (const auto* sequence = std::get_if<SequenceTest>(&what)) {
        for (const auto& step : sequence->steps)
            add_name(into.events, step.event);
    } else if (const auto* score = std::get_if<ScoreTest>(&what)) {
        add_name(into.scores, score->score);
    } else if (const auto* audience = std::get_if<AudienceTest>(&what)) {
        add_name(into.audiences, audience->id);
    }
}

std::optional<Duration> look_back_of(const Period& period) {
    constexpr std::int64_t days[] = {1, 2, 7, 14, 31, 62, 92, 366};
    using std::chrono::hours;
    if (period.within)
        return *period.within;
    // A civil day may have 25 hours.
    if (period.calendar)
        return hours(24 * days[static_cast<std::size_t>(*period.calendar)] + 1);
    return std::nullopt;
}

std::optional<Duration> longest(const std::vector<Node>& nodes) {
    Duration most{0};
    for (const auto& child : nodes) {
        const auto one = look_back(child);
        if (!one)
            return std::nullopt;
        most = std::max(most, *one);
    }
    return most;
}

// Only numbers and times are ordered.
std::int64_t order_of(const Value& value) {
    if (const auto* time = std::get_if<Time>(&value))
        return to_ms(*time);
    return std::get<Decimal>(value).scaled();
}

std::vector<Node> clone_all(const std::vector<Node>& nodes) {
    std::vector<Node> made;
    for (const auto& child : nodes)
        made.push_back(clone(child));
    return made;
}

}  // namespace

bool holds(const Test& test, const Value& value) {
    if (test.op == Op::missing)
        return type_of(value) == ValueType::null;
    if (type_of(value) == ValueType::null)
        return false;
    const auto equals = [&](const Value& constant) {
        const auto* sealed = std::get_if<Sealed>(&value);
        const auto* wanted = std::get_if<Sealed>(&constant);
        return sealed && wanted ? sealed->hash == wanted->hash : value == constant;
    };
    const auto is_listed = [&] {
        return std::any_of(test.values.begin(), test.values.end(), equals);
    };
    switch (test.op) {
        case Op::exists:
            return true;
        case Op::eq:
        case Op::in:
            return is_listed();
        case Op::ne:
        case Op::not_in:
            return !is_listed();
        case Op::lt:
            return order_of(value) < order_of(test.values[0]);
        case Op::lte:
            return order_of(value) <= order_of(test.values[0]);
        case Op::gt:
            return order_of(value) > order_of(test.values[0]);
        case Op::gte:
            return order_of(value) >= order_of(test.values[0]);
        case Op::between:
            return order_of(value) >= order_of(test.values[0]) &&
                   order_of(value) <= order_of(test.values[1]);
        case Op::contains: {
            const auto& set = std::get<StringSet>(value);
            return std::find(set.begin(), set.end(), std::get<std::string>(test.values[0])) !=
                   set.end();
        }
        case Op::missing:
        case Op::top:
            return false;
    }
    return false;
}

Interval interval_of(const Period& period, Time as_of, const Calendar& calendar) {
    constexpr std::int64_t first = std::numeric_limits<std::int64_t>::min();
    const std::int64_t after = to_ms(as_of) + 1;
    if (period.within)
        return {after - period.within->count(), after};
    if (period.calendar) {
        const auto from = [&](Day day) { return to_ms(calendar.start_of(day)); };
        const Day today = calendar.day_of(as_of);
        const Day week = Calendar::week_start(today);
        const Day month = Calendar::month_start(today);
        switch (*period.calendar) {
            case CalendarWindow::today:
                return {from(today), after};
            case CalendarWindow::yesterday:
                return {from(today - 1), from(today)};
            case CalendarWindow::this_week:
                return {from(week), after};
            case CalendarWindow::last_week:
                return {from(week - 7), from(week)};
            case CalendarWindow::this_month:
                return {from(month), after};
            case CalendarWindow::last_month:
                return {from(Calendar::add_months(month, -1)), from(month)};
            case CalendarWindow::this_quarter:
                return {from(Calendar::quarter_start(today)), after};
            case CalendarWindow::this_year:
                return {from(Calendar::year_start(today)), after};
        }
    }
    const auto moment = [&](const Bound& bound) {
        if (const auto* time = std::get_if<Time>(&bound))
            return to_ms(*time);
        return to_ms(calendar.start_of(std::get<CivilDay>(bound).day));
    };
    return {period.from ? moment(*period.from) : first,
            period.to ? std::min(moment(*period.to), after) : after};
}

Result<Node> resolve(const Node& node, const Vocabulary& vocabulary, const Limits& limits) {
    return Resolver(vocabulary, limits).node(node);
}

Result<EventMatch> resolve(const EventMatch& match, const Vocabulary& vocabulary) {
    const Limits limits;
    return Resolver(vocabulary, limits).match(match);
}

Result<ValueType> check_measure(const EventMatch& match, const Measure& measure,
                                std::string_view pointer, const Vocabulary& vocabulary) {
    if (measure.property.empty())
        return ValueType::null;
    const auto type = vocabulary.property(match.event, measure.property);
    if (!type)
        return unknown(
            "The event \"" + match.event + "\" has no property \"" + measure.property + "\".",
            std::string(pointer));
    if (measure.kind != MeasureKind::distinct && *type != ValueType::number)
        return wrong_type("sum, min, max and avg need a number; \"" + measure.property +
                              "\" holds a " + std::string(qiao::name_of(*type)) + ".",
                          std::string(pointer));
    return *type;
}

References references_of(const Node& node) {
    References made;
    collect(node, made);
    return made;
}

std::optional<Duration> look_back(const Node& node) {
    const auto& what = node.what;
    if (const auto* all = std::get_if<All>(&what))
        return longest(all->nodes);
    if (const auto* any = std::get_if<Any>(&what))
        return longest(any->nodes);
    if (const auto* negation = std::get_if<Not>(&what))
        return look_back(*negation->node);
    if (const auto* event = std::get_if<EventTest>(&what))
        return look_back_of(event->period);
    if (const auto* sequence = std::get_if<SequenceTest>(&what))
        return look_back_of(sequence->period);
    if (const auto* audience = std::get_if<AudienceTest>(&what)) {
        check(audience->rule != nullptr);
        return look_back(*audience->rule);
    }
    return Duration{0};
}

Node clone(const Node& node) {
    if (const auto* all = std::get_if<All>(&node.what))
        return Node{All{clone_all(all->nodes)}, node.pointer};
    if (const auto* any = std::get_if<Any>(&node.what))
        return Node{Any{clone_all(any->nodes)}, node.pointer};
    if (const auto* negation = std::get_if<Not>(&node.what))
        return Node{Not{std::make_unique<Node>(clone(*negation->node))}, node.pointer};
    return std::visit(
        [&](const auto& what) -> Node {
            using What = std::decay_t<decltype(what)>;
            if constexpr (std::is_copy_constructible_v<What> && !std::is_same_v<What, All> &&
                          !std::is_same_v<What, Any>)
                return Node{what, node.pointer};
            check(false);
            return Node{All{}, node.pointer};
        },
        node.what);
}

}  // namespace qiao::rule
