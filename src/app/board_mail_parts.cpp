// How boards find people and leave by e-mail.
#include "app/server.hpp"

namespace qiao::app {
namespace {

constexpr Duration patience = std::chrono::seconds(60);

action::Outgoing outgoing_of(const insight::ComposedMail& mail) {
    action::Outgoing made;
    made.send_key = mail.key;
    made.destination = mail.to;
    made.subject = mail.subject;
    made.body = mail.text;
    made.html = mail.html;
    for (const auto& file : mail.files)
        made.attachments.push_back({file.name, "text/csv; charset=utf-8", file.bytes});
    return made;
}

Result<void> deliver(channel::Channels& channels, const insight::ComposedMail& mail) {
    const auto channel = channels.choose(action::ChannelKind::email, {});
    if (!channel)
        return fail(ErrorCode::unavailable, "board_mail.no_channel",
                    "There is no single active e-mail channel; an administrator sets one up under "
                    "Settings, Channels.");
    const auto ready = channels.open(channel->id);
    if (!ready)
        return fail(ready.error());
    const auto sent = ready->provider->submit(outgoing_of(mail), patience);
    if (sent.outcome == action::Outcome::accepted || sent.outcome == action::Outcome::delivered)
        return {};
    return fail(ErrorCode::unavailable, "board_mail.refused",
                "The mail server did not take the message (" + sent.reason + ").");
}

}  // namespace

insight::TableSources Server::table_sources() const {
    return {asking,    insight_metrics,   products, stage_models,
            audiences, acquisition_steps, spending, campaign_returns};
}

insight::BoardMails::Parts Server::board_mail_parts() {
    insight::BoardMails::Parts parts{
        *stores.database, boards, table_sources(), audit, clock, {}, {}, {}, {}, {}};
    parts.principal = [this](std::string_view id) -> std::optional<access::Principal> {
        auto known = access.principal(id);
        return known ? std::optional(std::move(*known)) : std::nullopt;
    };
    parts.person = [this](std::string_view id) -> std::optional<access::Person> {
        auto person = access.person(access::system_principal(), id);
        return person ? std::optional(std::move(*person)) : std::nullopt;
    };
    parts.person_at = [this](std::string_view address) -> std::optional<access::Person> {
        for (auto& person : access.colleagues())
            if (access::address_of(person) == address)
                return std::move(person);
        return std::nullopt;
    };
    parts.public_address = [this] { return public_address(); };
    parts.deliver = [this](const insight::ComposedMail& mail) { return deliver(channels, mail); };
    return parts;
}

}  // namespace qiao::app
