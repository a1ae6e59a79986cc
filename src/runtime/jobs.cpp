#include "runtime/jobs.hpp"

#include <algorithm>
#include <array>
#include <exception>

#include "base/id.hpp"
#include "runtime/log.hpp"

namespace qiao {

std::string_view name_of(JobStatus status) {
    static constexpr std::array<std::string_view, 5> names = {"waiting", "running", "done",
                                                              "failed", "cancelled"};
    return names[static_cast<std::size_t>(status)];
}

double JobState::progress() const {
    if (status == JobStatus::done)
        return 1;
    if (total == 0)
        return 0;
    return std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
}

void Job::count(std::uint64_t done, std::uint64_t total) {
    std::lock_guard lock(mutex_);
    state_.done = done;
    state_.total = total;
}

void Job::say(std::string message) {
    std::lock_guard lock(mutex_);
    state_.message = std::move(message);
}

JobState Job::snapshot() const {
    std::lock_guard lock(mutex_);
    return state_;
}

Jobs::Jobs(const Clock& clock, unsigned threads, std::size_t max_waiting)
    : clock_(clock), max_waiting_(max_waiting) {
    for (unsigned i = 0; i < threads; ++i)
        threads_.emplace_back([this] { run(); });
}

Jobs::~Jobs() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        for (auto& [id, job] : jobs_)
            job->cancelled_ = true;
    }
    wake_.notify_all();
    for (auto& thread : threads_)
        thread.join();
}

Result<JobState> Jobs::start(std::string kind, Work work) {
    auto job = std::make_shared<Job>();
    job->state_.id = new_id("job", clock_.now());
    job->state_.kind = std::move(kind);
    const auto state = job->state_;
    {
        std::lock_guard lock(mutex_);
        if (stopping_ || waiting_.size() >= max_waiting_)
            return fail({ErrorCode::unavailable,
                         "jobs.too_many",
                         "too many jobs wait already; try again when some have finished",
                         {},
                         10});
        jobs_.emplace(state.id, job);
        waiting_.push_back({std::move(job), std::move(work)});
    }
    wake_.notify_one();
    return state;
}

std::optional<JobState> Jobs::find(std::string_view id) const {
    std::shared_ptr<Job> job;
    {
        std::lock_guard lock(mutex_);
        const auto found = jobs_.find(id);
        if (found == jobs_.end())
            return std::nullopt;
        job = found->second;
    }
    return job->snapshot();
}

bool Jobs::cancel(std::string_view id) {
    std::lock_guard lock(mutex_);
    const auto found = jobs_.find(id);
    if (found == jobs_.end() || found->second->snapshot().finished_at)
        return false;
    found->second->cancelled_ = true;
    return true;
}

bool Jobs::wait_idle(Duration timeout) {
    std::unique_lock lock(mutex_);
    return idle_.wait_for(lock, timeout, [&] { return waiting_.empty() && running_ == 0; });
}

void Jobs::run() {
    while (true) {
        Waiting next;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
            if (waiting_.empty())
                return;
            next = std::move(waiting_.front());
            waiting_.pop_front();
            ++running_;
        }
        carry_out(next);
        std::lock_guard lock(mutex_);
        finished_.push_back(next.job->id());
        if (finished_.size() > kept) {
            jobs_.erase(finished_.front());
            finished_.pop_front();
        }
        --running_;
        idle_.notify_all();
    }
}

void Jobs::carry_out(Waiting& next) {
    auto& job = *next.job;
    {
        std::lock_guard lock(job.mutex_);
        job.state_.status = JobStatus::running;
        job.state_.started_at = clock_.now();
    }
    Result<std::string> result;
    if (!job.is_cancelled()) {
        try {
            result = next.work(job);
        } catch (const std::exception& fault) {
            log::error("job " + job.id() + " broke off: " + fault.what());
            result = fail(ErrorCode::unavailable, "jobs.broke_off",
                          "the job broke off because of a fault of the server; see its log");
        }
    }
    next.work = nullptr;
    std::lock_guard lock(job.mutex_);
    job.state_.finished_at = clock_.now();
    if (!result) {
        job.state_.status = job.is_cancelled() ? JobStatus::cancelled : JobStatus::failed;
        job.state_.message = result.error().detail;
    } else {
        job.state_.status = job.is_cancelled() ? JobStatus::cancelled : JobStatus::done;
        job.state_.result_json = std::move(*result);
    }
}

}  // namespace qiao
