#include "insight/board_mails.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "access/roles.hpp"
#include "base/id.hpp"
#include "insight/board_mails_sql.hpp"
#include "runtime/log.hpp"

namespace qiao::insight {
namespace {

namespace json = boost::json;

constexpr std::size_t most_recipients = 50;
constexpr std::size_t shown_rows = 20;
constexpr std::int64_t minutes_of_day = 24 * 60;

tl::unexpected<Error> not_found() {
    return fail(ErrorCode::not_found, "board_mail.not_found",
                "There is no such mail of this board, or it is somebody else's.");
}

// The day on which a mail is due, at or after `day`.
Day due_day(MailEvery every, Day day) {
    if (every == MailEvery::week)
        return Calendar::week_start(day) == day ? day : Calendar::week_start(day) + 7;
    if (every == MailEvery::month) {
        const Day first = Calendar::month_start(day);
        return first == day ? day : Calendar::add_months(first, 1);
    }
    return day;
}

std::string text_in(const json::object& tile, const char* name) {
    const auto* value = tile.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

// "看板 / Board": what people call it, in both languages.
std::string title_of(const json::object& tile) {
    const auto zh = text_in(tile, "title_zh"), en = text_in(tile, "title");
    return zh.empty() || en.empty() || zh == en ? (zh.empty() ? en : zh) : zh + " / " + en;
}

// A name that every file system takes.
std::string file_name(std::size_t number, std::string title) {
    for (auto& letter : title)
        if (std::string_view("/\\:*?\"<>|\r\n\t").find(letter) != std::string_view::npos)
            letter = '-';
    return std::to_string(number) + " " + title + ".csv";
}

struct Pieces {
    std::string html, text;
    std::vector<ComposedMail::File> files;
};

void add_tile(Pieces& to, const json::object& tile, const Result<AnswerTable>& answer) {
    const auto title = title_of(tile);
    to.html += "<h3 style=\"font-size:15px;margin:24px 0 6px\">" + escape_html(title) + "</h3>";
    if (!answer) {
        to.html += "<p style=\"color:#9a3412\">没有结果 No answer: " +
                   escape_html(answer.error().detail) + "</p>";
        to.text += title + ": 没有结果 No answer\n";
        return;
    }
    const auto name = file_name(to.files.size() + 1, title);
    to.html += html_of(*answer, shown_rows);
    if (answer->rows.size() > shown_rows)
        to.html += "<p style=\"color:#5b6b68;font-size:12px\">前 " + std::to_string(shown_rows) +
                   " 行，全部 " + std::to_string(answer->rows.size()) + " 行见附件 The first " +
                   std::to_string(shown_rows) + " of " + std::to_string(answer->rows.size()) +
                   " rows; all are in the attachment</p>";
    to.text += title + ": " + name + "\n";
    to.files.push_back({name, csv_of(*answer)});
}

}  // namespace

std::string_view name_of(MailEvery every) {
    switch (every) {
        case MailEvery::day:
            return "day";
        case MailEvery::week:
            return "week";
        case MailEvery::month:
            return "month";
    }
    return {};
}

Time next_mail_at(MailEvery every, std::int64_t at_minute, Time after, const Calendar& calendar) {
    Day day = due_day(every, calendar.day_of(after));
    for (;;) {
        const auto at = calendar.start_of(day) + std::chrono::minutes(at_minute);
        if (at > after)
            return at;
        day = due_day(every, day + 1);
    }
}

std::string BoardMails::address_of(std::string_view person) const {
    const auto known = parts_.person(person);
    return known && known->active ? access::address_of(*known) : std::string();
}

// ---- who receives ----

bool BoardMails::sees_as_much(const access::Person& recipient,
                              const access::Principal& sender) const {
    if (recipient.org.empty())
        return true;
    return !sender.org.empty() &&
           parts_.sources.asking.vocabulary().orgs().is_within(recipient.org, sender.org);
}

Result<std::vector<std::string>> BoardMails::people_of(const std::vector<std::string>& addresses,
                                                       const access::Principal& who) const {
    if (addresses.empty() || addresses.size() > most_recipients)
        return fail(ErrorCode::invalid, "board_mail.recipients",
                    "A board goes to 1 to 50 people.", "/recipients");
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        const auto at = "/recipients/" + std::to_string(i);
        const auto person = parts_.person_at(addresses[i]);
        if (!person)
            return fail(ErrorCode::unprocessable, "board_mail.not_staff",
                        "Nobody of the bank has this address; boards go to staff alone.", at);
        if (!sees_as_much(*person, who))
            return fail(ErrorCode::unprocessable, "board_mail.sees_less",
                        "This person sees fewer customers than you, and so would read more than "
                        "they may.",
                        at);
        if (std::find(ids.begin(), ids.end(), person->id) == ids.end())
            ids.push_back(person->id);
    }
    return ids;
}

Result<void> BoardMails::apply(BoardMail& mail, const BoardMailChange& change,
                               const access::Principal& who) const {
    if (change.recipients) {
        auto ids = people_of(*change.recipients, who);
        if (!ids)
            return fail(ids.error());
        mail.recipients = std::move(*ids);
    }
    if (change.at_minute && (*change.at_minute < 0 || *change.at_minute >= minutes_of_day))
        return fail(ErrorCode::invalid, "board_mail.time", "The time is from 00:00 to 23:59.",
                    "/at");
    mail.every = change.every.value_or(mail.every);
    mail.at_minute = change.at_minute.value_or(mail.at_minute);
    mail.is_active = change.is_active.value_or(mail.is_active);
    mail.next_at = next_mail_at(mail.every, mail.at_minute, parts_.clock.now(),
                                parts_.sources.asking.calendar());
    return {};
}

// ---- kept ----

Result<BoardMail> BoardMails::own(sql::Transaction& transaction, std::string_view id,
                                  const access::Principal& who) const {
    auto mail = queries::find_mail(transaction, id);
    if (!mail || (mail->sender != who.id && !who.may(access::Permission::manage_people)))
        return not_found();
    return std::move(*mail);
}

Result<std::vector<BoardMail>> BoardMails::list(std::string_view board,
                                                const access::Principal& who) const {
    const auto seen = parts_.boards.get(board, who);
    if (!seen)
        return fail(seen.error());
    auto mails = queries::mails_of(*parts_.database.read(), board);
    if (seen->created_by != who.id && !who.may(access::Permission::manage_people))
        std::erase_if(mails, [&](const BoardMail& mail) { return mail.sender != who.id; });
    return mails;
}

Result<BoardMail> BoardMails::create(std::string_view board, const BoardMailChange& draft,
                                     const access::Principal& who) {
    const auto seen = parts_.boards.get(board, who);
    if (!seen)
        return fail(seen.error());
    BoardMail mail;
    mail.id = new_id("bml", parts_.clock.now());
    mail.board = seen->id;
    mail.sender = who.id;
    mail.created_at = mail.updated_at = parts_.clock.now();
    auto whole = draft;
    whole.recipients = draft.recipients.value_or(std::vector<std::string>{});
    if (auto fine = apply(mail, whole, who); !fine)
        return fail(fine.error());
    auto transaction = parts_.database.begin();
    queries::put_mail(*transaction, mail);
    parts_.audit.add(*transaction, who, {"board_mail.created", mail.id, seen->name});
    transaction->commit();
    return mail;
}

Result<BoardMail> BoardMails::change(std::string_view id, const BoardMailChange& change,
                                     const access::Principal& who) {
    auto transaction = parts_.database.begin();
    auto mail = own(*transaction, id, who);
    if (!mail)
        return mail;
    // Another's mail goes on with its sender's rights: recipients see as much as the sender.
    const auto sender = parts_.principal(mail->sender);
    if (auto fine = apply(*mail, change, sender.value_or(who)); !fine)
        return fail(fine.error());
    mail->version += 1;
    mail->updated_at = parts_.clock.now();
    queries::put_mail(*transaction, *mail);
    parts_.audit.add(*transaction, who, {"board_mail.updated", mail->id, {}});
    transaction->commit();
    return mail;
}

Result<void> BoardMails::remove(std::string_view id, const access::Principal& who) {
    auto transaction = parts_.database.begin();
    const auto mail = own(*transaction, id, who);
    if (!mail)
        return fail(mail.error());
    queries::remove_mail(*transaction, id);
    parts_.audit.add(*transaction, who, {"board_mail.removed", mail->id, {}});
    transaction->commit();
    return {};
}

// ---- sent ----

std::string BoardMails::scope_name(const BoardMail& mail) const {
    const auto sender = parts_.principal(mail.sender);
    if (!sender)
        return "–";
    if (sender->org.empty())
        return "全行 the whole bank";
    const auto vocabulary = parts_.sources.asking.vocabulary();
    const auto* org = vocabulary.orgs().find(sender->org);
    return org ? org->name : sender->org;
}

Result<void> BoardMails::send(const BoardMail& mail) const {
    const auto sender = parts_.principal(mail.sender);
    if (!sender)
        return fail(ErrorCode::forbidden, "board_mail.sender_gone",
                    "Who set this mail up may not sign in any more.");
    const auto board = parts_.boards.get(mail.board, *sender);
    if (!board)
        return fail(board.error());
    Pieces made;
    const auto tiles = json::parse(board->tiles);
    for (const auto& value : tiles.as_array()) {
        const auto& tile = value.as_object();
        const auto& question = tile.at("question").as_object();
        const std::string kind(question.at("kind").as_string());
        add_tile(made, tile,
                 ask_table(parts_.sources, kind, question.at(kind), "", *sender));
    }
    const auto scope = scope_name(mail);
    const auto link = parts_.public_address() + "/boards/" + board->id;
    const auto when = format_time(parts_.clock.now());
    const auto foot = "数据范围 Data scope: " + scope + " (" + sender->name + ") · " + when;
    ComposedMail composed;
    composed.subject = board->name;
    composed.text = board->name + "\n" + foot + "\n" + link + "\n\n" + made.text;
    composed.html = "<!doctype html><html><body style=\"font-family:sans-serif;color:#1c2b29\">"
                    "<h2 style=\"font-size:18px\"><a href=\"" +
                    escape_html(link) + "\">" + escape_html(board->name) + "</a></h2>" +
                    "<p style=\"color:#5b6b68;font-size:12px\">" + escape_html(foot) + "</p>" +
                    made.html + "</body></html>\n";
    composed.files = std::move(made.files);
    Result<void> outcome;
    std::size_t readers = 0;
    for (const auto& id : mail.recipients) {
        const auto person = parts_.person(id);
        composed.to = address_of(id);
        // Who left, or sees less than before, is passed over.
        if (composed.to.empty() || !sees_as_much(*person, *sender))
            continue;
        composed.key = mail.id + "." + std::to_string(to_ms(parts_.clock.now())) + "." + id;
        ++readers;
        if (auto gone = parts_.deliver(composed); !gone)
            outcome = gone;
    }
    if (readers == 0)
        return fail(ErrorCode::unprocessable, "board_mail.nobody",
                    "None of the recipients may read it any more.");
    return outcome;
}

void BoardMails::note(const BoardMail& mail, const Result<void>& outcome) {
    auto transaction = parts_.database.begin();
    queries::note_mail(*transaction, mail.id, parts_.clock.now(),
                       outcome ? "sent" : outcome.error().reason);
    parts_.audit.add(*transaction, access::system_principal(),
                     {"board_mail.sent", mail.id, outcome ? "sent" : outcome.error().reason});
    transaction->commit();
    if (!outcome)
        log::warn("the mail " + mail.id + " of a board was not sent: " + outcome.error().detail);
}

Result<BoardMail> BoardMails::send_now(std::string_view id, const access::Principal& who) {
    auto mail = own(*parts_.database.read(), id, who);
    if (!mail)
        return mail;
    const auto outcome = send(*mail);
    note(*mail, outcome);
    if (!outcome)
        return fail(outcome.error());
    return own(*parts_.database.read(), id, who);
}

void BoardMails::run_due() {
    const auto now = parts_.clock.now();
    for (auto& mail : queries::due_mails(*parts_.database.read(), now)) {
        {
            auto transaction = parts_.database.begin();
            mail.next_at =
                next_mail_at(mail.every, mail.at_minute, now, parts_.sources.asking.calendar());
            queries::put_mail(*transaction, mail);
            transaction->commit();
        }
        note(mail, send(mail));
    }
}

}  // namespace qiao::insight
