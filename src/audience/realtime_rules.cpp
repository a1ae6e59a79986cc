#include "audience/realtime_rules.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "audience/detail/chain.hpp"
#include "base/check.hpp"
#include "journal/fact.hpp"

namespace qiao::audience {
namespace {

using rule::Node;

// How many moments a leaf tries before it announces the last of them as "look again then".
constexpr int most_steps = 64;

Flip earlier(Flip a, Flip b) { return b.at < a.at ? b : a; }
Flip later(Flip a, Flip b) { return b.at > a.at ? b : a; }

bool matches(const rule::EventMatch& match, std::uint32_t name, const KeptEvent& event,
             const Names& names) {
    static const Value missing;
    if (event.name != name) return false;
    return std::all_of(match.where.begin(), match.where.end(), [&](const auto& test) {
        const auto number = names.find(test.property);
        const auto at = std::find_if(event.properties.begin(), event.properties.end(),
                                     [&](const auto& property) { return property.first == number; });
        const bool known = number != 0 && at != event.properties.end();
        return rule::holds(test.test, known ? at->second : missing);
    });
}

const Value* property_of(const KeptEvent& event, std::uint32_t number) {
    for (const auto& [name, value] : event.properties)
        if (name == number) return &value;
    return nullptr;
}

// The first boundary of the calendar after `time` at which the window names another interval.
Time boundary_after(rule::CalendarWindow window, Time time, const Calendar& calendar) {
    using W = rule::CalendarWindow;
    const Day today = calendar.day_of(time);
    switch (window) {
        case W::today:
        case W::yesterday: return calendar.start_of(today + 1);
        case W::this_week:
        case W::last_week: return calendar.start_of(Calendar::week_start(today) + 7);
        case W::this_month:
        case W::last_month:
            return calendar.start_of(Calendar::add_months(Calendar::month_start(today), 1));
        case W::this_quarter:
            return calendar.start_of(Calendar::add_months(Calendar::quarter_start(today), 3));
        case W::this_year:
            return calendar.start_of(Calendar::add_months(Calendar::year_start(today), 12));
    }
    check(false);
    return never;
}

// Events of one leaf, in order of time, and the moments at which its window holds others of them.
class Matched {
public:
    Matched(const rule::Period& period, const Calendar& calendar)
        : period_(period), calendar_(calendar) {}

    void add(const KeptEvent& event) { events_.push_back(&event); }
    bool empty() const { return events_.empty(); }

    std::span<const KeptEvent* const> in(Time as_of) const {
        const auto interval = rule::interval_of(period_, as_of, calendar_);
        if (interval.from_ms >= interval.until_ms) return {};
        const auto from = first_at(interval.from_ms);
        const auto until = first_at(interval.until_ms);
        return std::span(events_).subspan(from, until - from);
    }

    Flip next_change(Time time) const {
        Flip next;
        if (const auto arrival = first_at(to_ms(time) + 1); arrival < events_.size())
            next.at = events_[arrival]->time;
        if (period_.within) {
            const auto leaving = first_at(to_ms(time) - period_.within->count() + 1);
            if (leaving < events_.size())
                next = earlier(next, {events_[leaving]->time + *period_.within, false});
        }
        if (period_.calendar) {
            const auto interval = rule::interval_of(period_, time, calendar_);
            if (first_at(interval.from_ms) < events_.size())
                next = earlier(next, {boundary_after(*period_.calendar, time, calendar_), true});
        }
        return next;
    }

private:
    std::size_t first_at(std::int64_t ms) const {
        const auto at = std::lower_bound(
            events_.begin(), events_.end(), ms,
            [](const KeptEvent* event, std::int64_t bound) { return to_ms(event->time) < bound; });
        return static_cast<std::size_t>(at - events_.begin());
    }

    const rule::Period& period_;
    const Calendar& calendar_;
    std::vector<const KeptEvent*> events_;
};

class Judge {
public:
    Judge(const Person& person, std::span<const KeptEvent> events, const Names& names, Time as_of,
          const Calendar& calendar)
        : person_(person), events_(events), names_(names), as_of_(as_of), calendar_(calendar) {}

    Verdict node(const Node& node) const {
        return std::visit([this](const auto& what) { return judge(what); }, node.what);
    }

private:
    // While one false child stays false the whole stays false: so it waits for the last of them.
    Verdict judge(const rule::All& all) const { return combine(all.nodes, true); }
    Verdict judge(const rule::Any& any) const { return combine(any.nodes, false); }
    Verdict judge(const rule::Not& negation) const {
        auto verdict = node(*negation.node);
        verdict.holds = !verdict.holds;
        return verdict;
    }
    Verdict judge(const rule::TagTest& tag) const {
        return {rule::holds(tag.test, or_missing(person_.tag(tag.tag))), {}};
    }
    Verdict judge(const rule::ScoreTest& score) const {
        return {rule::holds(score.test, or_missing(person_.score(score.score))), {}};
    }
    Verdict judge(const rule::IdentityTest& identity) const {
        return {person_.has_identity(identity.kind) == identity.exists, {}};
    }
    Verdict judge(const rule::AudienceTest& audience) const {
        check(audience.rule != nullptr);
        return node(*audience.rule);
    }
    Verdict judge(const rule::OrgTest& org) const {
        const auto code = person_.org();
        return {!code.empty() && std::binary_search(org.codes.begin(), org.codes.end(), code), {}};
    }
    Verdict judge(const rule::ConsentTest& consent) const {
        return {person_.granted(consent.name), {}};
    }

    Verdict judge(const rule::EventTest& test) const {
        Matched matched(test.period, calendar_);
        const auto name = names_.find(test.match.event);
        for (const auto& event : events_)
            if (name != 0 && matches(test.match, name, event, names_)) matched.add(event);
        return walk(
            matched, [&](Time time) { return event_holds(test, matched.in(time), time); },
            [&](Time time) { return next_age(test, matched.in(time), time); });
    }

    Verdict judge(const rule::SequenceTest& test) const {
        Matched matched(test.period, calendar_);
        std::vector<std::uint32_t> step_names;
        for (const auto& step : test.steps) step_names.push_back(names_.find(step.event));
        const auto serves = [&](std::size_t step, const KeptEvent& event) {
            return step_names[step] != 0 &&
                   matches(test.steps[step], step_names[step], event, names_);
        };
        for (const auto& event : events_) {
            bool any = false;
            for (std::size_t step = 0; step < test.steps.size() && !any; ++step)
                any = serves(step, event);
            if (any) matched.add(event);
        }
        return walk(
            matched,
            [&](Time time) {
                const auto length =
                    detail::longest_chain(matched.in(time), test.steps.size(), test.window, serves);
                return rule::holds(test.test,
                                   *Decimal::from_int(static_cast<std::int64_t>(length)));
            },
            [](Time) { return never; });
    }

    // Goes from change to change until the truth differs.
    template <class Holds, class Extra>
    Verdict walk(const Matched& matched, const Holds& holds, const Extra& extra) const {
        Verdict verdict{holds(as_of_), {}};
        if (matched.empty()) return verdict;
        Flip at{as_of_, false};
        for (int step = 0; step < most_steps; ++step) {
            at = earlier(matched.next_change(at.at), {extra(at.at), false});
            if (at.at == never || holds(at.at) != verdict.holds) break;
        }
        verdict.flip = at;
        return verdict;
    }

    Verdict combine(const std::vector<Node>& nodes, bool all) const {
        Verdict whole{all, {}};
        Flip last{Time::min(), false};
        for (const auto& child : nodes) {
            const auto verdict = node(child);
            if (verdict.holds == all) {
                whole.flip = earlier(whole.flip, verdict.flip);
            } else {
                whole.holds = !all;
                last = later(last, verdict.flip);
            }
        }
        if (whole.holds != all) whole.flip = last;
        return whole;
    }

    bool event_holds(const rule::EventTest& test, std::span<const KeptEvent* const> events,
                     Time as_of) const;
    Time next_age(const rule::EventTest& test, std::span<const KeptEvent* const> events,
                  Time time) const;
    Value measure(const rule::Measure& measure, std::span<const KeptEvent* const> events,
                  Time as_of) const;

    static const Value& or_missing(const Value* value) {
        static const Value missing;
        return value ? *value : missing;
    }

    const Person& person_;
    std::span<const KeptEvent> events_;
    const Names& names_;
    Time as_of_;
    const Calendar& calendar_;
};

Value number(std::int64_t whole) {
    auto decimal = Decimal::from_int(whole);
    return decimal ? Value(*decimal) : Value();
}

std::vector<Decimal> numbers_of(std::span<const KeptEvent* const> events, std::uint32_t property) {
    std::vector<Decimal> numbers;
    for (const auto* event : events)
        if (const auto* value = property_of(*event, property))
            if (const auto* decimal = std::get_if<Decimal>(value)) numbers.push_back(*decimal);
    return numbers;
}

__int128 total_of(const std::vector<Decimal>& numbers) {
    __int128 total = 0;
    for (const auto number : numbers) total += number.scaled();
    return total;
}

// Constants fit 64 bits, so a sum beyond them compares the same at the limit.
Value sum_of(const std::vector<Decimal>& numbers) {
    constexpr __int128 most = std::numeric_limits<std::int64_t>::max();
    const auto total = std::clamp(total_of(numbers), -most, most);
    return Decimal::from_scaled(static_cast<std::int64_t>(total));
}

Value extreme_of(rule::MeasureKind kind, const std::vector<Decimal>& numbers) {
    if (numbers.empty()) return {};
    if (kind == rule::MeasureKind::min) return *std::min_element(numbers.begin(), numbers.end());
    if (kind == rule::MeasureKind::max) return *std::max_element(numbers.begin(), numbers.end());
    const auto mean = total_of(numbers) / static_cast<__int128>(numbers.size());
    return Decimal::from_scaled(static_cast<std::int64_t>(mean));
}

Value distinct_of(std::span<const KeptEvent* const> events, std::uint32_t property) {
    std::set<std::string> seen;
    for (const auto* event : events) {
        if (const auto* value = property_of(*event, property)) {
            std::string bytes;
            encode(*value, bytes);
            seen.insert(std::move(bytes));
        }
    }
    return number(static_cast<std::int64_t>(seen.size()));
}

// Ages grow while nothing happens: they pass each constant at its own moment, and leave it one
// millisecond later.
Time Judge::next_age(const rule::EventTest& test, std::span<const KeptEvent* const> events,
                     Time time) const {
    using K = rule::MeasureKind;
    if ((test.measure.kind != K::first && test.measure.kind != K::last) || events.empty())
        return never;
    const Time start = test.measure.kind == K::first ? events.front()->time : events.back()->time;
    Time next = never;
    for (const auto& value : test.test.values) {
        const auto* age = std::get_if<Decimal>(&value);
        if (!age) continue;
        const Duration whole{age->scaled() / Decimal::scale};
        for (const Time at : {start + whole, start + whole + Duration{1}})
            if (at > time) next = std::min(next, at);
    }
    return next;
}

bool Judge::event_holds(const rule::EventTest& test, std::span<const KeptEvent* const> events,
                        Time as_of) const {
    return rule::holds(test.test, measure(test.measure, events, as_of));
}

Value Judge::measure(const rule::Measure& measure, std::span<const KeptEvent* const> events,
                     Time as_of) const {
    using K = rule::MeasureKind;
    if (measure.kind == K::count) return number(static_cast<std::int64_t>(events.size()));
    if (measure.kind == K::sum) return sum_of(numbers_of(events, names_.find(measure.property)));
    if (events.empty()) return {};
    switch (measure.kind) {
        case K::days: {
            std::set<Day> days;
            for (const auto* event : events) days.insert(calendar_.day_of(event->time));
            return number(static_cast<std::int64_t>(days.size()));
        }
        case K::first: return number((as_of - events.front()->time).count());
        case K::last: return number((as_of - events.back()->time).count());
        case K::distinct: return distinct_of(events, names_.find(measure.property));
        default: return extreme_of(measure.kind, numbers_of(events, names_.find(measure.property)));
    }
}

}  // namespace

Verdict judge(const rule::Node& rule, const Person& person, std::span<const KeptEvent> events,
              const Names& names, Time as_of, const Calendar& calendar) {
    return Judge(person, events, names, as_of, calendar).node(rule);
}

}  // namespace qiao::audience
