// All SQL of the products and their targets.
#pragma once

#include "insight/products.hpp"
#include "insight/targets.hpp"

namespace qiao::insight::queries {

std::optional<Product> product(sql::Transaction& transaction, std::string_view id);
std::vector<Product> products(sql::Transaction& transaction);  // the older first
void put(sql::Transaction& transaction, const Product& product);
void remove_product(sql::Transaction& transaction, std::string_view id);  // and its targets

std::vector<Target> targets(sql::Transaction& transaction, const TargetKey& key);
void put(sql::Transaction& transaction, const TargetKey& key, const Target& target);
void remove(sql::Transaction& transaction, const TargetKey& key, std::string_view org);

}  // namespace qiao::insight::queries
