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

Board board(std::string name, std::string_view tiles) {
    Board made;
    made.name = std::move(name);
    made.tiles = tiles;
    return made;
}

}  // namespace

std::vector<Board> ready_made_boards() {
    return {board("活跃客户 / Active customers", active_board),
            board("新客与渠道 / Growth and channels", growth_board)};
}

}  // namespace qiao::insight
