// Work that takes longer than a request: started by one, watched and cancelled by others.
//
// Jobs run on threads of their own, in the order they came. Their states are in memory: a restart
// forgets them, so a job keeps in SQL what must outlive it. The latest finished ones stay to be
// seen.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "runtime/clock.hpp"

namespace qiao {

enum class JobStatus : std::uint8_t { waiting, running, done, failed, cancelled };
std::string_view name_of(JobStatus status);

struct JobState {
    std::string id;    // "job_…"
    std::string kind;  // "import", "quarantine_replay", …
    JobStatus status = JobStatus::waiting;
    std::uint64_t done = 0, total = 0;  // of whatever the job counts; total 0: not known yet
    std::string message;                // one sentence for a person
    std::string result_json;            // empty until it is done
    std::optional<Time> started_at, finished_at;

    double progress() const;  // 0 to 1
};

// What a running job tells. Thread-safe.
class Job {
public:
    void count(std::uint64_t done, std::uint64_t total);
    void say(std::string message);
    bool is_cancelled() const { return cancelled_.load(std::memory_order_relaxed); }
    const std::string& id() const { return state_.id; }

private:
    friend class Jobs;
    JobState snapshot() const;
    mutable std::mutex mutex_;
    JobState state_;
    std::atomic<bool> cancelled_{false};
};

class Jobs {
public:
    static constexpr std::size_t kept = 500;  // finished jobs that can still be seen

    Jobs(const Clock& clock, unsigned threads, std::size_t max_waiting = 100);
    ~Jobs();  // cancels what waits and runs, then joins

    // The work answers its result as JSON text, or what went wrong. An exception is a failure too.
    using Work = std::function<Result<std::string>(Job&)>;
    // Error: jobs.too_many (unavailable).
    Result<JobState> start(std::string kind, Work work);
    std::optional<JobState> find(std::string_view id) const;
    // Asks the job to stop; false where it is unknown or has finished.
    bool cancel(std::string_view id);
    // Waits until nothing waits or runs; false after `timeout`.
    bool wait_idle(Duration timeout);

private:
    struct Waiting {
        std::shared_ptr<Job> job;
        Work work;
    };
    void run();
    void carry_out(Waiting& waiting);

    const Clock& clock_;
    std::size_t max_waiting_;
    mutable std::mutex mutex_;
    std::condition_variable wake_, idle_;
    std::deque<Waiting> waiting_;
    std::map<std::string, std::shared_ptr<Job>, std::less<>> jobs_;
    std::deque<std::string> finished_;
    std::size_t running_ = 0;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace qiao
