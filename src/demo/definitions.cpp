#include <array>

#include "demo/bank.hpp"

namespace qiao::demo {

namespace {

using dictionary::Definition;
using dictionary::Kind;
using dictionary::Status;

struct Row {
    Kind kind;
    std::string_view name, zh, en, meaning;
    ValueType type = ValueType::null;
    std::string_view unit = {};
};

constexpr Row rows[] = {
    {Kind::event, "app_open", "打开手机银行", "App opened",
     "任一终端上的一次访问开始 / A visit begins on any end"},
    {Kind::event, "app_close", "离开手机银行", "App left", "一次访问结束 / A visit ends"},
    {Kind::event, "login", "登录", "Signed in",
     "客户通过了身份验证 / The customer proved who it is"},
    {Kind::event, "product_banner_view", "浏览产品横幅", "Banner seen",
     "横幅露出一半以上并超过一秒 / A banner was at least half visible for a second"},
    {Kind::event, "balance_view", "查看余额", "Balance viewed",
     "打开了账户总览 / The account overview was opened"},
    {Kind::event, "fund_list_view", "浏览基金列表", "Fund list viewed",
     "打开了基金货架 / The shelf of funds was opened"},
    {Kind::event, "fund_detail_view", "浏览基金详情", "Fund viewed",
     "打开了一只基金的详情页 / The page of one fund was opened"},
    {Kind::event, "fund_purchase_start", "发起基金申购", "Fund purchase started",
     "填写了申购金额 / An amount was entered"},
    {Kind::event, "fund_purchase", "基金申购成功", "Fund purchased",
     "核心系统已受理 / The order was accepted by the core"},
    {Kind::event, "deposit_view", "浏览存款产品", "Deposit viewed",
     "打开了存款产品页 / The page of a deposit product was opened"},
    {Kind::event, "deposit_purchase", "存款购买成功", "Deposit purchased",
     "核心系统已受理 / The order was accepted by the core"},
    {Kind::event, "loan_view", "浏览贷款", "Loan viewed",
     "打开了快贷页 / The page of the instant loan was opened"},
    {Kind::event, "loan_apply", "申请贷款", "Loan applied for",
     "提交了申请 / The application was sent"},
    {Kind::event, "loan_granted", "贷款获批", "Loan granted",
     "申请已通过 / The application was approved"},
    {Kind::event, "bill_payment", "生活缴费", "Bill paid",
     "缴纳了一笔生活费用 / A utility bill was paid"},
    {Kind::event, "transfer_start", "发起转账", "Transfer started",
     "打开了转账页 / The transfer form was opened"},
    {Kind::event, "transfer_done", "转账成功", "Transfer done",
     "核心系统已记账 / The core booked the transfer"},
    {Kind::event, "article_view", "阅读文章", "Article read",
     "打开了一篇文章 / An article was opened"},
    {Kind::event, "friend_invited", "邀请好友", "Friend invited",
     "分享了邀请链接 / The invitation link was shared"},
    {Kind::event, "help_opened", "打开帮助", "Help opened",
     "在某个功能里打开了帮助 / A help page was opened from a function"},
    {Kind::event, "error_shown", "出现错误", "Error shown",
     "手机银行提示了错误 / The app showed an error"},
    {Kind::event, "account_opened", "开户", "Account opened",
     "客户关系建立 / The customer relationship began"},
    {Kind::event, "salary_received", "工资入账", "Salary received",
     "代发工资已入账 / A payroll credit was booked"},
    {Kind::event, "fee_charged", "收取费用", "Fee charged", "收取了一笔费用 / A fee was booked"},
    {Kind::event, "complaint_filed", "投诉", "Complaint filed",
     "银行收到一件投诉 / A complaint reached the bank"},
    {Kind::event, "large_transfer_out", "大额转出", "Large transfer out",
     "转走了一半以上的资产 / Half or more of the assets left"},
    {Kind::event, "click", "点击", "Click",
     "点击了页面上的元素（抽样客户） / An element of a screen was clicked (a panel of customers)"},
    {Kind::event, "exposure", "资源位曝光", "Slot seen",
     "资源位露出一半以上并超过一秒（抽样客户） / A slot was at least half visible for a second (a "
     "panel of customers)"},
    {Kind::property, "channel", "渠道", "Channel", "在哪里发生 / Where it happened",
     ValueType::string},
    {Kind::property, "platform", "平台", "Platform", "iOS、安卓或网页 / ios, android or web",
     ValueType::string},
    {Kind::property, "app_version", "应用版本", "App version",
     "手机银行的版本 / Version of the app", ValueType::string},
    {Kind::property, "product", "产品", "Product", "产品名称 / Name of the product",
     ValueType::string},
    {Kind::property, "product_type", "产品类型", "Product type",
     "基金、存款或贷款 / fund, deposit or loan", ValueType::string},
    {Kind::property, "amount", "金额", "Amount",
     "以该笔业务的币种计 / Amount in the currency of the event", ValueType::number, "元 / CNY"},
    {Kind::property, "currency", "币种", "Currency", "币种代码（ISO 4217） / ISO 4217",
     ValueType::string},
    {Kind::property, "bill", "账单类型", "Bill", "账单的种类 / Kind of bill", ValueType::string},
    {Kind::property, "title", "标题", "Title", "文章标题 / Title of the article",
     ValueType::string},
    {Kind::property, "page", "页面", "Page", "发生在哪个页面 / Page where it happened",
     ValueType::string},
    {Kind::property, "code", "错误码", "Error code",
     "开发用的错误编号 / Developer code of the error", ValueType::string},
    {Kind::property, "method", "登录方式", "Sign-in method",
     "人脸、指纹或密码 / face, fingerprint or password", ValueType::string},
    {Kind::property, "slot", "资源位", "Slot", "页面上的位置 / Place on the surface",
     ValueType::string},
    {Kind::property, "element", "元素", "Element", "被点击的元素 / What was clicked",
     ValueType::string},
    {Kind::property, "label", "元素名称", "Label", "元素上写的字 / What the element is called",
     ValueType::string},
    {Kind::property, "x", "横向位置", "Place across",
     "元素中心在屏幕宽度中的位置，0 到 1 / Middle of the element as a share of the width",
     ValueType::number},
    {Kind::property, "y", "纵向位置", "Place down",
     "元素中心在页面高度中的位置，0 到 1 / Middle of the element as a share of the height",
     ValueType::number},
    {Kind::property, "link", "链接", "Link", "从哪个链接进来 / By which link the visit came",
     ValueType::string},
    {Kind::property, "is_logged_in", "已登录", "Signed in",
     "访问开始时是否已登录 / Whether the visit began signed in", ValueType::boolean},
    {Kind::property, "to_bank", "收款行", "Receiving bank", "本行或他行 / own or other bank",
     ValueType::string},
    {Kind::property, "fee", "费用名称", "Fee", "费用名称 / Name of the fee", ValueType::string},
    {Kind::property, "topic", "投诉主题", "Topic", "投诉的主题 / Topic of the complaint",
     ValueType::string},
    {Kind::property, "origin", "来源", "Origin", "客户从哪里来 / Where the customer came from",
     ValueType::string},
    {Kind::tag, "gender", "性别", "Gender", "与身份证件一致 / As in the identity document",
     ValueType::string},
    {Kind::tag, "age", "年龄", "Age", "周岁，来自核心系统 / In full years, by the core",
     ValueType::number, "岁 / years"},
    {Kind::tag, "tier", "客户等级", "Tier",
     "普通、金卡（5 万以上）、白金（30 万以上）、钻石（100 万以上） / ordinary, gold (50,000+), "
     "platinum (300,000+), diamond (1,000,000+)",
     ValueType::string},
    {Kind::tag, "aum", "管理资产", "Assets", "客户在本行的资产 / Assets under management",
     ValueType::number, "元 / CNY"},
    {Kind::tag, "org", "所属机构", "Unit",
     "管户网点或客户经理 / The outlet or relationship manager that keeps the customer",
     ValueType::string},
    {Kind::tag, "risk_level", "风险等级", "Risk level",
     "问卷得出，1 谨慎到 5 进取 / 1 cautious to 5 bold, by questionnaire", ValueType::number},
    {Kind::tag, "is_payroll", "代发客户", "Payroll customer",
     "在本行代发工资 / Salary is paid through the bank", ValueType::boolean},
    {Kind::tag, "has_mortgage", "有房贷", "Has a mortgage",
     "有未还清的房贷 / A housing loan is outstanding", ValueType::boolean},
    {Kind::tag, "opened_at", "开户时间", "Customer since",
     "客户关系建立的时间 / When the relationship began", ValueType::time},
    {Kind::tag, "origin", "获客来源", "Origin", "网点或合作方 / branch or partner",
     ValueType::string},
    {Kind::tag, "edition", "版本", "Edition",
     "手机银行标准版或长辈版 / standard or elder edition of the app", ValueType::string},
    {Kind::tag, "autumn_campaign", "秋季理财节分组", "Autumn campaign arm",
     "实验组或对照组 / treated or control", ValueType::string},
};

}  // namespace

std::vector<Definition> definitions() {
    std::vector<Definition> definitions;
    for (const auto& row : rows) {
        Definition definition;
        definition.kind = row.kind;
        definition.name = row.name;
        definition.name_zh = row.zh;
        definition.name_en = row.en;
        definition.meaning = row.meaning;
        definition.type = row.type;
        definition.unit = row.unit;
        definition.owner = "零售金融部";
        definition.source = "demo";
        definition.update_frequency = row.kind == Kind::tag ? "daily" : "realtime";
        definition.status = Status::reviewed;
        if (row.kind == Kind::tag)
            definition.tag_kind = "imported";
        definitions.push_back(std::move(definition));
    }
    return definitions;
}

std::vector<access::Org> offices() {
    std::vector<access::Org> offices;
    const auto add = [&](std::string code, std::string_view name, std::string parent,
                         const char* kind) {
        access::Org office;
        office.code = std::move(code);
        office.name = name;
        office.parent = std::move(parent);
        office.kind = kind;
        offices.push_back(std::move(office));
    };
    add("00", "桥城银行总行", "", "head");
    for (int branch = 0; branch < branch_count; ++branch) {
        add(branch_code(branch), branch_name(branch).zh, "00", "branch");
        for (int outlet = 0; outlet < outlets_per_branch; ++outlet) {
            const auto code = outlet_code(branch, outlet);
            add(code, outlet_name(branch, outlet).zh, branch_code(branch), "outlet");
            for (int manager = 0; manager < managers_per_outlet; ++manager)
                add(manager_code(branch, outlet, manager), manager_name(branch, outlet, manager),
                    code, "manager");
        }
    }
    return offices;
}

}  // namespace qiao::demo
