// /api/v1/contact-policy: how often and when customers may be reached; one for the bank.
#pragma once

#include "api/endpoint.hpp"

namespace qiao::engage {
class Campaigns;
}

namespace qiao::api {

void add_contact_policy(Endpoints& endpoints, engage::Campaigns& campaigns);

}  // namespace qiao::api
