// The steps of acquisition after the visitor: by which rule somebody is a user, a customer,
// transacting, loyal.
//
// Until the bank writes rules of its own they are: known by a user id; kept by a unit of the bank
// (the tag "org"); any transaction of a product; the same kind of transaction three times within 90
// days. Thread-safe.
#pragma once

#include <array>
#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "access/audit.hpp"
#include "audience/vocabulary.hpp"
#include "insight/products.hpp"
#include "sql/database.hpp"

namespace qiao::insight {

inline constexpr std::array<std::string_view, 5> acquisition_step_names = {
    "visitor", "user", "customer", "transacting", "loyal"};
inline constexpr std::size_t acquisition_rules = acquisition_step_names.size() - 1;
using AcquisitionRules = std::array<std::string, acquisition_rules>;  // JSON texts of rule trees

struct AcquisitionSteps {
    AcquisitionRules rules;
    std::int64_t version = 0;  // 0: those of Qiao
    Time updated_at{};
    std::string updated_by;
};

// Those of Qiao, with what the bank has: its products and the tag "org".
AcquisitionRules usual_acquisition_rules(const std::vector<Product>& products,
                                         const rule::Vocabulary& vocabulary);

// The rule of who is a customer: who has come to that step and to those before it. JSON text.
std::string customer_rule(const AcquisitionRules& rules);

class AcquisitionBook {
public:
    AcquisitionBook(sql::Database& database, const Products& products,
                    const audience::Vocabularies& vocabularies, access::AuditLog& audit,
                    const Clock& clock)
        : database_(database),
          products_(products),
          vocabularies_(vocabularies),
          audit_(audit),
          clock_(clock) {}

    AcquisitionSteps get() const;
    // Errors: those of rules, with pointers "/<step>…"; insight.stale.
    Result<AcquisitionSteps> set(const AcquisitionRules& rules,
                                 std::optional<std::int64_t> expected_version,
                                 const access::Principal& who);

private:
    sql::Database& database_;
    const Products& products_;
    const audience::Vocabularies& vocabularies_;
    access::AuditLog& audit_;
    const Clock& clock_;
};

// With all names known. Errors: rule.*, with pointers below `at`.
Result<std::array<rule::Node, acquisition_rules>> resolve(const AcquisitionRules& rules,
                                                          const rule::Vocabulary& vocabulary,
                                                          std::string_view at);

}  // namespace qiao::insight
