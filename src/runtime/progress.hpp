// How far a long answer is: parts that are done of those known so far. Whoever works through parts
// may learn later that there are more, so that the share may fall.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace qiao {

// Thread-safe.
class Progress {
public:
    using Steady = std::chrono::steady_clock;

    void expect(std::uint64_t parts) {
        expected_.fetch_add(parts, std::memory_order_relaxed);
        Steady::rep not_begun = 0;
        began_.compare_exchange_strong(not_begun, Steady::now().time_since_epoch().count());
    }
    void advance() { done_.fetch_add(1, std::memory_order_relaxed); }
    // From 0 to 1.
    double share() const {
        const auto expected = expected_.load(std::memory_order_relaxed);
        const auto done = done_.load(std::memory_order_relaxed);
        return expected == 0 ? 0 : static_cast<double>(done) / static_cast<double>(expected);
    }

    // When the first parts were expected.
    std::optional<Steady::time_point> began() const {
        const auto ticks = began_.load();
        return ticks == 0 ? std::nullopt
                          : std::optional(Steady::time_point(Steady::duration(ticks)));
    }

    // The one that this thread works for; null where nobody watches.
    static Progress* current() { return current_; }

private:
    friend class ProgressScope;
    std::atomic<std::uint64_t> expected_{0}, done_{0};
    std::atomic<Steady::rep> began_{0};
    inline static thread_local Progress* current_ = nullptr;
};

// From its making to its end, this thread's work advances `progress`, which outlives it.
class ProgressScope {
public:
    explicit ProgressScope(Progress& progress) : outer_(Progress::current_) {
        Progress::current_ = &progress;
    }
    ~ProgressScope() { Progress::current_ = outer_; }
    ProgressScope(const ProgressScope&) = delete;
    ProgressScope& operator=(const ProgressScope&) = delete;

private:
    Progress* outer_;
};

}  // namespace qiao
