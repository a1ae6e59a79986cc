// PostHog's capture API: POST /batch/, /capture/, /i/v0/e/ (and /e/), as posthog-node sends it.
#pragma once

#include "collect/batch.hpp"

namespace qiao::collect {

// "api_key" (or "token") of the body. Empty where there is none.
std::string posthog_key(std::string& body);

// {"api_key", "batch":[…]} or one event, or a list of events. $identify and $set become tags,
// $create_alias a merge, $anon_distinct_id a binding; feature-flag calls are events like others.
Result<Batch> parse_posthog(std::string& body, const Envelope& envelope);
Result<Batch> parse_posthog_again(const std::string& record, const Envelope& envelope);

}  // namespace qiao::collect
