#include <boost/json.hpp>

#include "insight/effort.hpp"

namespace qiao::insight {

Result<EffortQuestion> parse_effort(const boost::json::value& value, std::string_view at) {
    Form form(value, at);
    EffortQuestion made;
    made.clicks = clicks_of(form);
    made.versions = versions_of(form);
    made.deep_from = static_cast<std::uint64_t>(form.integer("deep_from", 3, 1, 100));
    made.rare_percent = static_cast<std::uint64_t>(form.integer("rare_percent", 5, 1, 100));
    made.frame = form.frame();
    form.member("kind");
    if (auto sound = form.finish(); !sound)
        return fail(sound.error());
    return made;
}

Result<EffortQuestion> resolve(EffortQuestion question, const rule::Vocabulary& vocabulary,
                               std::string_view /*at*/) {
    auto clicks = rule::resolve(question.clicks, vocabulary);
    if (!clicks)
        return fail(clicks.error());
    question.clicks = std::move(*clicks);
    return question;
}

Result<Answered<EffortAnswer>> ask(const Asking& asking, const Products& products,
                                   const EffortQuestion& question, std::string_view at,
                                   const access::Principal& who) {
    const auto vocabulary = asking.vocabulary();
    const auto resolved = resolve(question, vocabulary, at);
    if (!resolved)
        return fail(resolved.error());
    EffortAnswer asked;
    std::vector<ProductUse> functions;
    std::string kind = "effort";
    for (auto& product : products.list()) {
        auto use = use_of(product.definition, vocabulary);
        if (!use)
            return fail(use.error());
        kind = kept_as(kind, product);
        functions.push_back(std::move(*use));
        asked.products.push_back(std::move(product));
    }
    return asking.answer<EffortAnswer>(
        kind, question.frame, at, who,
        [&](const Ground& ground) -> Result<EffortAnswer> {
            auto effort = ground.history ? ground.history->answer(ground, *resolved, functions)
                                         : compute(*resolved, functions, *ground.snapshot,
                                                   ground.people, ground.interval, ground.how);
            if (!effort)
                return fail(effort.error());
            return EffortAnswer{asked.products, std::move(*effort)};
        },
        asking.history());
}

Result<audience::Evaluated> people(const Asking& asking, const Products& products,
                                   const EffortQuestion& question, const EffortPeople& which,
                                   std::string_view at, const access::Principal& who) {
    const auto vocabulary = asking.vocabulary();
    const auto resolved = resolve(question, vocabulary, at);
    if (!resolved)
        return fail(resolved.error());
    std::vector<ProductUse> functions;
    if (which.screen.empty()) {
        auto product = known_product(products, which.product, vocabulary, "/product");
        if (!product)
            return fail(product.error());
        functions.push_back(std::move(product->use));
    }
    return asking.people(question.frame, at, who, [&](const Ground& ground) {
        return people_behind(*resolved, which, functions, *ground.snapshot, ground.people,
                             ground.interval, ground.how);
    });
}

}  // namespace qiao::insight
