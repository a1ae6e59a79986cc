#include "dictionary/reserved_tag.hpp"

namespace qiao::dictionary {

Definition fixed_audiences_definition() {
    Definition definition;
    definition.kind = Kind::tag;
    definition.name = fixed_audiences_tag;
    definition.name_zh = "固定人群";
    definition.name_en = "Fixed audiences";
    definition.meaning =
        "客户被存进了哪些固定人群，只由系统写入 / The fixed audiences that the customer was kept "
        "in; only Qiao sets it";
    definition.source = "qiao";
    definition.owner = "Qiao";
    definition.update_frequency = "realtime";
    definition.type = ValueType::string_set;
    definition.status = Status::reviewed;
    definition.tag_kind = "system";
    return definition;
}

}  // namespace qiao::dictionary
