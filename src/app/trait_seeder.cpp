#include "app/trait_seeder.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "runtime/log.hpp"
#include "runtime/thread_priority.hpp"

namespace qiao::app {

namespace {

using namespace std::chrono_literals;
using history::HistoryBatch;
using history::TraitChange;

constexpr int politeness = 10;  // intake goes before it
constexpr std::ptrdiff_t traits_at_a_time = 50'000;
constexpr Duration retry_pause = 2s, feed_pause = 100ms;

// Its identities: of each kind the one that came last, as the feed tells them.
void add_traits(const customer::Customer& customer, std::vector<TraitChange>& traits) {
    using Space = TraitChange::Space;
    for (const auto& tag : customer.tags)
        traits.push_back({Space::tag, customer.id, tag.name, tag.value});
    std::map<std::string, std::string> identities;
    for (const auto& known : customer.identities)
        identities[known.identity.kind] = known.identity.value;
    for (const auto& [kind, value] : identities)
        traits.push_back({Space::identity, customer.id, kind, Value(value)});
    for (const auto& consent : customer.consents) {
        const auto name =
            consent.channel.empty() ? consent.purpose : consent.purpose + "." + consent.channel;
        traits.push_back({Space::consent, customer.id, name, Value(consent.granted)});
    }
}

// Of who was merged away the winner tells.
void add_customer(const customer::Customer& customer, HistoryBatch& batch) {
    if (customer.is_erased) {
        batch.erased.push_back(customer.id);
    } else if (customer.is_live()) {
        batch.created.push_back(customer.id);
        add_traits(customer, batch.traits);
    }
}

// Profile ids are hashes above the bits of the shard.
std::size_t part_of(ProfileId profile, std::size_t parts) {
    return static_cast<std::uint64_t>(profile) / shard_count % parts;
}

}  // namespace

void TraitSeeder::start() {
    auto* traits = parts_.history.traits();
    is_whole_ = !traits || traits->are_whole();
    if (is_whole_)
        return;
    told_ = traits->shards_told();
    log::info("history lacks tags, identities and consents of before; they are being told");
    thread_ = std::thread([this] { run(); });
}

void TraitSeeder::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

Result<void> TraitSeeder::usable() const {
    if (is_whole_)
        return {};
    return fail(Error{ErrorCode::unavailable, "insight.history_incomplete",
                      "ClickHouse, which answers questions, is still being told the tags, "
                      "identities and consents of all customers (" +
                          std::to_string(told_) + " of " + std::to_string(shard_count) +
                          " parts are there); ask again in a moment.",
                      "", 5});
}

void TraitSeeder::run() {
    yield_to_others(politeness);
    do {
        try {
            seed(*parts_.history.traits());
            return;
        } catch (const std::exception& fault) {
            if (!is_stopping())
                log::error(std::string("history cannot be told tags, identities and consents, "
                                       "will try again: ") +
                           fault.what());
        }
    } while (wait(retry_pause));
}

void TraitSeeder::seed(history::Traits& traits) {
    for (; told_ < shard_count; ++told_) {
        tell(told_);
        if (is_stopping())
            return;
        traits.set_shards_told(static_cast<ShardId>(told_ + 1));
    }
    wait_for_feed();
    if (is_stopping())
        return;
    traits.set_whole();
    is_whole_ = true;
    log::info("history has the tags, identities and consents of all customers");
}

// A large shard is asked several times: what is held in memory has a limit.
void TraitSeeder::tell(ShardId shard) {
    const auto most = parts_.customers_at_a_time;
    const auto parts = std::max<std::size_t>(1, (count(shard) + most - 1) / most);
    for (std::size_t part = 0; part < parts && !is_stopping(); ++part)
        parts_.feeder.between_batches([&] { tell_part(shard, part, parts); });
}

std::size_t TraitSeeder::count(ShardId shard) {
    const std::function<std::size_t(shard::ShardContext&)> ask =
        [this](shard::ShardContext& context) {
            std::size_t customers = 0;
            parts_.customers.each_known(context, [&](const customer::Customer&) {
                ++customers;
                return true;
            });
            return customers;
        };
    return parts_.shards.ask(shard, ask).get();
}

void TraitSeeder::tell_part(ShardId shard, std::size_t part, std::size_t parts) {
    const std::function<HistoryBatch(shard::ShardContext&)> ask =
        [&](shard::ShardContext& context) {
            HistoryBatch batch;
            parts_.customers.each_known(context, [&](const customer::Customer& customer) {
                if (part_of(customer.id, parts) == part)
                    add_customer(customer, batch);
                return true;
            });
            return batch;
        };
    auto batch = parts_.shards.ask(shard, ask).get();
    auto traits = std::exchange(batch.traits, {});
    parts_.history.write(batch);
    for (auto at = traits.begin(); at != traits.end();) {
        const auto end = at + std::min<std::ptrdiff_t>(traits_at_a_time, traits.end() - at);
        HistoryBatch some;
        some.traits.assign(std::move_iterator(at), std::move_iterator(end));
        parts_.history.write(some);
        at = end;
    }
}

void TraitSeeder::wait_for_feed() {
    shard::FeedPositions wanted;
    for (ShardId shard = 0; shard < shard_count; ++shard)
        wanted[shard] = parts_.shards.feed_end(shard);
    const auto is_past = [&] {
        const auto now = parts_.feeder.positions();
        return std::equal(now.begin(), now.end(), wanted.begin(), std::greater_equal<>());
    };
    while (!is_past() && wait(feed_pause)) {
    }
}

bool TraitSeeder::wait(Duration pause) {
    std::unique_lock lock(mutex_);
    return !wake_.wait_for(lock, pause, [this] { return stopping_; });
}

bool TraitSeeder::is_stopping() const {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

}  // namespace qiao::app
