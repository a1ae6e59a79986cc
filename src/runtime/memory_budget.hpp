// How much memory a piece of work holds, and whether that is more than it may.
//
// Counted where memory is taken and given back, at operator new and delete, on every thread that
// works for it: those who compute need not know what their tables weigh. What is read by memory map
// does not count. A thread without a scope pays a look at one variable of its own.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace qiao {

// Thread-safe. Outlives its scopes.
class MemoryBudget {
public:
    explicit MemoryBudget(std::size_t limit) : limit_(limit) {}
    std::size_t limit() const { return limit_; }
    // What its threads hold now: the asking one to the byte, others to 64 KiB. What they gave back
    // without having taken it makes it less, but never less than nothing.
    std::size_t held() const;
    bool is_exceeded() const { return held() > limit_; }
    // The most that it held at a time, to 64 KiB for each of its threads.
    std::size_t most() const { return static_cast<std::size_t>(most_.load()); }
    void add(std::int64_t bytes);

private:
    const std::size_t limit_;
    std::atomic<std::int64_t> held_{0}, most_{0};
};

// From its making to its end, what this thread takes and gives back counts for the budget. Null:
// for the one that it counted for before, if any.
class MemoryScope {
public:
    explicit MemoryScope(MemoryBudget* budget);
    ~MemoryScope();
    MemoryScope(const MemoryScope&) = delete;
    MemoryScope& operator=(const MemoryScope&) = delete;

    // Of this thread's scope; null outside of any.
    static MemoryBudget* current();

private:
    MemoryBudget* outer_;
};

}  // namespace qiao
