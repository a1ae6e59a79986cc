#include "audience/formula.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "base/check.hpp"
#include "journal/fact.hpp"

namespace qiao::audience {
namespace {

Value whole(std::int64_t number) {
    auto decimal = Decimal::from_int(number);
    return decimal ? Value(*decimal) : Value();
}

Value within_limits(__int128 scaled) {
    constexpr __int128 most = std::numeric_limits<std::int64_t>::max();
    return Decimal::from_scaled(static_cast<std::int64_t>(std::clamp(scaled, -most, most)));
}

Value mean(__int128 sum, std::int64_t count) {
    __int128 quotient = sum / count;
    const __int128 rest = sum % count;
    const __int128 twice = (rest < 0 ? -rest : rest) * 2;
    if (twice > count || (twice == count && quotient % 2 != 0))
        quotient += sum < 0 ? -1 : 1;
    return within_limits(quotient);
}

std::vector<const Value*> values_of(const std::vector<const KeptEvent*>& events,
                                    std::uint32_t property) {
    std::vector<const Value*> values;
    for (const auto* event : events)
        for (const auto& [name, value] : event->properties)
            if (name == property)
                values.push_back(&value);
    return values;
}

// Of equally frequent values the one that came last wins.
Value most_frequent(const std::vector<const Value*>& values) {
    std::map<std::string, std::pair<std::size_t, std::size_t>> seen;  // bytes → count, last place
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::string bytes;
        encode(*values[i], bytes);
        auto& [count, last] = seen[bytes];
        ++count;
        last = i;
    }
    std::pair<std::size_t, std::size_t> best;
    for (const auto& [bytes, entry] : seen)
        best = std::max(best, entry);
    return values.empty() ? Value() : *values[best.second];
}

Value number_of(FormulaKind kind, const std::vector<const Value*>& values) {
    __int128 sum = 0;
    std::vector<Decimal> numbers;
    for (const auto* value : values) {
        const auto* number = std::get_if<Decimal>(value);
        if (!number)
            continue;
        numbers.push_back(*number);
        sum += number->scaled();
    }
    if (numbers.empty())
        return {};
    if (kind == FormulaKind::sum)
        return within_limits(sum);
    if (kind == FormulaKind::min)
        return *std::min_element(numbers.begin(), numbers.end());
    if (kind == FormulaKind::max)
        return *std::max_element(numbers.begin(), numbers.end());
    return mean(sum, static_cast<std::int64_t>(numbers.size()));
}

Value distinct(const std::vector<const Value*>& values) {
    std::set<std::string> seen;
    for (const auto* value : values) {
        std::string bytes;
        encode(*value, bytes);
        seen.insert(std::move(bytes));
    }
    return whole(static_cast<std::int64_t>(seen.size()));
}

}  // namespace

bool fits(const rule::EventMatch& match, const KeptEvent& event, const Names& names) {
    static const Value missing;
    if (event.name != names.find(match.event))
        return false;
    return std::all_of(match.where.begin(), match.where.end(), [&](const auto& condition) {
        const auto number = names.find(condition.property);
        for (const auto& [name, value] : event.properties)
            if (name == number && type_of(value) == condition.test.type)
                return rule::holds(condition.test, value);
        return rule::holds(condition.test, missing);
    });
}

Value value_of(const Formula& formula, const rule::EventMatch& match,
               std::span<const KeptEvent> events, const Names& names, Time as_of,
               const Calendar& calendar) {
    using K = FormulaKind;
    const auto interval = rule::interval_of(formula.period, as_of, calendar);
    std::vector<const KeptEvent*> found;
    for (const auto& event : events) {
        const auto at = to_ms(event.time);
        if (at >= interval.from_ms && at < interval.until_ms && fits(match, event, names))
            found.push_back(&event);
    }
    if (found.empty())
        return {};
    const auto values = values_of(found, names.find(formula.property));
    const auto days_since = [&](Time time) {
        return whole(calendar.day_of(as_of) - calendar.day_of(time));
    };
    switch (formula.kind) {
        case K::count:
            return whole(static_cast<std::int64_t>(found.size()));
        case K::days: {
            std::set<Day> days;
            for (const auto* event : found)
                days.insert(calendar.day_of(event->time));
            return whole(static_cast<std::int64_t>(days.size()));
        }
        case K::sum:
        case K::min:
        case K::max:
        case K::avg:
            return number_of(formula.kind, values);
        case K::distinct:
            return distinct(values);
        case K::first_time:
            return found.front()->time;
        case K::last_time:
            return found.back()->time;
        case K::first_value:
            return values.empty() ? Value() : *values.front();
        case K::last_value:
            return values.empty() ? Value() : *values.back();
        case K::most_frequent:
            return most_frequent(values);
        case K::days_since_first:
            return days_since(found.front()->time);
        case K::days_since_last:
            return days_since(found.back()->time);
    }
    check(false);
    return {};
}

Need need_of(const Formula& formula, Time as_of, const Calendar& calendar) {
    const auto interval = rule::interval_of(formula.period, as_of, calendar);
    // A millisecond more, because a look-back excludes its very beginning.
    const auto from_ms = std::max(interval.from_ms, std::int64_t{0});
    Need need{formula.match.event, {}, Duration{to_ms(as_of) - from_ms + 1}};
    for (const auto& condition : formula.match.where)
        need.properties.push_back(condition.property);
    if (!formula.property.empty())
        need.properties.push_back(formula.property);
    std::sort(need.properties.begin(), need.properties.end());
    need.properties.erase(std::unique(need.properties.begin(), need.properties.end()),
                          need.properties.end());
    return need;
}

}  // namespace qiao::audience
