// How far the statements are that a ClickHouse server works on, for those who watch them
// (runtime/progress.hpp).
//
// One thread looks into system.processes, for all of them at once, as long as there are any. A look
// that fails tells nothing and disturbs no statement: behind a balancer another server may answer
// it, which does not know them.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "base/time.hpp"
#include "clickhouse/connection.hpp"
#include "runtime/progress.hpp"

namespace qiao::clickhouse {

// Thread-safe. Outlives its statements.
class ProcessWatch {
public:
    using Look = std::function<Result<Rows>(const std::string& select)>;
    // `look` asks the server by a connection of its own and gives up when its asker leaves
    // (runtime/asker.hpp), as it does at the end.
    ProcessWatch(Look look, Duration pause);
    ~ProcessWatch();
    ProcessWatch(const ProcessWatch&) = delete;
    ProcessWatch& operator=(const ProcessWatch&) = delete;

    // From its making to its end it advances `progress` by statement_steps in all.
    class Statement {
    public:
        Statement(ProcessWatch& watch, Progress& progress) : watch_(watch), progress_(progress) {}
        ~Statement();
        Statement(const Statement&) = delete;
        Statement& operator=(const Statement&) = delete;

        // The id by which the server is to know it from now on: another for each attempt, as a
        // server refuses one that it works on already.
        const std::string& next_id();

    private:
        friend class ProcessWatch;
        void advance_to(std::uint64_t steps);

        ProcessWatch& watch_;
        Progress& progress_;
        std::string id_;
        std::uint64_t told_ = 0;
    };

private:
    void run();
    std::string wait_for_ids();
    void tell(const Rows& rows);

    const Look look_;
    const Duration pause_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, Statement*, std::less<>> statements_;  // by id
    std::atomic<bool> is_over_{false};
    std::thread thread_;
};

}  // namespace qiao::clickhouse
