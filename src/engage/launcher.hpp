// Lets the members of due campaigns enter: one fact each, with the arm that they fall in.
//
// A run is taken up again after a crash: its facts have the same message ids, so that nobody enters
// twice. A thread of its own works; kick() wakes it, and the clock's ticker calls run_due().
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "audience/evaluation.hpp"
#include "engage/campaigns.hpp"
#include "insight/acquisition_steps.hpp"

namespace qiao::engage {

class Launcher {
public:
    Launcher(Campaigns& campaigns, const audience::Evaluation& evaluation,
             const insight::AcquisitionBook& steps, journal::Journal& journal,
             const Calendar& calendar, const Clock& clock);
    ~Launcher() { stop(); }
    void start();
    void stop();

    // How many people a launch now would take in, all arms. Errors: rule.*, index.too_slow.
    Result<std::int64_t> will_enter(const Campaign& campaign) const;
    void kick();
    // Launches what is scheduled for now, lets due runs enter, ends what has run out. One at a
    // time.
    void run_due();

private:
    void run();
    Result<void> enter(const Campaign& campaign, const std::string& run);
    // Nothing where the steps of acquisition cannot be asked: nobody waits for a report's sake.
    std::optional<index::People> customers(const index::Snapshot& snapshot) const;
    access::Principal scope_of(const Campaign& campaign) const;

    Campaigns& campaigns_;
    const audience::Evaluation& evaluation_;
    const insight::AcquisitionBook& steps_;
    journal::Journal& journal_;
    const Calendar& calendar_;
    const Clock& clock_;
    std::mutex running_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool is_kicked_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace qiao::engage
