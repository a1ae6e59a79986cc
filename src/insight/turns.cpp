#include "insight/turns.hpp"

#include <algorithm>

namespace qiao::insight {

namespace {
// An asker who leaves wakes nobody: who waits looks again so often.
constexpr auto look_again = std::chrono::milliseconds(100);
}  // namespace

tl::expected<Turns::Turn, Turns::Refusal> Turns::take(const std::string& who,
                                                      std::chrono::steady_clock::time_point until,
                                                      const std::atomic<bool>* has_left) {
    using std::chrono::steady_clock;
    std::unique_lock lock(mutex_);
    Waiter waiter{who};
    waiting_.push_back(&waiter);
    pass_on();
    if (!waiter.has_turn && !may_wait(who)) {
        waiting_.remove(&waiter);
        return tl::unexpected(Refusal::too_many);
    }
    while (!waiter.has_turn) {
        if (steady_clock::now() >= until || (has_left && *has_left)) {
            waiting_.remove(&waiter);
            return tl::unexpected(Refusal::too_late);
        }
        passed_on_.wait_until(lock, std::min(until, steady_clock::now() + look_again));
    }
    return Turn(*this, who);
}

std::size_t Turns::waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
}

unsigned Turns::running_of(const std::string& who) const {
    const auto place = running_.find(who);
    return place == running_.end() ? 0 : place->second;
}

// Under the lock.
std::size_t Turns::waiting_of(const std::string& who) const {
    return static_cast<std::size_t>(
        std::count_if(waiting_.begin(), waiting_.end(),
                      [&](const Waiter* waiter) { return waiter->who == who; }));
}

// Asked by who waits since just now.
bool Turns::may_wait(const std::string& who) const {
    const auto of_one = waiting_of(who);
    return of_one == 1 ||
           (of_one <= limits_.waiting_of_one && waiting_.size() <= limits_.waiting_of_all);
}

// Gives away the places that are free. Under the lock.
void Turns::pass_on() {
    while (running_of_all_ < limits_.of_all) {
        auto next = waiting_.end();
        for (auto at = waiting_.begin(); at != waiting_.end(); ++at) {
            const auto running = running_of((*at)->who);
            if (running < limits_.of_one &&
                (next == waiting_.end() || running < running_of((*next)->who)))
                next = at;
        }
        if (next == waiting_.end())
            return;
        ++running_[(*next)->who];
        ++running_of_all_;
        (*next)->has_turn = true;
        waiting_.erase(next);
        passed_on_.notify_all();
    }
}

void Turns::end(const std::string& who) {
    const std::lock_guard lock(mutex_);
    const auto place = running_.find(who);
    if (--place->second == 0)
        running_.erase(place);
    --running_of_all_;
    pass_on();
}

}  // namespace qiao::insight
