// The registry of products: what the bank offers and which events mean that it is used.
//
// A product (or a function of the app, or the app itself) is defined by events. Whoever does one of
// `uses` or `transactions` in a period is active there; whoever does one of `transactions` is
// transacting, and effectively so from `effective_transactions` and `effective_value` on, both in
// that period. So effective ⊆ transacting ⊆ active, for every product and period.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit.hpp"
#include "audience/vocabulary.hpp"
#include "base/rule.hpp"
#include "runtime/clock.hpp"
#include "sql/database.hpp"

namespace qiao::insight {

// The part of a definition that is computed with.
struct ProductUse {
    std::vector<rule::EventMatch> uses;          // 1 to most_product_events
    std::vector<rule::EventMatch> transactions;  // none, or so many, each event named once
    std::string value;                           // property of all transactions; empty: none
    std::int64_t effective_transactions = 1;
    std::int64_t effective_value = 0;     // scaled by 10^4
    std::vector<rule::EventMatch> steps;  // of its funnel, such as exposure, click, start, done
};
inline constexpr std::size_t most_product_events = 20;
inline constexpr std::size_t most_product_steps = 8;
inline constexpr std::size_t most_products = 200;

struct Product {
    std::string id;    // "prd_…"
    std::string kind;  // "app", "product", "function"
    std::string name_zh, name_en;
    std::string definition;  // JSON object, as it was written
    std::int64_t version = 1;
    Time created_at{}, updated_at{};
    std::string created_by, updated_by;
};

// What a request says of a product: names, kind and definition.
struct ProductDraft {
    std::string kind, name_zh, name_en, definition;
};
// Errors: insight.invalid, rule.invalid, with pointers.
Result<ProductDraft> parse_product(const boost::json::value& json);
// The definition with all names known. Errors: rule.unknown, rule.type, with pointers.
Result<ProductUse> use_of(std::string_view definition, const rule::Vocabulary& vocabulary);

// Thread-safe.
class Products {
public:
    Products(sql::Database& database, const audience::Vocabularies& vocabularies,
             access::AuditLog& audit, const Clock& clock)
        : database_(database), vocabularies_(vocabularies), audit_(audit), clock_(clock) {}

    // Errors: those of use_of; insight.too_many_products.
    Result<Product> create(const ProductDraft& draft, const access::Principal& who);
    // Errors also: insight.product_not_found, insight.stale.
    Result<Product> change(std::string_view id, const ProductDraft& draft,
                           std::optional<std::int64_t> expected_version,
                           const access::Principal& who);
    // Its targets go with it.
    Result<void> remove(std::string_view id, const access::Principal& who);
    Result<Product> get(std::string_view id) const;
    std::vector<Product> list() const;  // the app, products, functions; the older first

private:
    sql::Database& database_;
    const audience::Vocabularies& vocabularies_;
    access::AuditLog& audit_;
    const Clock& clock_;
};

struct KnownProduct {
    Product product;
    ProductUse use;
};
// A product that a question names at `pointer`. Errors: insight.product_not_found (unprocessable),
// those of use_of.
Result<KnownProduct> known_product(const Products& products, std::string_view id,
                                   const rule::Vocabulary& vocabulary, std::string pointer);
// The kind of an answer that is kept by what the product meant, too.
std::string kept_as(std::string_view kind, const Product& product);

}  // namespace qiao::insight
