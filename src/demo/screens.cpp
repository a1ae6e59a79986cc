#include "demo/screens.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/check.hpp"

namespace qiao::demo {
namespace {

constexpr std::array old_home = {
    Spot{"home.transfer", "首页 / Home", "转账 / Transfer", 0.14, 0.3},
    Spot{"home.bills", "首页 / Home", "生活缴费 / Bills", 0.38, 0.3},
    Spot{"home.funds", "首页 / Home", "基金 / Funds", 0.62, 0.3},
    Spot{"home.deposits", "首页 / Home", "存款 / Deposits", 0.86, 0.3},
    Spot{"home.loans", "首页 / Home", "快贷 / Loans", 0.14, 0.41},
    Spot{"home.more", "首页 / Home", "更多 / More", 0.86, 0.41},
};
constexpr std::array new_home = {
    Spot{"home.bills", "首页 / Home", "生活缴费 / Bills", 0.14, 0.3},
    Spot{"home.funds", "首页 / Home", "基金 / Funds", 0.38, 0.3},
    Spot{"home.deposits", "首页 / Home", "存款 / Deposits", 0.62, 0.3},
    Spot{"home.loans", "首页 / Home", "快贷 / Loans", 0.86, 0.3},
    Spot{"home.more", "首页 / Home", "更多 / More", 0.86, 0.41},
};
constexpr std::array others = {
    Spot{"home.balance", "首页 / Home", "我的资产 / My assets", 0.36, 0.06},
    Spot{"slot.home_top", "首页 / Home", "首页横幅 / Top banner", 0.5, 0.17,
         "首页横幅 / Home banner"},
    Spot{"slot.home_feed", "首页 / Home", "信息流广告 / Feed card", 0.5, 0.6,
         "首页信息流 / Home feed"},
    Spot{"home.article", "首页 / Home", "财经文章 / Articles", 0.5, 0.8},
    Spot{"more.transfer", "更多 / More", "转账 / Transfer", 0.38, 0.56},
    Spot{"transfer.next", "转账 / Transfer", "下一步 / Next", 0.5, 0.62},
    Spot{"transfer.confirm", "转账 / Transfer", "确认转账 / Confirm", 0.5, 0.72},
    Spot{"transfer.help", "转账 / Transfer", "帮助 / Help", 0.9, 0.05},
    Spot{"slot.funds_top", "基金列表 / Fund list", "基金页横幅 / Funds banner", 0.5, 0.14,
         "基金页横幅 / Funds banner"},
    Spot{"funds.card", "基金列表 / Fund list", "基金卡片 / Fund card", 0.5, 0.42},
    Spot{"fund.buy", "基金详情 / Fund", "申购 / Buy", 0.75, 0.95},
    Spot{"order.confirm", "确认申购 / Fund order", "确认申购 / Confirm", 0.5, 0.8},
    Spot{"deposit.buy", "存款 / Deposits", "存入 / Deposit now", 0.5, 0.92},
    Spot{"loan.apply", "快贷 / Loans", "立即申请 / Apply", 0.5, 0.85},
    Spot{"bill.pay", "生活缴费 / Bills", "缴费 / Pay", 0.5, 0.7},
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
