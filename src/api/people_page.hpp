// Pages of people found by a question or a report, and all of them as a file.
#pragma once

#include "api/resource.hpp"
#include "audience/evaluation.hpp"

namespace qiao::audience {
class PeopleCards;
}

namespace qiao::api {

// {"items":[card…],"next_cursor","total"}: those after the one that the cursor names, in the
// order of the index; they may be counted anew between two pages. Error: invalid api.cursor, also
// where that one is not known any more.
Result<boost::json::object> people_page(const audience::PeopleCards& cards,
                                        const audience::Evaluated& found, const Page& page,
                                        const access::Principal& who);

// Whether the request asks for all of them as CSV or NDJSON; then stream_members() answers.
enum class PeopleFile : std::uint8_t { none, csv, ndjson };
PeopleFile people_file(const Call& call);

}  // namespace qiao::api
