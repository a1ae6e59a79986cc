#include "api/customers.hpp"

#include <algorithm>
#include <memory>

#include "access/audit.hpp"
#include "access/orgs.hpp"
#include "api/audiences.hpp"
#include "api/resource.hpp"
#include "api/shapes.hpp"
#include "audience/people_cards.hpp"
#include "customer/directory.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

constexpr std::int64_t most_found = 100;

// The identity kinds and what is sought under each; one of them is enough.
Result<std::vector<customer::Customer>> sought(const CustomerParts& parts, Body& body,
                                               std::size_t& limit) {
    const auto text = body.maybe_text("text");
    const auto* identity = body.member("identity");
    limit = static_cast<std::size_t>(
        std::clamp<std::int64_t>(body.maybe_integer("limit").value_or(20), 1, most_found));
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (text)
        return parts.directory.find_any(*text);
    if (identity == nullptr || !identity->is_object() || identity->get_object().size() != 1)
        return fail(ErrorCode::invalid, "customer.search",
                    "a search takes a text, or an identity with one kind such as {\"phone\":\"…\"}",
                    "/identity");
    const auto& [kind, value] = *identity->get_object().begin();
    if (!value.is_string())
        return fail(ErrorCode::invalid, "customer.search", "an identity is sought by a text",
                    "/identity/" + std::string(kind));
    return parts.directory.find(kind, std::string_view(value.get_string()));
}

Result<Answer> search(const CustomerParts& parts, Call& call) {
    Body body(call.body);
    std::size_t limit = 0;
    const auto found = sought(parts, body, limit);
    if (!found)
        return fail(found.error());
    std::vector<ProfileId> people;
    for (const auto& customer : *found)
        if (people.size() < limit && parts.orgs.in_scope(call.who.org, customer.org()))
            people.push_back(customer.id);
    json::array items;
    for (const auto& card : parts.cards.cards(people, call.who)) {
        items.push_back(card_json(card));
        parts.audit.add(call.who,
                        {"customer.found", format_profile(card.profile), "found by a search"});
    }
    return Answer{200, page_json(std::move(items), {})};
}

}  // namespace

Result<customer::Customer> seen_customer(const CustomerParts& parts, const Call& call) {
    const auto hidden = fail(ErrorCode::not_found, "customer.not_found",
                             "there is no such customer, or it belongs to another unit");
    const auto profile = parse_profile(call.id());
    if (!profile)
        return hidden;
    auto customer = parts.directory.get(*profile);
    if (!customer)
        return fail(customer.error());
    if (!parts.orgs.in_scope(call.who.org, customer->org()))
        return hidden;
    return customer;
}

void add_customers(Endpoints& endpoints, const CustomerParts& given) {
    using enum access::Permission;
    const auto parts = std::make_shared<const CustomerParts>(given);
    using Action = Result<Answer> (*)(const CustomerParts&, Call&);
    const auto add = [&](const char* method, const std::string& path, access::Permission permission,
                         Action action, const char* summary, RequestShape request,
                         AnswerShapes answers, std::vector<QueryParameter> query = {}) {
        endpoints.add(
            method, "/api/v1/customers" + path, permission,
            [parts, action](Call& call) { return action(*parts, call); },
            {summary, "customers", std::move(request), std::move(answers), std::move(query)});
    };
    const QueryParameter personal{"personal", "'true'"};
    define_customers(endpoints);
    add("POST", "/search", view_customers, search, "Find customers by an identity or a text",
        "CustomerSearch", page_schema("Member"));
    add("GET", "/{id}", view_customers, show_customer, "All that is known of a customer", nullptr,
        "Customer", {personal});
    add("GET", "/{id}/timeline", view_customers, show_timeline,
        "What happened, newest first, also what Qiao did", nullptr,
        object_schema(
            {{"items", "TimelineEntry[]"}, {"next_cursor", "string|null"}, {"kept_from?", "time"}}),
        {"before", "limit", "cursor", "event", personal});
    add("GET", "/{id}/tags/{name}/history", view_customers, show_tag_history,
        "How a tag changed, newest first", nullptr, page_schema("TagChange"), {personal});
    add("PUT", "/{id}/tags/{name}", edit_customers, set_customer_tag, "Set a tag by hand", "SetTag",
        no_content());
    add("DELETE", "/{id}/tags/{name}", edit_customers, remove_customer_tag, "Remove a tag", nullptr,
        no_content(), {"why"});
    add("PUT", "/{id}/consents", edit_customers, set_customer_consent,
        "Record what the customer allows or refuses", "SetConsent", no_content());
    add("POST", "/{id}/merge", edit_customers, merge_customers, "Say that two customers are one",
        "MergeCustomers", "MergedCustomer");
    add("POST", "/{id}/unbind", edit_customers, unbind_identity,
        "Take an identity off a customer, with what came by it", "UnbindIdentity", no_content());
    add("POST", "/{id}/export", view_personal, export_customer, "Everything kept about the person",
        nullptr, "CustomerExport");
    add("POST", "/{id}/erase", erase_customers, erase_customer,
        "Forget the person: keys, state, history and index", "EraseCustomer", accepted("Job"));
}

}  // namespace qiao::api
