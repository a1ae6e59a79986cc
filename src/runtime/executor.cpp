#include "runtime/executor.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <string>

#include "base/check.hpp"
#include "runtime/log.hpp"

namespace qiao {

WorkerPool::WorkerPool(unsigned threads, std::size_t capacity) : capacity_(capacity) {
    check(threads > 0);
    threads_.reserve(threads);
    for (unsigned i = 0; i < threads; ++i)
        threads_.emplace_back([this] { run(); });
}

WorkerPool::~WorkerPool() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (auto& thread : threads_)
        thread.join();
}

bool WorkerPool::submit(std::function<void()> task) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || tasks_.size() >= capacity_)
            return false;
        tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
    return true;
}

std::size_t WorkerPool::waiting() const {
    const std::lock_guard lock(mutex_);
    return tasks_.size();
}

void WorkerPool::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
        if (tasks_.empty())
            return;
        auto task = std::move(tasks_.front());
        tasks_.pop_front();
        lock.unlock();
        task();
        task = nullptr;  // what it holds is freed outside the lock
        lock.lock();
    }
}

Scheduler::Scheduler(const Clock& clock) : clock_(clock) {}

Scheduler::~Scheduler() { stop(); }

void Scheduler::every(Duration period, std::string name, std::function<void()> job) {
    check(period > Duration::zero());
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back({std::move(name), period, clock_.now() + period, std::move(job)});
    }
    wake_.notify_all();
}

void Scheduler::start() {
    check(!thread_.joinable());
    stopping_ = false;
    thread_ = std::thread([this] {
        // The clock may be moved by hand, which wakes nobody: look at least once a second.
        constexpr Duration longest_wait = std::chrono::seconds(1);
        std::unique_lock lock(mutex_);
        while (!stopping_) {
            Duration wait = longest_wait;
            for (const auto& job : jobs_)
                wait = std::min(wait, job.next - clock_.now());
            if (wait > Duration::zero()) {
                wake_.wait_for(lock, wait);
                continue;
            }
            lock.unlock();
            run_due();
            lock.lock();
        }
    });
}

void Scheduler::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

// Turns that were missed, because the clock jumped or a job was slow, are run once, not repeated.
void Scheduler::run_due() {
    const std::lock_guard one_at_a_time(running_);
    const Time now = clock_.now();
    for (std::size_t i = 0;; ++i) {
        std::string name;
        std::function<void()> run;
        {
            const std::lock_guard lock(mutex_);
            if (i >= jobs_.size())
                return;
            if (jobs_[i].next > now)
                continue;
            jobs_[i].next = now + jobs_[i].period;
            name = jobs_[i].name;
            run = jobs_[i].run;
        }
        try {
            run();
        } catch (const std::exception& fault) {
            log::error("job " + name + " failed and runs again at its next turn: " + fault.what());
        }
    }
}

}  // namespace qiao
