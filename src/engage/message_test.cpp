#include "engage/message.hpp"

#include <gtest/gtest.h>

namespace qiao::engage {

namespace {

using action::ChannelKind;

class Words final : public rule::Vocabulary {
public:
    std::optional<ValueType> tag(std::string_view name) const override {
        if (name == "tier")
            return ValueType::string;
        if (name == "id_number")
            return ValueType::sealed;
        return std::nullopt;
    }
    bool has_event(std::string_view) const override { return false; }
    std::optional<ValueType> property(std::string_view, std::string_view) const override {
        return std::nullopt;
    }
    bool has_score(std::string_view) const override { return false; }
    bool has_identity(std::string_view) const override { return false; }
    bool has_consent(std::string_view) const override { return false; }
    std::optional<std::vector<std::string>> org(std::string_view) const override {
        return std::nullopt;
    }
    const rule::Node* audience(std::string_view) const override { return nullptr; }
};

// "pointer reason" of every problem.
std::vector<std::string> problems_of(const MessageDraft& draft,
                                     std::optional<ChannelKind> channel) {
    std::vector<std::string> told;
    for (const auto& problem :
         message_problems(draft, channel, Words(), *Calendar::of_zone("Asia/Shanghai")))
        told.push_back(problem.pointer + " " + problem.reason);
    return told;
}

using Told = std::vector<std::string>;

std::string repeated(std::string_view text, int times) {
    std::string made;
    for (int i = 0; i < times; ++i)
        made += text;
    return made;
}

}  // namespace

TEST(MessageLint, ASoundMessageHasNoProblem) {
    const MessageDraft draft{"", "好消息",
                             "您好 {{ name | default: '客户' }}，{{ tier | default: '普通' }}",
                             "https://bank.cn/a?b=1", "zh"};
    EXPECT_EQ(problems_of(draft, ChannelKind::inbox), Told{});
    EXPECT_EQ(problems_of(draft, std::nullopt), Told{});
}

TEST(MessageLint, WhatAChannelNeedsIsAskedFor) {
    EXPECT_EQ(problems_of({}, ChannelKind::email),
              (Told{"/message/subject message.no_subject", "/message/body message.no_body"}));
    EXPECT_EQ(problems_of({}, ChannelKind::inbox),
              (Told{"/message/title message.no_title", "/message/body message.no_body"}));
    EXPECT_EQ(problems_of({"", "", " \n", "", "zh"}, ChannelKind::sms),
              (Told{"/message/body message.no_body"}));
}

TEST(MessageLint, NamesAreOpenTagsWithADefault) {
    EXPECT_EQ(problems_of({"", "t", "{{ colour | default: 'x' }}", "", "zh"}, ChannelKind::inbox),
              (Told{"/message/body message.unknown_name"}));
    EXPECT_EQ(problems_of({"", "{{ name }}", "b", "", "zh"}, ChannelKind::inbox),
              (Told{"/message/title message.no_default"}));
    EXPECT_EQ(problems_of({"", "t", "{{ id_number | default: '' }}", "", "zh"}, ChannelKind::inbox),
              (Told{"/message/body message.sealed_tag"}));
    EXPECT_EQ(problems_of({"", "t", "{{ tier ", "", "zh"}, ChannelKind::inbox),
              (Told{"/message/body liquid.syntax"}));
    // Texts that the channel does not send are no one's concern.
    EXPECT_EQ(problems_of({"{{ broken", "t", "b", "", "zh"}, ChannelKind::inbox), Told{});
}

TEST(MessageLint, LinksAreWebAddressesForEverybody) {
    for (const auto* link : {"javascript:alert(1)", "ftp://bank.cn", "https://bank.cn/{{ tier }}",
                             "https://bank.cn/a b"})
        EXPECT_EQ(problems_of({"", "t", "b", link, "zh"}, ChannelKind::inbox),
                  (Told{"/message/link message.link"}))
            << link;
}

TEST(MessageLint, AnSmsTakesTenPartsAtMost) {
    EXPECT_EQ(problems_of({"", "", repeated("行", 670), "", "zh"}, ChannelKind::sms), Told{});
    EXPECT_EQ(problems_of({"", "", repeated("行", 671), "", "zh"}, ChannelKind::sms),
              (Told{"/message/body message.too_long"}));
    EXPECT_EQ(problems_of({"", "", repeated("a", 1'530), "", "en"}, ChannelKind::sms), Told{});
    EXPECT_EQ(problems_of({"", "", repeated("a", 1'530), "https://b.cn", "en"}, ChannelKind::sms),
              (Told{"/message/body message.too_long"}));
}

TEST(SmsText, CarriesTheLinkOnce) {
    EXPECT_EQ(sms_text("看 https://b.cn", "https://b.cn"), "看 https://b.cn");
    EXPECT_EQ(sms_text("看", "https://b.cn"), "看 https://b.cn");
    EXPECT_EQ(sms_text("看", ""), "看");
}

TEST(CompiledMessage, RendersSubjectAndBody) {
    const MessageDraft draft{"{{ tier | upcase }}", "标题", "您好 {{ name | default: '客户' }}", "",
                             "zh"};
    const auto calendar = *Calendar::of_zone("Asia/Shanghai");
    customer::Customer customer;
    customer.tags.push_back(
        {"tier", std::string("gold"), {}, "import", nullptr, customer::TagOrigin::set, 0});
    const auto values = message_values(customer, "");
    const auto lookup = [&](std::string_view name) { return find(values, name); };
    const auto mail = CompiledMessage::compile(draft, ChannelKind::email)->render(lookup, calendar);
    ASSERT_TRUE(mail);
    EXPECT_EQ(mail->subject, "GOLD");
    EXPECT_EQ(mail->body, "您好 客户");
    EXPECT_EQ(
        CompiledMessage::compile(draft, ChannelKind::inbox)->render(lookup, calendar)->subject,
        "标题");
}

}  // namespace qiao::engage
