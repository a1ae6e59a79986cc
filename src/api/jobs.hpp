// /api/v1/jobs: progress of anything that takes longer than a second.
#pragma once

#include "api/endpoint.hpp"
#include "runtime/jobs.hpp"

namespace qiao::api {

boost::json::object to_object(const JobState& job);
void add_jobs(Endpoints& endpoints, Jobs& jobs);

}  // namespace qiao::api
