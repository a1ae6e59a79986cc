#include <gtest/gtest.h>

#include <map>
#include <set>

#include "demo/bank.hpp"
#include "demo/screens.hpp"

namespace qiao::demo {

namespace {

constexpr std::uint64_t seed = 2026;

// Day `number` of a bank whose first day is a Monday and the first of a month of 30 days.
DayOfBank day(int number) {
    return {number, time_from_ms(0) + std::chrono::days(number), number % 7, number % 30 + 1};
}

struct Tally {
    std::map<std::string, int> events;
    std::map<int, int> sessions_by_day;
};

Tally tally(int people, const std::function<bool(const Person&)>& takes) {
    Tally tally;
    for (int number = 0; number < people; ++number) {
        const auto person = make_person(seed, number);
        if (!takes(person))
            continue;
        for (int at = 0; at < days_shown; ++at)
            for (const auto& fact : live_a_day(person, day(at), seed)) {
                ++tally.events[fact.name];
                if (fact.name == "app_open")
                    ++tally.sessions_by_day[at];
            }
    }
    return tally;
}

}  // namespace

TEST(MakePerson, IsTheSameForTheSameSeed) {
    EXPECT_EQ(make_person(seed, 7).phone, make_person(seed, 7).phone);
    EXPECT_NE(make_person(seed, 7).phone, make_person(seed, 8).phone);
}

TEST(MakePerson, NoTwoPeopleShareAnIdentity) {
    std::set<std::string> phones, users;
    for (int number = 0; number < 20'000; ++number) {
        const auto person = make_person(seed, number);
        EXPECT_TRUE(phones.insert(person.phone.substr(3)).second);
        EXPECT_TRUE(users.insert(person.user_id).second);
        EXPECT_EQ(person.phone.size(), 11u);
    }
}

TEST(LiveADay, IsSortedAndItsMessageIdsAreUnique) {
    std::set<std::string> ids;
    for (int number = 0; number < 300; ++number) {
        const auto person = make_person(seed, number);
        for (int at = 0; at < days_shown; ++at) {
            Time last{};
            for (const auto& fact : live_a_day(person, day(at), seed)) {
                EXPECT_GE(fact.time, last);
                last = fact.time;
                EXPECT_TRUE(ids.insert(fact.message_id).second) << fact.message_id;
            }
        }
    }
}

TEST(LiveADay, PayDayLiftsVisitsOfPayrollCustomersAlone) {
    const auto ratio = [](const Tally& tally) {
        // The tenth of the month is day 9; the same weekday a week later is day 16.
        return static_cast<double>(tally.sessions_by_day.at(9)) / tally.sessions_by_day.at(16);
    };
    EXPECT_GT(ratio(tally(4'000, [](const Person& p) { return p.is_payroll && p.first_day < 0; })),
              1.3);
    EXPECT_LT(ratio(tally(4'000, [](const Person& p) { return !p.is_payroll && p.first_day < 0; })),
              1.2);
}

TEST(LiveADay, TheAutumnCampaignLiftsFundPurchases) {
    const auto rate = [](bool treated) {
        int people = 0, buyers = 0;
        for (int number = 0; number < 20'000; ++number) {
            const auto person = make_person(seed, number);
            if (!person.in_autumn_campaign || person.autumn_treated != treated)
                continue;
            ++people;
            bool buys = false;
            for (int at = 50; at < 64; ++at)
                for (const auto& fact : live_a_day(person, day(at), seed))
                    buys |= fact.name == "fund_purchase";
            buyers += buys;
        }
        return static_cast<double>(buyers) / people;
    };
    EXPECT_GT(rate(true), 1.3 * rate(false));
}

TEST(LiveADay, ClicksOfAPanelAreAFewPercentOfAllFacts) {
    int recorded = 0, all = 0;
    for (int number = 0; number < 3'000; ++number) {
        const auto person = make_person(seed, number);
        for (int at = 0; at < days_shown; ++at)
            for (const auto& fact : live_a_day(person, day(at), seed)) {
                const bool is_click = fact.name == "click" || fact.name == "exposure";
                EXPECT_TRUE(!is_click || is_recorded(person, day(at)));
                recorded += is_click;
                ++all;
            }
    }
    EXPECT_GT(recorded, all / 100);
    EXPECT_LT(recorded, all * 3 / 100);
}

TEST(LiveADay, TransfersTakeMoreTapsFromTheNewLayoutOn) {
    const auto taps_per_transfer = [](int from, int until) {
        double taps = 0, transfers = 0;
        for (int number = 4; number < 20'000; number += people_per_recorded)
            for (int at = from; at < until; ++at) {
                int before = 0;  // clicks since the last thing that was no click
                for (const auto& fact : live_a_day(make_person(seed, number), day(at), seed)) {
                    if (fact.name == "transfer_start") {
                        taps += before;
                        ++transfers;
                    }
                    before = fact.name == "click" ? before + 1 : 0;
                }
            }
        return taps / transfers;
    };
    EXPECT_LT(taps_per_transfer(first_recorded_day, new_layout_day), 1.2);
    EXPECT_GT(taps_per_transfer(new_layout_day, new_layout_day + 7), 2.1);
}

TEST(Definitions, CoverEverythingThatPeopleDo) {
    std::set<std::string> known;
    for (const auto& definition : definitions())
        known.insert(definition.name);
    for (int number = 0; number < 500; ++number)
        for (int at = 0; at < days_shown; ++at)
            for (const auto& fact : live_a_day(make_person(seed, number), day(at), seed)) {
                EXPECT_TRUE(known.contains(fact.name)) << fact.name;
                for (const auto& [name, value] : fact.properties)
                    EXPECT_TRUE(known.contains(name)) << name;
            }
}

TEST(Offices, HaveTheirParentsAboveThem) {
    std::set<std::string> seen;
    for (const auto& office : offices()) {
        EXPECT_TRUE(office.parent.empty() || seen.contains(office.parent));
        seen.insert(office.code);
    }
    constexpr int in_branch = 1 + outlets_per_branch * (1 + managers_per_outlet);
    EXPECT_EQ(seen.size(), 1u + branch_count * in_branch);
}

}  // namespace qiao::demo
