#include "engage/dispatcher.hpp"

#include "engage/detail/early_receipts.hpp"
#include "engage/detail/lane.hpp"
#include "engage/detail/outcomes.hpp"
#include "runtime/log.hpp"

namespace qiao::engage {

namespace {

constexpr std::size_t intake_batch = 500;
constexpr auto not_now_pause = std::chrono::seconds(5);
constexpr auto look_again = std::chrono::milliseconds(500);

}  // namespace

Dispatcher::Dispatcher(const DispatcherParts& parts)
    : parts_(parts), facts_(parts.outbox, parts.journal) {
    parts_.shards.on_outbox(std::string(sends_queue), [this] { wake(); });
    parts_.outbox.on_put(std::string(message_facts_queue), [this] { wake(); });
}

Dispatcher::~Dispatcher() { stop(); }

void Dispatcher::start() {
    settle_after_crash();
    {
        std::lock_guard lock(mutex_);
        is_running_ = true;
        for (const auto& [channel, lane] : lanes_)
            lane->start();
    }
    intake_thread_ = std::thread([this] { run_intake(); });
    facts_thread_ = std::thread([this] { run_facts(); });
}

void Dispatcher::stop() {
    is_stopping_ = true;
    wake();
    if (intake_thread_.joinable())
        intake_thread_.join();
    for (const auto& lane : lanes())
        lane->stop();
    if (facts_thread_.joinable())
        facts_thread_.join();
}

void Dispatcher::wake() {
    std::lock_guard lock(mutex_);
    ++news_;
    wake_.notify_all();
}

// What was under way when the server died may have left.
void Dispatcher::settle_after_crash() {
    const auto now = parts_.clock.now();
    const auto left = sends::attempting(*parts_.database.read());
    if (left.empty())
        return;
    std::map<std::string, bool> is_idempotent;
    for (const auto& send : left) {
        if (is_idempotent.contains(send.channel))
            continue;
        const auto ready = parts_.providers.open(send.channel);
        is_idempotent[send.channel] = ready && ready->provider->is_idempotent();
    }
    auto transaction = parts_.database.begin();
    for (auto send : left) {
        const action::Submitted lost{action::Outcome::unknown, {}, "server.stopped", false};
        const auto verdict = detail::judge_answer(
            lost, {is_idempotent[send.channel], may_try_again(send.tries, send.created_at, now)});
        send.maybe_left = true;
        if (verdict.state == "queued") {
            sends::set_queued(*transaction, send, lost.reason, now, now);
            continue;
        }
        send.state = verdict.state;
        send.reason = lost.reason;
        sends::set_state(*transaction, send, now);
        tell_end(*transaction, send, verdict.what,
                 parts_.prices.price_at(*transaction, send.channel, now), now);
    }
    transaction->commit();
    log::warn("sends were under way when the server stopped; they are settled");
}

Result<Renderer::Rendered> Dispatcher::render(const PlannedSend& send, std::string_view send_key) {
    auto rendered = parts_.renderer.render(send, send_key);
    if (!rendered)
        return rendered;
    auto& outgoing = rendered->outgoing;
    outgoing.send_key = send_key;
    outgoing.profile = send.profile;
    outgoing.campaign = send.campaign;
    outgoing.open_link = parts_.tracking.open_link(send_key);
    return rendered;
}

// Taken over at once and placed afterwards: a send that must wait holds up none behind it.
bool Dispatcher::take_in() {
    std::vector<shard::OutboxEntry> entries;
    parts_.shards.drain(sends_queue, intake_batch, [&](shard::OutboxEntry&& entry) {
        entries.push_back(std::move(entry));
        return true;
    });
    if (entries.empty())
        return false;
    const auto now = parts_.clock.now();
    auto transaction = parts_.database.begin();
    for (const auto& entry : entries) {
        const auto planned = decode_planned_send(entry.bytes);
        if (!planned) {
            log::error("a planned send cannot be read; it is left out");
            continue;
        }
        Send send;
        send.send_key = entry.key;
        send.campaign = planned->campaign;
        send.profile = planned->profile;
        send.token = parts_.tracking.token_of(entry.key);
        send.state = "queued";
        sends::insert(*transaction, send, now);
    }
    transaction->commit();
    parts_.shards.acknowledge(sends_queue, entries);
    return true;
}

// Renders what has no channel yet, and gives it to the channel that its campaign means.
bool Dispatcher::place() {
    const auto now = parts_.clock.now();
    const auto waiting = sends::due(*parts_.database.read(), "", now, intake_batch);
    if (waiting.empty())
        return false;
    std::vector<std::pair<std::string, action::Outgoing>> texts;
    std::vector<std::pair<Send, std::optional<Error>>> judged;
    for (auto send : waiting) {
        auto rendered = render({send.campaign, send.profile}, send.send_key);
        if (!rendered) {
            judged.emplace_back(std::move(send), rendered.error());
            continue;
        }
        send.channel = rendered->channel_id;
        if (const auto ready = parts_.providers.open(send.channel))
            send.kind = ready->kind;
        texts.emplace_back(send.channel, std::move(rendered->outgoing));
        judged.emplace_back(std::move(send), std::nullopt);
    }
    auto transaction = parts_.database.begin();
    for (const auto& [send, error] : judged) {
        if (error)
            give_up_or_wait(*transaction, send, *error);
        else
            sends::set_channel(*transaction, send);
    }
    transaction->commit();
    for (auto& [channel, text] : texts)
        lane(channel)->keep(std::move(text));
    for (const auto& lane : lanes())
        lane->wake();
    return true;
}

void Dispatcher::give_up_or_wait(sql::Transaction& transaction, const Send& send,
                                 const Error& error) {
    const auto now = parts_.clock.now();
    if (error.code == ErrorCode::unavailable) {
        sends::set_queued(transaction, send, error.reason, now + not_now_pause, now);
        return;
    }
    const auto verdict = detail::judge_end(send.maybe_left);
    auto ended = send;
    ended.state = verdict.state;
    ended.reason = error.reason;
    sends::set_state(transaction, ended, now);
    tell_end(transaction, ended, verdict.what,
             parts_.prices.price_at(transaction, send.channel, now), now);
}

void Dispatcher::tell_end(sql::Transaction& transaction, const Send& send, std::string_view what,
                          std::optional<Decimal> price, Time now) {
    if (what == "failed")
        price.reset();
    tell(parts_.outbox, transaction, send, what, send.reason, now, price);
    detail::count_early(parts_.outbox, transaction, send, now);
}

std::shared_ptr<Dispatcher::Lane> Dispatcher::lane(const std::string& channel) {
    std::lock_guard lock(mutex_);
    auto& lane = lanes_[channel];
    if (!lane) {
        lane = std::make_shared<Lane>(*this, channel);
        if (is_running_)
            lane->start();
    }
    return lane;
}

std::vector<std::shared_ptr<Dispatcher::Lane>> Dispatcher::lanes() {
    std::vector<std::shared_ptr<Lane>> all;
    std::lock_guard lock(mutex_);
    for (const auto& [channel, lane] : lanes_)
        all.push_back(lane);
    return all;
}

// Of sends that an earlier run of the server left, or that come due again.
bool Dispatcher::open_waiting_lanes() {
    const auto channels = sends::channels_with_due(*parts_.database.read(), parts_.clock.now());
    for (const auto& channel : channels)
        if (!channel.empty())
            lane(channel)->wake();
    return !channels.empty();
}

void Dispatcher::run_intake() {
    while (!is_stopping_) {
        std::uint64_t seen = 0;
        {
            std::lock_guard lock(mutex_);
            seen = news_;
        }
        bool has_worked = false;
        try {
            has_worked = take_in();
            has_worked |= place();
            if (!has_worked)
                open_waiting_lanes();
        } catch (const std::exception&) {
            log::error("planned sends could not be taken over; that is tried again");
        }
        if (has_worked)
            continue;
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, look_again, [&] { return is_stopping_ || news_ != seen; });
    }
}

void Dispatcher::run_facts() {
    while (true) {
        std::uint64_t seen = 0;
        {
            std::lock_guard lock(mutex_);
            seen = news_;
        }
        const bool is_last = is_stopping_;
        std::size_t told = 0;
        try {
            std::lock_guard one_at_a_time(facts_mutex_);
            told = facts_.publish_once();
        } catch (const std::exception&) {
            log::error("facts of messages could not be told; that is tried again");
        }
        if (told > 0)
            continue;
        if (is_last)
            return;
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, look_again, [&] { return is_stopping_ || news_ != seen; });
    }
}

bool Dispatcher::drain_once() {
    bool has_worked = take_in();
    has_worked |= place();
    open_waiting_lanes();
    for (const auto& lane : lanes())
        has_worked |= lane->turn();
    std::lock_guard one_at_a_time(facts_mutex_);
    return facts_.publish_once() > 0 || has_worked;
}

bool Dispatcher::idle() {
    bool is_planned = false;
    parts_.shards.drain(sends_queue, 1, [&](shard::OutboxEntry&&) {
        is_planned = true;
        return false;
    });
    if (is_planned)
        return false;
    const auto channels = sends::channels_with_due(*parts_.database.read(), parts_.clock.now());
    for (const auto& channel : channels)
        if (channel.empty() || !lane(channel)->is_spared())
            return false;
    if (!sends::attempting(*parts_.database.read()).empty())
        return false;
    return parts_.outbox.drain(message_facts_queue, 1).empty();
}

bool Dispatcher::wait_idle(Duration timeout) {
    const auto until = std::chrono::steady_clock::now() + timeout;
    wake();
    while (!idle()) {
        if (std::chrono::steady_clock::now() >= until)
            return false;
        wake();
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

ChannelHealth Dispatcher::health(std::string_view channel) {
    const auto counts = sends::counts_since(*parts_.database.read(), channel,
                                            parts_.clock.now() - std::chrono::hours(1));
    ChannelHealth health{Breaker::State::closed, counts.sent, counts.failed, counts.last_error};
    std::shared_ptr<Lane> lane;
    {
        std::lock_guard lock(mutex_);
        if (const auto found = lanes_.find(channel); found != lanes_.end())
            lane = found->second;
    }
    if (lane)
        health.state = lane->state();
    return health;
}

}  // namespace qiao::engage
