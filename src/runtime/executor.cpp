#include "runtime/executor.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <string>

#include "base/check.hpp"
#include "runtime/log.hpp"
#include "runtime/processor.hpp"

namespace qiao {

WorkerPool::WorkerPool(unsigned threads, std::size_t capacity) : capacity_(capacity) {
    check(threads > 0);
    if (::sched_getaffinity(0, sizeof processors_, &processors_) != 0)
        CPU_ZERO(&processors_);  // more than a set of them can name
    const std::lock_guard lock(mutex_);
    for (unsigned i = 0; i < threads; ++i) {
        auto& worker = workers_.emplace_back();
        worker.thread = std::thread([this, &worker] { run(worker); });
    }
}

WorkerPool::~WorkerPool() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        while (!asleep_.empty())
            rouse();
    }
    for (auto& worker : workers_)
        worker.thread.join();
}

bool WorkerPool::submit(std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    if (stopping_ || tasks_.size() >= capacity_)
        return false;
    tasks_.push_back(std::move(task));
    is_idle_ = false;
    if (!asleep_.empty())
        rouse();
    return true;
}

void WorkerPool::expect(unsigned threads) {
    const std::lock_guard lock(mutex_);
    for (; threads > 0 && !asleep_.empty(); --threads)
        rouse();
}

void WorkerPool::look_out() const {
    constexpr auto a_while = std::chrono::microseconds(200);
    const auto until = std::chrono::steady_clock::now() + a_while;
    while (is_idle_ && std::chrono::steady_clock::now() < until)
        relax_processor();
}

// Where a thread may run is a matter of when it is woken: run() gives it all processors back, those
// of when the pool was made.
void WorkerPool::rouse() {
    auto& worker = *asleep_.back();
    asleep_.pop_back();
    worker.sleeps = false;
    cpu_set_t others = processors_;
    if (const int here = ::sched_getcpu(); here >= 0)
        CPU_CLR(static_cast<unsigned>(here), &others);
    if (CPU_COUNT(&others) > 0)
        (void)::pthread_setaffinity_np(worker.thread.native_handle(), sizeof others, &others);
    worker.wake.notify_one();
}

std::size_t WorkerPool::waiting() const {
    const std::lock_guard lock(mutex_);
    return tasks_.size();
}

void WorkerPool::run(Worker& self) {
    std::unique_lock lock(mutex_);
    while (true) {
        if (tasks_.empty()) {
            if (stopping_)
                return;
            self.sleeps = true;
            asleep_.push_back(&self);
            self.wake.wait(lock, [&] { return !self.sleeps; });
            if (CPU_COUNT(&processors_) > 0)
                (void)::sched_setaffinity(0, sizeof processors_, &processors_);
            lock.unlock();
            look_out();
            lock.lock();
            continue;
        }
        auto task = std::move(tasks_.front());
        tasks_.pop_front();
        is_idle_ = tasks_.empty();
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
