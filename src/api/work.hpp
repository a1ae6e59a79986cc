// What people of the bank are to do and are told: /api/v1/work-items and /api/v1/notices.
#pragma once

#include <functional>

#include "api/endpoint.hpp"
#include "work/items.hpp"
#include "work/notices.hpp"

namespace qiao::api {

struct WorkParts {
    work::Items& items;
    work::Notices& notices;
    std::function<std::string(std::string_view id)> name_of_person;
};
void add_work(Endpoints& endpoints, const WorkParts& parts);

}  // namespace qiao::api
