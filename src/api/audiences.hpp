// /api/v1/audiences: rules and their members; /api/v1/customers/{id}/explain.
#pragma once

#include "api/endpoint.hpp"

namespace qiao::access {
class AuditLog;
}
namespace qiao::audience {
class Audiences;
class Evaluation;
class FixedAudiences;
class Preview;
class Refresher;
class RealtimeControl;
class RealtimeAudiences;
class PeopleCards;
struct Card;
}  // namespace qiao::audience
namespace qiao::sql {
class Database;
}

namespace qiao::api {

struct AudienceParts {
    audience::Audiences& audiences;
    const audience::Evaluation& evaluation;
    audience::Preview& preview;
    audience::Refresher& refresher;
    audience::RealtimeControl& control;
    const audience::RealtimeAudiences& realtime;
    const audience::PeopleCards& cards;
    audience::FixedAudiences& fixed;
    access::AuditLog& audit;
    sql::Database& database;  // for the values that the dictionary has seen
};

void add_audiences(Endpoints& endpoints, const AudienceParts& parts);

// {"customer","name","identities","tags"}, as customer lists show people.
boost::json::object card_json(const audience::Card& card);

}  // namespace qiao::api
