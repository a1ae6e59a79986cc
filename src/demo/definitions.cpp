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
    {Kind::event, "app_open", "打开手机银行", "App opened", "A visit begins on any end"},
    {Kind::event, "app_close", "离开手机银行", "App left", "A visit ends"},
    {Kind::event, "login", "登录", "Signed in", "The customer proved who it is"},
    {Kind::event, "product_banner_view", "浏览产品横幅", "Banner seen",
     "A banner was at least half visible for a second"},
    {Kind::event, "balance_view", "查看余额", "Balance viewed", "The account overview was opened"},
    {Kind::event, "fund_list_view", "浏览基金列表", "Fund list viewed",
     "The shelf of funds was opened"},
    {Kind::event, "fund_detail_view", "浏览基金详情", "Fund viewed",
     "The page of one fund was opened"},
    {Kind::event, "fund_purchase_start", "发起基金申购", "Fund purchase started",
     "An amount was entered"},
    {Kind::event, "fund_purchase", "基金申购成功", "Fund purchased",
     "The order was accepted by the core"},
    {Kind::event, "deposit_view", "浏览存款产品", "Deposit viewed",
     "The page of a deposit product was opened"},
    {Kind::event, "deposit_purchase", "存款购买成功", "Deposit purchased",
     "The order was accepted by the core"},
    {Kind::event, "loan_view", "浏览贷款", "Loan viewed",
     "The page of the instant loan was opened"},
    {Kind::event, "loan_apply", "申请贷款", "Loan applied for", "The application was sent"},
    {Kind::event, "loan_granted", "贷款获批", "Loan granted", "The application was approved"},
    {Kind::event, "bill_payment", "生活缴费", "Bill paid", "A utility bill was paid"},
    {Kind::event, "transfer_start", "发起转账", "Transfer started", "The transfer form was opened"},
    {Kind::event, "transfer_done", "转账成功", "Transfer done", "The core booked the transfer"},
    {Kind::event, "article_view", "阅读文章", "Article read", "An article was opened"},
    {Kind::event, "help_opened", "打开帮助", "Help opened",
     "A help page was opened from a function"},
    {Kind::event, "error_shown", "出现错误", "Error shown", "The app showed an error"},
    {Kind::event, "account_opened", "开户", "Account opened", "The customer relationship began"},
    {Kind::event, "salary_received", "工资入账", "Salary received", "A payroll credit was booked"},
    {Kind::event, "fee_charged", "收取费用", "Fee charged", "A fee was booked"},
    {Kind::event, "complaint_filed", "投诉", "Complaint filed", "A complaint reached the bank"},
    {Kind::event, "large_transfer_out", "大额转出", "Large transfer out",
     "Half or more of the assets left"},
    {Kind::property, "channel", "渠道", "Channel", "Where it happened", ValueType::string},
    {Kind::property, "platform", "平台", "Platform", "ios, android or web", ValueType::string},
    {Kind::property, "app_version", "应用版本", "App version", "Version of the app",
     ValueType::string},
    {Kind::property, "product", "产品", "Product", "Name of the product", ValueType::string},
    {Kind::property, "product_type", "产品类型", "Product type", "fund, deposit or loan",
     ValueType::string},
    {Kind::property, "amount", "金额", "Amount", "Amount in the currency of the event",
     ValueType::number, "CNY"},
    {Kind::property, "currency", "币种", "Currency", "ISO 4217", ValueType::string},
    {Kind::property, "bill", "账单类型", "Bill", "Kind of bill", ValueType::string},
    {Kind::property, "title", "标题", "Title", "Title of the article", ValueType::string},
    {Kind::property, "page", "页面", "Page", "Page where it happened", ValueType::string},
    {Kind::property, "code", "错误码", "Error code", "Developer code of the error",
     ValueType::string},
    {Kind::property, "method", "登录方式", "Sign-in method", "face, fingerprint or password",
     ValueType::string},
    {Kind::property, "slot", "资源位", "Slot", "Place on the surface", ValueType::string},
    {Kind::property, "is_logged_in", "已登录", "Signed in", "Whether the visit began signed in",
     ValueType::boolean},
    {Kind::property, "to_bank", "收款行", "Receiving bank", "own or other bank", ValueType::string},
    {Kind::property, "fee", "费用名称", "Fee", "Name of the fee", ValueType::string},
    {Kind::property, "topic", "投诉主题", "Topic", "Topic of the complaint", ValueType::string},
    {Kind::property, "origin", "来源", "Origin", "Where the customer came from", ValueType::string},
    {Kind::tag, "gender", "性别", "Gender", "As in the identity document", ValueType::string},
    {Kind::tag, "age", "年龄", "Age", "In full years, by the core", ValueType::number, "years"},
    {Kind::tag, "tier", "客户等级", "Tier",
     "ordinary, gold (50,000+), platinum (300,000+), diamond (1,000,000+)", ValueType::string},
    {Kind::tag, "aum", "管理资产", "Assets", "Assets under management", ValueType::number, "CNY"},
    {Kind::tag, "org", "所属机构", "Unit", "The outlet that keeps the customer", ValueType::string},
    {Kind::tag, "risk_level", "风险等级", "Risk level", "1 cautious to 5 bold, by questionnaire",
     ValueType::number},
    {Kind::tag, "is_payroll", "代发客户", "Payroll customer", "Salary is paid through the bank",
     ValueType::boolean},
    {Kind::tag, "has_mortgage", "有房贷", "Has a mortgage", "A housing loan is outstanding",
     ValueType::boolean},
    {Kind::tag, "opened_at", "开户时间", "Customer since", "When the relationship began",
     ValueType::time},
    {Kind::tag, "origin", "获客来源", "Origin", "branch or partner", ValueType::string},
    {Kind::tag, "edition", "版本", "Edition", "standard or elder edition of the app",
     ValueType::string},
    {Kind::tag, "autumn_campaign", "秋季理财节分组", "Autumn campaign arm",
     "treated or control; see docs/demo-bank.md", ValueType::string},
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
        for (int outlet = 0; outlet < outlets_per_branch; ++outlet)
            add(outlet_code(branch, outlet), outlet_name(branch, outlet).zh, branch_code(branch),
                "outlet");
    }
    return offices;
}

}  // namespace qiao::demo
