#include "insight/products.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "base/check.hpp"
#include "insight/edits.hpp"
#include "insight/products_sql.hpp"
#include "insight/question.hpp"

namespace qiao::insight {
namespace {

namespace json = boost::json;

constexpr const char* kinds[] = {"app", "product", "function"};
constexpr const char* definition_members[] = {
    "uses", "transactions", "value", "effective_transactions", "effective_value", "steps"};

// A row that two transactions match would be counted twice, so each names an event of its own.
void check_apart(Form& form, const std::vector<rule::EventMatch>& transactions) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < transactions.size(); ++i)
        if (!seen.insert(transactions[i].event).second)
            form.refuse(form.pointer("transactions") + "/" + std::to_string(i) + "/event",
                        "Each kind of transaction names another event.");
}

std::int64_t effective_value_of(Form& form) {
    const auto* value = form.member("effective_value");
    if (!value)
        return 0;
    const auto number = value_from_json(*value);
    const auto* decimal = number ? std::get_if<Decimal>(&*number) : nullptr;
    if (decimal && decimal->scaled() >= 0)
        return decimal->scaled();
    form.refuse(form.pointer("effective_value"), "This is a number from 0.");
    return 0;
}

ProductUse read_use(Form& form) {
    ProductUse made;
    made.uses = form.matches("uses", 1, most_product_events);
    made.transactions = form.matches("transactions", 0, most_product_events);
    made.value = form.text("value");
    made.effective_transactions = form.integer("effective_transactions", 1, 1, 1'000);
    made.effective_value = effective_value_of(form);
    made.steps = form.matches("steps", 0, most_product_steps);
    if (made.steps.size() == 1)
        form.refuse(form.pointer("steps"), "A funnel has at least two steps, or leave it out.");
    if (made.effective_value > 0 && made.value.empty())
        form.refuse(form.pointer("effective_value"), "Name the property to be summed first.");
    check_apart(form, made.transactions);
    return made;
}

std::string name_of(Form& form, std::string_view member) {
    auto name = form.text(member);
    if (name.find_first_not_of(" \t\r\n") == std::string::npos || name.size() > 200)
        form.refuse(form.pointer(member), "Give the product a name of at most 200 bytes.");
    return name;
}

Result<void> resolve_all(std::vector<rule::EventMatch>& matches,
                         const rule::Vocabulary& vocabulary) {
    for (auto& match : matches) {
        auto known = rule::resolve(match, vocabulary);
        if (!known)
            return fail(known.error());
        match = std::move(*known);
    }
    return {};
}

void apply(const ProductDraft& draft, Product& to) {
    to.kind = draft.kind;
    to.name_zh = draft.name_zh;
    to.name_en = draft.name_en;
    to.definition = draft.definition;
}

tl::unexpected<Error> not_found() {
    return fail(ErrorCode::not_found, "insight.product_not_found",
                "There is no such product; it may have been removed.");
}

}  // namespace

Result<ProductDraft> parse_product(const json::value& value) {
    Form form(value, "");
    ProductDraft made;
    made.kind = kinds[form.choice("kind", {"app", "product", "function"}, "product")];
    made.name_zh = name_of(form, "name_zh");
    made.name_en = name_of(form, "name_en");
    read_use(form);
    for (const auto* sent_back :
         {"id", "version", "created_at", "created_by", "updated_at", "updated_by"})
        form.member(sent_back);
    if (auto sound = form.finish(); !sound)
        return fail(sound.error());
    json::object definition;
    for (const auto* member : definition_members)
        if (form.has(member))
            definition[member] = value.as_object().at(member);
    made.definition = json::serialize(definition);
    return made;
}

Result<ProductUse> use_of(std::string_view definition, const rule::Vocabulary& vocabulary) {
    const auto parsed = json::parse(json::string_view(definition.data(), definition.size()));
    Form form(parsed, "");
    auto made = read_use(form);
    if (auto sound = form.finish(); !sound)
        return fail(sound.error());
    for (auto* list : {&made.uses, &made.transactions, &made.steps})
        if (auto known = resolve_all(*list, vocabulary); !known)
            return fail(known.error());
    for (const auto& match : made.transactions)
        if (!made.value.empty())
            if (auto number = check_number(made.value, match.event, "/value", vocabulary); !number)
                return fail(number.error());
    return made;
}

Result<Product> Products::create(const ProductDraft& draft, const access::Principal& who) {
    if (auto known = use_of(draft.definition, vocabularies_.current()); !known)
        return fail(known.error());
    Product product;
    apply(draft, product);
    mark_made(product, "prd", clock_.now(), who);
    auto transaction = database_.begin();
    if (queries::products(*transaction).size() >= most_products)
        return fail(ErrorCode::unprocessable, "insight.too_many_products",
                    "There are 200 products, which is the most; remove one first.");
    queries::put(*transaction, product);
    audit_.add(*transaction, who, {"product.created", product.id, product.name_en});
    transaction->commit();
    return product;
}

Result<Product> Products::change(std::string_view id, const ProductDraft& draft,
                                 std::optional<std::int64_t> expected_version,
                                 const access::Principal& who) {
    if (auto known = use_of(draft.definition, vocabularies_.current()); !known)
        return fail(known.error());
    auto transaction = database_.begin();
    auto product = queries::product(*transaction, id);
    if (!product)
        return not_found();
    if (auto fresh = mark_changed(*product, expected_version, clock_.now(), who); !fresh)
        return fail(fresh.error());
    apply(draft, *product);
    queries::put(*transaction, *product);
    audit_.add(*transaction, who, {"product.updated", product->id, product->name_en});
    transaction->commit();
    return std::move(*product);
}

Result<void> Products::remove(std::string_view id, const access::Principal& who) {
    auto transaction = database_.begin();
    const auto product = queries::product(*transaction, id);
    if (!product)
        return not_found();
    queries::remove_product(*transaction, id);
    audit_.add(*transaction, who, {"product.removed", product->id, product->name_en});
    transaction->commit();
    return {};
}

Result<Product> Products::get(std::string_view id) const {
    auto product = queries::product(*database_.read(), id);
    if (!product)
        return not_found();
    return std::move(*product);
}

std::vector<Product> Products::list() const {
    auto products = queries::products(*database_.read());
    const auto place = [](const Product& product) {
        return std::find(std::begin(kinds), std::end(kinds), product.kind) - std::begin(kinds);
    };
    std::stable_sort(products.begin(), products.end(),
                     [&](const Product& a, const Product& b) { return place(a) < place(b); });
    return products;
}

Result<KnownProduct> known_product(const Products& products, std::string_view id,
                                   const rule::Vocabulary& vocabulary, std::string pointer) {
    auto product = products.get(id);
    if (!product) {
        auto error = product.error();
        error.code = ErrorCode::unprocessable;
        error.pointer = std::move(pointer);
        return fail(std::move(error));
    }
    auto use = use_of(product->definition, vocabulary);
    if (!use)
        return fail(use.error());
    return KnownProduct{std::move(*product), std::move(*use)};
}

std::string kept_as(std::string_view kind, const Product& product) {
    return std::string(kind) + ' ' + product.id + ' ' + std::to_string(product.version);
}

}  // namespace qiao::insight
