#include "insight/ready_made.hpp"

namespace qiao::insight {
namespace {

constexpr std::string_view active_board = R"([
 {"id":"mau","title":"Monthly active customers","title_zh":"月活跃客户 MAU","chart":"number",
  "x":0,"y":0,"w":3,"h":2,"question":{"kind":"metric","metric":
   {"event":"$any","measure":"unique","per":"total","within":"30d","compare":true}}},
 {"id":"dau","title":"Active customers today","title_zh":"今日活跃客户 DAU","chart":"number",
  "x":3,"y":0,"w":3,"h":2,"question":{"kind":"metric","metric":
   {"event":"$any","measure":"unique","per":"total","within":"1d","compare":true}}},
 {"id":"new","title":"New customers in 30 days","title_zh":"30 天新客户","chart":"number",
  "x":6,"y":0,"w":3,"h":2,"question":{"kind":"metric","metric":
   {"event":"$new_customer","measure":"unique","per":"total","within":"30d","compare":true}}},
 {"id":"events","title":"Events per active customer","title_zh":"人均行为次数","chart":"number",
  "x":9,"y":0,"w":3,"h":2,"question":{"kind":"metric","metric":
   {"event":"$any","measure":"per_person","per":"total","within":"30d","compare":true}}},
 {"id":"dau_days","title":"Active customers by day","title_zh":"每日活跃客户","chart":"line",
  "x":0,"y":2,"w":8,"h":4,"question":{"kind":"metric","metric":
   {"event":"$any","measure":"unique","per":"day","within":"30d"}}},
 {"id":"mau_months","title":"Active customers by month","title_zh":"每月活跃客户","chart":"bar",
  "x":8,"y":2,"w":4,"h":4,"question":{"kind":"metric","metric":
   {"event":"$any","measure":"unique","per":"month","within":"90d"}}}
])";

constexpr std::string_view growth_board = R"([
 {"id":"new_days","title":"New customers by day","title_zh":"每日新客户","chart":"line",
  "x":0,"y":0,"w":6,"h":4,"question":{"kind":"metric","metric":
   {"event":"$new_customer","measure":"unique","per":"day","within":"30d"}}},
 {"id":"channels","title":"Active customers by channel","title_zh":"各渠道活跃客户","chart":"bar",
  "x":6,"y":0,"w":6,"h":4,"question":{"kind":"metric","metric":
   {"event":"$any","measure":"unique","per":"total","by":["channel"],"within":"30d"}}},
 {"id":"top_events","title":"Top events","title_zh":"热门行为","chart":"table",
  "x":0,"y":4,"w":6,"h":5,"question":{"kind":"metric","metric":
   {"event":"$any","measure":"count","per":"total","by":["$event"],"within":"30d"}}},
 {"id":"channel_days","title":"Active customers by channel and day","title_zh":"渠道活跃趋势",
  "chart":"line","x":6,"y":4,"w":6,"h":5,"question":{"kind":"metric","metric":
   {"event":"$any","measure":"unique","per":"day","by":["channel"],"within":"30d"}}}
])";

constexpr std::string_view rhythm_board = R"([
 {"id":"stay","title":"New customers who still come, by week","title_zh":"新客户逐周留存",
  "chart":"auto","refresh":"1d","x":0,"y":0,"w":6,"h":4,"question":{"kind":"retention",
  "retention":{"first":{"event":"$new_customer"},"then":{"event":"$any"},"unit":"week",
  "periods":8,"within":"90d"}}},
 {"id":"stages","title":"New, returning and silent customers","title_zh":"新增、回流与沉默客户",
  "chart":"auto","refresh":"1h","x":6,"y":0,"w":6,"h":4,"question":{"kind":"lifecycle",
  "lifecycle":{"event":"$any","unit":"week","within":"90d"}}},
 {"id":"days","title":"Days a month with a visit","title_zh":"每月来几天","chart":"auto",
  "refresh":"1h","x":0,"y":4,"w":6,"h":4,"question":{"kind":"distribution",
  "distribution":{"event":"$any","measure":"days","within":"30d","buckets":[1,2,3,5,10,20]}}},
 {"id":"hours","title":"Busiest hours","title_zh":"最忙的时段","chart":"auto","refresh":"1h","x":6,
  "y":4,"w":6,"h":4,"question":{"kind":"distribution","distribution":{"event":"$any",
  "measure":"hour","within":"30d"}}}
])";

// A message books its cost with the first of these three facts.
constexpr std::string_view cost_board = R"([
 {"id":"cost","title":"Cost of messages in 30 days","title_zh":"30 天消息费用","chart":"number",
  "x":0,"y":0,"w":4,"h":2,"question":{"kind":"metric","metric":{"parts":[
   {"event":"$message_accepted","measure":"sum:cost"},
   {"event":"$message_delivered","measure":"sum:cost"},
   {"event":"$message_unknown","measure":"sum:cost"}],
   "formula":"A + B + C","per":"total","within":"30d","compare":true}}},
 {"id":"each","title":"Cost per customer reached","title_zh":"每位送达客户的费用","chart":"number",
  "x":4,"y":0,"w":4,"h":2,"question":{"kind":"metric","metric":{"parts":[
   {"event":"$message_accepted","measure":"sum:cost"},
   {"event":"$message_delivered","measure":"sum:cost"},
   {"event":"$message_unknown","measure":"sum:cost"},
   {"event":"$message_delivered","measure":"unique"}],
   "formula":"(A + B + C) / D","per":"total","within":"30d","compare":true}}},
 {"id":"reached","title":"Customers reached in 30 days","title_zh":"30 天送达客户",
  "chart":"number","x":8,"y":0,"w":4,"h":2,"question":{"kind":"metric","metric":
   {"event":"$message_delivered","measure":"unique","per":"total","within":"30d",
    "compare":true}}},
 {"id":"days","title":"Cost by channel and day","title_zh":"各渠道每日费用","chart":"line",
  "x":0,"y":2,"w":12,"h":4,"question":{"kind":"metric","metric":{"parts":[
   {"event":"$message_accepted","measure":"sum:cost"},
   {"event":"$message_delivered","measure":"sum:cost"},
   {"event":"$message_unknown","measure":"sum:cost"}],
   "formula":"A + B + C","per":"day","by":["channel"],"within":"30d"}}}
])";

constexpr std::string_view won_board = R"([
 {"id":"chain","title":"From visitor to loyal customer, and what each step cost",
  "title_zh":"从访客到忠诚客户，每一步花了多少","chart":"auto","refresh":"1h","x":0,"y":0,"w":12,"h":7,
  "question":{"kind":"acquisition","acquisition":{"by":["tag:origin"],"within":"90d"}}},
 {"id":"campaigns","title":"Campaigns: cost per acquired, activated and incremental customer",
  "title_zh":"活动：每位获客、激活与增量客户的费用","chart":"auto","refresh":"1h","x":0,"y":7,"w":12,"h":6,
  "question":{"kind":"returns","returns":{"within":"90d"}}}
])";

constexpr std::string_view fund_board = R"([
 {"id":"funnel","title":"From the fund list to the purchase","title_zh":"从基金列表到申购",
  "chart":"auto","x":0,"y":0,"w":6,"h":5,"question":{"kind":"funnel",
  "funnel":{"steps":[{"event":"fund_list_view"},{"event":"fund_detail_view"},
  {"event":"fund_purchase_start"},{"event":"fund_purchase"}],"window":"1d","within":"30d"}}},
 {"id":"touches","title":"What earns the sale","title_zh":"成交归因","chart":"auto","x":6,"y":0,
  "w":6,"h":5,"question":{"kind":"attribution","attribution":{"goal":{"event":"fund_purchase",
  "value":"amount"},"touches":[{"event":"product_banner_view"},{"event":"article_view"},
  {"event":"deposit_view"},{"event":"balance_view"}],"by":"$event","window":"7d","model":"last",
  "within":"30d"}}},
 {"id":"ways","title":"Before a purchase","title_zh":"申购之前","chart":"auto","refresh":"1h","x":0,
  "y":5,"w":7,"h":5,"question":{"kind":"paths","paths":{"end":{"event":"fund_purchase"},
  "gap":"30m","steps":3,"within":"30d"}}},
 {"id":"wait","title":"From looking to buying","title_zh":"从看到买","chart":"auto","refresh":"1h",
  "x":7,"y":5,"w":5,"h":5,"question":{"kind":"interval",
  "interval":{"first":{"event":"fund_detail_view"},"then":{"event":"fund_purchase"},
  "window":"7d","within":"30d"}}}
])";

Board board(std::string name, std::string_view tiles) {
    Board made;
    made.name = std::move(name);
    made.tiles = tiles;
    return made;
}

}  // namespace

std::vector<ReadyMadeLot> ready_made_lots() {
    return {{"ready-made boards 1",
             {board("活跃客户 / Active customers", active_board),
              board("新客与渠道 / Growth and channels", growth_board)}},
            {"ready-made boards 2", {board("留存与节奏 / Staying and rhythm", rhythm_board)}},
            {"ready-made boards 3", {board("触达费用 / Cost of contacts", cost_board)}},
            {"ready-made boards 4",
             {board("获客与活动成本 / Cost of customers and campaigns", won_board)}},
            {"demo boards 1", {board("基金经营 / Fund sales", fund_board)}, true}};
}

}  // namespace qiao::insight
