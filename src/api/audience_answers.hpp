// The answers of the audience resource as JSON, NDJSON and CSV.
#pragma once

#include "api/audiences.hpp"
#include "api/endpoint.hpp"
#include "audience/audience.hpp"
#include "audience/explanation.hpp"
#include "audience/preview.hpp"

namespace qiao::api {

boost::json::object audience_json(const AudienceParts& parts, const audience::Audience& audience);
boost::json::object version_json(const audience::Version& version);
boost::json::object preview_json(const audience::Previewed& previewed);

// The snapshot lives as long as the stream.
Answer stream_members(audience::Evaluated evaluated, const access::Principal& who, bool csv);

// All that a rule may name.
Result<Answer> vocabulary(const AudienceParts& parts, Call& call);

// What people call tags, events, units and audiences.
audience::Wording wording_of(const AudienceParts& parts);

// The rule as it was written, with the members of the explanation on every node.
boost::json::value merged_with_rule(const boost::json::value& rule,
                                    const boost::json::object& explanation);

}  // namespace qiao::api
