// How many questions of one person are worked out at once: who asks a lot waits for oneself, not
// everybody else. Between persons the processor's own time slices are fair.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace qiao::insight {

// Thread-safe. Outlives its turns.
class Turns {
public:
    explicit Turns(unsigned at_once) : at_once_(at_once) {}

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
    // Waits for a turn; nothing where none has come until then, or the asker has left.
    std::optional<Turn> take(const std::string& who, std::chrono::steady_clock::time_point until,
                             const std::atomic<bool>* has_left = nullptr) {
        using std::chrono::steady_clock;
        std::unique_lock lock(mutex_);
        while (!may_run(who)) {
            if (steady_clock::now() >= until || (has_left && *has_left))
                return std::nullopt;
            ended_.wait_until(lock, std::min(until, steady_clock::now() + look_again));
        }
        ++running_[who];
        return Turn(*this, who);
    }

private:
    static constexpr auto look_again = std::chrono::milliseconds(100);
    bool may_run(const std::string& who) const {
        const auto place = running_.find(who);
        return place == running_.end() || place->second < at_once_;
    }
    void end(const std::string& who) {
        {
            const std::lock_guard lock(mutex_);
            const auto place = running_.find(who);
            if (--place->second == 0)
                running_.erase(place);
        }
        ended_.notify_all();
    }

    const unsigned at_once_;
    std::mutex mutex_;
    std::condition_variable ended_;
    std::map<std::string, unsigned> running_;
};

}  // namespace qiao::insight
