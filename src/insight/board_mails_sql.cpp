#include "insight/board_mails_sql.hpp"

#include "insight/detail/words.hpp"

namespace qiao::insight::queries {
namespace {

using detail::joined;
using detail::split;

constexpr std::string_view columns =
    "SELECT id, board, sender, recipients, every, at_minute, is_active, next_at, last_at, "
    "last_outcome, version, created_at, updated_at FROM insight_board_mails ";

BoardMail mail_of(const sql::Row& row) {
    BoardMail mail;
    mail.id = row.text(0);
    mail.board = row.text(1);
    mail.sender = row.text(2);
    mail.recipients = split(row.text(3));
    for (const auto every : {MailEvery::day, MailEvery::week, MailEvery::month})
        if (name_of(every) == row.text(4))
            mail.every = every;
    mail.at_minute = row.integer(5);
    mail.is_active = row.boolean(6);
    mail.next_at = row.time(7);
    if (!row.is_null(8))
        mail.last_at = row.time(8);
    mail.last_outcome = row.text(9);
    mail.version = row.integer(10);
    mail.created_at = row.time(11);
    mail.updated_at = row.time(12);
    return mail;
}

std::vector<BoardMail> mails(const std::vector<sql::Row>& rows) {
    std::vector<BoardMail> made;
    for (const auto& row : rows)
        made.push_back(mail_of(row));
    return made;
}

}  // namespace

std::optional<BoardMail> find_mail(sql::Transaction& transaction, std::string_view id) {
    const auto row =
        transaction.query_one(std::string(columns) + "WHERE id = $1", {std::string(id)});
    return row ? std::optional(mail_of(*row)) : std::nullopt;
}

std::vector<BoardMail> mails_of(sql::Transaction& transaction, std::string_view board) {
    return mails(transaction.query(std::string(columns) + "WHERE board = $1 ORDER BY id",
                                   {std::string(board)}));
}

std::vector<BoardMail> due_mails(sql::Transaction& transaction, Time now) {
    return mails(transaction.query(
        std::string(columns) + "WHERE is_active = 1 AND next_at <= $1 ORDER BY next_at, id",
        {sql::param(now)}));
}

void put_mail(sql::Transaction& transaction, const BoardMail& mail) {
    transaction.execute(
        "INSERT INTO insight_board_mails (id, board, sender, recipients, every, at_minute, "
        "is_active, next_at, last_outcome, version, created_at, updated_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO UPDATE "
        "SET recipients = excluded.recipients, every = excluded.every, "
        "at_minute = excluded.at_minute, is_active = excluded.is_active, "
        "next_at = excluded.next_at, version = excluded.version, updated_at = excluded.updated_at",
        {mail.id, mail.board, mail.sender, joined(mail.recipients),
         std::string(name_of(mail.every)), mail.at_minute, sql::param(mail.is_active),
         sql::param(mail.next_at), mail.last_outcome, mail.version, sql::param(mail.created_at),
         sql::param(mail.updated_at)});
}

void note_mail(sql::Transaction& transaction, std::string_view id, Time at,
               std::string_view outcome) {
    transaction.execute(
        "UPDATE insight_board_mails SET last_at = $2, last_outcome = $3 WHERE id = $1",
        {std::string(id), sql::param(at), std::string(outcome)});
}

void remove_mail(sql::Transaction& transaction, std::string_view id) {
    transaction.execute("DELETE FROM insight_board_mails WHERE id = $1", {std::string(id)});
}

void remove_mails_of(sql::Transaction& transaction, std::string_view board) {
    transaction.execute("DELETE FROM insight_board_mails WHERE board = $1", {std::string(board)});
}

}  // namespace qiao::insight::queries
