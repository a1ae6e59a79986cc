#include "api/shapes.hpp"

namespace qiao::api {

void define_insights(Endpoints& endpoints) {
    endpoints.define("MetricQuestion", object_schema({{"event", "string"},
                                                      {"where?", "Where[]"},
                                                      {"measure?", "string|null"},
                                                      {"per?", "'day'|'week'|'month'|'total'"},
                                                      {"by?", "string[]"},
                                                      {"audience?", "Rule|null"},
                                                      {"within?", "string"},
                                                      {"from?", "string"},
                                                      {"to?", "string"},
                                                      {"as_of?", "time|null"},
                                                      {"fresh?", "boolean|null"},
                                                      {"compare?", "boolean|null"},
                                                      {"kind?", "string"}}));
    // A group that lacks the property or the tag is null.
    endpoints.define("GroupKey", "string|number|boolean|null");
    endpoints.define("MetricPoint", object_schema({{"at", "day"}, {"value", "number|null"}}));
    endpoints.define("MetricSeries",
                     object_schema({{"group", "GroupKey[]"}, {"points", "MetricPoint[]"}}));
    endpoints.define("MetricAnswer",
                     object_schema({{"series", "MetricSeries[]"},
                                    {"previous?", object_schema({{"series", "MetricSeries[]"}})},
                                    {"kept_from?", "time"},
                                    {"left_out?", "integer"},
                                    {"elapsed_ms", "number"},
                                    {"data_version", "integer"},
                                    {"kept_from?", "time"}}));
    endpoints.define("PeopleQuestion", body_schema({{"metric", "MetricQuestion"},
                                                    {"at?", "day"},
                                                    {"group?", "GroupKey[]"},
                                                    {"limit?", "integer"}}));
}

}  // namespace qiao::api
