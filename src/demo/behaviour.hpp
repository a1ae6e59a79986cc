// What a person of the demo bank does on a day, as facts.
#pragma once

#include <vector>

#include "demo/person.hpp"
#include "journal/fact.hpp"

namespace qiao::demo {

// Facts without personal data: identities are user and anonymous ids. Sorted by time. `day_start`
// is midnight of the institution; `weekday` 0 is Monday, `month_day` counts from 1.
struct DayOfBank {
    int number = 0;  // 0 … days_shown − 1
    Time start{};
    int weekday = 0;
    int month_day = 1;
};
std::vector<Fact> live_a_day(const Person& person, const DayOfBank& day, std::uint64_t seed);

// Expected app sessions of the person on the day: habits, week, pay day, life cycle.
double expected_sessions(const Person& person, const DayOfBank& day);

}  // namespace qiao::demo
