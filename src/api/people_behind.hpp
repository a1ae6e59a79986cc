// The people behind a number of any question: POST /api/v1/insights/people lists and exports them,
// POST /api/v1/audiences/fixed keeps them as an audience.
#pragma once

#include <span>

#include "api/audiences.hpp"
#include "api/insights.hpp"

namespace qiao::audience {
class FixedAudiences;
}

namespace qiao::api {

// Every kind of question.
std::span<const InsightKind* const> insight_kinds();

void add_people_behind(Endpoints& endpoints, const InsightParts& parts);
void add_fixed_audiences(Endpoints& endpoints, const InsightParts& questions,
                         const AudienceParts& audiences);

}  // namespace qiao::api
