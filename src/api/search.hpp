// /api/v1/search: one box that finds audiences, events, tags, boards, pages, and what others add.
#pragma once

#include <functional>
#include <vector>

#include "api/endpoint.hpp"

namespace qiao::audience {
class Audiences;
class Vocabularies;
}  // namespace qiao::audience
namespace qiao::insight {
class Boards;
}

namespace qiao::api {

// Answers at most `limit` items {"kind","id","name","link"} that hold the text.
using SearchProvider = std::function<boost::json::array(std::string_view text, std::size_t limit,
                                                        const access::Principal& who)>;

struct SearchParts {
    const audience::Audiences& audiences;
    const audience::Vocabularies& vocabularies;
    const insight::Boards& boards;
    std::vector<SearchProvider> more;  // campaigns, customers
};

void add_search(Endpoints& endpoints, SearchParts parts);

}  // namespace qiao::api
