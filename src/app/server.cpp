#include "app/server.hpp"

#include <malloc.h>

#include <algorithm>

#include "app/history_place.hpp"
#include "app/lanes.hpp"
#include "app/pacing_rules.hpp"
#include "dictionary/reserved_tag.hpp"
#include "engage/definitions.hpp"
#include "insight/ready_made.hpp"
#include "runtime/log.hpp"

namespace qiao::app {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t waiting_requests = 4'000, waiting_questions = 1'000;
constexpr std::size_t waiting_queries = 1'000;
constexpr std::size_t cached_customers_per_shard = 100;
constexpr unsigned query_threads = 2, job_threads = 2;
// The order of the projections: the customer's goes first, for it finds whose a fact is.
constexpr std::size_t realtime_place = 1, contacts_place = 2, reactions_place = 3;

journal::JournalOptions small_journal() {
    journal::JournalOptions options;
    options.recent_messages = 200'000;
    return options;
}

Calendar institution_calendar(const access::SettingsStore& settings) {
    auto calendar = Calendar::of_zone(settings.text("time_zone"));
    return calendar ? *calendar : *Calendar::of_zone("Asia/Shanghai");
}

}  // namespace

Server::Server(const ServeOptions& given, Stores opened)
    : options(given),
      stores(std::move(opened)),
      clock(*stores.clock),
      audit(*stores.database, clock),
      orgs(*stores.database, clock, audit),
      access(*stores.database, clock, audit, orgs),
      write_keys(*stores.database, clock, audit),
      settings(*stores.database, clock, audit),
      calendar(institution_calendar(settings)),
      outbox(*stores.database),
      work_items(*stores.database, audit, orgs, clock),
      notices(*stores.database, orgs, clock),
      query_pool(query_threads, waiting_queries),
      jobs(clock, job_threads),
      journal(*stores.store, clock, metrics, small_journal()),
      dictionary(*stores.database, clock, calendar),
      customers({}, {cached_customers_per_shard}),
      realtime(customers, calendar, realtime_place),
      contacts(customers, calendar, contacts_place),
      reactions(reactions_place),
      shards(*stores.store, journal, clock, metrics, projections(), options.shard_threads),
      history_feeder(*stores.history, journal, shards, metrics),
      index_feeder(*stores.index, journal, shards, metrics),
      index_keeper({*stores.index, rebuild_sources(), index_feeder, jobs,
                    options.data_dir / "index.new", trimming,
                    [this] { return index_kept_from(); }}),
      trait_seeder({*stores.history, history_feeder, shards, customers}),
      directory(shards, customers, *stores.vault),
      erasure(shards, *stores.vault),
      quarantine(*stores.database, *stores.vault, clock, metrics),
      intake(journal, dictionary, *stores.vault, quarantine, clock, metrics),
      imports(*stores.database, intake, dictionary, jobs, clock, calendar,
              (options.data_dir / "imports").string()),
      key_ring(write_keys),
      vocabularies(dictionary, orgs,
                   [this](std::string_view name, std::string_view text) {
                       return stores.vault->hash(name, text);
                   }),
      audiences(*stores.database, vocabularies, audit, clock),
      stage_models(*stores.database, vocabularies, audit, clock),
      evaluation(
          {vocabularies, *stores.index, shards, calendar, clock, &query_pool, query_threads}),
      people_cards(shards, customers, stores.vault.get()),
      preview(evaluation, people_cards, [this](const auto& who) { return work_for(who); }),
      member_sets(options.data_dir / "members"),
      realtime_control(
          {*stores.database, vocabularies, journal, shards, *stores.index, realtime, clock}),
      refresher({*stores.database, audiences, evaluation, member_sets, journal, realtime}),
      fixed_audiences(
          {*stores.database, audiences, refresher, member_sets, journal, jobs, audit, clock}),
      history_answers(make_history_answers()),
      asking(evaluation, history_answers.get(),
             static_cast<std::size_t>(options.question_memory_mb) << 20),
      insight_metrics(asking),
      boards(*stores.database, audit, clock),
      sql_desk({*stores.database, stores.history->in_file(), evaluation, audit, clock,
                std::string(calendar.zone_name())}),
      products(*stores.database, vocabularies, audit, clock),
      targets(*stores.database, orgs, audit, clock),
      annotations(*stores.database, audit, clock),
      spending(*stores.database, audit, clock),
      acquisition_steps(*stores.database, products, vocabularies, audit, clock),
      alerts({*stores.database, audit, access, orgs, insight_metrics, work_items, notices, calendar,
              clock}),
      inbox(*stores.database, *stores.secrets, clock),
      channels(*stores.database, clock, audit, *stores.secrets, inbox),
      prices(*stores.database, audit, calendar, clock),
      notice_mail(mail_parts()),
      tracking(*stores.database, *stores.secrets, clock, [this] { return public_address(); }),
      receipts(*stores.database, outbox, clock),
      messages(evaluation, shards, customers, *stores.vault),
      campaigns(
          {*stores.database, outbox, journal, shards, vocabularies, audit, orgs, clock, messages}),
      unsubscribes({*stores.database, tracking, campaigns, shards, customers, journal, clock}),
      reports(evaluation, asking, insight_metrics, acquisition_steps),
      campaign_returns(campaigns, reports, evaluation),
      board_mails(board_mail_parts()),
      renderer(renderer_parts()),
      dispatcher({shards, *stores.database, outbox, journal, channels, renderer, tracking, prices,
                  clock, metrics}),
      launcher(campaigns, evaluation, acquisition_steps, journal, calendar, clock),
      scheduler(clock),
      slow_scheduler(clock),
      workers(options.worker_threads, waiting_requests),
      long_workers(options.question_threads, waiting_questions),
      timeline(*stores.history),
      idempotency(*stores.database, clock),
      endpoints(router, access, clock) {
    customers.coordinate(projections());
    channels.on_receipt([this](const action::Receipt& receipt) { receipts.take(receipt); });
    dictionary.declare(engage::own_definitions());
    dictionary.declare({dictionary::fixed_audiences_definition()});
    const auto follow_settings = [this] {
        dictionary.set_accepts_unknown(settings.text("unknown_events") == "accept");
    };
    follow_settings();
    settings.on_change(follow_settings);
    if (options.has_demo) {
        demo::BankOptions bank;
        bank.customers = options.demo_customers;
        demo_bank = std::make_unique<demo::Bank>(journal, *stores.vault, orgs, dictionary, clock,
                                                 calendar, bank);
    }
    add_routes();
    add_jobs();
}

Server::~Server() { stop(); }

std::unique_ptr<insight::HistoryEngine> Server::make_history_answers() {
    if (!stores.questions)
        return nullptr;
    return std::make_unique<twin::HistoryAnswers>(twin::HistoryAnswers::Parts{
        *stores.questions, [this] { return stores.history->kept_from(); }, clock,
        [this](Duration timeout) {
            return shards.wait_applied(timeout) && history_feeder.wait_caught_up(timeout);
        },
        [this] { return trait_seeder.usable(); }});
}

Result<std::shared_ptr<const void>> Server::work_for(const access::Principal& who) const {
    auto work = asking.work_for(who);
    if (!work)
        return fail(work.error());
    return std::shared_ptr<const void>(std::move(*work));
}

std::vector<shard::Projection*> Server::projections() {
    std::vector<shard::Projection*> all = {&customers, &realtime, &contacts};
    if (options.has_demo)
        all.push_back(&reactions);
    return all;
}

Result<void> Server::start() {
    if (auto fits = check_history(*stores.history, *stores.vault, shards); !fits)
        return fits;
    keep_place(options.data_dir, options.history);
    shards.start();
    history_feeder.start();
    trait_seeder.start();
    index_keeper.start();
    index_feeder.start();
    seed_boards();
    if (auto live = realtime_control.start(); !live)
        log::warn("real-time audiences will be live a little later: " + live.error().detail);
    campaigns.start();
    dispatcher.start();
    launcher.start();
    fixed_audiences.resume();
    scheduler.start();
    slow_scheduler.start();
    http::ServerOptions http_options;
    http_options.address = options.address;
    http_options.port = options.port;
    http_options.io_threads = options.io_threads;
    http_options.certificate_file = options.certificate_file;
    http_options.key_file = options.key_file;
    http_options.works_long = works_long;
    http_options.long_workers = &long_workers;
    auto started = http::Server::start(router, workers, metrics, http_options);
    // The default port may be another program's; a port that was asked for may not be exchanged.
    for (int more = 1; !started && !options.is_port_given && more <= 20; ++more) {
        http_options.port = static_cast<std::uint16_t>(options.port + more);
        started = http::Server::start(router, workers, metrics, http_options);
    }
    if (!started)
        return fail(started.error());
    http = std::move(*started);
    return {};
}

void Server::seed_boards() {
    for (auto& lot : insight::ready_made_lots())
        if (options.has_demo || !lot.is_of_demo)
            boards.seed(lot.name, std::move(lot.boards));
}

void Server::stop() {
    http.reset();
    slow_scheduler.stop();
    scheduler.stop();
    launcher.stop();
    dispatcher.stop();
    channels.stop();
    fixed_audiences.stop();
    trait_seeder.stop();
    index_keeper.stop();
    index_feeder.stop();
    history_feeder.stop();
    shards.stop();
}

index::RebuildSources Server::rebuild_sources() {
    const auto is_time = [this](std::string_view event, std::string_view name) {
        const auto names = dictionary.snapshot();
        const auto* known =
            event.starts_with("$profile_") ? names->tag(name) : names->property(name);
        return known && known->type == ValueType::time;
    };
    return {*stores.history, shards, customers, journal, is_time};
}

engage::CampaignRenderer::Parts Server::renderer_parts() {
    engage::CampaignRenderer::Parts parts{campaigns, shards, customers, *stores.vault,
                                          calendar,  {},     {},        {}};
    parts.choose_channel = [this](action::ChannelKind kind, std::string_view provider) {
        return channels.choose(kind, provider).map([](const channel::Channel& chosen) {
            return chosen.id;
        });
    };
    parts.make_link = [this](std::string_view campaign, std::string_view send_key,
                             std::string_view url) {
        return tracking.link(campaign, send_key, url);
    };
    parts.unsubscribe_link = [this](std::string_view send_key) {
        return tracking.unsubscribe_link(send_key);
    };
    return parts;
}

channel::NoticeMail::Parts Server::mail_parts() {
    const auto person = [this](std::string_view id) {
        auto found = access.person(access::system_principal(), id);
        return found && found->active ? std::optional(std::move(*found)) : std::nullopt;
    };
    const auto principal = [this](std::string_view id) -> std::optional<access::Principal> {
        auto found = access.principal(id);
        return found ? std::optional(std::move(*found)) : std::nullopt;
    };
    return {notices, channels, person, [this] { return public_address(); }, principal};
}

// Where customers reach this server: what the bank has set, else the address that it listens on.
std::string Server::public_address() const {
    if (const auto address = settings.text("public_address"); !address.empty())
        return address;
    if (!http)
        return {};
    const bool is_loopback = options.address == "127.0.0.1" || options.address == "::1";
    return (options.certificate_file.empty() ? "http://" : "https://") +
           (is_loopback ? "localhost" : options.address) + ":" + std::to_string(http->port());
}

bool Server::wait_fresh(Duration timeout) {
    return shards.wait_applied(timeout) && history_feeder.wait_caught_up(timeout) &&
           index_feeder.wait_caught_up(timeout);
}

Result<void> Server::advance(Duration by) {
    auto* test_clock = dynamic_cast<TestClock*>(stores.clock.get());
    if (!test_clock)
        return fail(ErrorCode::unsupported, "app.no_test_clock",
                    "the clock can be moved only where the server was started with --test-clock");
    // In steps, so that what becomes due on the way runs at its own time and not all at the end.
    const auto until = clock.now() + by;
    while (clock.now() < until) {
        test_clock->set(std::min(until, clock.now() + Duration(1h)));
        if (!shards.settle(30s))
            return fail(ErrorCode::unavailable, "app.not_settled",
                        "the shards did not settle within 30 seconds");
        scheduler.run_due();
        slow_scheduler.run_due();
        launcher.run_due();
        if (!shards.settle(30s) || !dispatcher.wait_idle(30s))
            return fail(ErrorCode::unavailable, "app.not_settled",
                        "not all messages were sent within 30 seconds");
    }
    if (!shards.settle(30s) || !wait_fresh(30s))
        return fail(ErrorCode::unavailable, "app.not_settled",
                    "history or index did not catch up within 30 seconds");
    return {};
}

void Server::pace() {
    const auto lag = std::max({shards.lag(), history_feeder.lag(), index_feeder.lag()});
    const auto pause = commit_pause(lag);
    if (pause > Duration(0) && journal.commit_pause() == Duration(0))
        log::warn("intake slows down: shards, history or index are " + std::to_string(lag) +
                  " journal entries behind");
    journal.slow_down(pause);
}

void Server::add_jobs() {
    scheduler.every(1s, "dictionary", [this] { dictionary.flush(); });
    scheduler.every(1s, "pace", [this] { pace(); });
    // What a burst of intake has freed goes back to the system instead of staying with the
    // allocator.
    scheduler.every(5min, "memory", [] { ::malloc_trim(0); });
    scheduler.every(1h, "access", [this] {
        access.purge();
        idempotency.purge();
    });
    slow_scheduler.every(1min, "audiences", [this] {
        if (auto live = realtime_control.reconcile(); !live)
            log::warn("real-time audiences: " + live.error().detail);
        refresher.run_due();
        fixed_audiences.resume();
    });
    slow_scheduler.every(1min, "board mails", [this] { board_mails.run_due(); });
    slow_scheduler.every(1min, "alerts", [this] { alerts.run_due(); });
    slow_scheduler.every(1min, "notices", [this] { notice_mail.run(); });
    scheduler.every(24h, "old notices", [this] { notices.purge(); });
    scheduler.every(1min, "erasure", [this] { erasure.run(); });
    scheduler.every(1min, "index", [this] {
        stores.index->flush();
        index_keeper.watch();
    });
    scheduler.every(1min, "feed", [this] { trim_feed(); });
    scheduler.every(1min, "journal", [this] { trim_journal(); });
    scheduler.every(1h, "retention", [this] { drop_what_is_old(); });
    scheduler.every(24h, "receipts", [this] { receipts.purge(); });
    scheduler.every(24h, "quarantine", [this] { quarantine.expire(); });
}

}  // namespace qiao::app
