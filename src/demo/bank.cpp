#include "demo/bank.hpp"

#include <algorithm>
#include <stdexcept>
#include <thread>

#include "access/roles.hpp"

namespace qiao::demo {

namespace {

constexpr std::size_t facts_per_append = 500;
constexpr int appends_under_way = 16;

Value number(int n) { return *Decimal::from_int(n); }

}  // namespace

Bank::Bank(journal::Journal& journal, customer::Vault& vault, access::Orgs& orgs,
           dictionary::Dictionary& dictionary, const Clock& clock, const Calendar& calendar,
           const BankOptions& options)
    : journal_(journal),
      vault_(vault),
      orgs_(orgs),
      dictionary_(dictionary),
      clock_(clock),
      calendar_(calendar),
      options_(options) {
    people_.reserve(static_cast<std::size_t>(options.customers));
    for (int number = 0; number < options.customers; ++number)
        people_.push_back(make_person(options.seed, number));
}

void Bank::describe() {
    if (auto done = orgs_.put_all(access::system_principal(), offices()); !done)
        throw std::runtime_error("the demo bank's offices: " + done.error().detail);
    dictionary_.declare(definitions());
}

DayOfBank Bank::day_of(int number, Day first) const {
    const Day day = first + number;
    const Day month = Calendar::month_start(day);
    return {number, calendar_.start_of(day), day - Calendar::week_start(day), day - month + 1};
}

Fact Bank::profile_of(const Person& person, Time at) {
    Fact fact;
    fact.kind = FactKind::profile_set;
    fact.time = fact.received_at = at;
    fact.source = "demo";
    fact.message_id = person.user_id + "-profile";
    const Identity subject{"user_id", person.user_id, {}};
    fact.identities = {subject, vault_.seal_identity(subject, "phone", person.phone),
                       vault_.seal_identity(subject, "name", person.name)};
    if (!person.email.empty())
        fact.identities.push_back(vault_.seal_identity(subject, "email", person.email));
    fact.properties = {
        {"gender", std::string(person.is_female ? "female" : "male")},
        {"age", number(person.age)},
        {"tier", std::string(tier_name(person.tier))},
        {"aum", number(person.aum)},
        {"org", unit_code(person)},
        {"risk_level", number(person.risk_level)},
        {"is_payroll", person.is_payroll},
        {"has_mortgage", person.has_mortgage},
        {"opened_at", at},
        {"origin", std::string(person.from_partner ? "partner_metro" : "branch")},
        {"edition", std::string(person.age >= 65 ? "elder" : "standard")},
    };
    if (person.in_autumn_campaign)
        set(fact.properties, "autumn_campaign",
            std::string(person.autumn_treated ? "treated" : "control"));
    return fact;
}

Fact Bank::consents_of(const Person& person, std::string_view channel, bool granted, Time at) {
    Fact fact;
    fact.kind = FactKind::consent;
    fact.time = fact.received_at = at;
    fact.source = "demo";
    fact.message_id = person.user_id + "-consent-" + std::string(channel);
    fact.identities = {{"user_id", person.user_id, {}}};
    fact.properties = {{"purpose", std::string("marketing")},
                       {"channel", std::string(channel)},
                       {"granted", granted},
                       {"source", std::string("account_opening")}};
    return fact;
}

void Bank::add_people(Time start) {
    std::vector<Fact> facts;
    for (const auto& person : people_) {
        const auto joined = start + std::chrono::days(std::min(person.first_day, days_shown));
        facts.push_back(profile_of(person, joined));
        facts.push_back(consents_of(person, "sms", person.allows_sms, joined));
        facts.push_back(consents_of(person, "email", person.allows_email, joined));
        facts.push_back(consents_of(person, "inbox", person.allows_push, joined));
        if (facts.size() >= facts_per_append)
            append(std::exchange(facts, {}));
    }
    append(std::move(facts));
}

void Bank::add_day(const DayOfBank& day, Time until) {
    std::vector<Fact> facts;
    for (const auto& person : people_) {
        for (auto& fact : live_a_day(person, day, options_.seed))
            if (fact.time < until)
                facts.push_back(std::move(fact));
        if (facts.size() >= facts_per_append)
            append(std::exchange(facts, {}));
    }
    append(std::move(facts));
}

void Bank::fill(Time until, const std::function<bool(int day)>& progress) {
    const Day first = calendar_.day_of(until) - days_shown + 1;
    add_people(calendar_.start_of(first));
    for (int number = 0; number < days_shown; ++number) {
        add_day(day_of(number, first), until);
        if (!progress(number + 1))
            return;
    }
    wait_for_room();
    while (under_way_ > 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

void Bank::live_on(Time since) {
    std::lock_guard lock(live_mutex_);
    const Time now = clock_.now();
    const Time from = lived_until_ == Time{} ? since : lived_until_;
    // A server that slept for a week does not replay it at once: the bank sleeps too.
    const Day first_day = std::max(calendar_.day_of(from), calendar_.day_of(now) - 1);
    for (Day day = first_day; day <= calendar_.day_of(now); ++day) {
        // Days beyond the first ninety live like the last: no new customers, no planted events.
        auto plan = day_of(0, day);
        plan.number = days_shown + static_cast<int>(day % 100'000);
        std::vector<Fact> facts;
        for (const auto& person : people_)
            for (auto& fact : live_a_day(person, plan, options_.seed))
                if (fact.time >= from && fact.time < now)
                    facts.push_back(std::move(fact));
        for (auto& fact : facts)
            fact.message_id += "-live";
        for (std::size_t at = 0; at < facts.size(); at += facts_per_append) {
            const auto end = std::min(at + facts_per_append, facts.size());
            append({std::make_move_iterator(facts.begin() + static_cast<std::ptrdiff_t>(at)),
                    std::make_move_iterator(facts.begin() + static_cast<std::ptrdiff_t>(end))});
        }
    }
    lived_until_ = now;
}

void Bank::append(std::vector<Fact> facts) {
    if (facts.empty())
        return;
    wait_for_room();
    auto session = dictionary_.session();
    for (auto& fact : facts) {
        // The generator is ours: a fact that the dictionary refuses is a contradiction of our own.
        if (auto refusal = session.check(fact))
            throw std::runtime_error("the demo bank contradicts its dictionary: " +
                                     refusal->detail);
    }
    ++under_way_;
    journal_.append(std::move(facts), [this](Result<journal::Appended> outcome) {
        if (!outcome)
            is_refused_ = true;
        --under_way_;
    });
}

void Bank::wait_for_room() {
    while (under_way_ >= appends_under_way)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (is_refused_)
        throw std::runtime_error("the journal refused the demo bank's facts; is the disk full?");
}

}  // namespace qiao::demo
