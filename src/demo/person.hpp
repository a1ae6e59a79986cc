// A person of the demo bank: who it is, what it likes, and what will become of it.
//
// Everything follows from (seed, number) alone. docs/demo-bank.md lists the planted effects.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "demo/random.hpp"

namespace qiao::demo {

inline constexpr int days_shown = 90;

// Offices: head office, branches "01".."06", outlets "0101".."0604", and the relationship managers
// of each outlet, "010101".."060403".
inline constexpr int branch_count = 6;
inline constexpr int outlets_per_branch = 4;
inline constexpr int managers_per_outlet = 3;
std::string branch_code(int branch);
std::string outlet_code(int branch, int outlet);
std::string manager_code(int branch, int outlet, int manager);
struct OfficeName {
    std::string_view zh, en;
};
OfficeName branch_name(int branch);
OfficeName outlet_name(int branch, int outlet);
std::string manager_name(int branch, int outlet, int manager);

enum class Tier : std::uint8_t { ordinary, gold, platinum, diamond };
std::string_view tier_name(Tier tier);  // "ordinary", "gold", …

enum class ChurnCause : std::uint8_t { none, app_errors, fee, better_rate_elsewhere };

struct Person {
    int number = 0;
    std::string user_id;
    std::string name;
    std::string phone;
    std::string email;  // empty for a third
    bool is_female = false;
    int age = 0;
    int branch = 0, outlet = 0;
    Tier tier = Tier::ordinary;
    int aum = 0;  // yuan under management
    bool is_payroll = false;
    bool has_mortgage = false;
    int risk_level = 1;  // 1 (cautious) … 5
    int first_day = 0;   // opened the account on this day of those shown; below 0: before them
    bool from_partner = false;  // acquired through the metro partner
    bool is_android = false;
    double sessions_per_day = 0;
    double fund_interest = 0, deposit_interest = 0, loan_interest = 0, bill_interest = 0;
    ChurnCause churn_cause = ChurnCause::none;
    int churn_day = 0;
    bool allows_sms = false, allows_email = false, allows_push = true;
    // The planted autumn campaign: gold and better, half treated.
    bool in_autumn_campaign = false, autumn_treated = false;
};

Person make_person(std::uint64_t seed, int number);
// The unit that keeps the person: gold and better have a manager, the others their outlet.
std::string unit_code(const Person& person);

}  // namespace qiao::demo
