// /api/v1/insights: questions over all customers.
#pragma once

#include "api/endpoint.hpp"
#include "api/resource.hpp"
#include "insight/asking.hpp"

namespace qiao::insight {
class AcquisitionBook;
class Metrics;
class Products;
class SpendingBook;
class Targets;
struct MetricAnswer;
}  // namespace qiao::insight
namespace qiao::audience {
class PeopleCards;
class StageModels;
}  // namespace qiao::audience
namespace qiao::access {
class AuditLog;
}
namespace qiao::engage {
class CampaignReturns;
}

namespace qiao::api {

struct InsightParts {
    const insight::Asking& asking;
    const insight::Metrics& metrics;
    const insight::Products& products;
    const insight::Targets& targets;
    const insight::AcquisitionBook& acquisition_steps;
    const insight::SpendingBook& spending;
    const audience::StageModels& stage_models;
    const engage::CampaignReturns& returns;
    const audience::PeopleCards& cards;
    access::AuditLog& audit;
};

void add_insights(Endpoints& endpoints, const InsightParts& parts);

// Works a question out so that its asker can see how far it is, by the id that came along in
// X-Question-Id. Error: api.question_id.
EndpointHandler watched(const insight::Asking& asking, EndpointHandler handler);

boost::json::object metric_json(const insight::MetricAnswer& answer);

// ---- one file for each family of questions ----

// A kind of question: its answer, and the people behind a number of it (null where it has none).
// `question` is the member of `body` that is named after the kind, `at` its pointer; the other
// members, which select, are the kind's to read.
struct InsightKind {
    const char* name;
    const char* summary;
    const char* request_shape;
    const char* answer_shape;
    Result<Answer> (*answer)(const InsightParts& parts, Call& call);
    Result<audience::Evaluated> (*people)(const InsightParts& parts,
                                          const boost::json::value& question, std::string_view at,
                                          Body& body, const access::Principal& who);
};
extern const InsightKind metric_kind, funnel_kind, retention_kind, lifecycle_kind, paths_kind,
    distribution_kind, interval_kind, attribution_kind, league_kind, products_kind, activity_kind,
    stages_kind, acquisition_kind, screen_kind, effort_kind, entries_kind, returns_kind;

// A group of so many values; nothing where the body names none. Error: api.body.
Result<std::optional<insight::Group>> group_of(Body& body, std::size_t values);
// A civil day. Error: api.body.
Result<std::optional<Day>> day_of(Body& body, std::string_view name);
// The same of a query parameter. Error: api.body.
Result<Day> day_in(const Call& call, std::string_view name, Day otherwise);
boost::json::array group_json(const insight::Group& group);
boost::json::value maybe_json(const std::optional<std::int64_t>& number);
// Adds what every answer tells: how long it took, of which data, since when events are kept.
template <class Result>
void tell_source(boost::json::object& made, const insight::Answered<Result>& answered) {
    made["elapsed_ms"] = answered.elapsed_ms;
    made["data_version"] = answered.data_version;
    if (answered.kept_from)
        made["kept_from"] = format_time(*answered.kept_from);
}

// InsightKind::answer of most kinds: what `parse` reads is asked; `shown(result, question)` is what
// is said of the result.
template <auto parse, auto shown>
Result<Answer> answered(const InsightParts& parts, Call& call) {
    const auto question = parse(call.body, "");
    if (!question)
        return fail(question.error());
    const auto answer = ask(parts.asking, *question, "", call.who);
    if (!answer)
        return fail(answer.error());
    boost::json::object made = shown(*answer->result, *question);
    tell_source(made, *answer);
    return Answer{200, std::move(made)};
}

// InsightKind::people of most kinds: `selected(body, question)` is a result that says which part of
// the answer is meant.
template <auto parse, auto selected>
Result<audience::Evaluated> people_of(const InsightParts& parts, const boost::json::value& asked,
                                      std::string_view at, Body& body,
                                      const access::Principal& who) {
    const auto question = parse(asked, at);
    if (!question)
        return fail(question.error());
    const auto which = selected(body, *question);
    if (!which)
        return fail(which.error());
    return people(parts.asking, *question, *which, at, who);
}

}  // namespace qiao::api
