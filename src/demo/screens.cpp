#include "demo/screens.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/check.hpp"

namespace qiao::demo {
namespace {

constexpr std::array old_home = {
    Spot{"home.transfer", "home", "转账 / Transfer", 0.14, 0.3},
    Spot{"home.bills", "home", "生活缴费 / Bills", 0.38, 0.3},
    Spot{"home.funds", "home", "基金 / Funds", 0.62, 0.3},
    Spot{"home.deposits", "home", "存款 / Deposits", 0.86, 0.3},
    Spot{"home.loans", "home", "快贷 / Loans", 0.14, 0.41},
    Spot{"home.more", "home", "更多 / More", 0.86, 0.41},
};
constexpr std::array new_home = {
    Spot{"home.bills", "home", "生活缴费 / Bills", 0.14, 0.3},
    Spot{"home.funds", "home", "基金 / Funds", 0.38, 0.3},
    Spot{"home.deposits", "home", "存款 / Deposits", 0.62, 0.3},
    Spot{"home.loans", "home", "快贷 / Loans", 0.86, 0.3},
    Spot{"home.more", "home", "更多 / More", 0.86, 0.41},
};
constexpr std::array others = {
    Spot{"home.balance", "home", "我的资产 / My assets", 0.36, 0.06},
    Spot{"slot.home_top", "home", "首页横幅 / Top banner", 0.5, 0.17, "home_top"},
    Spot{"slot.home_feed", "home", "信息流广告 / Feed card", 0.5, 0.6, "home_feed"},
    Spot{"home.article", "home", "财经文章 / Articles", 0.5, 0.8},
    Spot{"more.transfer", "more", "转账 / Transfer", 0.38, 0.56},
    Spot{"transfer.next", "transfer", "下一步 / Next", 0.5, 0.62},
    Spot{"transfer.confirm", "transfer", "确认转账 / Confirm", 0.5, 0.72},
    Spot{"transfer.help", "transfer", "帮助 / Help", 0.9, 0.05},
    Spot{"slot.funds_top", "funds", "基金页横幅 / Funds banner", 0.5, 0.14, "funds_top"},
    Spot{"funds.card", "funds", "基金卡片 / Fund card", 0.5, 0.42},
    Spot{"fund.buy", "fund", "申购 / Buy", 0.75, 0.95},
    Spot{"order.confirm", "fund_order", "确认申购 / Confirm", 0.5, 0.8},
    Spot{"deposit.buy", "deposit", "存入 / Deposit now", 0.5, 0.92},
    Spot{"loan.apply", "loan", "立即申请 / Apply", 0.5, 0.85},
    Spot{"bill.pay", "bills", "缴费 / Pay", 0.5, 0.7},
};

const Spot* find(std::span<const Spot> spots, std::string_view element) {
    const auto at = std::find_if(spots.begin(), spots.end(),
                                 [&](const Spot& spot) { return spot.element == element; });
    return at == spots.end() ? nullptr : &*at;
}

}  // namespace

bool is_recorded(const Person& person, const DayOfBank& day) {
    return person.number % people_per_recorded == 4 && day.number >= first_recorded_day;
}

const Spot& spot_of(std::string_view element, const DayOfBank& day) {
    const auto home = day.number < new_layout_day ? std::span<const Spot>(old_home)
                                                  : std::span<const Spot>(new_home);
    const auto* spot = find(home, element);
    if (!spot)
        spot = find(others, element);
    check(spot != nullptr);
    return *spot;
}

}  // namespace qiao::demo
