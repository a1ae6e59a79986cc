// The whole server as one struct: members from bottom to top, so that C++ builds and destroys them
// in the order of their dependencies.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "access/access.hpp"
#include "access/orgs.hpp"
#include "access/settings_store.hpp"
#include "access/write_keys.hpp"
#include "api/customer_timeline.hpp"
#include "api/endpoint.hpp"
#include "api/idempotency.hpp"
#include "app/index_keeper.hpp"
#include "app/key_ring.hpp"
#include "app/options.hpp"
#include "app/trait_seeder.hpp"
#include "audience/audiences.hpp"
#include "audience/evaluation.hpp"
#include "audience/fixed_audiences.hpp"
#include "audience/member_sets.hpp"
#include "audience/people_cards.hpp"
#include "audience/preview.hpp"
#include "audience/realtime.hpp"
#include "audience/realtime_control.hpp"
#include "audience/refresher.hpp"
#include "audience/stage_models.hpp"
#include "audience/vocabulary.hpp"
#include "channel/channels.hpp"
#include "channel/inbox.hpp"
#include "channel/notice_mail.hpp"
#include "channel/prices.hpp"
#include "channel/secret_box.hpp"
#include "collect/imports.hpp"
#include "collect/intake.hpp"
#include "collect/quarantine.hpp"
#include "customer/customers.hpp"
#include "customer/directory.hpp"
#include "customer/erasure.hpp"
#include "customer/vault.hpp"
#include "demo/bank.hpp"
#include "demo/reactions.hpp"
#include "dictionary/dictionary.hpp"
#include "engage/campaign_renderer.hpp"
#include "engage/campaign_returns.hpp"
#include "engage/campaigns.hpp"
#include "engage/contacts.hpp"
#include "engage/dispatcher.hpp"
#include "engage/launcher.hpp"
#include "engage/message.hpp"
#include "engage/receipts.hpp"
#include "engage/report.hpp"
#include "engage/tracking.hpp"
#include "engage/unsubscribes.hpp"
#include "history/feeder.hpp"
#include "http/server.hpp"
#include "index/feeder.hpp"
#include "insight/acquisition_steps.hpp"
#include "insight/alerts.hpp"
#include "insight/annotations.hpp"
#include "insight/board_mails.hpp"
#include "insight/boards.hpp"
#include "insight/metrics.hpp"
#include "insight/products.hpp"
#include "insight/spending.hpp"
#include "insight/sql_desk.hpp"
#include "insight/targets.hpp"
#include "runtime/executor.hpp"
#include "runtime/jobs.hpp"
#include "shard/shards.hpp"
#include "sql/outbox.hpp"
#include "twin/history_answers.hpp"

namespace qiao::app {

// What can fail in a way that the person at the command line can mend is opened before the rest.
struct Stores {
    std::unique_ptr<Clock> clock;
    std::unique_ptr<sql::Database> database;
    std::unique_ptr<journal::Store> store;
    std::unique_ptr<customer::Vault> vault;
    std::unique_ptr<channel::FileSecretBox> secrets;
    std::unique_ptr<history::History> history;
    std::unique_ptr<clickhouse::Connection> questions;  // of a history that answers them; or null
    std::unique_ptr<index::Index> index;

    // Errors: those of the stores; each says what to do. Without history `history` is null: for who
    // needs the others alone.
    static Result<Stores> open(const ServeOptions& options, bool with_history = true);
};

struct Server {
    Server(const ServeOptions& options, Stores stores);
    ~Server();

    // Errors: http.address_in_use, history.outside_feed, history.other_directory,
    // history.unfinished_move.
    Result<void> start();
    void stop();
    // Moves the test clock and returns when everything due has run.
    Result<void> advance(Duration by);
    // Waits until every fact acknowledged before the call is in history and index.
    bool wait_fresh(Duration timeout);
    insight::TableSources table_sources() const;  // board_mail_parts.cpp

    ServeOptions options;
    Stores stores;
    Metrics metrics;
    const Clock& clock;
    std::mutex trimming;  // who holds it may trim feed and journal

    access::AuditLog audit;
    access::Orgs orgs;
    access::Access access;
    access::WriteKeys write_keys;
    access::SettingsStore settings;
    Calendar calendar;
    sql::Outbox outbox;
    work::Items work_items;
    work::Notices notices;
    WorkerPool query_pool;
    Jobs jobs;

    journal::Journal journal;
    dictionary::Dictionary dictionary;
    customer::Customers customers;
    audience::RealtimeAudiences realtime;
    engage::Contacts contacts;
    demo::Reactions reactions;
    shard::Shards shards;
    history::Feeder history_feeder;
    index::Feeder index_feeder;
    IndexKeeper index_keeper;
    TraitSeeder trait_seeder;
    customer::Directory directory;
    customer::Erasure erasure;

    collect::Quarantine quarantine;
    collect::Intake intake;
    collect::Imports imports;
    KeyRing key_ring;

    audience::Vocabularies vocabularies;
    audience::Audiences audiences;
    audience::StageModels stage_models;
    audience::Evaluation evaluation;
    audience::PeopleCards people_cards;
    audience::Preview preview;
    audience::MemberSets member_sets;
    audience::RealtimeControl realtime_control;
    audience::Refresher refresher;
    audience::FixedAudiences fixed_audiences;

    std::unique_ptr<insight::HistoryEngine> history_answers;  // null: the index answers
    insight::Asking asking;
    insight::Metrics insight_metrics;
    insight::Boards boards;
    insight::SqlDesk sql_desk;
    insight::Products products;
    insight::Targets targets;
    insight::Annotations annotations;
    insight::SpendingBook spending;
    insight::AcquisitionBook acquisition_steps;
    insight::Alerts alerts;

    channel::Inbox inbox;
    channel::Channels channels;
    channel::Prices prices;
    channel::NoticeMail notice_mail;
    engage::Tracking tracking;
    engage::Receipts receipts;
    engage::Messages messages;
    engage::Campaigns campaigns;
    engage::Unsubscribes unsubscribes;
    engage::Reports reports;
    engage::CampaignReturns campaign_returns;
    insight::BoardMails board_mails;  // reads of campaigns, too
    engage::CampaignRenderer renderer;
    engage::Dispatcher dispatcher;
    engage::Launcher launcher;

    std::unique_ptr<demo::Bank> demo_bank;

    Scheduler scheduler, slow_scheduler;  // the latter asks questions and waits for mail servers
    WorkerPool workers, long_workers;     // the latter: questions, previews, exports
    http::Router router;
    api::HistoryTimeline timeline;
    api::Idempotency idempotency;
    api::Endpoints endpoints;
    std::unique_ptr<http::Server> http;

private:
    std::vector<shard::Projection*> projections();
    Result<std::shared_ptr<const void>> work_for(const access::Principal& who) const;
    void add_routes();           // routes.cpp
    void add_operations();       // routes.cpp
    void add_channel_routes();   // routes.cpp
    void add_overview_routes();  // routes.cpp
    void add_jobs();
    void seed_boards();
    shard::FeedSeq feed_needed_from(ShardId shard) const;  // trimming.cpp
    void pace();
    void trim_feed();
    void trim_journal();
    std::optional<Time> kept_from(std::string_view setting) const;
    std::optional<Time> index_kept_from() const;
    void drop_what_is_old();
    index::RebuildSources rebuild_sources();
    engage::CampaignRenderer::Parts renderer_parts();
    std::unique_ptr<insight::HistoryEngine> make_history_answers();
    insight::BoardMails::Parts board_mail_parts();  // board_mail_parts.cpp
    channel::NoticeMail::Parts mail_parts();
    std::string public_address() const;
    std::string name_of_person(std::string_view id) const;
};

}  // namespace qiao::app
