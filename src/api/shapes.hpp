// The shapes that lie in files of their own, each named by its resource's add_….
#pragma once

#include "api/endpoint.hpp"

namespace qiao::api {

void define_rules(Endpoints& endpoints);  // the rule tree and its explanation
void define_audiences(Endpoints& endpoints);
void define_campaigns(Endpoints& endpoints);
void define_customers(Endpoints& endpoints);
void define_dictionary(Endpoints& endpoints);
void define_insights(Endpoints& endpoints);

}  // namespace qiao::api
