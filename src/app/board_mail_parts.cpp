// How boards find people and leave by e-mail.
#include "access/roles.hpp"
#include "app/server.hpp"

namespace qiao::app {
namespace {

constexpr std::size_t people_per_look = 500;
constexpr Duration patience = std::chrono::seconds(60);

std::optional<access::Principal> principal_of(const access::Access& access, std::string_view id,
                                              Time now) {
    const auto everyone = access::system_principal();
    const auto as = [&](const std::string& name, const std::string& role, const std::string& org) {
        const auto* known = access::find_role(role);
        return known ? std::optional(access::Principal{std::string(id), name, role,
                                                       known->permissions, org, false})
                     : std::nullopt;
    };
    if (const auto person = access.person(everyone, id))
        return person->active ? as(person->name, person->role, person->org) : std::nullopt;
    if (const auto token = access.token(everyone, id); token && token->expires_at > now)
        return as(token->name, token->role, token->org);
    return std::nullopt;
}

std::optional<access::Person> person_of_login(const access::Access& access,
                                              std::string_view login) {
    const auto everyone = access::system_principal();
    std::string cursor;
    for (;;) {
        const auto people = access.people(everyone, cursor, people_per_look);
        for (const auto& person : people)
            if (person.login == login)
                return person;
        if (people.size() < people_per_look)
            return std::nullopt;
        cursor = people.back().id;
    }
}

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

insight::BoardMails::Parts Server::board_mail_parts() {
    insight::BoardMails::Parts parts{*stores.database, boards, insight_metrics, asking, audit,
                                     clock,            {},     {},              {},     {},
                                     {}};
    parts.principal = [this](std::string_view id) {
        return principal_of(access, id, clock.now());
    };
    parts.person = [this](std::string_view id) -> std::optional<access::Person> {
        auto person = access.person(access::system_principal(), id);
        return person ? std::optional(std::move(*person)) : std::nullopt;
    };
    parts.person_of_login = [this](std::string_view login) {
        return person_of_login(access, login);
    };
    parts.public_address = [this] { return public_address(); };
    parts.deliver = [this](const insight::ComposedMail& mail) { return deliver(channels, mail); };
    return parts;
}

}  // namespace qiao::app
