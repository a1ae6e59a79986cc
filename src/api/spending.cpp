#include "api/spending.hpp"

#include "api/dated.hpp"
#include "insight/acquisition_steps.hpp"
#include "insight/spending.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using access::Permission;

Result<insight::SpendingChange> change_of(const json::value& value) {
    Body body(value);
    insight::SpendingChange change;
    change.by = body.maybe_text("by");
    change.origin = body.maybe_text("origin");
    change.note = body.maybe_text("note");
    const auto from = day_of(body, "from"), to = day_of(body, "to");
    change.amount = body.maybe_decimal("amount");
    body.ignore({"author", "updated_by"});
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (!from)
        return fail(from.error());
    if (!to)
        return fail(to.error());
    change.from = *from;
    change.to = *to;
    return change;
}

json::object own_members(const insight::Spending& one) {
    return {{"by", one.by},
            {"origin", one.origin},
            {"from", format_day(one.from)},
            {"to", format_day(one.to)},
            {"amount", to_json(Value(one.amount))},
            {"note", one.note}};
}

void define_spending(Endpoints& endpoints) {
    endpoints.define("Spending", object_schema({{"id", "string"},
                                                {"by", "string"},
                                                {"origin", "string"},
                                                {"from", "day"},
                                                {"to", "day"},
                                                {"amount", "number"},
                                                {"note", "string"},
                                                {"author", "string"},
                                                {"version", "integer"},
                                                {"created_at", "time"},
                                                {"created_by", "string"},
                                                {"updated_at", "time"},
                                                {"updated_by", "string"}}));
    endpoints.define("SpendingChange", body_schema({{"by?", "string"},
                                                    {"origin?", "string"},
                                                    {"from?", "day"},
                                                    {"to?", "day"},
                                                    {"amount?", "number"},
                                                    {"note?", "string"}},
                                                   {"author", "updated_by"}));
}

// ---- the steps ----

json::object steps_json(const insight::AcquisitionSteps& steps) {
    json::object made;
    for (std::size_t i = 0; i < steps.rules.size(); ++i)
        made[insight::acquisition_step_names[i + 1]] = json::parse(steps.rules[i]);
    made["version"] = steps.version;
    made["updated_at"] =
        steps.version == 0 ? json::value(nullptr) : json::value(format_time(steps.updated_at));
    made["updated_by"] = steps.updated_by;
    return made;
}

Answer steps_answer(Call& call, const insight::AcquisitionSteps& steps) {
    set_etag(call, steps.version);
    return Answer{200, steps_json(steps)};
}

Result<Answer> set_steps(insight::AcquisitionBook& book, Call& call) {
    Body body(call.body);
    auto rules = book.get().rules;
    for (std::size_t i = 0; i < rules.size(); ++i)
        if (const auto* rule = body.member(insight::acquisition_step_names[i + 1]);
            rule && !rule->is_null())
            rules[i] = json::serialize(*rule);
    body.ignore({"updated_by"});
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    const auto version = expected_version(call);
    if (!version)
        return fail(version.error());
    const auto made = book.set(rules, *version, call.who);
    if (!made)
        return fail(made.error());
    return steps_answer(call, *made);
}

}  // namespace

void add_spending(Endpoints& endpoints, insight::SpendingBook& spending,
                  std::function<std::string(std::string_view id)> name_of_person) {
    define_spending(endpoints);
    add_dated<insight::SpendingBook, insight::Spending, insight::SpendingChange>(
        endpoints,
        {"/api/v1/spending", "spending", "Spending", "SpendingChange",
         "What was spent on origins of customers, in CNY; of entries that touch a period",
         "Enter what was spent on an origin from a day to a day", "Read an entry of spending",
         "Change an entry of spending", "Remove an entry of spending"},
        {spending, std::move(name_of_person), change_of, own_members});
}

void add_acquisition_steps(Endpoints& endpoints, insight::AcquisitionBook& steps) {
    const std::string path = "/api/v1/acquisition-steps";
    endpoints.define("AcquisitionSteps", object_schema({{"user", "Rule"},
                                                        {"customer", "Rule"},
                                                        {"transacting", "Rule"},
                                                        {"loyal", "Rule"},
                                                        {"version", "integer"},
                                                        {"updated_at", "time|null"},
                                                        {"updated_by", "string"}}));
    endpoints.define("AcquisitionStepsChange", body_schema({{"user?", "Rule"},
                                                            {"customer?", "Rule"},
                                                            {"transacting?", "Rule"},
                                                            {"loyal?", "Rule"}},
                                                           {"updated_at", "updated_by"}));
    endpoints.add(
        "GET", path, Permission::view,
        [&steps](Call& call) -> Result<Answer> { return steps_answer(call, steps.get()); },
        {"Who counts as a user, a customer, transacting, loyal; version 0 is Qiao's own",
         "insights", nullptr, "AcquisitionSteps"});
    endpoints.add("PUT", path, Permission::edit_dictionary,
                  [&steps](Call& call) { return set_steps(steps, call); },
                  {"Change the steps of acquisition; those that are left out stay", "insights",
                   "AcquisitionStepsChange", "AcquisitionSteps"});
}

}  // namespace qiao::api
