#include "demo/behaviour.hpp"

#include <algorithm>
#include <array>

#include "demo/screens.hpp"

namespace qiao::demo {

namespace {

using namespace std::chrono_literals;

constexpr int pay_day = 10;
constexpr int autumn_campaign_day = 50;
constexpr int faulty_release_from = 45, faulty_release_until = 60;

// Relative weight of each hour: before work, lunch, evening.
constexpr std::array<double, 24> hour_weights = {0.3, 0.1, 0.1, 0.1, 0.1, 0.3, 0.8, 1.8,
                                                 2.6, 2.4, 2.2, 2.0, 2.8, 2.2, 1.8, 1.8,
                                                 1.8, 2.0, 2.2, 2.6, 3.2, 3.0, 2.0, 0.9};

constexpr std::array<std::string_view, 6> funds = {"稳健增利A", "沪深300指数",  "科技先锋",
                                                   "货币宝",    "养老目标2045", "绿色债基"};
constexpr std::array<std::string_view, 3> deposits = {"三个月定期", "一年定期", "三年大额存单"};
constexpr std::array<std::string_view, 5> bills = {"电费", "水费", "燃气费", "话费", "物业费"};
constexpr std::array<std::string_view, 4> articles = {"如何看懂基金费率", "防范电信诈骗",
                                                      "养老金账户问答", "一周市场"};

// Whether the pay-day effect is on: the day of the salary and the three after.
bool is_after_pay_day(const Person& person, const DayOfBank& day) {
    return person.is_payroll && day.month_day >= pay_day && day.month_day <= pay_day + 3;
}

bool feels_faulty_release(const Person& person, const DayOfBank& day) {
    return person.is_android && day.number >= faulty_release_from &&
           day.number < faulty_release_until;
}

// Writes one person's day: a clock that moves on, and the properties that every event shares.
class DayWriter {
public:
    DayWriter(const Person& person, const DayOfBank& day, std::uint64_t seed)
        : person_(person),
          day_(day),
          random_(seed, static_cast<std::uint64_t>(person.number),
                  static_cast<std::uint64_t>(day.number) + 1),
          taps_(seed, static_cast<std::uint64_t>(person.number) + 0x7A9'0000'0000ull,
                static_cast<std::uint64_t>(day.number) + 1),
          is_recorded_(demo::is_recorded(person, day)) {}

    Random& random() { return random_; }

    void start_session() {
        double place = random_.uniform() * 40.4;
        int hour = 0;
        while (hour < 23 && place > hour_weights[static_cast<std::size_t>(hour)])
            place -= hour_weights[static_cast<std::size_t>(hour++)];
        clock_ =
            day_.start + std::chrono::hours(hour) + std::chrono::seconds(random_.between(0, 3599));
        channel_ = random_.chance(0.8) ? "app" : random_.chance(0.7) ? "mini_program" : "web";
    }

    void pass(int low_s, int high_s) {
        clock_ += std::chrono::milliseconds(random_.between(low_s * 1000, high_s * 1000));
    }

    void say(std::string_view event, Properties properties = {}, bool is_anonymous = false) {
        say_at(clock_, event, std::move(properties), is_anonymous);
    }

    // Clicks and exposures of recorded customers have numbers and moments of their own, so that
    // nothing else of the day depends on them.
    void tap(std::string_view element, int before_ms = 800) {
        if (!is_recorded_)
            return;
        const auto& spot = spot_of(element, day_);
        Properties properties{{"page", std::string(spot.page)},
                              {"element", std::string(spot.element)},
                              {"label", std::string(spot.label)},
                              {"x", *Decimal::from_double(spot.x)},
                              {"y", *Decimal::from_double(spot.y)}};
        if (!spot.slot.empty())
            properties.emplace_back("slot", std::string(spot.slot));
        say_at(clock_ - std::chrono::milliseconds(before_ms), "click", std::move(properties));
    }
    void show(std::string_view element) {
        if (!is_recorded_)
            return;
        const auto& spot = spot_of(element, day_);
        Properties properties{{"page", std::string(spot.page)}, {"slot", std::string(spot.slot)}};
        if (!link_.empty())
            properties.emplace_back("link", std::string(link_));
        say_at(clock_, "exposure", std::move(properties));
    }
    bool taps_by_chance(double probability) { return is_recorded_ && taps_.chance(probability); }
    // Some visits come by a link from outside.
    void come_by_link() {
        static constexpr std::array<std::string_view, 3> links = {
            "公众号文章 / WeChat article", "基金短信 / Fund SMS", "网点二维码 / Branch QR code"};
        link_ = taps_by_chance(0.2) ? links[taps_.next() % links.size()] : std::string_view();
    }

    // The next fact carries the device's anonymous id too: the login that binds the visitor.
    void bind_device() { says_device_ = true; }
    void outside_app(std::string_view channel, int hour) {
        channel_ = channel;
        clock_ =
            day_.start + std::chrono::hours(hour) + std::chrono::seconds(random_.between(0, 3599));
    }

    std::vector<Fact> take() {
        std::stable_sort(facts_.begin(), facts_.end(),
                         [](const Fact& a, const Fact& b) { return a.time < b.time; });
        return std::move(facts_);
    }

private:
    void say_at(Time time, std::string_view event, Properties properties,
                bool is_anonymous = false) {
        Fact fact;
        fact.time = time;
        fact.received_at = time;
        fact.source = "demo";
        fact.name = event;
        fact.message_id = person_.user_id + "-" + std::to_string(day_.number) + "-" +
                          std::to_string(facts_.size());
        if (!is_anonymous)
            fact.identities.push_back({"user_id", person_.user_id, {}});
        if (is_anonymous || says_device_)
            fact.identities.push_back({"anonymous_id", "d-" + person_.user_id, {}});
        says_device_ = false;
        fact.properties = std::move(properties);
        set(fact.properties, "channel", std::string(channel_));
        set(fact.properties, "platform",
            std::string(channel_ == "web"    ? "web"
                        : person_.is_android ? "android"
                                             : "ios"));
        set(fact.properties, "app_version", std::string(version()));
        facts_.push_back(std::move(fact));
    }

    std::string_view version() const {
        if (day_.number >= faulty_release_until)
            return "7.2.1";
        return day_.number >= faulty_release_from ? "7.2.0" : "7.1.4";
    }

    const Person& person_;
    const DayOfBank& day_;
    Random random_, taps_;
    bool is_recorded_;
    std::string_view link_;
    Time clock_{};
    std::string_view channel_ = "app";
    bool says_device_ = false;
    std::vector<Fact> facts_;
};

Value yuan(int amount) { return *Decimal::from_int(amount); }

template <class List>
std::string pick(Random& random, const List& list) {
    return std::string(list[random.next() % list.size()]);
}

int amount_of(const Person& person, Random& random) {
    const int base = std::max(1'000, person.aum / 20);
    return (base + random.between(0, base)) / 100 * 100;
}

// Most ways to the funds begin at their button, others at the banner; the feed's card leads few.
void tap_on_way_to_funds(DayWriter& writer) {
    if (writer.taps_by_chance(0.3))
        writer.tap("slot.home_top");
    else
        writer.tap(writer.taps_by_chance(0.05) ? "slot.home_feed" : "home.funds");
}

// From release 7.2.0 on transfers stand behind "more", and some look elsewhere first.
void tap_on_way_to_transfer(const Person& person, const DayOfBank& day, DayWriter& writer) {
    if (day.number < new_layout_day) {
        writer.tap("home.transfer");
        return;
    }
    if (writer.taps_by_chance(person.age >= 60 ? 0.6 : 0.3))
        writer.tap("home.balance", 2'600);
    writer.tap("home.more", 1'800);
    writer.tap("more.transfer");
}

void look_at_funds(const Person& person, const DayOfBank& day, DayWriter& writer) {
    auto& random = writer.random();
    tap_on_way_to_funds(writer);
    writer.say("fund_list_view");
    writer.show("slot.funds_top");
    const bool is_treated = person.autumn_treated && day.number >= autumn_campaign_day &&
                            day.number < autumn_campaign_day + 14;
    int details = 0;
    const auto fund = pick(random, funds);
    while (details < 4 && random.chance(0.55)) {
        writer.pass(5, 60);
        writer.tap(writer.taps_by_chance(0.25) ? "slot.funds_top" : "funds.card");
        writer.say("fund_detail_view", {{"product", fund}, {"product_type", std::string("fund")}});
        ++details;
    }
    if (details == 0 || !random.chance(is_treated ? 0.34 : 0.18))
        return;
    writer.pass(10, 90);
    const auto amount = yuan(amount_of(person, random));
    writer.tap("fund.buy");
    writer.say("fund_purchase_start", {{"product", fund}, {"amount", amount}});
    writer.pass(5, 40);
    writer.tap("order.confirm");
    if (random.chance(feels_faulty_release(person, day) ? 0.40 : 0.72))
        writer.say("fund_purchase",
                   {{"product", fund}, {"amount", amount}, {"currency", std::string("CNY")}});
    else if (feels_faulty_release(person, day))
        writer.say("error_shown", {{"code", std::string("PAY-5102")},
                                   {"page", std::string("确认申购 / Fund order")}});
}

void look_at_deposits(const Person& person, const DayOfBank& day, DayWriter& writer) {
    auto& random = writer.random();
    const auto product = pick(random, deposits);
    writer.tap("home.deposits");
    writer.say("deposit_view", {{"product", product}, {"product_type", std::string("deposit")}});
    if (!random.chance(is_after_pay_day(person, day) ? 0.30 : 0.10))
        return;
    writer.pass(10, 90);
    writer.tap("deposit.buy");
    writer.say("deposit_purchase", {{"product", product},
                                    {"amount", yuan(amount_of(person, random))},
                                    {"currency", std::string("CNY")}});
}

void apply_for_loan(const Person&, DayWriter& writer) {
    auto& random = writer.random();
    writer.tap("home.loans");
    writer.say("loan_view",
               {{"product", std::string("秒贷")}, {"product_type", std::string("loan")}});
    if (!random.chance(0.25))
        return;
    writer.pass(20, 200);
    writer.tap("loan.apply");
    writer.say("loan_apply",
               {{"amount", yuan(random.between(5, 200) * 1000)}, {"currency", std::string("CNY")}});
    if (!random.chance(0.6))
        return;
    writer.pass(5, 60);
    writer.say("loan_granted", {{"currency", std::string("CNY")}});
}

void transfer_money(const Person& person, const DayOfBank& day, DayWriter& writer) {
    auto& random = writer.random();
    tap_on_way_to_transfer(person, day, writer);
    writer.say("transfer_start");
    writer.pass(10, 120);
    writer.tap("transfer.next", 4'000);
    const bool is_done = random.chance(0.86);
    writer.tap(is_done ? "transfer.confirm" : "transfer.help");
    if (is_done)
        writer.say("transfer_done",
                   {{"amount", yuan(random.between(1, 80) * 100)},
                    {"currency", std::string("CNY")},
                    {"to_bank", std::string(random.chance(0.5) ? "本行" : "他行")}});
    else if (person.age >= 60)
        writer.say("help_opened", {{"page", std::string("转账 / Transfer")}});
}

// The feed's card is clicked about as often as the banner, and leads nowhere.
void see_advertisements(DayWriter& writer) {
    writer.come_by_link();
    if (writer.taps_by_chance(0.6))
        writer.show("slot.home_top");
    if (!writer.taps_by_chance(0.3))
        return;
    writer.show("slot.home_feed");
    if (writer.taps_by_chance(0.12))
        writer.tap("slot.home_feed", -1'500);
}

// One visit: opens, looks, does one to three things, leaves.
void use_app(const Person& person, const DayOfBank& day, DayWriter& writer) {
    auto& random = writer.random();
    writer.start_session();
    if (random.chance(0.15)) {
        writer.say("app_open", {{"is_logged_in", false}}, true);
        writer.pass(2, 20);
        writer.say("product_banner_view", {{"slot", std::string("首页横幅 / Home banner")}}, true);
        writer.pass(2, 30);
        writer.bind_device();
    } else {
        writer.say("app_open", {{"is_logged_in", true}});
        writer.pass(1, 4);
    }
    writer.say("login", {{"method", std::string(person.age >= 65     ? "password"
                                                : random.chance(0.7) ? "face"
                                                                     : "fingerprint")}});
    see_advertisements(writer);
    const int intents = 1 + random.poisson(0.8);
    for (int intent = 0; intent < std::min(intents, 4); ++intent) {
        writer.pass(3, 45);
        const double place = random.uniform();
        double edge = person.fund_interest * 0.8;
        if (place < edge) {
            look_at_funds(person, day, writer);
            continue;
        }
        if (place < (edge += person.deposit_interest * 0.5)) {
            look_at_deposits(person, day, writer);
            continue;
        }
        if (place < (edge += person.loan_interest * 0.5)) {
            apply_for_loan(person, writer);
            continue;
        }
        if (place < (edge += person.bill_interest)) {
            writer.tap("home.bills", 2'000);
            writer.tap("bill.pay");
            writer.say("bill_payment", {{"bill", pick(random, bills)},
                                        {"amount", yuan(random.between(20, 400))},
                                        {"currency", std::string("CNY")}});
            continue;
        }
        if (place < edge + 0.18) {
            transfer_money(person, day, writer);
            continue;
        }
        if (place < edge + 0.26) {
            writer.tap("home.article");
            writer.say("article_view", {{"title", pick(random, articles)}});
            continue;
        }
        writer.tap("home.balance");
        writer.say("balance_view");
    }
    const bool is_unlucky = person.churn_cause == ChurnCause::app_errors &&
                            day.number > person.churn_day - 15 && day.number <= person.churn_day;
    if (random.chance(is_unlucky ? 0.5 : 0.015))
        writer.say("error_shown",
                   {{"code", std::string("NET-1001")}, {"page", std::string("首页 / Home")}});
    // Numbers of its own, so that nothing else of the day depends on them.
    if (Random(static_cast<std::uint64_t>(person.number), 0x1F1,
               static_cast<std::uint64_t>(day.number))
            .chance(0.004))
        writer.say("friend_invited");
    writer.pass(2, 30);
    writer.say("app_close");
}

// What happens to a customer outside the app: salary, fees, money leaving, sign-up.
void receive_bank_events(const Person& person, const DayOfBank& day, DayWriter& writer) {
    auto& random = writer.random();
    if (day.number == person.first_day) {
        writer.outside_app("branch", 10);
        writer.say("account_opened",
                   {{"origin", std::string(person.from_partner ? "partner_metro" : "branch")}});
    }
    if (person.is_payroll && day.month_day == pay_day) {
        writer.outside_app("core", 9);
        writer.say("salary_received", {{"amount", yuan(random.between(40, 300) * 100)},
                                       {"currency", std::string("CNY")}});
    }
    if (person.churn_cause == ChurnCause::fee && day.number == person.churn_day - 5) {
        writer.outside_app("core", 2);
        writer.say("fee_charged", {{"amount", yuan(random.between(10, 60))},
                                   {"fee", std::string("账户管理费")},
                                   {"currency", std::string("CNY")}});
        writer.outside_app("call_centre", 15);
        writer.say("complaint_filed", {{"topic", std::string("fee")}});
    }
    if (person.churn_cause == ChurnCause::better_rate_elsewhere && day.number == person.churn_day) {
        writer.outside_app("core", 11);
        writer.say("large_transfer_out", {{"amount", yuan(std::max(20'000, person.aum / 2))},
                                          {"to_bank", std::string("他行")},
                                          {"currency", std::string("CNY")}});
    }
}

}  // namespace

double expected_sessions(const Person& person, const DayOfBank& day) {
    if (day.number < person.first_day)
        return 0;
    double sessions = person.sessions_per_day;
    if (day.weekday >= 5)
        sessions *= 0.8;
    if (is_after_pay_day(person, day))
        sessions *= 1.6;
    if (person.first_day >= 0) {
        const int age_days = day.number - person.first_day;
        // New customers come often at first; those of the partner fade three times as fast.
        sessions =
            std::max(sessions, 0.9) * std::exp(-age_days / (person.from_partner ? 10.0 : 30.0)) +
            sessions * 0.5;
    }
    if (person.churn_cause != ChurnCause::none && day.number > person.churn_day)
        sessions *= std::exp(-(day.number - person.churn_day) / 4.0);
    if (person.autumn_treated && day.number >= autumn_campaign_day &&
        day.number < autumn_campaign_day + 7)
        sessions *= 1.25;
    return sessions;
}

std::vector<Fact> live_a_day(const Person& person, const DayOfBank& day, std::uint64_t seed) {
    if (day.number < person.first_day)
        return {};
    DayWriter writer(person, day, seed);
    receive_bank_events(person, day, writer);
    const int sessions = writer.random().poisson(expected_sessions(person, day));
    for (int session = 0; session < sessions; ++session)
        use_app(person, day, writer);
    return writer.take();
}

}  // namespace qiao::demo
