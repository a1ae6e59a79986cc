#include <boost/json.hpp>

#include "insight/entries.hpp"
#include "insight/screen.hpp"

namespace qiao::insight {
namespace {

namespace json = boost::json;

constexpr std::string_view exposure_event = "exposure";
constexpr std::string_view unit_kinds[] = {"branch", "outlet", "manager"};

rule::EventMatch exposures_of(Form& form) {
    auto exposure = form.maybe_doing("exposures");
    if (!exposure)
        return {std::string(exposure_event), {}, form.pointer("exposures")};
    if (exposure->subject != Subject::event)
        form.refuse(form.pointer("exposures"), "Exposures are one event.");
    return std::move(exposure->match);
}

// Clicks are those on a slot, where the question names no others: an exposure is followed by many
// clicks that have nothing to do with it.
rule::EventMatch slot_clicks_of(Form& form) {
    auto clicks = clicks_of(form);
    if (!form.has("clicks"))
        clicks.where.push_back({"slot", {rule::Op::exists, {}, clicks.pointer, {}}});
    return clicks;
}

// "$branch" stands for the branches of customers.
std::string unit_of(const By& by) {
    for (const auto kind : unit_kinds)
        if (by.kind == By::Kind::property && by.name == "$" + std::string(kind))
            return std::string(kind);
    return {};
}

}  // namespace

Result<EntriesQuestion> parse_entries(const json::value& value, std::string_view at) {
    Form form(value, at);
    EntriesQuestion made;
    made.product = form.text("product");
    if (made.product.empty())
        form.refuse(form.pointer("product"), "Name the product.");
    const auto by = form.by("by", 1);
    if (by.empty() || by[0].kind == By::Kind::event)
        form.refuse(form.pointer("by"),
                    "Name what an entry is: a property, a tag as \"tag:level\", or \"$branch\".");
    else
        made.by = by[0];
    made.unit = unit_of(made.by);
    made.exposure = exposures_of(form);
    made.click = slot_clicks_of(form);
    made.window = form.duration("window", "1d");
    made.frame = form.frame();
    form.member("kind");
    if (auto sound = form.finish(); !sound)
        return fail(sound.error());
    return made;
}

Result<EntriesPlan> resolve(const EntriesQuestion& question, const ProductUse& product,
                            const rule::Vocabulary& vocabulary, const access::OrgTree& orgs,
                            std::string_view scope, std::string_view at) {
    if (product.steps.size() < 2)
        return fail(ErrorCode::unprocessable, "insight.no_steps",
                    "This product's funnel has no start and end; define its steps first.",
                    std::string(at) + "/product");
    EntriesPlan made;
    made.by = question.by;
    made.unit = question.unit;
    made.orgs = orgs;
    made.scope = scope;
    made.funnel.window = question.window;
    for (const auto* match : {&question.exposure, &question.click}) {
        auto step = rule::resolve(*match, vocabulary);
        if (!step)
            return fail(step.error());
        made.funnel.steps.push_back(std::move(*step));
    }
    made.funnel.steps.insert(made.funnel.steps.end(), product.steps.end() - 2, product.steps.end());
    if (!made.unit.empty()) {
        made.by = {By::Kind::tag, "org"};
        made.type = ValueType::string;
        return made;
    }
    const auto type = type_of(made.by, Doing{Subject::event, made.funnel.steps[0]},
                              std::string(at) + "/by/0", vocabulary);
    if (!type)
        return fail(type.error());
    made.type = *type;
    return made;
}

Result<Answered<Entries>> ask(const Asking& asking, const Products& products,
                              const EntriesQuestion& question, std::string_view at,
                              const access::Principal& who) {
    const auto vocabulary = asking.vocabulary();
    const auto product =
        known_product(products, question.product, vocabulary, std::string(at) + "/product");
    if (!product)
        return fail(product.error());
    const auto plan = resolve(question, product->use, vocabulary, vocabulary.orgs(), who.org, at);
    if (!plan)
        return fail(plan.error());
    return asking.answer<Entries>(
        kept_as("entries", product->product), question.frame, at, who,
        [&](const Ground& ground) -> Result<Entries> {
            if (ground.history)
                return ground.history->answer(ground, *plan);
            return compute(*plan, *ground.snapshot, ground.people, ground.interval, ground.how);
        },
        asking.history());
}

Result<audience::Evaluated> people(const Asking& asking, const Products& products,
                                   const EntriesQuestion& question, const EntriesPeople& which,
                                   std::string_view at, const access::Principal& who) {
    const auto vocabulary = asking.vocabulary();
    const auto product =
        known_product(products, question.product, vocabulary, std::string(at) + "/product");
    if (!product)
        return fail(product.error());
    const auto plan = resolve(question, product->use, vocabulary, vocabulary.orgs(), who.org, at);
    if (!plan)
        return fail(plan.error());
    return asking.people(question.frame, at, who, [&](const Ground& ground) {
        return people_behind(*plan, which, *ground.snapshot, ground.people, ground.interval,
                             ground.how);
    });
}

}  // namespace qiao::insight
