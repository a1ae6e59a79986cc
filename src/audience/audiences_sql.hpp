// All SQL of the audiences, one function per question.
#pragma once

#include <string_view>
#include <vector>

#include "audience/audience.hpp"
#include "sql/database.hpp"

namespace qiao::audience::queries {

struct Page {
    std::string_view text, state, after;
    std::size_t limit = 50;
};

std::optional<Audience> find(sql::Transaction& transaction, std::string_view id);
std::vector<Audience> page(sql::Transaction& transaction, const Page& page);
std::vector<Audience> all(sql::Transaction& transaction);
void insert(sql::Transaction& transaction, const Audience& audience);
void update(sql::Transaction& transaction, const Audience& audience);

void insert_version(sql::Transaction& transaction, const Audience& audience,
                    std::string_view change, std::string_view by_id, std::string_view by_name);
std::vector<Version> versions(sql::Transaction& transaction, std::string_view id);

std::vector<CountPoint> counts(sql::Transaction& transaction, std::string_view id,
                               std::size_t limit);
void put_count(sql::Transaction& transaction, std::string_view id, const CountPoint& point);
void delete_count(sql::Transaction& transaction, std::string_view id, Time at);

void clear_references(sql::Transaction& transaction, std::string_view kind, std::string_view id);
void put_reference(sql::Transaction& transaction, const User& user, std::string_view audience);
std::vector<User> users(sql::Transaction& transaction, std::string_view audience);

}  // namespace qiao::audience::queries
