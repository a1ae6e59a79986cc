#include "history/analysis.hpp"

namespace qiao::history {

const std::vector<AnalysisView>& analysis_views() {
    constexpr const char* customer_en = "The customer, as a number: quick to count and to join";
    constexpr const char* customer_zh = "客户的数字编号，适合计数和关联";
    constexpr const char* id_en = "The customer's id, as in the address of the customer's page";
    constexpr const char* id_zh = "客户 ID，与客户页地址中的一致";
    static const std::vector<AnalysisView> made = {
        {"events",
         "Everything that happened, one row each",
         "发生过的每一件事，一行一件",
         {{"customer", "UBIGINT", customer_en, customer_zh},
          {"customer_id", "VARCHAR", id_en, id_zh},
          {"time", "TIMESTAMP", "When, in the bank's time zone", "发生时间（本行时区）"},
          {"time_utc", "TIMESTAMP", "When, in UTC: the quickest for a period over years",
           "发生时间（UTC），按长时段筛选最快"},
          {"received_at", "TIMESTAMP", "When it arrived, in the bank's time zone",
           "到达时间（本行时区）"},
          {"event", "VARCHAR", "The event's name in the dictionary", "事件名，见字典"},
          {"source", "VARCHAR", "Who sent it", "来源"},
          {"properties", "VARCHAR",
           "JSON: properties->>'channel' reads one; personal data is masked",
           "JSON：properties->>'channel' 取一个属性；个人信息已脱敏"}}},
        {"customers",
         "The customers that you may see, as of now",
         "你能看到的客户（当前）",
         {{"customer", "UBIGINT", customer_en, customer_zh},
          {"customer_id", "VARCHAR", id_en, id_zh},
          {"org", "VARCHAR", "The unit that the customer belongs to", "所属机构"}}},
        {"tags",
         "The tags of customers, as of now, one row each",
         "客户的标签（当前），一行一个",
         {{"customer", "UBIGINT", customer_en, customer_zh},
          {"tag", "VARCHAR", "The tag's name in the dictionary", "标签名，见字典"},
          {"value", "VARCHAR", "Its value as text; personal data is masked",
           "取值（文本）；个人信息已脱敏"}}}};
    return made;
}

}  // namespace qiao::history
