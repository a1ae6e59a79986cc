#include "audience/realtime_rules.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "base/check.hpp"
#include "index/predicate.hpp"
#include "index/sequence.hpp"
#include "journal/fact.hpp"

namespace qiao::audience {
namespace {

using rule::Node;

// How many moments a leaf tries before it announces the last of them as "look again then".
constexpr int most_steps = 64;

__int128 scaled(std::int64_t whole) { return static_cast<__int128>(whole) * Decimal::scale; }

Flip earlier(Flip a, Flip b) { return b.at < a.at ? b : a; }
Flip later(Flip a, Flip b) { return b.at > a.at ? b : a; }

// A value of another type than the rule's (its type was changed once) counts as missing, as in the
// index, which keeps a column for each type.
bool passes(const rule::Test& test, const Value* value) {
    static const Value missing;
    return rule::holds(test, value && type_of(*value) == test.type ? *value : missing);
}

const Value* property_of(const KeptEvent& event, std::uint32_t number) {
    for (const auto& [name, value] : event.properties)
        if (name == number)
            return &value;
    return nullptr;
}

bool matches(const rule::EventMatch& match, std::uint32_t name, const KeptEvent& event,
             const Names& names) {
    return event.name == name &&
           std::all_of(match.where.begin(), match.where.end(), [&](const auto& test) {
               return passes(test.test, property_of(event, names.find(test.property)));
           });
}

// The first boundary of the calendar after `time` at which the window names another interval.
Time boundary_after(rule::CalendarWindow window, Time time, const Calendar& calendar) {
    using W = rule::CalendarWindow;
    const Day today = calendar.day_of(time);
    switch (window) {
        case W::today:
        case W::yesterday:
            return calendar.start_of(today + 1);
        case W::this_week:
        case W::last_week:
            return calendar.start_of(Calendar::week_start(today) + 7);
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
        if (interval.from_ms >= interval.until_ms)
            return {};
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

    std::size_t index_of(std::span<const KeptEvent* const> events) const {
        return static_cast<std::size_t>(events.data() - events_.data());
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
        return {passes(tag.test, person_.tag(tag.tag)), {}};
    }
    Verdict judge(const rule::ScoreTest& score) const {
        return {passes(score.test, person_.score(score.score)), {}};
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
            if (name != 0 && matches(test.match, name, event, names_))
                matched.add(event);
        return walk(
            matched, [&](Time time) { return event_holds(test, matched.in(time), time); },
            [&](Time time) { return next_age(test, matched.in(time), time); });
    }

    Verdict judge(const rule::SequenceTest& test) const {
        Matched matched(test.period, calendar_);
        std::vector<std::uint32_t> steps;  // of the matched events: the steps that they match
        for (const auto& event : events_) {
            std::uint32_t bits = 0;
            for (std::size_t i = 0; i < test.steps.size(); ++i)
                if (const auto name = names_.find(test.steps[i].event);
                    name != 0 && matches(test.steps[i], name, event, names_))
                    bits |= 1u << i;
            if (bits == 0)
                continue;
            matched.add(event);
            steps.push_back(bits);
        }
        return walk(
            matched,
            [&](Time time) {
                const auto events = matched.in(time);
                const auto skipped = events.empty() ? 0 : matched.index_of(events);
                std::vector<index::StepHit> hits;
                for (std::size_t i = 0; i < events.size(); ++i)
                    hits.push_back({to_ms(events[i]->time), steps[skipped + i]});
                const auto length = index::longest_chain(
                    hits, static_cast<unsigned>(test.steps.size()),
                    test.window ? std::optional(test.window->count()) : std::nullopt);
                return index::passes_fraction(test.test, scaled(length), 1);
            },
            [](Time) { return never; });
    }

    // Goes from change to change until the truth differs.
    template <class Holds, class Extra>
    Verdict walk(const Matched& matched, const Holds& holds, const Extra& extra) const {
        Verdict verdict{holds(as_of_), {}};
        if (matched.empty())
            return verdict;
        Flip at{as_of_, false};
        for (int step = 0; step < most_steps; ++step) {
            at = earlier(matched.next_change(at.at), {extra(at.at), false});
            if (at.at == never || holds(at.at) != verdict.holds)
                break;
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
        if (whole.holds != all)
            whole.flip = last;
        return whole;
    }

    bool event_holds(const rule::EventTest& test, std::span<const KeptEvent* const> events,
                     Time as_of) const;
    Time next_age(const rule::EventTest& test, std::span<const KeptEvent* const> events,
                  Time time) const;
    const Person& person_;
    std::span<const KeptEvent> events_;
    const Names& names_;
    Time as_of_;
    const Calendar& calendar_;
};

// The cells of the measured property, in the order of the events.
std::vector<const Value*> values_of(const rule::Measure& measure,
                                    std::span<const KeptEvent* const> events, std::uint32_t name) {
    std::vector<const Value*> values;
    for (const auto* event : events)
        if (const auto* value = property_of(*event, name); value && type_of(*value) == measure.type)
            values.push_back(value);
    return values;
}

std::int64_t distinct_of(const std::vector<const Value*>& values) {
    std::set<std::string> seen;
    for (const auto* value : values) {
        std::string bytes;
        encode(*value, bytes);
        seen.insert(std::move(bytes));
    }
    return static_cast<std::int64_t>(seen.size());
}

bool number_passes(const rule::EventTest& test, const std::vector<const Value*>& values) {
    using K = rule::MeasureKind;
    __int128 sum = 0;
    std::int64_t low = std::numeric_limits<std::int64_t>::max();
    std::int64_t high = std::numeric_limits<std::int64_t>::min();
    for (const auto* value : values) {
        const auto number = std::get<Decimal>(*value).scaled();
        sum += number;
        low = std::min(low, number);
        high = std::max(high, number);
    }
    if (test.measure.kind == K::sum)
        return index::passes_fraction(test.test, sum, 1);
    if (values.empty())
        return false;
    if (test.measure.kind == K::min)
        return index::passes_fraction(test.test, low, 1);
    if (test.measure.kind == K::max)
        return index::passes_fraction(test.test, high, 1);
    return index::passes_fraction(test.test, sum, static_cast<std::int64_t>(values.size()));
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
        if (!age)
            continue;
        const Duration whole{age->scaled() / Decimal::scale};
        for (const Time at : {start + whole, start + whole + Duration{1}})
            if (at > time)
                next = std::min(next, at);
    }
    return next;
}

bool Judge::event_holds(const rule::EventTest& test, std::span<const KeptEvent* const> events,
                        Time as_of) const {
    using K = rule::MeasureKind;
    const auto whole = [&](std::int64_t number) {
        return index::passes_fraction(test.test, scaled(number), 1);
    };
    const auto values = [&] {
        return values_of(test.measure, events, names_.find(test.measure.property));
    };
    switch (test.measure.kind) {
        case K::count:
            return whole(static_cast<std::int64_t>(events.size()));
        case K::first:
            return !events.empty() && whole((as_of - events.front()->time).count());
        case K::last:
            return !events.empty() && whole((as_of - events.back()->time).count());
        case K::distinct:
            return !events.empty() && whole(distinct_of(values()));
        case K::days: {
            std::set<Day> days;
            for (const auto* event : events)
                days.insert(calendar_.day_of(event->time));
            return !days.empty() && whole(static_cast<std::int64_t>(days.size()));
        }
        case K::sum:
        case K::min:
        case K::max:
        case K::avg:
            return number_passes(test, values());
    }
    check(false);
    return false;
}

}  // namespace

Verdict judge(const rule::Node& rule, const Person& person, std::span<const KeptEvent> events,
              const Names& names, Time as_of, const Calendar& calendar) {
    return Judge(person, events, names, as_of, calendar).node(rule);
}

}  // namespace qiao::audience
