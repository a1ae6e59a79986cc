// All SQL of the boards' mails.
#pragma once

#include "insight/board_mails.hpp"

namespace qiao::insight::queries {

std::optional<BoardMail> find_mail(sql::Transaction& transaction, std::string_view id);
std::vector<BoardMail> mails_of(sql::Transaction& transaction, std::string_view board);
std::vector<BoardMail> due_mails(sql::Transaction& transaction, Time now);
void put_mail(sql::Transaction& transaction, const BoardMail& mail);
void note_mail(sql::Transaction& transaction, std::string_view id, Time at,
               std::string_view outcome);
void remove_mail(sql::Transaction& transaction, std::string_view id);
void remove_mails_of(sql::Transaction& transaction, std::string_view board);

}  // namespace qiao::insight::queries
