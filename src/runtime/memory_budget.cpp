#include "runtime/memory_budget.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace qiao {
namespace {

// Threads of one budget would wait for each other at every piece.
constexpr std::int64_t report_from = 64 << 10;

struct Count {
    MemoryBudget* budget = nullptr;
    std::int64_t unreported = 0;
};
constinit thread_local Count mine;

void report() {
    if (mine.budget)
        mine.budget->add(mine.unreported);
    mine.unreported = 0;
}

void count(std::int64_t bytes) {
    mine.unreported += bytes;
    if (mine.unreported >= report_from || mine.unreported <= -report_from)
        report();
}

}  // namespace

void MemoryBudget::add(std::int64_t bytes) {
    const auto now = held_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    auto most = most_.load(std::memory_order_relaxed);
    while (now > most && !most_.compare_exchange_weak(most, now, std::memory_order_relaxed)) {
    }
}

std::size_t MemoryBudget::held() const {
    if (mine.budget == this)
        report();
    return static_cast<std::size_t>(std::max<std::int64_t>(0, held_.load()));
}

MemoryScope::MemoryScope(MemoryBudget* budget) : outer_(mine.budget) {
    report();
    if (budget)
        mine.budget = budget;
}

MemoryScope::~MemoryScope() {
    report();
    mine.budget = outer_;
}

MemoryBudget* MemoryScope::current() { return mine.budget; }

namespace {

void* taken(void* memory) {
    if (mine.budget) [[unlikely]]
        count(static_cast<std::int64_t>(::malloc_usable_size(memory)));
    return memory;
}

void give_back(void* memory) {
    if (mine.budget) [[unlikely]]
        count(-static_cast<std::int64_t>(::malloc_usable_size(memory)));
    std::free(memory);
}

// As the standard has it: the handler may make room, or ends it by an exception.
template <class Allocate>
void* take(Allocate allocate) {
    while (true) {
        if (void* memory = allocate())
            return taken(memory);
        if (const auto make_room = std::get_new_handler())
            make_room();
        else
            throw std::bad_alloc();
    }
}

}  // namespace
}  // namespace qiao

// All forms: sanitizers have forms of their own for those that are left out, which would not be
// counted, and whose memory may not be given back here.
void* operator new(std::size_t size) {
    return qiao::take([=] { return std::malloc(std::max<std::size_t>(1, size)); });
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    const auto unit = static_cast<std::size_t>(alignment);
    return qiao::take([=] {
        return std::aligned_alloc(unit, (std::max<std::size_t>(1, size) + unit - 1) / unit * unit);
    });
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new[](std::size_t size, std::align_val_t unit) { return operator new(size, unit); }

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    try {
        return operator new(size);
    } catch (...) {
        return nullptr;
    }
}
void* operator new(std::size_t size, std::align_val_t unit, const std::nothrow_t&) noexcept {
    try {
        return operator new(size, unit);
    } catch (...) {
        return nullptr;
    }
}
void* operator new[](std::size_t size, const std::nothrow_t& none) noexcept {
    return operator new(size, none);
}
void* operator new[](std::size_t size, std::align_val_t unit, const std::nothrow_t& none) noexcept {
    return operator new(size, unit, none);
}

void operator delete(void* memory) noexcept { qiao::give_back(memory); }
void operator delete(void* memory, std::size_t) noexcept { qiao::give_back(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { qiao::give_back(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    qiao::give_back(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept { qiao::give_back(memory); }
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
    qiao::give_back(memory);
}
void operator delete[](void* memory) noexcept { qiao::give_back(memory); }
void operator delete[](void* memory, std::size_t) noexcept { qiao::give_back(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { qiao::give_back(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
    qiao::give_back(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept { qiao::give_back(memory); }
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
    qiao::give_back(memory);
}
