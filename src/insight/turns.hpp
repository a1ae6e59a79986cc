// Which questions are worked out at once, so that nobody's many questions delay somebody else's.
//
// Of one person a few run and a few more wait; of all together so many run that the machine has
// something left for intake. A free place goes to whoever has the fewest running, then to whoever
// came first.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace qiao::insight {

// Thread-safe. Outlives its turns.
class Turns {
public:
    struct Limits {
        unsigned of_one = 2;  // running, of one person
        unsigned of_all = 8;  // running
        std::size_t waiting_of_one = 22;
        std::size_t waiting_of_all = 48;  // beyond it only who has none waiting may wait
    };
    explicit Turns(Limits limits) : limits_(limits) {}

    // Ends with its life.
    class Turn {
    public:
        Turn(Turns& turns, std::string who) : turns_(&turns), who_(std::move(who)) {}
        Turn(Turn&& other) noexcept
            : turns_(std::exchange(other.turns_, nullptr)), who_(std::move(other.who_)) {}
        Turn& operator=(Turn&&) = delete;
        ~Turn() {
            if (turns_)
                turns_->end(who_);
        }

    private:
        Turns* turns_;
        std::string who_;
    };
    enum class Refusal {
        too_many,  // wait already
        too_late,  // none has come until then, or the asker has left
    };
    tl::expected<Turn, Refusal> take(const std::string& who,
                                     std::chrono::steady_clock::time_point until,
                                     const std::atomic<bool>* has_left = nullptr);
    std::size_t waiting() const;

private:
    struct Waiter {
        const std::string& who;
        bool has_turn = false;
    };
    unsigned running_of(const std::string& who) const;
    std::size_t waiting_of(const std::string& who) const;
    bool may_wait(const std::string& who) const;
    void pass_on();
    void end(const std::string& who);

    const Limits limits_;
    mutable std::mutex mutex_;
    std::condition_variable passed_on_;
    std::list<Waiter*> waiting_;  // in the order they came
    std::map<std::string, unsigned> running_;
    unsigned running_of_all_ = 0;
};

}  // namespace qiao::insight
