#include "runtime/memory_budget.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <string>
#include <thread>
#include <vector>

namespace qiao {
namespace {

constexpr std::size_t piece = 100'000;
std::vector<char> taken() { return std::vector<char>(piece); }

TEST(MemoryBudget, CountsWhatIsHeldAndNotWhatWasGivenBack) {
    MemoryBudget budget(2 * piece - 1);
    const auto before = taken();
    const MemoryScope scope(&budget);
    auto first = taken();
    EXPECT_GE(budget.held(), piece);
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(taken().size(), piece);
    EXPECT_LT(budget.held(), 2 * piece - 1);
    EXPECT_GE(budget.most(), 2 * piece);
    EXPECT_LT(budget.most(), 3 * piece);
    EXPECT_FALSE(budget.is_exceeded());
    const auto second = taken();
    EXPECT_TRUE(budget.is_exceeded());
    first = std::vector<char>();
    EXPECT_FALSE(budget.is_exceeded());
}

TEST(MemoryBudget, IsSharedByTheThreadsThatWorkForIt) {
    MemoryBudget budget(0);
    std::vector<char> made;
    std::thread([&] {
        const MemoryScope scope(&budget);
        made = taken();
    }).join();
    EXPECT_GE(budget.held(), piece);
    const MemoryScope scope(&budget);
    made = std::vector<char>();
    EXPECT_LT(budget.held(), piece);
}

struct alignas(64) Line {
    char bytes[64];
};

TEST(MemoryBudget, CountsLinesAndArraysAndTexts) {
    MemoryBudget budget(0);
    const MemoryScope scope(&budget);
    {
        const auto lines = std::make_unique<Line[]>(100);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(lines.get()) % alignof(Line), 0u);
        EXPECT_GE(budget.held(), 6'400u);
        const std::vector<Line> more(100);
        const std::string text(1'000, 'x');
        EXPECT_GE(budget.held(), 13'800u);
    }
    EXPECT_EQ(budget.held(), 0u);
}

// As sorting does, which gives it back by the common form.
TEST(MemoryBudget, CountsWhatIsTakenWithoutThrowing) {
    MemoryBudget budget(0);
    const MemoryScope scope(&budget);
    void* memory = ::operator new(piece, std::nothrow);
    EXPECT_GE(budget.held(), piece);
    ::operator delete(memory);
    EXPECT_EQ(budget.held(), 0u);
}

TEST(MemoryBudget, AnInnerScopeCountsForItself) {
    MemoryBudget outer(0), inner(0);
    EXPECT_EQ(MemoryScope::current(), nullptr);
    const MemoryScope scope(&outer);
    std::vector<char> kept;
    {
        const MemoryScope deeper(&inner);
        EXPECT_EQ(MemoryScope::current(), &inner);
        kept = taken();
    }
    EXPECT_GE(inner.held(), piece);
    EXPECT_LT(outer.held(), piece);
    const MemoryScope still(nullptr);
    EXPECT_EQ(MemoryScope::current(), &outer);
    kept = std::vector<char>();
    EXPECT_EQ(outer.held(), 0u);  // never less than nothing
}

}  // namespace
}  // namespace qiao
