// Boards that go out by e-mail: each day, week (Mondays) or month (the first), at a time of the
// institution's clock, to people of the bank.
//
// A mail holds what its sender may see and says so: the sender's rights and data scope are those of
// the moment it is sent. Who receives it must be active, have an e-mail address, and see at least
// as much as the sender. The time of the next mail is set before one is sent, so that a
// mail is rather missed than sent twice. Thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "access/org_tree.hpp"
#include "access/people.hpp"
#include "insight/answer_table.hpp"
#include "insight/boards.hpp"

namespace qiao::insight {

enum class MailEvery : std::uint8_t { day, week, month };
std::string_view name_of(MailEvery every);

struct BoardMail {
    std::string id;  // "bml_…"
    std::string board, sender;
    std::vector<std::string> recipients;  // ids of people
    MailEvery every = MailEvery::day;
    std::int64_t at_minute = 8 * 60;  // of the institution's day
    bool is_active = true;
    Time next_at{};
    std::optional<Time> last_at;
    std::string last_outcome;  // "sent", or why not: "board_mail.no_channel", …; empty: never yet
    std::int64_t version = 1;
    Time created_at{}, updated_at{};
};

struct BoardMailChange {
    std::optional<std::vector<std::string>> recipients;  // e-mail addresses
    std::optional<MailEvery> every;
    std::optional<std::int64_t> at_minute;
    std::optional<bool> is_active;
};

// The first moment after `after` at which such a mail is due.
Time next_mail_at(MailEvery every, std::int64_t at_minute, Time after, const Calendar& calendar);

// A mail as it leaves, to one address.
struct ComposedMail {
    struct File {
        std::string name, bytes;  // CSV
    };
    std::string key;  // the same for the same mail to the same person
    std::string to, subject, text, html;
    std::vector<File> files;
};

class BoardMails {
public:
    struct Parts {
        sql::Database& database;
        const Boards& boards;
        TableSources sources;
        access::AuditLog& audit;
        const Clock& clock;
        // Who somebody is now; nothing where they may not sign in any more.
        std::function<std::optional<access::Principal>(std::string_view id)> principal;
        std::function<std::optional<access::Person>(std::string_view id)> person;
        std::function<std::optional<access::Person>(std::string_view address)> person_at;
        std::function<std::string()> public_address;
        // Error: board_mail.no_channel, board_mail.refused.
        std::function<Result<void>(const ComposedMail&)> deliver;
    };
    explicit BoardMails(Parts parts) : parts_(std::move(parts)) {}

    // Of a board that `who` may see: one's own, and all for who owns the board. Error:
    // insight.board_not_found.
    Result<std::vector<BoardMail>> list(std::string_view board, const access::Principal& who) const;
    // Errors also: board_mail.recipients (none, or over 50), board_mail.not_staff,
    // board_mail.sees_less, board_mail.time, board_mail.not_found.
    Result<BoardMail> create(std::string_view board, const BoardMailChange& draft,
                             const access::Principal& who);
    Result<BoardMail> change(std::string_view id, const BoardMailChange& change,
                             const access::Principal& who);
    Result<void> remove(std::string_view id, const access::Principal& who);
    // Now, beside its times. Errors: those of deliver.
    Result<BoardMail> send_now(std::string_view id, const access::Principal& who);
    // Sends what is due.
    void run_due();

    std::string address_of(std::string_view person) const;  // empty: has none
    std::string scope_name(const BoardMail& mail) const;    // of the sender, in both languages

private:
    Result<BoardMail> own(sql::Transaction& transaction, std::string_view id,
                          const access::Principal& who) const;
    Result<void> apply(BoardMail& mail, const BoardMailChange& change,
                       const access::Principal& who) const;
    Result<std::vector<std::string>> people_of(const std::vector<std::string>& addresses,
                                               const access::Principal& who) const;
    bool sees_as_much(const access::Person& recipient, const access::Principal& sender) const;
    Result<void> send(const BoardMail& mail) const;
    void note(const BoardMail& mail, const Result<void>& outcome);

    Parts parts_;
};

}  // namespace qiao::insight
