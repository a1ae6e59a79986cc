// The clock: the system's, or one that a test moves by hand.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <vector>

#include "base/time.hpp"

namespace qiao {

class Clock {
public:
    virtual ~Clock() = default;
    virtual Time now() const = 0;
};

class SystemClock final : public Clock {
public:
    Time now() const override;
};

// Stands still until advanced. `--test-clock` starts it at 2026-10-01T00:00:00+08:00.
class TestClock final : public Clock {
public:
    explicit TestClock(Time start) : ms_(to_ms(start)) {}
    Time now() const override { return time_from_ms(ms_.load()); }
    void set(Time time) { ms_.store(to_ms(time)); }

private:
    std::atomic<std::int64_t> ms_;
};

}  // namespace qiao
