// All SQL of the alerts.
#pragma once

#include "insight/alerts.hpp"

namespace qiao::insight::queries {

std::optional<Alert> find_alert(sql::Transaction& transaction, std::string_view id);
std::vector<Alert> all_alerts(sql::Transaction& transaction);  // newest first
void put(sql::Transaction& transaction, const Alert& alert);
void remove_alert(sql::Transaction& transaction, std::string_view id);

void put_check(sql::Transaction& transaction, std::string_view alert, const AlertCheck& check);
std::vector<AlertCheck> checks_of(sql::Transaction& transaction, std::string_view alert,
                                  std::size_t limit);  // the oldest first
void forget_checks(sql::Transaction& transaction, std::string_view alert);

}  // namespace qiao::insight::queries
