// Things that people keep: which version this is, who made it and who last changed it.
//
// A thing has `id`, `version`, `created_at`, `created_by`, `updated_at` and `updated_by`.
#pragma once

#include <optional>
#include <string_view>

#include "access/principal.hpp"
#include "base/error.hpp"
#include "base/id.hpp"

namespace qiao::insight {

tl::unexpected<Error> stale();

template <class Thing>
void mark_made(Thing& thing, std::string_view id_prefix, Time now, const access::Principal& who) {
    thing.id = new_id(id_prefix, now);
    thing.version = 1;
    thing.created_at = thing.updated_at = now;
    thing.created_by = thing.updated_by = who.id;
}

// Error: stale `insight.stale`, where another version is expected.
template <class Thing>
Result<void> mark_changed(Thing& thing, std::optional<std::int64_t> expected_version, Time now,
                          const access::Principal& who) {
    if (expected_version && *expected_version != thing.version)
        return stale();
    thing.version += 1;
    thing.updated_at = now;
    thing.updated_by = who.id;
    return {};
}

}  // namespace qiao::insight
