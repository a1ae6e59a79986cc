#include "app/index_keeper.hpp"

#include <boost/json.hpp>
#include <thread>

#include "runtime/log.hpp"

namespace qiao::app {

namespace {

using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

double seconds_since(Steady::time_point began) {
    return std::chrono::duration<double>(Steady::now() - began).count();
}

std::string in_thousands(std::uint64_t number) {
    auto text = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<std::size_t>(at), ",");
    return text;
}

}  // namespace

bool IndexKeeper::can_follow() const {
    const auto state = parts_.index.snapshot();
    for (ShardId shard = 0; shard < shard_count; ++shard) {
        const auto next = state->positions[shard];
        if (next < parts_.sources.shards.feed_begin(shard) ||
            next > parts_.sources.shards.feed_end(shard))
            return false;
    }
    return true;
}

void IndexKeeper::start() {
    if (!parts_.index.is_lost() && !can_follow()) {
        log::warn("the index is missing, or older than the feed that is kept");
        parts_.index.lose();
    }
    watch();
}

void IndexKeeper::watch() {
    if (!parts_.index.is_lost())
        return;
    if (auto begun = begin(); !begun)
        log::error("the index cannot be rebuilt now: " + begun.error().detail);
}

void IndexKeeper::stop() {
    std::unique_lock lock(turn_->mutex);
    turn_->stopping = true;
    turn_->ended.wait(lock, [&] { return !turn_->is_running; });
}

Result<std::string> IndexKeeper::begin() {
    const std::lock_guard lock(mutex_);
    if (const auto state = job_.empty() ? std::nullopt : parts_.jobs.find(job_);
        state && !state->finished_at)
        return job_;
    auto started = parts_.jobs.start("index_rebuild", [self = this, turn = turn_](Job& job) {
        return carry_out(self, turn, job);
    });
    if (!started)
        return fail(started.error());
    job_ = started->id;
    return job_;
}

// The keeper may be gone where it has been stopped, and is not while this runs.
Result<std::string> IndexKeeper::carry_out(IndexKeeper* self, const std::shared_ptr<Turn>& turn,
                                           Job& job) {
    {
        const std::lock_guard lock(turn->mutex);
        if (turn->stopping)
            return fail(ErrorCode::unavailable, "index.rebuild_cancelled",
                        "The server is stopping.");
        turn->is_running = true;
    }
    // Also where something throws.
    const std::unique_ptr<Turn, void (*)(Turn*)> at_end(turn.get(), [](Turn* ended) {
        const std::lock_guard lock(ended->mutex);
        ended->is_running = false;
        ended->ended.notify_all();
    });
    return self->rebuild(job);
}

Result<std::string> IndexKeeper::rebuild(Job& job) {
    const std::lock_guard no_trimming(parts_.trimming);
    const auto began = Steady::now();
    log::info("the index is being rebuilt from history");
    index::RebuildOptions options;
    options.index.directory = parts_.beside;
    options.kept_from = parts_.kept_from();
    auto made = index::rebuild(
        parts_.sources, options,
        [&](const index::RebuildProgress& progress) { return tell(job, progress, began); });
    if (!made)
        return fail(made.error());
    parts_.feeder.adopt(std::move(*made));
    const auto state = parts_.index.snapshot();
    const auto seconds = seconds_since(began);
    log::info("the index is complete again: " + in_thousands(state->alive->count()) +
              " customers, " + in_thousands(state->rows()) + " events, in " +
              std::to_string(static_cast<int>(seconds + 0.5)) + " s");
    return boost::json::serialize(boost::json::object{
        {"customers", state->alive->count()}, {"events", state->rows()}, {"seconds", seconds}});
}

bool IndexKeeper::tell(Job& job, const index::RebuildProgress& progress, Steady::time_point began) {
    job.count(progress.done, progress.total);
    std::string message = "Rebuilding the index: " + std::string(name_of(progress.phase)) + " " +
                          in_thousands(progress.done) + " of " + in_thousands(progress.total);
    if (progress.phase == index::RebuildPhase::rows && progress.done > 0) {
        const auto left =
            seconds_since(began) *
            static_cast<double>(progress.total - std::min(progress.done, progress.total)) /
            static_cast<double>(progress.done);
        parts_.index.expect_in(std::max(1, static_cast<int>(left)));
        message += ", about " + std::to_string(static_cast<int>(left) + 1) + " s left";
    }
    // A line of the log for every ten millions is enough.
    if (progress.done % 10'000'000 < 500'000 && progress.done > 500'000)
        log::info(message);
    job.say(std::move(message));
    const std::lock_guard lock(turn_->mutex);
    return !turn_->stopping && !job.is_cancelled();
}

Result<std::string> IndexKeeper::rebuild(const Progress& tell) {
    const auto id = begin();
    if (!id)
        return fail(id.error());
    std::string told;
    for (;;) {
        const auto state = parts_.jobs.find(*id);
        if (!state || state->finished_at) {
            if (state && state->status == JobStatus::done)
                return "The index was rebuilt: " + state->result_json;
            return fail(ErrorCode::unavailable, "index.rebuild_failed",
                        "the index was not rebuilt: " + (state ? state->message : "unknown") +
                            "; what answered before still answers");
        }
        tell(state->message == told ? "" : state->message);
        told = state->message;
        std::this_thread::sleep_for(200ms);
    }
}

}  // namespace qiao::app
