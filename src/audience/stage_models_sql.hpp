// All SQL of the stage models.
#pragma once

#include "audience/stage_models.hpp"

namespace qiao::audience::queries {

std::optional<StageModel> stage_model(sql::Transaction& transaction, std::string_view id);
std::vector<StageModel> stage_models(sql::Transaction& transaction);  // the older first
void put_stage_model(sql::Transaction& transaction, const StageModel& model);
void remove_stage_model(sql::Transaction& transaction, std::string_view id);

}  // namespace qiao::audience::queries
