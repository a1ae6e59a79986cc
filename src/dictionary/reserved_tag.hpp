// The one tag that nobody but Qiao sets.
#pragma once

#include <string_view>

#include "dictionary/definition.hpp"

namespace qiao::dictionary {

// A set: the ids of the fixed audiences that a customer was kept in (audience/fixed_audiences.hpp).
// Whoever could set it could put people into audiences, so facts from outside that name it are
// refused and its definition stays as it is.
inline constexpr std::string_view fixed_audiences_tag = "$fixed_audiences";

inline bool is_reserved(Kind kind, std::string_view name) {
    return kind == Kind::tag && name == fixed_audiences_tag;
}

// Reviewed; declared at every start.
Definition fixed_audiences_definition();

}  // namespace qiao::dictionary
