#include "app/demo_job.hpp"

#include <malloc.h>

#include <boost/json.hpp>
#include <cstdio>

#include "access/roles.hpp"
#include "api/stage_models.hpp"
#include "app/server.hpp"
#include "runtime/log.hpp"

namespace qiao::app {

namespace {

// "" (never begun), "filling <ms of the first moment>", "filled <ms>".
constexpr const char* state_key = "demo_bank";

std::string read_state(sql::Database& database) {
    const auto row =
        database.query_one("SELECT value FROM app_state WHERE name = $1", {std::string(state_key)});
    return row ? row->text(0) : std::string{};
}

void write_state(sql::Database& database, const std::string& state) {
    database.execute(
        "INSERT INTO app_state (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET "
        "value = excluded.value",
        {std::string(state_key), state});
}

// A bank that was named already keeps its name.
void name_the_bank(access::SettingsStore& settings) {
    if (settings.text("institution_name") != "Qiao")
        return;
    const boost::json::object name{{"institution_name", "桥城银行 / Bank of Qiaocheng"}};
    if (auto done = settings.change(access::system_principal(), name, std::nullopt); !done)
        log::warn("the demo bank has no name: " + done.error().detail);
}

// A filling that was broken off has defined them already.
void define_products(Server& server) {
    if (!server.products.list().empty())
        return;
    for (const auto text : demo::products()) {
        const auto draft = insight::parse_product(boost::json::parse(std::string(text)));
        auto made = draft ? server.products.create(*draft, access::system_principal())
                          : Result<insight::Product>(fail(draft.error()));
        if (!made)
            log::warn("the demo bank lacks a product: " + made.error().detail);
    }
}

// `until` is the end of the days that were filled.
void define_costs(Server& server, Time until) {
    if (!server.spending.list(INT32_MIN, INT32_MAX).empty())
        return;
    const auto& who = access::system_principal();
    const auto tell = [](const Error& error) {
        log::warn("the demo bank lacks a cost: " + error.detail);
    };
    const Day first = server.calendar.day_of(until) - demo::days_shown;
    for (const auto& outlay : demo::outlays()) {
        insight::SpendingChange draft;
        draft.origin = outlay.origin;
        draft.from = first + outlay.from;
        draft.to = first + outlay.to;
        draft.amount = *Decimal::from_int(outlay.amount);
        draft.note = outlay.note;
        if (auto made = server.spending.create(draft, who); !made)
            tell(made.error());
    }
    for (const auto& channel : server.channels.list())
        if (auto made =
                server.prices.create(channel.id, *Decimal::parse(demo::message_price), first, who);
            !made)
            tell(made.error());
    auto steps = server.acquisition_steps.get();
    steps.rules.front() = demo::user_rule;
    if (auto made = server.acquisition_steps.set(steps.rules, std::nullopt, who); !made)
        tell(made.error());
}

// After the filling, so that the models begin with all of the past and no fact of it.
void define_stages(Server& server) {
    if (!server.stage_models.list().empty())
        return;
    for (const auto text : demo::stage_models()) {
        const auto draft = api::stage_model_draft(boost::json::parse(std::string(text)));
        auto made = draft ? server.stage_models.create(*draft, access::system_principal())
                          : Result<audience::StageModel>(fail(draft.error()));
        if (!made)
            log::warn("the demo bank lacks a stage model: " + made.error().detail);
    }
    if (auto live = server.realtime_control.reconcile(); !live)
        log::warn("the demo bank's stages will be live a little later: " + live.error().detail);
}

}  // namespace

DemoJob::DemoJob(Server& server) : server_(server) {
    if (!server.demo_bank)
        return;
    thread_ = std::thread([this] {
        try {
            run();
        } catch (const std::exception& fault) {
            log::error(std::string("the demo bank stopped: ") + fault.what());
        }
    });
}

void DemoJob::stop() {
    stopping_ = true;
    if (thread_.joinable())
        thread_.join();
}

void DemoJob::run() {
    if (!read_state(*server_.stores.database).starts_with("filled"))
        fill();
    const auto state = read_state(*server_.stores.database);
    if (!state.starts_with("filled"))
        return;
    const auto since = time_from_ms(std::stoll(state.substr(7)));
    while (!stopping_) {
        server_.demo_bank->live_on(since);
        for (int turn = 0; turn < 100 && !stopping_; ++turn)
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

void DemoJob::fill() {
    auto& database = *server_.stores.database;
    auto state = read_state(database);
    if (state.empty()) {
        // The moment is kept: an interrupted filling goes on with the same facts.
        state = "filling " + std::to_string(to_ms(server_.clock.now()));
        write_state(database, state);
        name_the_bank(server_.settings);
    }
    const auto until = time_from_ms(std::stoll(state.substr(8)));
    std::printf("  Filling the demo bank: %d customers, %d days\n",
                server_.demo_bank->options().customers, demo::days_shown);
    server_.demo_bank->describe();
    define_products(server_);
    server_.demo_bank->fill(until, [this](int day) {
        if (day % 10 == 0 || day == demo::days_shown) {
            std::printf("  … day %d of %d\n", day, demo::days_shown);
            std::fflush(stdout);
            ::malloc_trim(0);
        }
        return !stopping_;
    });
    if (stopping_)
        return;
    while (!stopping_ && !server_.wait_fresh(std::chrono::seconds(1)))
        ::malloc_trim(0);
    define_costs(server_, until);
    define_stages(server_);
    write_state(database, "filled " + std::to_string(to_ms(until)));
    ::malloc_trim(0);
    std::printf("  The demo bank is ready.\n\n");
    std::fflush(stdout);
}

}  // namespace qiao::app
