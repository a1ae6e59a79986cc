// Which resources the server offers, and how they are joined with each other.
#include <algorithm>

#include "api/alerts.hpp"
#include "api/annotations.hpp"
#include "api/audiences.hpp"
#include "api/audit.hpp"
#include "api/board_mails.hpp"
#include "api/boards.hpp"
#include "api/campaigns.hpp"
#include "api/channels.hpp"
#include "api/collection.hpp"
#include "api/contact_policy.hpp"
#include "api/customers.hpp"
#include "api/dictionary.hpp"
#include "api/imports.hpp"
#include "api/insights.hpp"
#include "api/jobs.hpp"
#include "api/openapi.hpp"
#include "api/orgs.hpp"
#include "api/overview.hpp"
#include "api/people.hpp"
#include "api/people_behind.hpp"
#include "api/prices.hpp"
#include "api/products.hpp"
#include "api/quarantine.hpp"
#include "api/receipts.hpp"
#include "api/search.hpp"
#include "api/session.hpp"
#include "api/settings.hpp"
#include "api/spending.hpp"
#include "api/sql.hpp"
#include "api/stage_models.hpp"
#include "api/tokens.hpp"
#include "api/tracking.hpp"
#include "api/unsubscribe.hpp"
#include "api/work.hpp"
#include "api/write_keys.hpp"
#include "app/server.hpp"
#include "audience/tag_definition.hpp"
#include "http/static_files.hpp"

namespace qiao::app {

namespace {

using namespace std::chrono_literals;

// The live real-time audiences of a customer, asked in its shard, and the stored ones.
std::vector<api::CustomerParts::Named> audiences_of(Server& server, ProfileId profile) {
    std::function<std::vector<audience::Membership>(shard::ShardContext&)> ask =
        [&server, profile](shard::ShardContext& context) {
            return server.realtime.memberships(profile, context);
        };
    std::vector<api::CustomerParts::Named> named;
    for (const auto& membership : server.shards.ask(shard_of(profile), ask).get())
        named.push_back({membership.audience, membership.name});
    for (const auto& membership : server.refresher.memberships(profile))
        named.push_back({membership.audience, membership.name});
    return named;
}

// Where a customer stands in the models of now; what a model does not know is not told.
std::vector<api::CustomerParts::InStage> stages_of(Server& server, ProfileId profile) {
    std::function<std::vector<audience::Membership>(shard::ShardContext&)> ask =
        [&server, profile](shard::ShardContext& context) {
            return server.realtime.memberships(profile, context, audience::SubjectKind::stage);
        };
    const auto models = server.stage_models.list();
    std::vector<api::CustomerParts::InStage> found;
    for (const auto& membership : server.shards.ask(shard_of(profile), ask).get()) {
        const auto [id, key] = audience::stage_of_subject(membership.audience);
        for (const auto& model : models)
            if (model.id == id)
                if (const auto* stage = model.find(key))
                    found.push_back({model.id, model.name, model.kind, stage->key, stage->name});
    }
    return found;
}

api::CustomerParts::Contacts contacts_of(Server& server, ProfileId profile) {
    std::function<engage::ContactCounts(shard::ShardContext&)> ask =
        [&server, profile](shard::ShardContext& context) {
            return server.contacts.counts(profile, context);
        };
    const auto counts = server.shards.ask(shard_of(profile), ask).get();
    return {counts.day, counts.week, counts.month};
}

// A customer reads what was sent to it and to the profiles merged into it.
Result<std::vector<ProfileId>> inbox_owners(Server& server, const access::Principal& who,
                                            std::string_view id) {
    const auto hidden = fail(ErrorCode::not_found, "customer.not_found",
                             "there is no such customer, or it belongs to another unit");
    const auto profile = parse_profile(id);
    if (!profile)
        return hidden;
    const auto customer = server.directory.get(*profile);
    if (!customer || !server.orgs.in_scope(who.org, customer->org()))
        return hidden;
    std::function<std::vector<customer::MergeEntry>(shard::ShardContext&)> ask =
        [&](shard::ShardContext& context) {
            return server.customers.merge_log(customer->id, context);
        };
    std::vector<ProfileId> owners{customer->id};
    for (const auto& merge : server.shards.ask(shard_of(customer->id), ask).get())
        if (!merge.undone)
            owners.push_back(merge.from);
    return owners;
}

Result<ValueType> judge_tag(Server& server, const dictionary::Definition& tag) {
    return audience::check_tag_definition(tag.name, tag.definition, tag.refresh,
                                          server.vocabularies.current());
}

// What cannot be computed at once comes with the next run.
void compute_tag(Server& server, const dictionary::Definition& tag) {
    (void)server.realtime_control.reconcile();
    if (tag.refresh != "realtime")
        (void)server.refresher.refresh_tag(tag.name);
}

}  // namespace

void Server::add_operations() {
    router.on("GET", "/health/live",
              [](const http::Request&) { return http::Response::json(200, R"({"status":"ok"})"); });
    router.on("GET", "/health/ready", [this](const http::Request&) {
        const std::string index = stores.index->is_lost() ? "rebuilding" : "ok";
        return http::Response::json(200, R"({"status":"ok","index":")" + index +
                                             R"(","lag":{"shards":)" +
                                             std::to_string(shards.lag()) + R"(,"history":)" +
                                             std::to_string(history_feeder.lag()) + R"(,"index":)" +
                                             std::to_string(index_feeder.lag()) + "}}");
    });
    router.on("GET", "/metrics",
              [this](const http::Request&) { return http::Response::text(200, metrics.text()); });
    api::add_openapi(router, endpoints);
    if (!options.has_test_clock)
        return;
    const auto move_clock = [this](api::Call& call) -> Result<api::Answer> {
        const auto* by = call.body.is_object() ? call.body.get_object().if_contains("by") : nullptr;
        const auto duration =
            parse_duration(by && by->is_string() ? std::string_view(by->get_string()) : "");
        if (!duration)
            return fail(duration.error());
        if (auto done = advance(*duration); !done)
            return fail(done.error());
        return api::Answer{200, {{"now", format_time(clock.now())}}};
    };
    endpoints.add_open("POST", "/test/advance", move_clock,
                       {"Move the test clock", "test", api::object_schema({{"by", "string"}}),
                        api::object_schema({{"now", "time"}})});
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
    dictionary_parts.compute = [this](const dictionary::Definition& tag, const access::Principal&) {
        return judge_tag(*this, tag);
    };
    dictionary_parts.computed = [this](const dictionary::Definition& tag) {
        compute_tag(*this, tag);
    };
    api::add_dictionary(endpoints, dictionary, *stores.database, audit, calendar, dictionary_parts);
    api::add_quarantine(endpoints, quarantine, intake, dictionary, jobs, audit);
    api::add_imports(endpoints, imports, jobs, audit);

    api::CustomerParts customer_parts{directory, *stores.vault, erasure,      journal,
                                      shards,    dictionary,    people_cards, timeline,
                                      orgs,      audit,         jobs};
    customer_parts.audiences = [this](ProfileId profile) { return audiences_of(*this, profile); };
    customer_parts.stages = [this](ProfileId profile) { return stages_of(*this, profile); };
    customer_parts.contacts = [this](ProfileId profile) { return contacts_of(*this, profile); };
    customer_parts.name_of_person = [this](std::string_view id) { return name_of_person(id); };
    customer_parts.forget = [this](ProfileId profile) {
        inbox.forget(profile);
        member_sets.forget(profile);
    };
    api::add_customers(endpoints, customer_parts);

    const api::AudienceParts audience_parts{
        audiences, evaluation,   preview,         refresher, realtime_control,
        realtime,  people_cards, fixed_audiences, audit,     *stores.database};
    api::add_audiences(endpoints, audience_parts);
    const api::InsightParts insight_parts{
        asking,   insight_metrics, products,         targets,      acquisition_steps,
        spending, stage_models,    campaign_returns, people_cards, audit};
    api::add_insights(endpoints, insight_parts);
    api::add_fixed_audiences(endpoints, insight_parts, audience_parts);
    api::add_boards(endpoints, boards);
    api::add_board_mails(endpoints, board_mails);
    api::add_sql(endpoints, sql_desk);
    api::add_products(endpoints, products, targets);
    api::add_stage_models(endpoints, {stage_models, realtime_control, realtime});
    const auto name_of = [this](std::string_view id) { return name_of_person(id); };
    api::add_annotations(endpoints, annotations, name_of);
    api::add_spending(endpoints, spending, name_of);
    api::add_acquisition_steps(endpoints, acquisition_steps);
    api::add_alerts(endpoints, {alerts, name_of});
    api::add_work(endpoints, {work_items, notices, name_of});
    api::add_campaigns(endpoints, {campaigns, messages, reports, launcher, people_cards, audit,
                                   [this](std::string_view id) { renderer.forget(id); }});
    api::add_contact_policy(endpoints, campaigns);
    add_channel_routes();
    add_overview_routes();
    if (!options.web_dir.empty())
        router.fallback(http::static_files(options.web_dir.string()));
}

void Server::add_channel_routes() {
    const auto owners = [this](const access::Principal& who, std::string_view id) {
        return inbox_owners(*this, who, id);
    };
    api::add_channels(endpoints, {channels, inbox, dispatcher, receipts, audit, owners});
    api::add_prices(endpoints, prices);
    api::add_tracking(router, tracking, receipts, clock);
    api::add_receipts(router, channels, receipts);
    api::add_unsubscribe(router, unsubscribes);
}

void Server::add_overview_routes() {
    const auto campaigns_in = [this](engage::CampaignState state, const access::Principal& who) {
        engage::CampaignFilter filter;
        filter.state = state;
        filter.limit = 20;
        return campaigns.list(filter, who);
    };
    const api::CampaignParts campaign_parts{campaigns, messages,     reports,
                                            launcher,  people_cards, audit};
    api::OverviewParts overview{insight_metrics, {}, {}, {}};
    overview.needs_me.push_back([campaigns_in](const access::Principal& who) {
        boost::json::array items;
        if (!who.may(access::Permission::approve_campaigns))
            return items;
        for (const auto& campaign : campaigns_in(engage::CampaignState::in_approval, who))
            items.push_back({{"kind", "approval"},
                             {"title", campaign.draft.name},
                             {"link", "/campaigns/" + campaign.id},
                             {"count", 1}});
        return items;
    });
    overview.needs_me.push_back([this](const access::Principal& who) {
        boost::json::array items;
        for (const auto& alert : alerts.list(who))
            if (alert.state == insight::AlertState::firing &&
                (alert.created_by == who.id ||
                 std::find(alert.recipients.begin(), alert.recipients.end(), who.id) !=
                     alert.recipients.end()))
                items.push_back({{"kind", "alert"},
                                 {"title", alert.name},
                                 {"link", "/insights/alerts/" + alert.id},
                                 {"count", 1}});
        if (const auto open = work_items.open_of(who.id); open > 0)
            items.push_back(
                {{"kind", "work"}, {"title", ""}, {"link", "/work-items?mine=1"}, {"count", open}});
        return items;
    });
    overview.running = [campaigns_in, campaign_parts](const access::Principal& who) {
        boost::json::array items;
        for (const auto& campaign : campaigns_in(engage::CampaignState::running, who))
            items.push_back(api::campaign_json(campaign_parts, campaign, who));
        return items;
    };
    api::add_overview(endpoints, overview);
    api::SearchParts search{audiences, vocabularies, boards, {}};
    search.more.push_back(
        [this](std::string_view text, std::size_t limit, const access::Principal& who) {
            engage::CampaignFilter filter;
            filter.text = text;
            filter.limit = limit;
            boost::json::array items;
            for (const auto& campaign : campaigns.list(filter, who))
                items.push_back({{"kind", "campaign"},
                                 {"id", campaign.id},
                                 {"name", campaign.draft.name},
                                 {"link", "/campaigns/" + campaign.id}});
            return items;
        });
    search.more.push_back(
        [this](std::string_view text, std::size_t limit, const access::Principal& who) {
            boost::json::array items;
            if (!who.may(access::Permission::view_customers))
                return items;
            std::vector<ProfileId> people;
            for (const auto& customer : directory.find_any(text))
                if (people.size() < limit && orgs.in_scope(who.org, customer.org()))
                    people.push_back(customer.id);
            for (const auto& card : people_cards.cards(people, who))
                items.push_back({{"kind", "customer"},
                                 {"id", format_profile(card.profile)},
                                 {"name", card.name},
                                 {"link", "/customers/" + format_profile(card.profile)}});
            return items;
        });
    api::add_search(endpoints, search);
}

std::string Server::name_of_person(std::string_view id) const {
    if (const auto person = access.person(access::system_principal(), id))
        return person->name;
    const auto principal = access.principal(id);
    return principal ? principal->name : std::string(id);
}

}  // namespace qiao::app
