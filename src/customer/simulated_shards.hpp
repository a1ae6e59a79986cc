// Shards in memory, one step at a time, for tests: facts between them may travel in any order that
// keeps the order of each sender.
#pragma once

#include <deque>
#include <map>
#include <random>

#include "customer/customers.hpp"

namespace qiao::customer {

class SimulatedShards {
public:
    explicit SimulatedShards(std::vector<shard::Projection*> projections)
        : projections_(std::move(projections)) {}

    Time now = time_from_ms(1'790'000'000'000);

    struct Fed {
        ShardId shard;
        Fact fact;  // of rows
        shard::FeedItem item;
    };
    std::vector<Fed> fed;
    std::vector<std::pair<std::string, std::string>> handed_out;  // key, bytes

    void append(Fact fact) {
        order_identities(fact);
        if (to_ms(fact.received_at) == 0)
            fact.received_at = now;
        if (to_ms(fact.time) == 0)
            fact.time = now;
        enqueue(outside, std::move(fact));
    }
    // Applies one waiting fact; `choice` picks among the senders. False where none waits.
    bool step(std::size_t choice) {
        if (waiting_.empty())
            return false;
        auto at =
            std::next(waiting_.begin(), static_cast<std::ptrdiff_t>(choice % waiting_.size()));
        const auto to = at->first.second;
        auto fact = std::move(at->second.front());
        at->second.pop_front();
        if (at->second.empty())
            waiting_.erase(at);
        apply(to, std::move(fact));
        return true;
    }
    void settle() {
        for (int steps = 0; step(0); ++steps)
            if (steps > 100'000)
                throw std::runtime_error("the shards do not come to rest");
    }

    class Context final : public shard::ShardContext {
    public:
        Context(SimulatedShards& all, ShardId own) : all_(all), shard_(own) {}
        ShardId shard() const override { return shard_; }
        Time now() const override { return all_.now; }
        std::optional<std::string> get(std::string_view key) override {
            auto at = state_.find(key);
            return at == state_.end() ? std::nullopt : std::optional(at->second);
        }
        void put(std::string_view key, std::string_view value) override {
            state_.insert_or_assign(std::string(key), std::string(value));
        }
        void erase(std::string_view key) override {
            if (auto at = state_.find(key); at != state_.end())
                state_.erase(at);
        }
        void scan(std::string_view prefix,
                  const std::function<bool(std::string_view, std::string_view)>& visit) override {
            for (auto at = state_.lower_bound(prefix);
                 at != state_.end() && at->first.starts_with(prefix); ++at)
                if (!visit(at->first, at->second))
                    return;
        }
        void set_timer(std::size_t, std::string_view, Time) override {}
        void cancel_timer(std::size_t, std::string_view) override {}
        void emit(Fact fact) override {
            if (fact.message_id.empty())
                fact.message_id = "emitted";
            all_.enqueue(shard_, std::move(fact));
        }
        void hand_out(std::string_view, std::string_view key, std::string_view bytes) override {
            all_.handed_out.emplace_back(key, bytes);
        }
        void feed(shard::FeedItem item) override {
            all_.fed.push_back({shard_, applying_ ? *applying_ : Fact{}, std::move(item)});
        }

        const Fact* applying_ = nullptr;

    private:
        SimulatedShards& all_;
        ShardId shard_;
        std::map<std::string, std::string, std::less<>> state_;
    };

    Context& context(ShardId shard) {
        auto& place = contexts_[shard];
        if (!place)
            place = std::make_unique<Context>(*this, shard);
        return *place;
    }

private:
    static constexpr ShardId outside = shard_count;

    void enqueue(ShardId from, Fact fact) {
        const auto to = route(fact);
        waiting_[{from, to}].push_back(std::move(fact));
    }
    void apply(ShardId to, Fact fact) {
        auto& own = context(to);
        own.applying_ = &fact;
        shard::Applied applied{fact, {to, ++offset_, 0}};
        for (auto* projection : projections_)
            projection->apply(applied, own);
        own.applying_ = nullptr;
        // Often, but not always, so that cached and stored state both get their turn.
        if (offset_ % 3 == 0)
            for (auto* projection : projections_)
                projection->flush(own);
    }

    std::vector<shard::Projection*> projections_;
    std::map<std::pair<ShardId, ShardId>, std::deque<Fact>> waiting_;
    std::map<ShardId, std::unique_ptr<Context>> contexts_;
    journal::Offset offset_ = 0;
};

}  // namespace qiao::customer
