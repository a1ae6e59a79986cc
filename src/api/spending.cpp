#include "api/spending.hpp"

#include <memory>

#include "api/insights.hpp"
#include "api/resource.hpp"
#include "insight/acquisition_steps.hpp"
#include "insight/spending.hpp"

namespace qiao::api {
namespace {

namespace json = boost::json;
using access::Permission;

class SpendingApi {
public:
    SpendingApi(insight::SpendingBook& book,
                std::function<std::string(std::string_view)> name_of_person)
        : book_(book), name_of_person_(std::move(name_of_person)) {}

    Result<Answer> list(Call& call) const {
        const auto from = day_in(call, "from", INT32_MIN), to = day_in(call, "to", INT32_MAX);
        if (!from)
            return fail(from.error());
        if (!to)
            return fail(to.error());
        json::array items;
        for (const auto& one : book_.list(*from, *to))
            items.push_back(spending_json(one));
        return Answer{200, page_json(std::move(items), {})};
    }
    Result<Answer> get(Call& call) const { return answer(call, book_.get(call.id()), 200); }
    Result<Answer> create(Call& call) {
        const auto change = change_of(call.body);
        if (!change)
            return fail(change.error());
        return answer(call, book_.create(*change, call.who), 201);
    }
    Result<Answer> update(Call& call) {
        const auto change = change_of(call.body);
        if (!change)
            return fail(change.error());
        const auto version = expected_version(call);
        if (!version)
            return fail(version.error());
        return answer(call, book_.change(call.id(), *change, *version, call.who), 200);
    }
    Result<Answer> remove(Call& call) {
        if (auto done = book_.remove(call.id(), call.who); !done)
            return fail(done.error());
        return Answer{204, nullptr};
    }

private:
    static Result<Day> day_in(const Call& call, std::string_view name, Day otherwise) {
        const auto text = call.query(name);
        if (text.empty())
            return otherwise;
        const auto day = parse_day(text);
        if (!day)
            return fail(ErrorCode::invalid, "api.body", "This is a day such as 2026-10-01.",
                        "/" + std::string(name));
        return *day;
    }
    static Result<insight::SpendingChange> change_of(const json::value& value) {
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
    json::object spending_json(const insight::Spending& one) const {
        return {{"id", one.id},
                {"by", one.by},
                {"origin", one.origin},
                {"from", format_day(one.from)},
                {"to", format_day(one.to)},
                {"amount", to_json(Value(one.amount))},
                {"note", one.note},
                {"author", name_of_person_(one.created_by)},
                {"version", one.version},
                {"created_at", format_time(one.created_at)},
                {"created_by", one.created_by},
                {"updated_at", format_time(one.updated_at)},
                {"updated_by", one.updated_by}};
    }
    Result<Answer> answer(Call& call, const Result<insight::Spending>& made, int status) const {
        if (!made)
            return fail(made.error());
        set_etag(call, made->version);
        return Answer{status, spending_json(*made)};
    }

    insight::SpendingBook& book_;
    std::function<std::string(std::string_view)> name_of_person_;
};

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
    const auto api = std::make_shared<SpendingApi>(spending, std::move(name_of_person));
    const std::string path = "/api/v1/spending", one = path + "/{id}";
    define_spending(endpoints);
    endpoints.add("GET", path, Permission::view, [api](Call& call) { return api->list(call); },
                  {"What was spent on origins of customers, in CNY; of entries that touch a period",
                   "spending",
                   nullptr,
                   page_schema("Spending"),
                   {"from", "to"}});
    endpoints.add("POST", path, Permission::edit_boards,
                  [api](Call& call) { return api->create(call); },
                  {"Enter what was spent on an origin from a day to a day", "spending",
                   "SpendingChange", created("Spending")});
    endpoints.add("GET", one, Permission::view, [api](Call& call) { return api->get(call); },
                  {"Read an entry of spending", "spending", nullptr, "Spending"});
    for (const auto* method : {"PATCH", "PUT"})
        endpoints.add(method, one, Permission::edit_boards,
                      [api](Call& call) { return api->update(call); },
                      {"Change an entry of spending", "spending", "SpendingChange", "Spending"});
    endpoints.add("DELETE", one, Permission::edit_boards,
                  [api](Call& call) { return api->remove(call); },
                  {"Remove an entry of spending", "spending", nullptr, no_content()});
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
