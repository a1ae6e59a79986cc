#include "insight/acquisition_steps.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "insight/edits.hpp"
#include "insight/spending_sql.hpp"

namespace qiao::insight {
namespace {

namespace json = boost::json;

// Each kind of transaction once, as a leaf of a rule.
json::array transactions_of(const std::vector<Product>& products) {
    json::array made;
    for (const auto& product : products) {
        const auto definition = json::parse(product.definition);
        const auto* list = definition.as_object().if_contains("transactions");
        if (!list)
            continue;
        for (const auto& one : list->as_array()) {
            json::object leaf{{"event", one.at("event")}};
            if (const auto* where = one.as_object().if_contains("where"))
                leaf["where"] = *where;
            if (std::find(made.begin(), made.end(), json::value(leaf)) == made.end())
                made.push_back(std::move(leaf));
        }
    }
    return made;
}

AcquisitionRules read(std::string_view text) {
    const auto parsed = json::parse(json::string_view(text.data(), text.size()));
    AcquisitionRules made;
    for (std::size_t i = 0; i < made.size(); ++i)
        made[i] = json::serialize(parsed.at(acquisition_step_names[i + 1]));
    return made;
}

std::string write(const AcquisitionRules& rules) {
    json::object made;
    for (std::size_t i = 0; i < rules.size(); ++i)
        made[acquisition_step_names[i + 1]] = json::parse(rules[i]);
    return json::serialize(made);
}

}  // namespace

AcquisitionRules usual_acquisition_rules(const std::vector<Product>& products,
                                         const rule::Vocabulary& vocabulary) {
    const std::string user = R"({"identity":"user_id","op":"exists"})";
    const std::string customer = vocabulary.tag("org") ? R"({"tag":"org","op":"exists"})" : user;
    json::array once = transactions_of(products), often = once;
    for (auto& leaf : often) {
        leaf.as_object()["within"] = "90d";
        leaf.as_object()["op"] = "gte";
        leaf.as_object()["value"] = 3;
    }
    return {user, customer, json::serialize(json::object{{"any", std::move(once)}}),
            json::serialize(json::object{{"any", std::move(often)}})};
}

std::string customer_rule(const AcquisitionRules& rules) {
    static_assert(acquisition_step_names[2] == "customer");
    return json::serialize(
        json::object{{"all", json::array{json::parse(rules[0]), json::parse(rules[1])}}});
}

AcquisitionSteps AcquisitionBook::get() const {
    if (const auto stored = queries::acquisition_steps(*database_.read()))
        return {read(stored->rules), stored->version, stored->updated_at, stored->updated_by};
    return {usual_acquisition_rules(products_.list(), vocabularies_.current()), 0, {}, {}};
}

Result<AcquisitionSteps> AcquisitionBook::set(const AcquisitionRules& rules,
                                              std::optional<std::int64_t> expected_version,
                                              const access::Principal& who) {
    if (auto known = resolve(rules, vocabularies_.current(), ""); !known)
        return fail(known.error());
    auto transaction = database_.begin();
    const auto stored = queries::acquisition_steps(*transaction);
    const auto version = stored ? stored->version : 0;
    if (expected_version && *expected_version != version)
        return stale();
    queries::put(*transaction,
                 queries::StoredSteps{write(rules), version + 1, clock_.now(), who.id});
    audit_.add(*transaction, who,
               {"acquisition.steps_changed", "acquisition",
                "what makes a user, a customer, a "
                "transacting and a loyal one"});
    transaction->commit();
    return get();
}

Result<std::array<rule::Node, acquisition_rules>> resolve(const AcquisitionRules& rules,
                                                          const rule::Vocabulary& vocabulary,
                                                          std::string_view at) {
    std::array<rule::Node, acquisition_rules> made;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        auto parsed = audience::parse_rule(
            rules[i], std::string(at) + "/" + std::string(acquisition_step_names[i + 1]));
        if (!parsed)
            return fail(parsed.error());
        auto resolved = rule::resolve(*parsed, vocabulary);
        if (!resolved)
            return fail(resolved.error());
        made[i] = std::move(*resolved);
    }
    return made;
}

}  // namespace qiao::insight
