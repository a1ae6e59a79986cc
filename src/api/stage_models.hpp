// /api/v1/stage-models
#pragma once

#include <functional>

#include "api/endpoint.hpp"
#include "audience/realtime_control.hpp"
#include "audience/stage_models.hpp"

namespace qiao::api {

struct StageModelParts {
    audience::StageModels& models;
    audience::RealtimeControl& control;
    const audience::RealtimeAudiences& realtime;
};
// What a request says of a model. Errors: api.body, with the pointer.
Result<audience::StageModelDraft> stage_model_draft(const boost::json::value& body);

void add_stage_models(Endpoints& endpoints, const StageModelParts& parts);

}  // namespace qiao::api
