// All SQL of the spending, and of the bank's own steps of acquisition.
#pragma once

#include "insight/acquisition_steps.hpp"
#include "insight/spending.hpp"

namespace qiao::insight::queries {

std::optional<Spending> find_spending(sql::Transaction& transaction, std::string_view id);
std::vector<Spending> spending_between(sql::Transaction& transaction, Day from, Day to);
void put(sql::Transaction& transaction, const Spending& spending);
void remove_spending(sql::Transaction& transaction, std::string_view id);

struct StoredSteps {
    std::string rules;  // a JSON object
    std::int64_t version = 0;
    Time updated_at{};
    std::string updated_by;
};
std::optional<StoredSteps> acquisition_steps(sql::Transaction& transaction);
void put(sql::Transaction& transaction, const StoredSteps& steps);

}  // namespace qiao::insight::queries
