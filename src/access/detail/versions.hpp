// Optimistic changes: what a stale If-Match gets.
#pragma once

#include <cstdint>
#include <optional>

#include "base/error.hpp"

namespace qiao::access::detail {

inline Result<void> judge_version(std::int64_t version, std::optional<std::int64_t> expected) {
    if (!expected || *expected == version)
        return {};
    return fail(ErrorCode::stale, "access.stale",
                "someone changed this meanwhile; load it again and repeat your change");
}

}  // namespace qiao::access::detail
