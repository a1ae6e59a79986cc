#include "insight/turns.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

namespace qiao::insight {
namespace {

using std::chrono::steady_clock;
const auto soon = [] { return steady_clock::now() + std::chrono::milliseconds(20); };
const auto late = [] { return steady_clock::now() + std::chrono::minutes(1); };

// Waits on a thread of its own until it has a turn, and ends it when told.
class Waiting {
public:
    Waiting(Turns& turns, std::string who)
        : before_(turns.waiting()), thread_([this, &turns, who = std::move(who)] {
              const auto turn = turns.take(who, late());
              has_turn_ = turn.has_value();
              has_turn_.notify_all();
              may_end_.wait(false);
          }) {
        while (turns.waiting() == before_ && !has_turn_)
            std::this_thread::yield();
    }
    ~Waiting() {
        end();
        thread_.join();
    }
    bool has_turn() const { return has_turn_; }
    void await() const { has_turn_.wait(false); }
    void end() {
        may_end_ = true;
        may_end_.notify_all();
    }

private:
    std::size_t before_;
    std::atomic<bool> has_turn_{false}, may_end_{false};
    std::thread thread_;
};

TEST(Turns, ManyQuestionsOfOnePersonWaitForEachOtherAndForNobodyElse) {
    Turns turns({2, 8, 4, 9});
    const auto first = turns.take("anna", late());
    std::optional second(turns.take("anna", late()));
    ASSERT_TRUE(first && *second);
    EXPECT_EQ(turns.take("anna", soon()).error(), Turns::Refusal::too_late);
    EXPECT_TRUE(turns.take("bela", soon()));

    const std::atomic<bool> has_left{true};
    EXPECT_EQ(turns.take("anna", late(), &has_left).error(), Turns::Refusal::too_late);

    Waiting third(turns, "anna");
    EXPECT_FALSE(third.has_turn());
    second.reset();
    third.await();
}

TEST(Turns, WhoHasManyWaitingIsRefusedAtOnce) {
    Turns turns({1, 8, 2, 9});
    std::optional running(turns.take("anna", late()));
    Waiting first(turns, "anna"), second(turns, "anna");
    EXPECT_EQ(turns.waiting(), 2u);
    EXPECT_EQ(turns.take("anna", late()).error(), Turns::Refusal::too_many);
    EXPECT_EQ(turns.waiting(), 2u);
    EXPECT_TRUE(turns.take("bela", late()));
    first.end();
    running.reset();
}

TEST(Turns, WhereManyWaitOnlyAFirstQuestionMayWaitToo) {
    Turns turns({1, 1, 9, 2});
    std::optional running(turns.take("anna", late()));
    Waiting first(turns, "anna"), second(turns, "anna");
    EXPECT_EQ(turns.take("anna", late()).error(), Turns::Refusal::too_many);
    Waiting of_bela(turns, "bela");
    EXPECT_EQ(turns.take("bela", late()).error(), Turns::Refusal::too_many);
    EXPECT_EQ(turns.waiting(), 3u);
    for (auto* one : {&first, &second, &of_bela})
        one->end();
    running.reset();
}

TEST(Turns, AFreePlaceGoesToWhoeverHasTheFewestRunning) {
    Turns turns({2, 3, 9, 9});
    std::optional anna(turns.take("anna", late()));
    std::optional bela(turns.take("bela", late())), other(turns.take("bela", late()));
    Waiting of_anna(turns, "anna"), of_dora(turns, "dora");
    bela.reset();
    of_dora.await();  // anna came first, but one of hers runs
    EXPECT_FALSE(of_anna.has_turn());
    other.reset();
    of_anna.await();
}

}  // namespace
}  // namespace qiao::insight
