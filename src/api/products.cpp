#include "api/products.hpp"

#include "api/resource.hpp"
#include "insight/league_rules.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using access::Permission;

Answer product_answer(Call& call, const insight::Product& product, int status) {
    set_etag(call, product.version);
    return Answer{status, product_json(product)};
}

Result<Answer> list(const insight::Products& products) {
    json::array items;
    for (const auto& product : products.list())
        items.push_back(product_json(product));
    return Answer{200, page_json(std::move(items), {})};
}

Result<Answer> create(insight::Products& products, Call& call) {
    const auto draft = insight::parse_product(call.body);
    if (!draft)
        return fail(draft.error());
    const auto made = products.create(*draft, call.who);
    if (!made)
        return fail(made.error());
    return product_answer(call, *made, 201);
}

Result<Answer> get(const insight::Products& products, Call& call) {
    const auto found = products.get(call.id());
    if (!found)
        return fail(found.error());
    return product_answer(call, *found, 200);
}

Result<Answer> change(insight::Products& products, Call& call) {
    const auto draft = insight::parse_product(call.body);
    if (!draft)
        return fail(draft.error());
    const auto version = expected_version(call);
    if (!version)
        return fail(version.error());
    const auto made = products.change(call.id(), *draft, *version, call.who);
    if (!made)
        return fail(made.error());
    return product_answer(call, *made, 200);
}

tl::unexpected<Error> no_such(std::string_view name) {
    return fail(ErrorCode::invalid, "api.body", "The key of a target is wrong.",
                "/" + std::string(name));
}

// The unit of time is named by any day of it.
Result<insight::TargetKey> key_of(std::string product, std::string measure, std::string per,
                                  std::string_view at) {
    if (!insight::league_measure_of_name(measure))
        return no_such("measure");
    const auto day = parse_day(at);
    if (!day)
        return no_such("at");
    for (const auto unit : {insight::Per::day, insight::Per::week, insight::Per::month}) {
        static constexpr std::string_view names[] = {"day", "week", "month"};
        if (per == names[static_cast<std::size_t>(unit)])
            return insight::TargetKey{std::move(product), std::move(measure), std::move(per),
                                      insight::unit_start(*day, unit)};
    }
    return no_such("per");
}

Result<Answer> list_targets(const insight::Targets& targets, Call& call) {
    const auto key = key_of(std::string(call.query("product")), std::string(call.query("measure")),
                            std::string(call.query("per")), call.query("at"));
    if (!key)
        return fail(key.error());
    json::array items;
    for (const auto& target : targets.list(*key, call.who))
        items.push_back(target_json(target));
    return Answer{200, page_json(std::move(items), {})};
}

Result<Answer> set_target(insight::Targets& targets, Call& call) {
    Body body(call.body);
    auto product = body.text("product");
    auto measure = body.text("measure");
    auto per = body.text("per");
    const auto at = body.text("at");
    const auto org = body.text("org");
    const auto* given = body.member("value");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    const auto key = key_of(std::move(product), std::move(measure), std::move(per), at);
    if (!key)
        return fail(key.error());
    std::optional<Decimal> amount;
    if (given && !given->is_null()) {
        const auto value = value_from_json(*given);
        const auto* number = value ? std::get_if<Decimal>(&*value) : nullptr;
        if (!number)
            return fail(ErrorCode::invalid, "api.body", "A target is a number, or null for none.",
                        "/value");
        amount = *number;
    }
    if (auto set = targets.set(*key, org, amount, call.who); !set)
        return fail(set.error());
    return Answer{204, nullptr};
}

void define_shapes(Endpoints& endpoints) {
    const auto product = body_schema({{"kind?", "'app'|'product'|'function'"},
                                      {"name_zh", "string"},
                                      {"name_en", "string"},
                                      {"uses", "Step[]"},
                                      {"transactions?", "Step[]"},
                                      {"value?", "string"},
                                      {"effective_transactions?", "integer"},
                                      {"effective_value?", "number"},
                                      {"steps?", "Step[]"}},
                                     {"updated_at", "updated_by"});
    endpoints.define("NewProduct", product);
    endpoints.define("Product", object_schema({{"id", "string"},
                                               {"kind", "'app'|'product'|'function'"},
                                               {"name_zh", "string"},
                                               {"name_en", "string"},
                                               {"uses", "Step[]"},
                                               {"transactions?", "Step[]"},
                                               {"value?", "string"},
                                               {"effective_transactions?", "integer"},
                                               {"effective_value?", "number"},
                                               {"steps?", "Step[]"},
                                               {"version", "integer"},
                                               {"created_at", "time"},
                                               {"created_by", "string"},
                                               {"updated_at", "time"},
                                               {"updated_by", "string"}}));
    endpoints.define("Target", object_schema({{"org", "string"},
                                              {"value", "number"},
                                              {"set_at", "time"},
                                              {"set_by", "string"},
                                              {"set_by_name", "string"}}));
    const auto& measures = insight::league_measures;
    endpoints.define("LeagueMeasure", words_schema({measures.begin(), measures.end()}));
    endpoints.define("NewTarget", body_schema({{"product", "string"},
                                               {"org", "string"},
                                               {"measure", "LeagueMeasure"},
                                               {"per", "'day'|'week'|'month'"},
                                               {"at", "day"},
                                               {"value?", "number"}}));
}

}  // namespace

json::object product_json(const insight::Product& product) {
    json::object made{{"id", product.id},
                      {"kind", product.kind},
                      {"name_zh", product.name_zh},
                      {"name_en", product.name_en}};
    const auto definition = json::parse(product.definition);
    for (const auto& member : definition.as_object())
        made[member.key()] = member.value();
    made["version"] = product.version;
    made["created_at"] = format_time(product.created_at);
    made["created_by"] = product.created_by;
    made["updated_at"] = format_time(product.updated_at);
    made["updated_by"] = product.updated_by;
    return made;
}

json::object target_json(const insight::Target& target) {
    return {{"org", target.org},
            {"value", to_json(Value(target.amount))},
            {"set_at", format_time(target.set_at)},
            {"set_by", target.set_by},
            {"set_by_name", target.set_by_name}};
}

void add_products(Endpoints& endpoints, insight::Products& products, insight::Targets& targets) {
    const std::string path = "/api/v1/products", one = path + "/{id}";
    define_shapes(endpoints);
    endpoints.add("GET", path, Permission::view, [&products](Call&) { return list(products); },
                  {"The products, and what their use is", "products", nullptr,
                   page_schema("Product")});
    endpoints.add("POST", path, Permission::edit_dictionary,
                  [&products](Call& call) { return create(products, call); },
                  {"Define a product by its events", "products", "NewProduct", created("Product")});
    endpoints.add("GET", one, Permission::view,
                  [&products](Call& call) { return get(products, call); },
                  {"Read a product", "products", nullptr, "Product"});
    endpoints.add("PUT", one, Permission::edit_dictionary,
                  [&products](Call& call) { return change(products, call); },
                  {"Define a product anew", "products", "NewProduct", "Product"});
    endpoints.add("DELETE", one, Permission::edit_dictionary,
                  [&products](Call& call) -> Result<Answer> {
                      if (auto done = products.remove(call.id(), call.who); !done)
                          return fail(done.error());
                      return Answer{204, nullptr};
                  },
                  {"Remove a product and its targets", "products", nullptr, no_content()});

    const std::string of_units = "/api/v1/targets";
    endpoints.add("GET", of_units, Permission::view,
                  [&targets](Call& call) { return list_targets(targets, call); },
                  {"What the units are to reach in a day, week or month", "targets", nullptr,
                   page_schema("Target"), {"product", {"measure", "LeagueMeasure"},
                                           {"per", "'day'|'week'|'month'"}, {"at", "day"}}});
    endpoints.add("PUT", of_units, Permission::edit_boards,
                  [&targets](Call& call) { return set_target(targets, call); },
                  {"Set what a unit is to reach; null takes it away", "targets", "NewTarget",
                   no_content()});
}

}  // namespace qiao::api
