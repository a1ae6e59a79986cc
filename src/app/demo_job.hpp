// Fills the demo bank in the background after the server has started, and lets it live on.
#pragma once

#include <atomic>
#include <thread>

namespace qiao::app {

struct Server;

class DemoJob {
public:
    explicit DemoJob(Server& server);
    ~DemoJob() { stop(); }
    void stop();

private:
    void run();
    void fill();

    Server& server_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace qiao::app
