#include "channel/notice_mail.hpp"

#include <boost/json.hpp>

#include "base/decimal.hpp"
#include "runtime/log.hpp"

namespace qiao::channel {
namespace {

namespace json = boost::json;
using work::Notices;

constexpr std::size_t most_at_once = 50;
constexpr Duration deadline = std::chrono::seconds(20);

struct Words {
    const char *greeting, *at, *value, *low, *high, *look, *subject;
};
constexpr Words zh = {"您关注的指标出现异常：", "周期：",    "数值：", "下限：", "上限：",
                      "到企桥中查看：",         "指标预警："};
constexpr Words en = {"A metric that you are told about is out of line: ",
                      "Period: ",
                      "Value: ",
                      "Lower bound: ",
                      "Upper bound: ",
                      "See it in Qiao: ",
                      "Alert: "};

std::string shown(const json::value& value) {
    if (value.is_double())
        if (const auto number = Decimal::from_double(value.get_double()))
            return number->text();
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

}  // namespace

MailText mail_of(const work::Notice& notice, std::string_view language, std::string_view address) {
    const auto& words = language == "en" ? en : zh;
    MailText made{words.subject + notice.title, words.greeting + notice.title + "\n"};
    const auto figures = json::parse(notice.figures);
    const std::pair<const char*, const char*> lines[] = {
        {"at", words.at}, {"value", words.value}, {"low", words.low}, {"high", words.high}};
    for (const auto& [name, word] : lines)
        if (const auto* figure = figures.as_object().if_contains(name);
            figure && !figure->is_null())
            made.body += word + shown(*figure) + "\n";
    if (!notice.link.empty())
        made.body += "\n" + std::string(words.look) + std::string(address) + notice.link + "\n";
    return made;
}

void NoticeMail::run() {
    for (std::size_t sent = 0; sent < most_at_once; ++sent) {
        const auto notice = parts_.notices.take_unmailed();
        if (!notice)
            return;
        const auto channel = parts_.channels.choose(action::ChannelKind::email, {});
        auto how = Notices::Mailed::failed;  // it may have left
        try {
            how = channel ? send(*notice, channel->id) : Notices::Mailed::none;
        } catch (const std::exception& fault) {
            log::error(std::string("channel: a notice's mail broke off: ") + fault.what());
        }
        parts_.notices.settle_mail(notice->id, how);
        if (how == Notices::Mailed::again)
            return;  // the mail server is away; the others wait for the next turn
    }
}

Notices::Mailed NoticeMail::send(const work::Notice& notice, const std::string& channel) {
    const auto person = parts_.person(notice.person);
    const auto to = person ? access::address_of(*person) : std::string();
    if (to.empty())
        return Notices::Mailed::none;
    const auto ready = parts_.channels.open(channel);
    if (!ready)
        return Notices::Mailed::again;
    const auto reader = parts_.principal(notice.person);
    if (!reader)
        return Notices::Mailed::none;
    auto [subject, body] =
        mail_of(parts_.notices.shown(notice, *reader), person->language, parts_.address());
    action::Outgoing message;
    message.send_key = notice.id;
    message.destination = to;
    message.subject = std::move(subject);
    message.body = std::move(body);
    const auto submitted = ready->provider->submit(message, deadline);
    using enum action::Outcome;
    if (submitted.outcome == accepted || submitted.outcome == delivered)
        return Notices::Mailed::sent;
    log::warn("channel: the notice " + notice.id + " did not leave: " + submitted.reason);
    return submitted.outcome == not_sent ? Notices::Mailed::again : Notices::Mailed::failed;
}

}  // namespace qiao::channel
