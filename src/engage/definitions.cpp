#include "engage/definitions.hpp"

namespace qiao::engage {

namespace {

using dictionary::Definition;
using dictionary::Kind;

struct Row {
    Kind kind;
    std::string_view name, zh, en, meaning;
    ValueType type = ValueType::string;  // of a property
    std::string_view unit = {};
};

// The number `version` of audience facts is not among them: customers' events use that name for
// texts such as "2.1.0", and a name has one type in the whole dictionary.
constexpr Row rows[] = {
    {Kind::event, "$campaign_entered", "进入活动", "Campaign entered",
     "客户被分到活动的一组：实验、对照或留出 / The customer fell into an arm of a campaign: "
     "treated, control or holdout"},
    {Kind::event, "$message_suppressed", "触达被抑制", "Message suppressed",
     "计划的消息没有发送，原因见属性 / A planned message was not sent; the reason says why"},
    {Kind::event, "$message_accepted", "消息已受理", "Message accepted",
     "渠道的服务商已接收消息 / The channel's provider took the message"},
    {Kind::event, "$message_delivered", "消息已送达", "Message delivered",
     "消息到达客户的设备或收件箱 / The message reached the customer's device or inbox"},
    {Kind::event, "$message_failed", "消息发送失败", "Message failed",
     "消息确定没有送达 / The message definitely did not reach the customer"},
    {Kind::event, "$message_unknown", "消息结果未知", "Message outcome unknown",
     "消息可能已发出，不会重发 / The message may have been sent; it is never sent again"},
    {Kind::event, "$message_opened", "消息已打开", "Message opened",
     "客户打开了消息 / The customer opened the message"},
    {Kind::event, "$message_clicked", "消息链接已点击", "Message link clicked",
     "客户点开了消息里的链接 / The customer followed the link of the message"},
    {Kind::event, "$message_complained", "消息被投诉", "Message complained about",
     "客户投诉了这条消息 / The customer marked the message as unwanted"},
    {Kind::event, "$audience_entered", "进入人群", "Audience entered",
     "客户进入了一个人群 / The customer became a member of an audience"},
    {Kind::event, "$audience_exited", "离开人群", "Audience left",
     "客户离开了一个人群 / The customer is no longer a member of an audience"},
    {Kind::event, "$stage_entered", "进入阶段", "Stage entered",
     "客户进入了阶段模型的一个阶段或等级 / The customer came into a stage or tier of a model"},
    {Kind::event, "$stage_exited", "离开阶段", "Stage left",
     "客户离开了阶段模型的一个阶段或等级 / The customer left a stage or tier of a model"},
    {Kind::property, "campaign", "活动", "Campaign", "活动的编号 / Id of the campaign"},
    {Kind::property, "arm", "分组", "Arm", "实验、对照或留出 / treated, control or holdout"},
    {Kind::property, "was_customer", "当时是否客户", "Customer at that moment",
     "进入活动时，按获客步骤是不是客户 / Whether the person was a customer when entering the "
     "campaign, by the steps of acquisition",
     ValueType::boolean},
    {Kind::property, "channel", "渠道", "Channel",
     "在哪里发生，或消息走了哪个渠道 / Where it happened, or which channel a message took"},
    {Kind::property, "reason", "原因", "Reason",
     "为什么，用固定的词 / Why it happened, as a stable word"},
    {Kind::property, "send_key", "发送编号", "Send key",
     "一条消息的编号 / Names one message for its whole life"},
    {Kind::property, "goal_event", "目标事件", "Goal event",
     "算作活动成功的行为 / The event that counts as success of the campaign"},
    {Kind::property, "provider", "服务商", "Provider",
     "接收消息的渠道编号 / Id of the channel whose provider took the message"},
    {Kind::property, "cost", "费用", "Cost",
     "发出这条消息的费用（元），按当时的价目 / What the message cost in CNY, by the price list of "
     "that "
     "moment",
     ValueType::number, "元 / CNY"},
    {Kind::property, "audience", "人群", "Audience", "人群的编号 / Id of the audience"},
    {Kind::property, "model", "阶段模型", "Stage model", "阶段模型的编号 / Id of the stage model"},
    {Kind::property, "stage", "阶段", "Stage", "阶段的代码 / Key of the stage"},
    {Kind::property, "stage_name", "阶段名称", "Stage name",
     "当时的阶段名称 / Name of the stage at that time"},
    {Kind::property, "audience_name", "人群名称", "Audience name",
     "当时的人群名称 / Name of the audience at that time"},
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
            definition.type = row.type;
        definition.unit = row.unit;
        definitions.push_back(std::move(definition));
    }
    return definitions;
}

}  // namespace qiao::engage
