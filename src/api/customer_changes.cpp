// What people change in a customer: each change is a fact with who and why.
#include <algorithm>

#include "access/audit.hpp"
#include "access/orgs.hpp"
#include "api/customers.hpp"
#include "api/jobs.hpp"
#include "api/resource.hpp"
#include "customer/directory.hpp"
#include "customer/erasure.hpp"
#include "customer/masking.hpp"
#include "dictionary/dictionary.hpp"
#include "journal/journal.hpp"
#include "runtime/jobs.hpp"
#include "shard/shards.hpp"

namespace qiao::api {

namespace json = boost::json;

namespace {

using customer::Customer;

constexpr Duration longest_wait = std::chrono::seconds(10);
constexpr std::size_t most_words = 500;

Fact staff_fact(FactKind kind, const Call& call, const Customer& customer, std::string why) {
    Fact fact;
    fact.kind = kind;
    fact.time = fact.received_at = call.now;
    fact.source = "staff";
    fact.message_id = new_id("stf", call.now);
    fact.name = "staff:" + call.who.id;
    fact.profile = customer.id;
    fact.payload = std::move(why);
    return fact;
}

// The change is durable when this returns, and visible unless the shards are far behind.
Result<void> append(const CustomerParts& parts, Fact fact) {
    auto done = parts.journal.append_and_wait({std::move(fact)});
    if (!done)
        return fail(done.error());
    parts.shards.wait_applied(longest_wait);
    return {};
}

Result<void> judge_why(const std::string& why) {
    if (why.empty())
        return fail(ErrorCode::unprocessable, "customer.why",
                    "say why, so that others understand it", "/why");
    if (why.size() > most_words)
        return fail(
            ErrorCode::too_large, "customer.why",
            "the reason is longer than " + std::to_string(most_words) + " bytes; shorten it",
            "/why");
    return {};
}

// Checks the tag against the dictionary and seals it where its class asks for it.
Result<void> take_tag(const CustomerParts& parts, const Customer& customer, Fact& fact) {
    auto session = parts.dictionary.session();
    if (const auto refusal = session.check(fact))
        return fail(ErrorCode::unprocessable, refusal->reason, refusal->detail, "/value");
    const auto& definitions = session.met();
    for (std::size_t i = 0; i < definitions.size(); ++i) {
        auto& [name, value] = fact.properties[i];
        const auto& definition = *definitions[i];
        if (!definition.identity_kind.empty())
            name = definition.identity_kind;
        const bool is_sealed = definition.data_class != dictionary::DataClass::c1 ||
                               customer::is_sensitive(definition.identity_kind);
        if (!is_sealed || fact.kind == FactKind::profile_unset)
            continue;
        const auto shown = to_json(value);
        const auto text =
            shown.is_string() ? std::string(shown.get_string()) : json::serialize(shown);
        value = parts.vault.seal(customer.first, name, text);
    }
    return {};
}

Result<Answer> change_tag(const CustomerParts& parts, Call& call, FactKind kind, Value value,
                          const std::string& why) {
    const auto customer = seen_customer(parts, call);
    if (!customer)
        return fail(customer.error());
    const std::string name(call.request.path_param("name"));
    auto fact = staff_fact(kind, call, *customer, why);
    fact.properties.emplace_back(name, std::move(value));
    if (auto sound = take_tag(parts, *customer, fact); !sound)
        return fail(sound.error());
    if (auto done = append(parts, std::move(fact)); !done)
        return fail(done.error());
    const bool is_set = kind == FactKind::profile_set;
    parts.audit.add(call.who, {is_set ? "customer.tag_set" : "customer.tag_removed",
                               format_profile(customer->id), name, why});
    return Answer{204, nullptr};
}

// The listed identity that a person means: typed in full, or as the page shows it.
Result<Identity> meant_identity(const CustomerParts& parts, const Customer& customer,
                                std::string_view kind, std::string_view value) {
    const Identity* found = nullptr;
    for (const auto& known : customer.identities) {
        if (known.identity.kind != kind)
            continue;
        const auto plain = parts.directory.plain(known.identity);
        const bool is_meant = known.identity.value == value ||
                              plain == customer::normalise(kind, value) || plain == value ||
                              (!plain.empty() && customer::mask(kind, plain) == value);
        if (!is_meant)
            continue;
        if (found != nullptr)
            return fail(ErrorCode::unprocessable, "customer.identity_ambiguous",
                        "several identities look like this; give it in full", "/identity/value");
        found = &known.identity;
    }
    if (found == nullptr)
        return fail(ErrorCode::unprocessable, "customer.identity_unknown",
                    "the customer has no such identity", "/identity");
    if (found->kind == customer.first.kind && found->value == customer.first.value)
        return fail(ErrorCode::unprocessable, "customer.identity_first",
                    "the customer's record began with this identity; unbind the others from it "
                    "instead",
                    "/identity");
    return *found;
}

}  // namespace

Result<Answer> set_customer_tag(const CustomerParts& parts, Call& call) {
    Body body(call.body);
    const auto* given = body.member("value");
    const auto why = body.text("why");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (auto sound = judge_why(why); !sound)
        return fail(sound.error());
    auto value = given ? value_from_json(*given) : Result<Value>(Value{});
    if (!value || type_of(*value) == ValueType::null)
        return fail(ErrorCode::unprocessable, "customer.tag_value",
                    "a tag is a text, a number, true or false, or a list of texts", "/value");
    return change_tag(parts, call, FactKind::profile_set, std::move(*value), why);
}

Result<Answer> remove_customer_tag(const CustomerParts& parts, Call& call) {
    return change_tag(parts, call, FactKind::profile_unset, Value{},
                      std::string(call.query("why")));
}

Result<Answer> set_customer_consent(const CustomerParts& parts, Call& call) {
    Body body(call.body);
    const auto purpose = body.text("purpose");
    const auto channel = body.text("channel");
    const auto granted = body.maybe_flag("granted");
    const auto source = body.maybe_text("source").value_or("staff");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (purpose.empty() || channel.empty() || !granted)
        return fail(ErrorCode::unprocessable, "customer.consent",
                    "a consent has a purpose, a channel and granted true or false");
    const auto customer = seen_customer(parts, call);
    if (!customer)
        return fail(customer.error());
    auto fact = staff_fact(FactKind::consent, call, *customer, {});
    fact.properties = {
        {"purpose", purpose}, {"channel", channel}, {"granted", *granted}, {"source", source}};
    if (auto done = append(parts, std::move(fact)); !done)
        return fail(done.error());
    parts.audit.add(call.who, {*granted ? "customer.consent_given" : "customer.consent_withdrawn",
                               format_profile(customer->id), purpose + "." + channel});
    return Answer{204, nullptr};
}

Result<Answer> merge_customers(const CustomerParts& parts, Call& call) {
    Body body(call.body);
    const auto other_id = body.text("other");
    const auto why = body.text("why");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (auto sound = judge_why(why); !sound)
        return fail(sound.error());
    const auto customer = seen_customer(parts, call);
    if (!customer)
        return fail(customer.error());
    const auto profile = parse_profile(other_id);
    const auto other =
        profile ? parts.directory.get(*profile) : Result<Customer>(fail(profile.error()));
    if (!other || !parts.orgs.in_scope(call.who.org, other->org()))
        return fail(ErrorCode::unprocessable, "customer.other_unknown",
                    "there is no such other customer, or it belongs to another unit", "/other");
    if (other->id == customer->id)
        return fail(ErrorCode::unprocessable, "customer.same", "they are one customer already",
                    "/other");
    auto fact = staff_fact(FactKind::alias, call, *customer, why);
    fact.properties = {{"other", format_profile(other->id)}};
    if (auto done = append(parts, std::move(fact)); !done)
        return fail(done.error());
    const auto merged = parts.directory.get(customer->id);
    if (!merged)
        return fail(merged.error());
    const auto id = format_profile(merged->id);
    parts.audit.add(call.who,
                    {"customer.merged", id,
                     format_profile(customer->id) + " and " + format_profile(other->id), why});
    return Answer{200, json::object{{"customer", id}}};
}

Result<Answer> unbind_identity(const CustomerParts& parts, Call& call) {
    Body body(call.body);
    const auto* given = body.member("identity");
    const auto why = body.text("why");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (auto sound = judge_why(why); !sound)
        return fail(sound.error());
    const json::value nothing;
    Body wanted(given ? *given : nothing, "/identity");
    const auto kind = wanted.text("kind");
    const auto value = wanted.text("value");
    if (auto sound = wanted.finish(); !sound)
        return fail(sound.error());
    const auto customer = seen_customer(parts, call);
    if (!customer)
        return fail(customer.error());
    const auto identity = meant_identity(parts, *customer, kind, value);
    if (!identity)
        return fail(identity.error());
    auto fact = staff_fact(FactKind::unbind, call, *customer, why);
    fact.identities = {customer->first, *identity};
    if (auto done = append(parts, std::move(fact)); !done)
        return fail(done.error());
    parts.audit.add(call.who, {"customer.unbound", format_profile(customer->id), kind, why});
    return Answer{204, nullptr};
}

Result<Answer> erase_customer(const CustomerParts& parts, Call& call) {
    Body body(call.body);
    const auto why = body.text("why");
    if (auto sound = body.finish(); !sound)
        return fail(sound.error());
    if (auto sound = judge_why(why); !sound)
        return fail(sound.error());
    const auto customer = seen_customer(parts, call);
    if (!customer)
        return fail(customer.error());
    // Durable before the answer: the erasure goes on whatever becomes of the job that watches it.
    auto done = parts.journal.append_and_wait({staff_fact(FactKind::erase, call, *customer, {})});
    if (!done)
        return fail(done.error());
    const auto id = format_profile(customer->id);
    parts.audit.add(call.who, {"customer.erased", id, "", why});
    auto job = parts.jobs.start(
        "erasure",
        [&shards = parts.shards, &erasure = parts.erasure, forget = parts.forget,
         profile = customer->id, id](Job& running) -> Result<std::string> {
            running.say("Taking the customer out of all stores");
            if (!shards.wait_applied(std::chrono::minutes(5)))
                return fail(ErrorCode::unavailable, "customer.erasure_waits",
                            "the shards are behind; the erasure completes by itself");
            erasure.run();
            if (forget)
                forget(profile);
            running.say("The customer is erased");
            return json::serialize(json::object{{"customer", id}});
        });
    if (!job)
        return fail(job.error());
    return Answer{202, to_object(*job)};
}

}  // namespace qiao::api
