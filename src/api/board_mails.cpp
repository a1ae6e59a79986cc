#include "api/board_mails.hpp"

#include <array>
#include <cstdio>

#include "api/resource.hpp"
#include "insight/board_mails.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using access::Permission;
using insight::BoardMails, insight::MailEvery;

std::string clock_text(std::int64_t minute) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%02d:%02d", static_cast<int>(minute / 60) % 24,
                  static_cast<int>(minute % 60));
    return text.data();
}

Result<std::optional<std::int64_t>> minute_of(const std::optional<std::string>& text) {
    if (!text)
        return std::optional<std::int64_t>{};
    int hour = 0, minute = 0, read = 0;
    const bool is_clock =
        text->size() == 5 &&
        std::sscanf(text->c_str(), "%2d:%2d%n", &hour, &minute, &read) == 2 && read == 5;
    if (!is_clock || hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return fail(ErrorCode::invalid, "board_mail.time", "The time is from 00:00 to 23:59.",
                    "/at");
    return std::optional<std::int64_t>(hour * 60 + minute);
}

Result<std::optional<MailEvery>> every_of(const std::optional<std::string>& text) {
    if (!text)
        return std::optional<MailEvery>{};
    for (const auto every : {MailEvery::day, MailEvery::week, MailEvery::month})
        if (insight::name_of(every) == *text)
            return std::optional(every);
    return fail(ErrorCode::invalid, "api.body", "A board goes out each day, week or month.",
                "/every");
}

Result<insight::BoardMailChange> change_of(const json::value& value) {
    Body body(value);
    insight::BoardMailChange change;
    const auto* recipients = body.member("recipients");
    const auto every = every_of(body.maybe_text("every"));
    const auto minute = minute_of(body.maybe_text("at"));
    change.is_active = body.maybe_flag("active");
    body.ignore({"board", "next_at", "last_at", "last_outcome", "scope", "sender"});
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (!every)
        return fail(every.error());
    if (!minute)
        return fail(minute.error());
    change.every = *every;
    change.at_minute = *minute;
    if (!recipients || recipients->is_null())
        return change;
    change.recipients.emplace();
    const auto* list = recipients->if_array();
    for (std::size_t i = 0; list && i < list->size(); ++i)
        if (const auto* text = (*list)[i].if_string())
            change.recipients->emplace_back(*text);
    if (!list || change.recipients->size() != list->size())
        return fail(ErrorCode::invalid, "api.body", "This is a list of e-mail addresses.",
                    "/recipients");
    return change;
}

json::object mail_json(const BoardMails& mails, const insight::BoardMail& mail) {
    json::array recipients;
    for (const auto& id : mail.recipients)
        if (auto address = mails.address_of(id); !address.empty())
            recipients.emplace_back(std::move(address));
    return {{"id", mail.id},
            {"board", mail.board},
            {"recipients", std::move(recipients)},
            {"every", insight::name_of(mail.every)},
            {"at", clock_text(mail.at_minute)},
            {"active", mail.is_active},
            {"next_at", mail.is_active ? json::value(format_time(mail.next_at)) : nullptr},
            {"last_at", time_json(mail.last_at)},
            {"last_outcome", mail.last_outcome},
            {"sender", mail.sender},
            {"scope", mails.scope_name(mail)},
            {"version", mail.version},
            {"created_at", format_time(mail.created_at)},
            {"updated_at", format_time(mail.updated_at)}};
}

Result<Answer> list(const BoardMails& mails, Call& call) {
    const auto found = mails.list(call.id(), call.who);
    if (!found)
        return fail(found.error());
    json::array items;
    for (const auto& mail : *found)
        items.push_back(mail_json(mails, mail));
    return Answer{200, page_json(std::move(items), {})};
}

Result<Answer> create(BoardMails& mails, Call& call) {
    const auto draft = change_of(call.body);
    if (!draft)
        return fail(draft.error());
    const auto made = mails.create(call.id(), *draft, call.who);
    if (!made)
        return fail(made.error());
    return Answer{201, mail_json(mails, *made)};
}

Result<Answer> change(BoardMails& mails, Call& call) {
    const auto wanted = change_of(call.body);
    if (!wanted)
        return fail(wanted.error());
    const auto made = mails.change(call.id(), *wanted, call.who);
    if (!made)
        return fail(made.error());
    return Answer{200, mail_json(mails, *made)};
}

Result<Answer> send(BoardMails& mails, Call& call) {
    const auto sent = mails.send_now(call.id(), call.who);
    if (!sent)
        return fail(sent.error());
    return Answer{200, mail_json(mails, *sent)};
}

void define_shapes(Endpoints& endpoints) {
    endpoints.define("BoardMail", object_schema({{"id", "string"},
                                                 {"board", "string"},
                                                 {"recipients", "string[]"},
                                                 {"every", "'day'|'week'|'month'"},
                                                 {"at", "string"},
                                                 {"active", "boolean"},
                                                 {"next_at", "time|null"},
                                                 {"last_at", "time|null"},
                                                 {"last_outcome", "string"},
                                                 {"sender", "string"},
                                                 {"scope", "string"},
                                                 {"version", "integer"},
                                                 {"created_at", "time"},
                                                 {"updated_at", "time"}}));
    endpoints.define("BoardMailChange",
                     body_schema({{"recipients?", "string[]"},
                                  {"every?", "'day'|'week'|'month'"},
                                  {"at?", "string"},
                                  {"active?", "boolean"}},
                                 {"board", "next_at", "last_at", "last_outcome", "scope",
                                  "sender"}));
}

}  // namespace

void add_board_mails(Endpoints& endpoints, BoardMails& mails) {
    const std::string of_board = "/api/v1/boards/{id}/mails", one = "/api/v1/board-mails/{id}";
    const auto right = Permission::edit_boards;
    define_shapes(endpoints);
    endpoints.add("GET", of_board, right, [&mails](Call& call) { return list(mails, call); },
                  {"List the mails of a board", "boards", nullptr, page_schema("BoardMail")});
    endpoints.add("POST", of_board, right, [&mails](Call& call) { return create(mails, call); },
                  {"Send a board by e-mail at fixed times", "boards", "BoardMailChange",
                   created("BoardMail")});
    endpoints.add("PATCH", one, right, [&mails](Call& call) { return change(mails, call); },
                  {"Change a board's mail", "boards", "BoardMailChange", "BoardMail"});
    endpoints.add("DELETE", one, right,
                  [&mails](Call& call) -> Result<Answer> {
                      if (auto done = mails.remove(call.id(), call.who); !done)
                          return fail(done.error());
                      return Answer{204, nullptr};
                  },
                  {"Remove a board's mail", "boards", nullptr, no_content()});
    endpoints.add("POST", one + "/send", right, [&mails](Call& call) { return send(mails, call); },
                  {"Send a board's mail now", "boards", nullptr, "BoardMail"});
}

}  // namespace qiao::api
