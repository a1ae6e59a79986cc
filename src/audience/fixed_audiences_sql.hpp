// What is kept of fixed audiences, and all SQL about it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/time.hpp"
#include "sql/database.hpp"

namespace qiao::audience {

// filling: its people are being written. failed: they were lost before all were written.
enum class FixedStatus : std::uint8_t { filling, done, failed, cancelled };
std::string_view name_of(FixedStatus status);

struct FixedAudience {
    std::string audience;
    Time at{};             // when its people were found
    std::string question;  // JSON: what found them
    std::int64_t people = 0;
    std::int64_t done = 0;             // of them, written so far
    ProfileId last = ProfileId::none;  // of those, in ascending order
    FixedStatus status = FixedStatus::filling;
    std::string message;  // one sentence, where it has come to no good end
};

namespace queries {

void insert(sql::Transaction& transaction, const FixedAudience& fixed);
void update(sql::Transaction& transaction, const FixedAudience& fixed);
std::optional<FixedAudience> fixed(sql::Transaction& transaction, std::string_view audience);
std::vector<std::string> filling(sql::Transaction& transaction);

}  // namespace queries
}  // namespace qiao::audience
