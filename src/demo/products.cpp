#include "demo/bank.hpp"

namespace qiao::demo {

std::vector<std::string_view> products() {
    return {
        R"({"kind": "app", "name_zh": "手机银行", "name_en": "Mobile banking",
            "uses": [{"event": "app_open"}, {"event": "login"}],
            "transactions": [{"event": "fund_purchase"}, {"event": "deposit_purchase"},
                             {"event": "bill_payment"}, {"event": "transfer_done"}],
            "value": "amount", "effective_transactions": 2, "effective_value": 500})",
        R"({"kind": "product", "name_zh": "基金", "name_en": "Funds",
            "uses": [{"event": "fund_list_view"}, {"event": "fund_detail_view"},
                     {"event": "fund_purchase_start"}],
            "transactions": [{"event": "fund_purchase"}],
            "value": "amount", "effective_value": 1000,
            "steps": [{"event": "fund_list_view"}, {"event": "fund_detail_view"},
                      {"event": "fund_purchase_start"}, {"event": "fund_purchase"}]})",
        R"({"kind": "product", "name_zh": "存款", "name_en": "Deposits",
            "uses": [{"event": "deposit_view"}],
            "transactions": [{"event": "deposit_purchase"}],
            "value": "amount", "effective_value": 5000,
            "steps": [{"event": "app_open"}, {"event": "deposit_view"},
                      {"event": "deposit_purchase"}]})",
        R"({"kind": "product", "name_zh": "快贷", "name_en": "Instant loan",
            "uses": [{"event": "loan_view"}],
            "transactions": [{"event": "loan_apply"}],
            "value": "amount",
            "steps": [{"event": "loan_view"}, {"event": "loan_apply"},
                      {"event": "loan_granted"}]})",
        R"({"kind": "function", "name_zh": "转账", "name_en": "Transfers",
            "uses": [{"event": "transfer_start"}],
            "transactions": [{"event": "transfer_done"}],
            "value": "amount",
            "steps": [{"event": "transfer_start"}, {"event": "transfer_done"}]})",
        R"({"kind": "function", "name_zh": "生活缴费", "name_en": "Bill payment",
            "uses": [{"event": "bill_payment"}],
            "transactions": [{"event": "bill_payment"}], "value": "amount"})",
        R"({"kind": "function", "name_zh": "账户总览", "name_en": "Account overview",
            "uses": [{"event": "balance_view"}]})",
        R"({"kind": "function", "name_zh": "财经文章", "name_en": "Articles",
            "uses": [{"event": "article_view"}]})",
        R"({"kind": "function", "name_zh": "邀请好友", "name_en": "Invite a friend",
            "uses": [{"event": "friend_invited"}]})",
        R"({"kind": "function", "name_zh": "帮助", "name_en": "Help",
            "uses": [{"event": "help_opened"}]})",
    };
}

std::vector<Outlay> outlays() {
    return {
        {"branch", 0, 29, 24'000, "网点海报与开户礼 / Posters and gifts in the outlets"},
        {"branch", 30, 59, 26'000, "网点海报与开户礼 / Posters and gifts in the outlets"},
        {"branch", 60, 119, 52'000, "网点海报与开户礼 / Posters and gifts in the outlets"},
        {"partner_metro", 0, 59, 30'000, "地铁合作推广 / Fee of the metro partner"},
        {"partner_metro", 60, 119, 36'000, "地铁合作推广 / Fee of the metro partner"},
        {"short_video", 75, 95, 8'000, "短视频广告，尚无开户 / Video ads, nobody came yet"},
    };
}

std::vector<std::string_view> stage_models() {
    return {
        R"({"kind": "lifecycle", "name": "AARRR 生命周期 / AARRR life cycle", "stages": [
            {"key": "acquisition", "name": "获客 / Acquisition",
             "rule": {"event": "app_open", "within": "90d"}},
            {"key": "activation", "name": "激活 / Activation",
             "rule": {"event": "login", "within": "30d"}},
            {"key": "retention", "name": "留存 / Retention",
             "rule": {"event": "login", "within": "30d", "measure": "days",
                      "op": "gte", "value": 4}},
            {"key": "revenue", "name": "变现 / Revenue",
             "rule": {"any": [{"event": "fund_purchase", "within": "30d"},
                              {"event": "deposit_purchase", "within": "30d"},
                              {"event": "loan_apply", "within": "30d"}]}},
            {"key": "referral", "name": "推荐 / Referral",
             "rule": {"event": "friend_invited", "within": "60d"}}]})",
        R"({"kind": "tier", "name": "客户等级 / Customer tiers", "stages": [
            {"key": "ordinary", "name": "普通 / Ordinary",
             "rule": {"identity": "user_id", "op": "exists"}},
            {"key": "gold", "name": "金卡 / Gold",
             "rule": {"tag": "aum", "op": "gte", "value": 50000}},
            {"key": "platinum", "name": "白金 / Platinum",
             "rule": {"tag": "aum", "op": "gte", "value": 300000}},
            {"key": "diamond", "name": "钻石 / Diamond",
             "rule": {"tag": "aum", "op": "gte", "value": 1000000}}]})",
    };
}

}  // namespace qiao::demo
