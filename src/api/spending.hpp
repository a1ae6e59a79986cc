// /api/v1/spending: what was spent on origins of customers beside the messages; and
// /api/v1/acquisition-steps: who counts as a user, a customer, transacting, loyal.
#pragma once

#include <functional>

#include "api/endpoint.hpp"

namespace qiao::insight {
class AcquisitionBook;
class SpendingBook;
}  // namespace qiao::insight

namespace qiao::api {

void add_spending(Endpoints& endpoints, insight::SpendingBook& spending,
                  std::function<std::string(std::string_view id)> name_of_person);
void add_acquisition_steps(Endpoints& endpoints, insight::AcquisitionBook& steps);

}  // namespace qiao::api
