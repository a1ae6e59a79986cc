// All SQL of the price list.
#pragma once

#include "channel/prices.hpp"

namespace qiao::channel::prices_sql {

std::vector<Price> all(sql::Transaction& transaction);
std::vector<Price> of_channel(sql::Transaction& transaction, std::string_view channel);
std::optional<Price> find(sql::Transaction& transaction, std::string_view id);
void insert(sql::Transaction& transaction, const Price& price);
void remove(sql::Transaction& transaction, std::string_view id);

}  // namespace qiao::channel::prices_sql
