// A bounded pool of worker threads for synchronous work, and a scheduler for periodic jobs.
#pragma once

#include <sched.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/clock.hpp"

namespace qiao {

// Runs tasks in the order they came. submit() answers false when `capacity` tasks wait already (the
// caller answers 503). Tasks must not throw. The destructor finishes what waits, then joins.
//
// A thread begins on another processor than the caller's, who has work of its own. By itself Linux
// wakes threads where their waker runs if it takes all other processors for busy, as it does of
// those of a virtual machine that sleep: what was to be shared is then done by one after the other.
class WorkerPool {
public:
    WorkerPool(unsigned threads, std::size_t capacity);
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    bool submit(std::function<void()> task);
    // Tasks will come within a moment: gets up to so many sleeping threads up, who look out for
    // them for a while. Waking takes as long as a short question.
    void expect(unsigned threads);
    std::size_t waiting() const;

private:
    struct Worker {
        std::thread thread;
        std::condition_variable wake;
        bool sleeps = false;
    };
    void run(Worker& self);
    void rouse();
    void look_out() const;

    std::size_t capacity_;
    cpu_set_t processors_;  // that threads may run on
    mutable std::mutex mutex_;
    std::deque<std::function<void()>> tasks_;
    std::atomic<bool> is_idle_{true};  // no task waits
    bool stopping_ = false;
    std::vector<Worker*> asleep_;  // the last to fall asleep at the end
    std::deque<Worker> workers_;
};

// Periodic jobs on one thread, by the clock that may be a test's. A job that throws is logged and
// goes on at its next turn. `run_due()` runs at once what is due now (the test clock's advance).
class Scheduler {
public:
    explicit Scheduler(const Clock& clock);
    ~Scheduler();
    void every(Duration period, std::string name, std::function<void()> job);
    void start();
    void stop();
    void run_due();

private:
    struct Job {
        std::string name;
        Duration period;
        Time next;
        std::function<void()> run;
    };
    const Clock& clock_;
    std::mutex mutex_;
    std::mutex running_;
    std::condition_variable wake_;
    std::vector<Job> jobs_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace qiao
