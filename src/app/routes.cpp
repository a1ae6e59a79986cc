// Which resources the server offers, and how they are joined with each other.
#include "api/audiences.hpp"
#include "api/audit.hpp"
#include "api/boards.hpp"
#include "api/collection.hpp"
#include "api/customers.hpp"
#include "api/dictionary.hpp"
#include "api/imports.hpp"
#include "api/insights.hpp"
#include "api/jobs.hpp"
#include "api/openapi.hpp"
#include "api/orgs.hpp"
#include "api/people.hpp"
#include "api/quarantine.hpp"
#include "api/session.hpp"
#include "api/settings.hpp"
#include "api/tokens.hpp"
#include "api/write_keys.hpp"
#include "app/server.hpp"
#include "audience/tag_definition.hpp"
#include "http/static_files.hpp"

namespace qiao::app {

namespace {

using namespace std::chrono_literals;

// The live real-time audiences of a customer, asked in its shard, and the stored ones.
std::vector<api::CustomerParts::Named> audiences_of(Server& server, ProfileId profile) {
    std::function<std::vector<audience::Membership>(shard::ShardContext&)> ask = [&server, profile](shard::ShardContext& context) {
        return server.realtime.memberships(profile, context);
    };
    std::vector<api::CustomerParts::Named> named;
    for (const auto& membership : server.shards.ask(shard_of(profile), ask).get()) named.push_back({membership.audience, membership.name});
    for (const auto& membership : server.refresher.memberships(profile)) named.push_back({membership.audience, membership.name});
    return named;
}

api::CustomerParts::Contacts contacts_of(Server& server, ProfileId profile) {
    std::function<engage::ContactCounts(shard::ShardContext&)> ask = [&server, profile](shard::ShardContext& context) {
        return server.contacts.counts(profile, context);
    };
    const auto counts = server.shards.ask(shard_of(profile), ask).get();
    return {counts.day, counts.week, counts.month};
}

// Judges a computed tag and brings its first values.
Result<void> compute_tag(Server& server, const dictionary::Definition& tag) {
    const auto type = audience::check_tag_definition(tag.name, tag.definition, tag.refresh, server.vocabularies.current());
    if (!type) return fail(type.error());
    return {};
}

}  // namespace

void Server::add_operations() {
    router.on("GET", "/health/live", [](const http::Request&) { return http::Response::json(200, R"({"status":"ok"})"); });
    router.on("GET", "/health/ready", [this](const http::Request&) {
        return http::Response::json(200, R"({"status":"ok","lag":{"shards":)" + std::to_string(shards.lag()) + R"(,"history":)" +
                                             std::to_string(history_feeder.lag()) + R"(,"index":)" +
                                             std::to_string(index_feeder.lag()) + "}}");
    });
    router.on("GET", "/metrics", [this](const http::Request&) { return http::Response::text(200, metrics.text()); });
    api::add_openapi(router, endpoints);
    if (!options.has_test_clock) return;
    const auto move_clock = [this](api::Call& call) -> Result<api::Answer> {
        const auto* by = call.body.is_object() ? call.body.get_object().if_contains("by") : nullptr;
        const auto duration = parse_duration(by && by->is_string() ? std::string_view(by->get_string()) : "");
        if (!duration) return fail(duration.error());
        if (auto done = advance(*duration); !done) return fail(done.error());
        return api::Answer{200, {{"now", format_time(clock.now())}}};
    };
    endpoints.add_open("POST", "/test/advance", move_clock, {"Move the test clock", "test"});
}

void Server::add_routes() {
    add_operations();
    endpoints.keep_answers(idempotency);
    api::add_collection(router, intake, key_ring, clock);
    api::add_settings(endpoints, settings);
    api::add_session(endpoints, access, orgs, settings, !options.certificate_file.empty());
    api::add_people(endpoints, access, orgs);
    api::add_orgs(endpoints, orgs);
    api::add_tokens(endpoints, access);
    api::add_write_keys(endpoints, write_keys);
    api::add_audit(endpoints, audit);
    api::add_jobs(endpoints, jobs);

    api::DictionaryParts dictionary_parts;
    dictionary_parts.compute = [this](const dictionary::Definition& tag, const access::Principal&) { return compute_tag(*this, tag); };
    api::add_dictionary(endpoints, dictionary, *stores.database, audit, calendar, dictionary_parts);
    api::add_quarantine(endpoints, quarantine, intake, dictionary, jobs, audit);
    api::add_imports(endpoints, imports, jobs, audit);

    api::CustomerParts customer_parts{directory, *stores.vault, erasure, journal, shards, dictionary, people_cards, timeline, orgs, audit, jobs};
    customer_parts.audiences = [this](ProfileId profile) { return audiences_of(*this, profile); };
    customer_parts.contacts = [this](ProfileId profile) { return contacts_of(*this, profile); };
    customer_parts.name_of_person = [this](std::string_view id) { return name_of_person(id); };
    api::add_customers(endpoints, customer_parts);

    api::add_audiences(endpoints, {audiences, evaluation, preview, refresher, realtime_control, realtime, people_cards, audit, *stores.database});
    api::add_insights(endpoints, {insight_metrics, people_cards, audit});
    api::add_boards(endpoints, boards);
    if (!options.web_dir.empty()) router.fallback(http::static_files(options.web_dir.string()));
}

std::string Server::name_of_person(std::string_view id) const {
    const auto person = access.person(access::Principal{"system", "Qiao", "administrator", ~0u, {}, false}, id);
    return person ? person->name : std::string(id);
}

}  // namespace qiao::app
