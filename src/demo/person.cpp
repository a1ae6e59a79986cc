#include "demo/person.hpp"

#include <algorithm>
#include <cstdio>

namespace qiao::demo {

namespace {

constexpr std::array<OfficeName, branch_count> branches = {{{"西湖分行", "West Lake Branch"},
                                                            {"滨江分行", "Riverside Branch"},
                                                            {"高新分行", "High-Tech Branch"},
                                                            {"新城分行", "New Town Branch"},
                                                            {"临港分行", "Harbour Branch"},
                                                            {"山北分行", "North Hill Branch"}}};

constexpr std::array<OfficeName, branch_count* outlets_per_branch> outlets = {{
    {"断桥支行", "Broken Bridge"},   {"灵隐支行", "Lingyin"},      {"文三支行", "Wensan Road"},
    {"古荡支行", "Gudang"},          {"江南支行", "South Bank"},   {"长河支行", "Changhe"},
    {"浦沿支行", "Puyan"},           {"星光支行", "Starlight"},    {"科技城支行", "Tech City"},
    {"软件园支行", "Software Park"}, {"大学城支行", "University"}, {"创新支行", "Innovation"},
    {"中央支行", "Central"},         {"奥体支行", "Olympic"},      {"市民支行", "Civic Centre"},
    {"湖滨支行", "Lakeside"},        {"港区支行", "Port"},         {"保税支行", "Free-Trade Zone"},
    {"船厂支行", "Shipyard"},        {"渔人支行", "Fishermen"},    {"茶山支行", "Tea Hill"},
    {"古镇支行", "Old Town"},        {"竹海支行", "Bamboo Sea"},   {"梅林支行", "Plum Grove"},
}};

constexpr std::array<std::string_view, 24> surnames = {
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙",
    "马", "朱", "胡", "郭", "何", "林", "高", "罗", "郑", "梁", "谢", "宋"};
constexpr std::array<std::string_view, 20> female_names = {
    "芳", "娜", "秀英", "敏",   "静",   "丽",   "艳",   "娟",   "霞",   "婷",
    "雪", "慧", "欣怡", "梓涵", "雨桐", "佳怡", "思雨", "诗涵", "玉兰", "桂英"};
constexpr std::array<std::string_view, 20> male_names = {
    "伟",   "强",   "磊",   "军",   "洋",   "勇",   "杰",   "涛",   "明",   "超",
    "浩然", "子轩", "宇航", "俊杰", "建国", "志强", "文博", "天佑", "国华", "海涛"};
constexpr std::array<int, 8> phone_prefixes = {138, 139, 150, 158, 177, 186, 188, 199};

template <class List>
auto pick(Random& random, const List& list) {
    return list[random.next() % list.size()];
}

std::string digits(const char* format, int number) {
    char text[32];
    std::snprintf(text, sizeof text, format, number);
    return text;
}

void give_identity(Person& person, Random& random) {
    person.user_id = digits("C%08d", person.number + 1);
    person.is_female = random.chance(0.52);
    person.name = std::string(pick(random, surnames));
    person.name += person.is_female ? pick(random, female_names) : pick(random, male_names);
    // Eight digits from a bijection of the number, so that no two people share a phone.
    const auto tail =
        (static_cast<std::uint64_t>(person.number) * 7'368'787u + 12'345'678u) % 100'000'000u;
    person.phone =
        std::to_string(pick(random, phone_prefixes)) + digits("%08d", static_cast<int>(tail));
    if (random.chance(0.67))
        person.email = "c" + digits("%08d", person.number + 1) + "@mail.example";
}

void give_wealth(Person& person, Random& random) {
    const double age_lift = std::min(1.0, (person.age - 18) / 35.0);
    person.aum = static_cast<int>(std::exp(9.2 + 1.6 * age_lift + 1.3 * random.normal()));
    person.tier = person.aum >= 1'000'000 ? Tier::diamond
                  : person.aum >= 300'000 ? Tier::platinum
                  : person.aum >= 50'000  ? Tier::gold
                                          : Tier::ordinary;
    person.is_payroll = person.age < 60 && random.chance(0.45);
    person.has_mortgage = person.age > 26 && person.age < 60 && random.chance(0.2);
    person.risk_level =
        std::clamp(static_cast<int>(std::lround(3.2 - person.age / 40.0 + random.normal())), 1, 5);
}

void give_habits(Person& person, Random& random) {
    const double age_factor = person.age >= 65 ? 0.45 : person.age < 35 ? 1.3 : 1.0;
    person.sessions_per_day = std::min(3.0, std::exp(-2.0 + 0.9 * random.normal()) * age_factor);
    person.fund_interest = std::clamp(0.08 * person.risk_level + 0.1 * random.normal(), 0.01, 0.6);
    person.deposit_interest =
        std::clamp(0.10 + person.age / 300.0 + 0.1 * random.normal(), 0.02, 0.6);
    person.loan_interest =
        std::clamp(0.06 + (person.age < 40 ? 0.08 : 0.0) + 0.05 * random.normal(), 0.0, 0.3);
    person.bill_interest = std::clamp(0.25 + 0.1 * random.normal(), 0.05, 0.5);
    person.is_android = random.chance(0.62);
    person.allows_sms = random.chance(0.72);
    person.allows_email = !person.email.empty() && random.chance(0.6);
    person.allows_push = random.chance(0.85);
}

void give_fate(Person& person, Random& random) {
    person.first_day =
        random.chance(0.12) ? random.between(0, days_shown - 1) : -random.between(1, 2000);
    person.from_partner = person.first_day >= 0 && random.chance(0.3);
    if (person.first_day < 20 && random.chance(0.09)) {
        person.churn_day = random.between(25, days_shown - 10);
        person.churn_cause = person.is_android && random.chance(0.5) ? ChurnCause::app_errors
                             : random.chance(0.5)                    ? ChurnCause::fee
                                                  : ChurnCause::better_rate_elsewhere;
    }
    person.in_autumn_campaign = person.tier != Tier::ordinary && person.first_day < 0;
    person.autumn_treated = person.in_autumn_campaign && random.chance(0.5);
}

}  // namespace

std::string branch_code(int branch) { return digits("%02d", branch + 1); }

std::string outlet_code(int branch, int outlet) {
    return branch_code(branch) + digits("%02d", outlet + 1);
}

std::string manager_code(int branch, int outlet, int manager) {
    return outlet_code(branch, outlet) + digits("%02d", manager + 1);
}

OfficeName branch_name(int branch) { return branches.at(static_cast<std::size_t>(branch)); }

OfficeName outlet_name(int branch, int outlet) {
    return outlets.at(static_cast<std::size_t>(branch * outlets_per_branch + outlet));
}

std::string manager_name(int branch, int outlet, int manager) {
    const auto number = static_cast<std::size_t>(
        (branch * outlets_per_branch + outlet) * managers_per_outlet + manager);
    const auto& given = number % 2 == 0 ? female_names : male_names;
    return std::string(surnames[number * 7 % surnames.size()]) +
           std::string(given[number * 11 % given.size()]);
}

std::string_view tier_name(Tier tier) {
    constexpr std::array<std::string_view, 4> names = {"ordinary", "gold", "platinum", "diamond"};
    return names[static_cast<std::size_t>(tier)];
}

Person make_person(std::uint64_t seed, int number) {
    Random random(seed, static_cast<std::uint64_t>(number), 0x9E0);
    Person person;
    person.number = number;
    give_identity(person, random);
    person.age = std::clamp(static_cast<int>(std::lround(42 + 15 * random.normal())), 18, 88);
    // Branches differ in size: the first has about three times the customers of the last.
    const double place = random.uniform();
    person.branch =
        std::min(branch_count - 1, static_cast<int>(branch_count * place * (0.55 + 0.45 * place)));
    person.outlet = random.between(0, outlets_per_branch - 1);
    give_wealth(person, random);
    give_habits(person, random);
    give_fate(person, random);
    return person;
}

std::string unit_code(const Person& person) {
    if (person.tier == Tier::ordinary)
        return outlet_code(person.branch, person.outlet);
    return manager_code(person.branch, person.outlet, person.number % managers_per_outlet);
}

}  // namespace qiao::demo
