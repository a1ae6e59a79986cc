#include "app/server.hpp"

#include "api/audit.hpp"
#include "api/collection.hpp"
#include "api/openapi.hpp"
#include "api/orgs.hpp"
#include "api/people.hpp"
#include "api/session.hpp"
#include "api/tokens.hpp"
#include "api/write_keys.hpp"
#include "http/static_files.hpp"
#include "runtime/log.hpp"

namespace qiao::app {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t waiting_requests = 4'000;
constexpr std::size_t reactions_place = 2;
constexpr std::size_t realtime_place = 1;

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
      journal(*stores.store, clock, metrics),
      dictionary(*stores.database, clock, calendar),
      customers(),
      realtime(customers, calendar, realtime_place),
      reactions(reactions_place),
      shards(*stores.store, journal, clock, metrics, projections(), options.shard_threads),
      history_feeder(*stores.history, journal, shards, metrics),
      quarantine(*stores.database, *stores.vault, clock, metrics),
      intake(journal, dictionary, *stores.vault, quarantine, clock, metrics),
      key_ring(write_keys),
      scheduler(clock),
      workers(options.worker_threads, waiting_requests),
      idempotency(*stores.database, clock),
      endpoints(router, access, clock) {
    customers.coordinate(projections());
    if (options.has_demo) {
        demo::BankOptions bank;
        bank.customers = options.demo_customers;
        demo_bank = std::make_unique<demo::Bank>(journal, *stores.vault, orgs, dictionary, clock, calendar, bank);
    }
    add_routes();
    add_jobs();
}

Server::~Server() { stop(); }

std::vector<shard::Projection*> Server::projections() {
    std::vector<shard::Projection*> all = {&customers, &realtime};
    if (options.has_demo) all.push_back(&reactions);
    return all;
}

Result<void> Server::start() {
    shards.start();
    history_feeder.start();
    scheduler.start();
    http::ServerOptions http_options;
    http_options.address = options.address;
    http_options.port = options.port;
    http_options.io_threads = options.io_threads;
    http_options.certificate_file = options.certificate_file;
    http_options.key_file = options.key_file;
    auto started = http::Server::start(router, workers, metrics, http_options);
    // The default port may be another program's; a port that was asked for may not be exchanged.
    for (int more = 1; !started && !options.is_port_given && more <= 20; ++more) {
        http_options.port = static_cast<std::uint16_t>(options.port + more);
        started = http::Server::start(router, workers, metrics, http_options);
    }
    if (!started) return fail(started.error());
    http = std::move(*started);
    return {};
}

void Server::stop() {
    http.reset();
    scheduler.stop();
    history_feeder.stop();
    shards.stop();
}

bool Server::wait_fresh(Duration timeout) {
    return shards.wait_applied(timeout) && history_feeder.wait_caught_up(timeout);
}

Result<void> Server::advance(Duration by) {
    auto* test_clock = dynamic_cast<TestClock*>(stores.clock.get());
    if (!test_clock)
        return fail(ErrorCode::unsupported, "app.no_test_clock", "the clock can be moved only where the server was started with --test-clock");
    // In steps, so that what becomes due on the way runs at its own time and not all at the end.
    const auto until = clock.now() + by;
    while (clock.now() < until) {
        test_clock->set(std::min(until, clock.now() + Duration(1h)));
        if (!shards.settle(30s)) return fail(ErrorCode::unavailable, "app.not_settled", "the shards did not settle within 30 seconds");
        scheduler.run_due();
    }
    if (!shards.settle(30s) || !wait_fresh(30s))
        return fail(ErrorCode::unavailable, "app.not_settled", "history or index did not catch up within 30 seconds");
    return {};
}

void Server::add_routes() {
    router.on("GET", "/health/live", [](const http::Request&) { return http::Response::json(200, R"({"status":"ok"})"); });
    router.on("GET", "/health/ready", [this](const http::Request&) {
        return http::Response::json(200, R"({"status":"ok","lag":)" + std::to_string(shards.lag()) + "}");
    });
    router.on("GET", "/metrics", [this](const http::Request&) { return http::Response::text(200, metrics.text()); });
    endpoints.keep_answers(idempotency);
    api::add_session(endpoints, access, orgs, settings, !options.certificate_file.empty());
    api::add_people(endpoints, access, orgs);
    api::add_orgs(endpoints, orgs);
    api::add_tokens(endpoints, access);
    api::add_write_keys(endpoints, write_keys);
    api::add_audit(endpoints, audit);
    api::add_openapi(router, endpoints);
    api::add_collection(router, intake, key_ring, clock);
    if (options.has_test_clock)
        endpoints.add_open("POST", "/test/advance",
                           [this](api::Call& call) -> Result<api::Answer> {
                               const auto* by = call.body.is_object() ? call.body.get_object().if_contains("by") : nullptr;
                               const auto duration = parse_duration(by && by->is_string() ? std::string_view(by->get_string()) : "");
                               if (!duration) return fail(duration.error());
                               if (auto done = advance(*duration); !done) return fail(done.error());
                               return api::Answer{200, {{"now", format_time(clock.now())}}};
                           },
                           {"Move the test clock", "test"});
    if (!options.web_dir.empty()) router.fallback(http::static_files(options.web_dir.string()));
}

void Server::add_jobs() {
    scheduler.every(1s, "dictionary", [this] { dictionary.flush(); });
    scheduler.every(1h, "access", [this] {
        access.purge();
        idempotency.purge();
    });
    scheduler.every(24h, "quarantine", [this] { quarantine.expire(); });
}

}  // namespace qiao::app
