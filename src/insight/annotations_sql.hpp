// All SQL of the annotations.
#pragma once

#include "insight/annotations.hpp"

namespace qiao::insight::queries {

std::optional<Annotation> find_annotation(sql::Transaction& transaction, std::string_view id);
std::vector<Annotation> annotations_between(sql::Transaction& transaction, Day from, Day until);
void put(sql::Transaction& transaction, const Annotation& annotation);
void remove_annotation(sql::Transaction& transaction, std::string_view id);

}  // namespace qiao::insight::queries
