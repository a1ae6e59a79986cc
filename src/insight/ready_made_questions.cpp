#include <boost/json.hpp>

#include "base/check.hpp"
#include "insight/kinds.hpp"
#include "insight/ready_made.hpp"

namespace qiao::insight {
namespace {

namespace json = boost::json;

// By kind, the ones that a bank asks first at the top. Each is asked only where the dictionary has
// its events; the demo bank answers all (src/app/ready_made_test.cpp).
constexpr std::string_view questions = R"json([
{"id":"fund_funnel","title":"Where do people who look at funds leave?",
 "title_zh":"看基金的人，在哪一步走掉？","question":{"kind":"funnel",
 "funnel":{"steps":[{"event":"fund_list_view"},{"event":"fund_detail_view"},
 {"event":"fund_purchase_start"},{"event":"fund_purchase"}],"window":"1d","within":"30d"}}},
{"id":"fund_by_platform","title":"How far apart are the platforms in fund purchases?",
 "title_zh":"申购成功率，各平台差多少？","question":{"kind":"funnel",
 "funnel":{"steps":[{"event":"fund_list_view"},{"event":"fund_detail_view"},
 {"event":"fund_purchase_start"},{"event":"fund_purchase"}],"window":"1d","within":"90d",
 "by":["platform"],"per":"week"}}},
{"id":"transfer_funnel","title":"How many started transfers are done? In the elder edition?",
 "title_zh":"发起转账的人，有多少转成？长辈版呢？","question":{"kind":"funnel",
 "funnel":{"steps":[{"event":"transfer_start"},{"event":"transfer_done"}],"window":"30m",
 "within":"30d","by":["tag:edition"]}}},
{"id":"loan_funnel","title":"Of those who look at loans, how many apply and get one?",
 "title_zh":"看贷款的人，多少申请、多少获批？","question":{"kind":"funnel",
 "funnel":{"steps":[{"event":"loan_view"},{"event":"loan_apply"},{"event":"loan_granted"}],
 "window":"1d","within":"30d"}}},
{"id":"new_retention","title":"Do new customers still come weeks later?",
 "title_zh":"新客户，几周之后还来吗？","question":{"kind":"retention",
 "retention":{"first":{"event":"$new_customer"},"then":{"event":"$any"},"unit":"week",
 "periods":10,"within":"90d"}}},
{"id":"partner_retention","title":"Do customers from partners stay?","title_zh":"合作渠道来的新客，留得住吗？",
 "question":{"kind":"retention","retention":{"first":{"event":"$new_customer"},
 "then":{"event":"$any"},"unit":"week","periods":10,"within":"90d","by":["tag:origin"]}}},
{"id":"fund_retention","title":"Do buyers of funds buy again?","title_zh":"买过基金的人，还会再买吗？",
 "question":{"kind":"retention","retention":{"first":{"event":"fund_purchase"},
 "then":{"event":"fund_purchase"},"unit":"week","periods":8,"within":"90d"}}},
{"id":"daily_active","title":"How many come each day, against the period before?",
 "title_zh":"每天有多少客户来？比上一期呢？","question":{"kind":"metric","metric":{"event":"$any",
 "measure":"unique","per":"day","within":"30d","compare":true}}},
{"id":"new_per_week","title":"How many new customers each week?","title_zh":"每周新来多少客户？",
 "question":{"kind":"metric","metric":{"event":"$new_customer","measure":"unique","per":"week",
 "within":"90d"}}},
{"id":"errors_by_code","title":"Which error grew?","title_zh":"哪种错误变多了？",
 "question":{"kind":"metric","metric":{"event":"error_shown","measure":"count","per":"day",
 "within":"90d","by":["code"]}}},
{"id":"bills_by_kind","title":"How does the money of each kind of bill move?",
 "title_zh":"各类缴费金额怎么走？","question":{"kind":"metric","metric":{"event":"bill_payment",
 "measure":"sum:amount","per":"week","within":"90d","by":["bill"]}}},
{"id":"after_login","title":"What do people do after they sign in?","title_zh":"登录之后，大家去做什么？",
 "question":{"kind":"paths","paths":{"start":{"event":"login"},"gap":"30m","steps":4,
 "within":"7d"}}},
{"id":"before_purchase","title":"What did people do before they bought a fund?",
 "title_zh":"买基金之前，大家做了什么？","question":{"kind":"paths","paths":{"end":{"event":"fund_purchase"},
 "gap":"30m","steps":4,"within":"30d"}}},
{"id":"after_error","title":"Where do people go after an error?","title_zh":"遇到错误之后，客户去了哪里？",
 "question":{"kind":"paths","paths":{"start":{"event":"error_shown"},"gap":"30m","steps":3,
 "within":"90d"}}},
{"id":"active_stages","title":"Are customers growing or falling silent?",
 "title_zh":"客户是在变多，还是在沉默？","question":{"kind":"lifecycle","lifecycle":{"event":"$any",
 "unit":"week","within":"90d"}}},
{"id":"bill_stages","title":"Are those who pay bills new or old?","title_zh":"缴费的客户，是新来的还是老的？",
 "question":{"kind":"lifecycle","lifecycle":{"event":"bill_payment","unit":"week",
 "within":"90d"}}},
{"id":"visits_each","title":"How many visits a month?","title_zh":"一个月来几次？",
 "question":{"kind":"distribution","distribution":{"event":"app_open","measure":"count",
 "within":"30d","buckets":[1,2,3,5,10,20,40]}}},
{"id":"busy_hours","title":"Which hour is the busiest?","title_zh":"几点最忙？",
 "question":{"kind":"distribution","distribution":{"event":"app_open","measure":"hour",
 "within":"30d"}}},
{"id":"fund_amounts","title":"How much does a customer buy?","title_zh":"一位客户买多少基金？",
 "question":{"kind":"distribution","distribution":{"event":"fund_purchase",
 "measure":"sum:amount","within":"90d","buckets":[0,1000,5000,10000,50000,100000,500000]}}},
{"id":"time_to_purchase","title":"How long from looking to buying?","title_zh":"从看到买，要想多久？",
 "question":{"kind":"interval","interval":{"first":{"event":"fund_detail_view"},
 "then":{"event":"fund_purchase"},"window":"7d","within":"30d"}}},
{"id":"between_visits","title":"How long until the next visit?","title_zh":"隔多久再来一次？",
 "question":{"kind":"interval","interval":{"first":{"event":"app_close"},
 "then":{"event":"app_open"},"window":"30d","within":"90d"}}},
{"id":"fund_touches","title":"What earns the sale of a fund?","title_zh":"基金成交，是谁的功劳？",
 "question":{"kind":"attribution","attribution":{"goal":{"event":"fund_purchase",
 "value":"amount"},"touches":[{"event":"product_banner_view"},{"event":"article_view"},
 {"event":"deposit_view"},{"event":"balance_view"}],"by":"$event","window":"7d","model":"last",
 "within":"30d"}}},
{"id":"deposit_channels","title":"Which channel earns the deposit?","title_zh":"存款成交，归功于哪个渠道？",
 "question":{"kind":"attribution","attribution":{"goal":{"event":"deposit_purchase",
 "value":"amount"},"touches":[{"event":"app_open"}],"by":"channel","window":"30d",
 "model":"linear","within":"90d"}}}
])json";

std::vector<ReadyMadeQuestion> read() {
    std::vector<ReadyMadeQuestion> made;
    const auto list = json::parse(json::string_view(questions));
    for (const auto& value : list.as_array()) {
        const auto& one = value.as_object();
        const auto text = [&](const char* name) { return std::string(one.at(name).as_string()); };
        const auto& question = one.at("question").as_object();
        const std::string kind(question.at("kind").as_string());
        const auto fine = parse_question(kind, question.at(kind), "");
        check(fine.has_value());
        made.push_back({text("id"), text("title"), text("title_zh"), kind,
                        json::serialize(question.at(kind))});
    }
    return made;
}

}  // namespace

const std::vector<ReadyMadeQuestion>& ready_made_questions() {
    static const auto made = read();
    return made;
}

}  // namespace qiao::insight
