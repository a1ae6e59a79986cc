// Notes on days: /api/v1/annotations.
#pragma once

#include <functional>

#include "api/endpoint.hpp"
#include "insight/annotations.hpp"

namespace qiao::api {

void add_annotations(Endpoints& endpoints, insight::Annotations& annotations,
                     std::function<std::string(std::string_view id)> name_of_person);

}  // namespace qiao::api
