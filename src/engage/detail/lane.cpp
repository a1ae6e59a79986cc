#include "engage/detail/lane.hpp"

#include "engage/detail/outcomes.hpp"
#include "runtime/log.hpp"

namespace qiao::engage {

namespace {

constexpr std::size_t most_texts = 2'000;  // rendered texts that wait in memory
// What waited longer is rendered again: consent and address may have changed.
constexpr auto text_lives = std::chrono::seconds(10);
// Sends that a thread claims for a one-by-one provider: each claim is a commit, and what is claimed
// when the server dies is unknown.
constexpr std::size_t claim_of_single = 16;
constexpr auto submit_deadline = std::chrono::seconds(20);
constexpr auto write_pause = std::chrono::milliseconds(300);
constexpr auto look_again = std::chrono::milliseconds(500);

SteadyTime steady_now() { return std::chrono::steady_clock::now(); }

}  // namespace

Dispatcher::Lane::Lane(Dispatcher& dispatcher, std::string channel)
    : dispatcher_(dispatcher), channel_(std::move(channel)) {}

Dispatcher::Lane::~Lane() { stop(); }

void Dispatcher::Lane::start() {
    const auto ready = dispatcher_.parts_.providers.open(channel_);
    const auto threads = ready ? ready->provider->parallel() : 1u;
    for (unsigned i = 0; i < threads; ++i)
        threads_.emplace_back([this] { run(); });
}

void Dispatcher::Lane::stop() {
    {
        std::lock_guard lock(mutex_);
        is_stopping_ = true;
        wake_.notify_all();
    }
    for (auto& thread : threads_)
        thread.join();
    threads_.clear();
}

void Dispatcher::Lane::wake() {
    std::lock_guard lock(mutex_);
    ++news_;
    wake_.notify_all();
}

void Dispatcher::Lane::run() {
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        const auto seen = news_;
        lock.unlock();
        bool has_worked = false;
        try {
            has_worked = turn();
        } catch (const std::exception&) {
            log::error("a channel could not write its sends; it tries again");
        }
        lock.lock();
        if (!has_worked)
            wake_.wait_for(lock, look_again, [&] { return is_stopping_ || news_ != seen; });
    }
}

void Dispatcher::Lane::keep(action::Outgoing outgoing) {
    auto send_key = outgoing.send_key;
    std::lock_guard lock(mutex_);
    if (texts_.size() < most_texts)
        texts_.insert_or_assign(std::move(send_key), Kept{std::move(outgoing), steady_now()});
}

Breaker::State Dispatcher::Lane::state() {
    std::lock_guard lock(mutex_);
    return breaker_.state(steady_now());
}

bool Dispatcher::Lane::is_spared() {
    std::lock_guard lock(mutex_);
    return is_inactive_ || breaker_.state(steady_now()) != Breaker::State::closed;
}

bool Dispatcher::Lane::turn() {
    const auto ready = dispatcher_.parts_.providers.open(channel_);
    {
        std::lock_guard lock(mutex_);
        is_inactive_ = !ready && ready.error().code != ErrorCode::not_found;
        if (is_inactive_)
            return false;
    }
    if (!ready)
        return fail_all(ready.error());
    std::vector<Claimed> claimed;
    std::size_t allowed = 0;
    {
        std::lock_guard one_at_a_time(claim_mutex_);
        allowed = allowance(*ready);
        if (allowed == 0)
            return false;
        claimed = claim(allowed, ready->provider->parallel());
        std::lock_guard lock(mutex_);
        bucket_.give_back(allowed - claimed.size());
        if (!claimed.empty())
            breaker_.started(steady_now());
    }
    if (claimed.empty())
        return false;
    if (ready->provider->batch_size() > 1)
        submit_batch(*ready, claimed);
    else
        submit_singly(*ready, claimed);
    return true;
}

std::size_t Dispatcher::Lane::allowance(const action::ReadyChannel& ready) {
    const auto batch = ready.provider->batch_size();
    const auto wanted = batch > 1 ? batch : claim_of_single;
    std::lock_guard lock(mutex_);
    if (is_stopping_)
        return 0;
    const auto now = steady_now();
    return bucket_.take(now, ready.rate_per_s, breaker_.admits(now, wanted));
}

// Texts are rendered before the transaction: a shard that is slow to answer must not hold up every
// writer. What has no text yet goes back to wait, or fails.
std::vector<Dispatcher::Lane::Claimed> Dispatcher::Lane::claim(std::size_t most, unsigned threads) {
    auto& parts = dispatcher_.parts_;
    const auto now = parts.clock.now();
    auto due = sends::due(*parts.database.read(), channel_, now, most * threads);
    if (due.empty())
        return {};
    // A few are shared among the threads: behind a slow answer nobody waits who need not.
    due.resize(std::min(most, (due.size() + threads - 1) / threads));
    std::vector<Claimed> claimed;
    std::vector<std::pair<Send, Error>> refused;
    for (const auto& send : due) {
        auto text = text_of(send);
        if (text)
            claimed.push_back({send, std::move(*text)});
        else
            refused.emplace_back(send, text.error());
    }
    auto transaction = parts.database.begin();
    for (auto& [send, outgoing] : claimed) {
        sends::set_attempting(*transaction, send.send_key, now);
        send.state = "attempting";
        ++send.tries;
    }
    for (const auto& [send, error] : refused)
        dispatcher_.give_up_or_wait(*transaction, send, error);
    transaction->commit();
    return claimed;
}

Result<action::Outgoing> Dispatcher::Lane::text_of(const Send& send) {
    {
        std::lock_guard lock(mutex_);
        const auto kept = texts_.extract(send.send_key);
        if (kept && steady_now() - kept.mapped().at < text_lives)
            return std::move(kept.mapped().outgoing);
    }
    auto rendered = dispatcher_.render({send.campaign, send.profile}, send.send_key);
    if (!rendered)
        return fail(rendered.error());
    return std::move(rendered->outgoing);
}

void Dispatcher::Lane::submit_batch(const action::ReadyChannel& ready,
                                    std::vector<Claimed>& claimed) {
    std::vector<action::Outgoing> messages;
    for (auto& one : claimed)
        messages.push_back(std::move(one.outgoing));
    std::vector<action::Submitted> answers;
    try {
        answers = ready.provider->submit_all(messages, submit_deadline);
    } catch (const std::exception&) {
        answers.clear();  // how far it came is not known
    }
    answers.resize(claimed.size(), {action::Outcome::unknown, {}, "provider.fault", false});
    for (const auto& answer : answers)
        judge(answer);
    write(ready, claimed, 0, answers);
}

// Outcomes are written together, but not later than they matter to those who watch.
void Dispatcher::Lane::submit_singly(const action::ReadyChannel& ready,
                                     std::vector<Claimed>& claimed) {
    std::vector<action::Submitted> answers;
    std::size_t written = 0;
    auto written_at = steady_now();
    for (std::size_t at = 0; at < claimed.size(); ++at) {
        if (at > 0 && !may_go_on()) {
            put_back(claimed, at);
            break;
        }
        action::Submitted answer{action::Outcome::unknown, {}, "provider.fault", false};
        try {
            answer = ready.provider->submit(claimed[at].outgoing, submit_deadline);
        } catch (const std::exception&) {
            log::error("a provider failed while it sent a message; whether it left is not known");
        }
        judge(answer);
        answers.push_back(std::move(answer));
        if (steady_now() - written_at < write_pause)
            continue;
        write(ready, claimed, written, answers);
        written += answers.size();
        answers.clear();
        written_at = steady_now();
    }
    write(ready, claimed, written, answers);
}

bool Dispatcher::Lane::may_go_on() {
    std::lock_guard lock(mutex_);
    return !is_stopping_ && breaker_.state(steady_now()) == Breaker::State::closed;
}

void Dispatcher::Lane::judge(const action::Submitted& answer) {
    std::lock_guard lock(mutex_);
    if (detail::is_fault(answer.outcome))
        breaker_.failed(steady_now());
    else
        breaker_.succeeded();
}

// Not a byte of these has left: they are as before their claim.
void Dispatcher::Lane::put_back(std::vector<Claimed>& claimed, std::size_t from) {
    auto& parts = dispatcher_.parts_;
    const auto now = parts.clock.now();
    auto transaction = parts.database.begin();
    for (auto at = from; at < claimed.size(); ++at) {
        auto send = claimed[at].send;
        --send.tries;
        sends::set_queued(*transaction, send, send.reason, now, now);
    }
    transaction->commit();
    for (auto at = from; at < claimed.size(); ++at)
        keep(std::move(claimed[at].outgoing));
}

void Dispatcher::Lane::write(const action::ReadyChannel& ready, std::vector<Claimed>& claimed,
                             std::size_t from, const std::vector<action::Submitted>& answers) {
    if (answers.empty())
        return;
    auto& parts = dispatcher_.parts_;
    const auto now = parts.clock.now();
    auto transaction = parts.database.begin();
    const auto price = parts.prices.price_at(*transaction, channel_, now);
    for (std::size_t at = 0; at < answers.size(); ++at) {
        auto& send = claimed[from + at].send;
        const auto& answer = answers[at];
        const auto verdict = detail::judge_answer(
            answer, {ready.provider->is_idempotent(),
                     may_try_again(send.tries, send.created_at, now), send.maybe_left});
        send.maybe_left |= answer.outcome == action::Outcome::unknown;
        if (verdict.state == "queued") {
            sends::set_queued(*transaction, send, answer.reason, now + pause_after(send.tries),
                              now);
            continue;
        }
        send.state = verdict.state;
        send.provider_message_id = answer.provider_message_id;
        send.reason = answer.reason;
        sends::set_state(*transaction, send, now);
        dispatcher_.tell_end(*transaction, send, verdict.what, price, now);
    }
    transaction->commit();
}

// The channel is gone: what waits for it can never leave.
bool Dispatcher::Lane::fail_all(const Error& error) {
    auto& parts = dispatcher_.parts_;
    std::lock_guard one_at_a_time(claim_mutex_);
    constexpr std::size_t at_a_time = 500;
    auto transaction = parts.database.begin();
    const auto due = sends::due(*transaction, channel_, parts.clock.now(), at_a_time);
    for (const auto& send : due)
        dispatcher_.give_up_or_wait(*transaction, send, error);
    if (!due.empty())
        transaction->commit();
    return !due.empty();
}

}  // namespace qiao::engage
