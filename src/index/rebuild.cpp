#include "index/rebuild.hpp"

#include <exception>
#include <numeric>
#include <thread>
#include <unordered_set>

#include "index/detail/row_gatherer.hpp"
#include "index/feeder.hpp"
#include "runtime/log.hpp"
#include "runtime/thread_priority.hpp"

namespace qiao::index {

namespace {

constexpr std::uint64_t rows_between_words = 500'000;
constexpr int politeness = 10;  // intake goes before a rebuild

using Tell = std::function<bool(const RebuildProgress&)>;

struct Cancelled {};

class Rebuild {
public:
    Rebuild(const RebuildSources& sources, const RebuildOptions& options, Index& fresh,
            const Tell& tell)
        : sources_(sources),
          options_(options),
          tell_(tell),
          cut_(sources.history.cut(options.threads)),
          loader_(fresh),
          owners_(loader_) {
        for (const auto& [loser, winner] : cut_->aliases())
            winners_[loser] = winner;
    }

    void run() {
        load_customers();
        load_rows();
        loader_.finish(cut_->positions());
    }

private:
    void load_customers();
    void add(const customer::Customer& customer);
    void follow_merges();
    ProfileId root_of(ProfileId profile) const;
    std::unordered_set<ProfileId> erased_since() const;
    void load_rows();
    void read_part(unsigned part);
    void count_rows(std::uint64_t rows);
    void say(RebuildPhase phase, std::uint64_t done, std::uint64_t total);

    const RebuildSources& sources_;
    const RebuildOptions& options_;
    const Tell& tell_;
    std::unique_ptr<history::Cut> cut_;
    BulkLoader loader_;
    detail::Owners owners_;
    std::unordered_map<ProfileId, ProfileId> winners_;  // of merges, at the cut
    std::unordered_set<ProfileId> erased_;              // before the cut

    std::mutex mutex_;  // of what follows
    std::uint64_t rows_ = 0;
    bool is_cancelled_ = false;
    std::exception_ptr fault_;
};

void Rebuild::say(RebuildPhase phase, std::uint64_t done, std::uint64_t total) {
    if (!tell_({phase, done, total}))
        throw Cancelled{};
}

// On the shard's thread, while it waits for us. What a profile is that was merged or erased after
// the cut, the feed will tell.
void Rebuild::add(const customer::Customer& customer) {
    if (customer.is_erased)
        erased_.insert(customer.id);
    if (winners_.contains(customer.id))
        return;
    const auto dense = loader_.add_customer(customer.id);
    owners_.put(customer.id, {dense, false});
    if (!customer.is_live())
        return;
    for (const auto& tag : customer.tags)
        loader_.set(Space::tag, dense, tag.name, tag.value);
    for (const auto& known : customer.identities)
        loader_.set(Space::identity, dense, known.identity.kind, known.identity.value);
    for (const auto& consent : customer.consents) {
        const auto name =
            consent.channel.empty() ? consent.purpose : consent.purpose + "." + consent.channel;
        loader_.set(Space::consent, dense, name, consent.granted);
    }
}

void Rebuild::load_customers() {
    for (ShardId shard = 0; shard < shard_count; ++shard) {
        say(RebuildPhase::customers, shard, shard_count);
        const std::function<bool(shard::ShardContext&)> ask = [&](shard::ShardContext& context) {
            sources_.customers.each_known(context, [&](const customer::Customer& customer) {
                add(customer);
                return true;
            });
            return true;
        };
        sources_.shards.ask(shard, ask).get();
    }
    for (const auto profile : erased_since())
        erased_.erase(profile);
    for (const auto profile : erased_) {
        loader_.forget(profile);
        owners_.put(profile, {});
        winners_.erase(profile);
    }
    follow_merges();
}

// Whom the feed after the cut erases is still there at the cut, and may still be split from.
std::unordered_set<ProfileId> Rebuild::erased_since() const {
    std::unordered_set<ProfileId> erased;
    for (ShardId shard = 0; shard < shard_count; ++shard)
        sources_.shards.read_feed(shard, cut_->positions()[shard], [&](shard::FeedRecord&& record) {
            for (const auto& item : record.items)
                if (item.kind == shard::FeedItem::Kind::erase)
                    erased.insert(item.profile);
            return true;
        });
    return erased;
}

void Rebuild::follow_merges() {
    for (const auto& [loser, winner] : winners_) {
        loader_.redirect(loser, winner);
        const auto root = root_of(loser);
        if (root != loser)
            owners_.put(loser, {owners_.find_or_add(root).customer, true});
    }
}

// Who was merged into a profile that is erased stands for itself, until the feed after the cut
// erases it or splits it off.
ProfileId Rebuild::root_of(ProfileId profile) const {
    auto root = profile;
    for (auto next = winners_.find(root); next != winners_.end(); next = winners_.find(root)) {
        if (erased_.contains(next->second))
            return root;
        root = next->second;
    }
    return root;
}

void Rebuild::load_rows() {
    say(RebuildPhase::rows, 0, cut_->rows());
    std::vector<std::thread> threads;
    for (unsigned part = 0; part < options_.threads; ++part)
        threads.emplace_back([this, part] {
            try {
                yield_to_others(politeness);
                read_part(part);
            } catch (...) {
                const std::lock_guard lock(mutex_);
                is_cancelled_ = true;
                if (!fault_)
                    fault_ = std::current_exception();
            }
        });
    for (auto& thread : threads)
        thread.join();
    if (fault_)
        std::rethrow_exception(fault_);
}

void Rebuild::read_part(unsigned part) {
    detail::RowGatherer gatherer(loader_, owners_, sources_.is_time, options_.bytes_per_thread);
    const auto from = options_.kept_from.value_or(Time::min());
    cut_->read(part, from, [&](const history::RowColumns& rows) {
        gatherer.take(rows);
        count_rows(rows.profile.size());
        return true;
    });
    gatherer.flush();
    if (gatherer.unreadable() > 0)
        log::warn("rebuild of the index: " + std::to_string(gatherer.unreadable()) +
                  " rows of history hold properties that cannot be read");
}

void Rebuild::count_rows(std::uint64_t rows) {
    const std::lock_guard lock(mutex_);
    if (is_cancelled_)
        throw Cancelled{};
    const auto before = rows_;
    rows_ += rows;
    if (before / rows_between_words != rows_ / rows_between_words)
        say(RebuildPhase::rows, rows_, cut_->rows());
}

// Applies the feed as far as it goes now: past what the shards knew when they were asked. The
// little that comes meanwhile is left to the feeder.
void catch_up(const RebuildSources& sources, Index& fresh, const Tell& tell) {
    const auto from = fresh.snapshot()->positions;
    Positions until;
    for (ShardId shard = 0; shard < shard_count; ++shard)
        until[shard] = std::max(from[shard], sources.shards.feed_end(shard));
    const auto total =
        std::reduce(until.begin(), until.end()) - std::reduce(from.begin(), from.end());
    for (;;) {
        const auto now = fresh.snapshot()->positions;
        const auto done =
            std::reduce(now.begin(), now.end()) - std::reduce(from.begin(), from.end());
        if (!tell({RebuildPhase::feed, std::min(done, total), total}))
            throw Cancelled{};
        if (std::equal(now.begin(), now.end(), until.begin(), std::greater_equal<>()))
            return;
        if (follow(fresh, sources.shards, sources.journal) == 0)
            throw std::runtime_error("the feed does not reach as far as history does");
    }
}

}  // namespace

std::string_view name_of(RebuildPhase phase) {
    constexpr std::string_view names[] = {"customers", "rows", "feed"};
    return names[static_cast<std::size_t>(phase)];
}

Result<std::unique_ptr<Index>> rebuild(const RebuildSources& sources, const RebuildOptions& options,
                                       const Tell& tell) {
    if (!options.index.directory.empty())
        Index::reset(options.index.directory);
    auto index_options = options.index;
    index_options.maintains = false;  // a compaction would hold up the end
    auto opened = Index::open(std::move(index_options));
    if (!opened)
        return opened;
    auto& fresh = **opened;
    try {
        if (options.kept_from)
            fresh.keep_from(*options.kept_from);
        Rebuild(sources, options, fresh, tell).run();
        catch_up(sources, fresh, tell);
    } catch (const Cancelled&) {
        return fail(ErrorCode::unavailable, "index.rebuild_cancelled",
                    "The rebuild of the index was stopped before it was complete.");
    }
    fresh.flush();
    return opened;
}

}  // namespace qiao::index
