// All SQL of work items and notices.
#pragma once

#include "work/items.hpp"
#include "work/notices.hpp"

namespace qiao::work::queries {

std::optional<Item> find_item(sql::Transaction& transaction, std::string_view id);
std::optional<Item> open_item_about(sql::Transaction& transaction, std::string_view subject);
// Newest first, those older than filter.before; an empty assignee: anybody's.
std::vector<Item> items(sql::Transaction& transaction, const ItemFilter& filter,
                        std::string_view assignee);
std::int64_t count_open(sql::Transaction& transaction, std::string_view assignee);
void put(sql::Transaction& transaction, const Item& item);

void insert(sql::Transaction& transaction, const Notice& notice);
std::vector<Notice> notices(sql::Transaction& transaction, std::string_view person,
                            bool only_unread, std::size_t limit);
std::int64_t count_unread(sql::Transaction& transaction, std::string_view person);
// True where the person has such a notice.
bool mark_read(sql::Transaction& transaction, std::string_view person, std::string_view id);
void mark_all_read(sql::Transaction& transaction, std::string_view person);
void remove_before(sql::Transaction& transaction, Time time);
std::vector<Notice> waiting_for_mail(sql::Transaction& transaction, std::size_t limit);
void take_mail(sql::Transaction& transaction, std::string_view id);  // counts a try
void set_mail(sql::Transaction& transaction, std::string_view id, std::string_view state);

}  // namespace qiao::work::queries
