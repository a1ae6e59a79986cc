// The demo bank: fills an empty installation with a believable city bank, and lets it live on.
//
// Organisation, dictionary and tags are configuration like any bank's; customers and their ninety
// days are facts that take the same way as everybody's. Everything follows from the seed, so that a
// start that was interrupted goes on without doubling: its facts have the same message ids.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "access/orgs.hpp"
#include "customer/vault.hpp"
#include "demo/behaviour.hpp"
#include "dictionary/dictionary.hpp"
#include "journal/journal.hpp"
#include "runtime/clock.hpp"

namespace qiao::demo {

struct BankOptions {
    int customers = 20'000;
    std::uint64_t seed = 2026;
};

class Bank {
public:
    Bank(journal::Journal& journal, customer::Vault& vault, access::Orgs& orgs,
         dictionary::Dictionary& dictionary, const Clock& clock, const Calendar& calendar,
         const BankOptions& options);

    // Head office, branches and outlets; definitions of every event, property and tag.
    void describe();
    // Customers, and their days up to `until`. `progress` hears of each day done (0 … days_shown);
    // answers false to stop. Throws when the journal refuses for good.
    void fill(Time until, const std::function<bool(int day)>& progress);
    // What happens between the last call (or `since` at the first) and now.
    void live_on(Time since);

    const BankOptions& options() const { return options_; }

private:
    DayOfBank day_of(int number, Day first) const;
    Fact profile_of(const Person& person, Time at);
    Fact consents_of(const Person& person, std::string_view channel, bool granted, Time at);
    void add_people(Time start);
    void add_day(const DayOfBank& day, Time until);
    void append(std::vector<Fact> facts);
    void wait_for_room();

    journal::Journal& journal_;
    customer::Vault& vault_;
    access::Orgs& orgs_;
    dictionary::Dictionary& dictionary_;
    const Clock& clock_;
    const Calendar& calendar_;
    BankOptions options_;
    std::vector<Person> people_;
    std::atomic<int> under_way_{0};
    std::atomic<bool> is_refused_{false};
    std::mutex live_mutex_;
    Time lived_until_{};
};

// Definitions of all names that the demo bank uses.
std::vector<dictionary::Definition> definitions();
// Its offices and relationship managers.
std::vector<access::Org> offices();
// Its products, each as the JSON of a request to define one.
std::vector<std::string_view> products();
// Its stage models: AARRR and tiers, likewise.
std::vector<std::string_view> stage_models();
// What it spends to be known, by origin of customers; days as in DayOfBank, both included.
struct Outlay {
    std::string_view origin;
    int from = 0, to = 0;
    int amount = 0;  // CNY
    std::string_view note;
};
std::vector<Outlay> outlays();
inline constexpr std::string_view message_price = "0.045";  // CNY, over each channel
// Who counts as its user: the rule of that step of acquisition.
inline constexpr std::string_view user_rule = R"({"event": "login"})";

}  // namespace qiao::demo
