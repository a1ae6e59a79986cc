#include "insight/edits.hpp"

namespace qiao::insight {

tl::unexpected<Error> stale() {
    return fail(ErrorCode::stale, "insight.stale",
                "Somebody else changed this meanwhile; load it again and repeat.");
}

}  // namespace qiao::insight
