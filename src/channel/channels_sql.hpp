// All SQL of the channels' configuration.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "channel/channels.hpp"

namespace qiao::channel::channels_sql {

struct Row {
    Channel channel;
    std::string sealed;  // the JSON of the secrets, sealed
};

std::vector<Row> all(sql::Transaction& transaction);  // oldest first
std::optional<Row> find(sql::Transaction& transaction, std::string_view id);
void write(sql::Transaction& transaction, const Row& row);
void remove(sql::Transaction& transaction, std::string_view id);  // with its prices

}  // namespace qiao::channel::channels_sql
