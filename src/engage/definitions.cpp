#include "engage/definitions.hpp"

namespace qiao::engage {

namespace {

using dictionary::Definition;
using dictionary::Kind;

struct Row {
    Kind kind;
    std::string_view name, zh, en, meaning;
};

// The number `version` of audience facts is not among them: customers' events use that name for
// texts such as "2.1.0", and a name has one type in the whole dictionary.
constexpr Row rows[] = {
    {Kind::event, "$campaign_entered", "进入活动", "Campaign entered",
     "The customer fell into an arm of a campaign: treated, control or holdout"},
    {Kind::event, "$message_suppressed", "触达被抑制", "Message suppressed",
     "A planned message was not sent; the reason says why"},
    {Kind::event, "$message_accepted", "消息已受理", "Message accepted",
     "The channel's provider took the message"},
    {Kind::event, "$message_delivered", "消息已送达", "Message delivered",
     "The message reached the customer's device or inbox"},
    {Kind::event, "$message_failed", "消息发送失败", "Message failed",
     "The message definitely did not reach the customer"},
    {Kind::event, "$message_unknown", "消息结果未知", "Message outcome unknown",
     "The message may have been sent; it is never sent again"},
    {Kind::event, "$message_opened", "消息已打开", "Message opened",
     "The customer opened the message"},
    {Kind::event, "$message_clicked", "消息链接已点击", "Message link clicked",
     "The customer followed the link of the message"},
    {Kind::event, "$message_complained", "消息被投诉", "Message complained about",
     "The customer marked the message as unwanted"},
    {Kind::event, "$audience_entered", "进入人群", "Audience entered",
     "The customer became a member of an audience"},
    {Kind::event, "$audience_exited", "离开人群", "Audience left",
     "The customer is no longer a member of an audience"},
    {Kind::property, "campaign", "活动", "Campaign", "Id of the campaign"},
    {Kind::property, "arm", "分组", "Arm", "treated, control or holdout"},
    {Kind::property, "channel", "渠道", "Channel",
     "Where it happened, or which channel a message took"},
    {Kind::property, "reason", "原因", "Reason", "Why it happened, as a stable word"},
    {Kind::property, "send_key", "发送编号", "Send key", "Names one message for its whole life"},
    {Kind::property, "goal_event", "目标事件", "Goal event",
     "The event that counts as success of the campaign"},
    {Kind::property, "provider", "服务商", "Provider",
     "Id of the channel whose provider took the message"},
    {Kind::property, "audience", "人群", "Audience", "Id of the audience"},
    {Kind::property, "audience_name", "人群名称", "Audience name",
     "Name of the audience at that time"},
};

}  // namespace

std::vector<Definition> own_definitions() {
    std::vector<Definition> definitions;
    for (const auto& row : rows) {
        Definition definition;
        definition.kind = row.kind;
        definition.name = row.name;
        definition.name_zh = row.zh;
        definition.name_en = row.en;
        definition.meaning = row.meaning;
        definition.source = "qiao";
        definition.owner = "Qiao";
        definition.update_frequency = "realtime";
        definition.status = dictionary::Status::reviewed;
        if (row.kind == Kind::property)
            definition.type = ValueType::string;
        definitions.push_back(std::move(definition));
    }
    return definitions;
}

}  // namespace qiao::engage
