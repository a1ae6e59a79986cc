// clickhouse://user:password@host:port/database[?cluster=name&keep_months=60], as
// --history takes it.
// clickhouses:// speaks TLS. The port is that of ClickHouse's HTTP interface (8123, 8443).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace qiao::clickhouse {

struct Address {
    std::string server;  // "http://host:8123"
    std::string user, password;
    std::string database;
    std::string cluster;  // empty: one server
    std::optional<int> keep_months;
};

bool is_address(std::string_view text);
// Error: clickhouse.address, without what was wrong: it may hold a password.
Result<Address> parse_address(std::string_view text);

}  // namespace qiao::clickhouse
