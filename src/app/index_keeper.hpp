// Sees to it that there is an index that answers truly: rebuilds a lost one from history by itself,
// and any on demand.
//
// An index is lost where its directory is missing, damaged or of another version, or where it
// stands outside the feed that is kept. Until a rebuilt one has taken its place, questions are
// refused (index.rebuilding); facts are taken all along. A rebuild on demand is made beside the
// index that answers. Trimming waits for a rebuild.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "app/control.hpp"
#include "index/feeder.hpp"
#include "index/rebuild.hpp"
#include "runtime/jobs.hpp"

namespace qiao::app {

class IndexKeeper {
public:
    struct Parts {
        index::Index& index;
        index::RebuildSources sources;
        index::Feeder& feeder;
        Jobs& jobs;
        std::filesystem::path beside;  // where a new index is made
        std::mutex& trimming;
        std::function<std::optional<Time>()> kept_from;  // what a rebuilt index shall hold
    };
    explicit IndexKeeper(Parts parts) : parts_(std::move(parts)) {}

    // Before the feeder starts: loses an index that cannot follow, and begins to rebuild a lost
    // one.
    void start();
    // Gives up a rebuild at work and returns when it has ended. Before the shards stop.
    void stop();
    // Begins to rebuild an index that has become lost. For a periodic job.
    void watch();
    // For the command: begins a rebuild, or joins the one at work, and waits for it. Errors:
    // index.rebuild_failed, jobs.too_many.
    Result<std::string> rebuild(const Progress& tell);

private:
    // Outlives the keeper, in jobs that have not begun when it stops.
    struct Turn {
        std::mutex mutex;
        std::condition_variable ended;
        bool is_running = false;
        bool stopping = false;
    };

    bool can_follow() const;
    Result<std::string> begin();  // the id of the job
    static Result<std::string> carry_out(IndexKeeper* self, const std::shared_ptr<Turn>& turn,
                                         Job& job);
    Result<std::string> rebuild(Job& job);
    bool tell(Job& job, const index::RebuildProgress& progress,
              std::chrono::steady_clock::time_point began);

    Parts parts_;
    std::shared_ptr<Turn> turn_ = std::make_shared<Turn>();
    std::mutex mutex_;
    std::string job_;  // the last one that was begun
};

}  // namespace qiao::app
