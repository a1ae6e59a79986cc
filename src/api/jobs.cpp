#include "api/jobs.hpp"

#include "api/resource.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

tl::unexpected<Error> not_found() {
    return fail(
        ErrorCode::not_found, "jobs.not_found",
        "there is no job of this id; finished ones are forgotten after a while and at a restart");
}

}  // namespace

json::object to_object(const JobState& job) {
    json::error_code error;
    return {{"id", job.id},
            {"kind", job.kind},
            {"status", name_of(job.status)},
            {"progress", job.progress()},
            {"done", job.done},
            {"total", job.total},
            {"message", job.message},
            {"result",
             job.result_json.empty() ? json::value(nullptr) : json::parse(job.result_json, error)},
            {"started_at", time_json(job.started_at)},
            {"finished_at", time_json(job.finished_at)}};
}

void add_jobs(Endpoints& endpoints, Jobs& jobs) {
    endpoints.define("JobStatus", "'waiting'|'running'|'done'|'failed'|'cancelled'");
    endpoints.define("Job", object_schema({{"id", "string"},
                                           {"kind", "string"},
                                           {"status", "JobStatus"},
                                           {"progress", "number"},
                                           {"done", "integer"},
                                           {"total", "integer"},
                                           {"message", "string"},
                                           {"result", "any"},
                                           {"started_at", "time|null"},
                                           {"finished_at", "time|null"}}));
    endpoints.add("GET", "/api/v1/jobs/{id}", access::Permission::view,
                  [&jobs](Call& call) -> Result<Answer> {
                      const auto job = jobs.find(call.id());
                      if (!job)
                          return not_found();
                      return Answer{200, to_object(*job)};
                  },
                  {"How far a job is", "jobs", nullptr, "Job"});
    endpoints.add("DELETE", "/api/v1/jobs/{id}", access::Permission::import_data,
                  [&jobs](Call& call) -> Result<Answer> {
                      const auto job = jobs.find(call.id());
                      if (!job)
                          return not_found();
                      if (!jobs.cancel(call.id()))
                          return fail(ErrorCode::conflict, "jobs.finished",
                                      "the job has finished already");
                      return Answer{202, to_object(*jobs.find(call.id()))};
                  },
                  {"Ask a job to stop", "jobs", nullptr, accepted("Job")});
}

}  // namespace qiao::api
