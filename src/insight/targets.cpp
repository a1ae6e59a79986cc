#include "insight/targets.hpp"

#include "insight/products_sql.hpp"

namespace qiao::insight {

Result<void> Targets::set(const TargetKey& key, std::string_view org, std::optional<Decimal> amount,
                          const access::Principal& who) {
    const auto tree = orgs_.tree();
    if (!tree->find(org))
        return fail(ErrorCode::unprocessable, "access.org_not_found", "there is no such unit",
                    "/org");
    if (!tree->in_scope(who.org, org))
        return fail(ErrorCode::forbidden, "access.out_of_scope",
                    "the unit is not yours or below yours", "/org");
    if (amount && amount->scaled() < 0)
        return fail(ErrorCode::unprocessable, "insight.target", "A target is a number from 0.",
                    "/value");
    auto transaction = database_.begin();
    const auto product = queries::product(*transaction, key.product);
    if (!product)
        return fail(ErrorCode::unprocessable, "insight.product_not_found",
                    "There is no such product; it may have been removed.", "/product");
    if (amount)
        queries::put(*transaction, key,
                     {std::string(org), *amount, clock_.now(), who.id, who.name});
    else
        queries::remove(*transaction, key, org);
    const std::string what = product->name_en + ", " + key.measure + " per " + key.per + " from " +
                             format_day(key.starts_on) + ": " +
                             (amount ? amount->text() : std::string("none"));
    audit_.add(*transaction, who, {"target.set", std::string(org), what});
    transaction->commit();
    return {};
}

std::vector<Target> Targets::list(const TargetKey& key, const access::Principal& who) const {
    auto targets = queries::targets(*database_.read(), key);
    const auto tree = orgs_.tree();
    std::erase_if(targets,
                  [&](const Target& target) { return !tree->in_scope(who.org, target.org); });
    return targets;
}

}  // namespace qiao::insight
