// All SQL of what has been published to the shards and of scheduled runs.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "audience/realtime.hpp"
#include "sql/database.hpp"

namespace qiao::audience::queries {

// `announced`: the shards may not all know it, or have no baseline yet. A definition without a rule
// is retired once it is live.
struct Publication {
    Definition definition;
    bool live = false;
};

std::vector<Publication> publications(sql::Transaction& transaction);
void put_publication(sql::Transaction& transaction, const Publication& publication);
std::int64_t next_config(sql::Transaction& transaction);

// The last finished run of a scheduled subject ("aud_…" or "tag:name").
struct Run {
    std::int64_t run = 0;
    std::int64_t version = 0;
    Time finished_at{};
};
std::optional<Run> last_run(sql::Transaction& transaction, std::string_view subject);
void put_run(sql::Transaction& transaction, std::string_view subject, const Run& run);

}  // namespace qiao::audience::queries
