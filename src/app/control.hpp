// The control socket: how command-line calls reach the server that owns the data directory.
//
// A Unix socket `control.sock` (mode 0600) in the data directory. A call is one line of JSON
// {"command":"token create", …}; the answer is lines of JSON: {"progress":"…"} any number of
// times, then {"result":"…"} or {"error":"…"}.
#pragma once

#include <atomic>
#include <boost/json/fwd.hpp>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>

#include "base/error.hpp"

namespace qiao::app {

// A line for the person at the command; an empty one is not shown. Throws std::runtime_error once
// the server stops, so that a command that takes long ends with it.
using Progress = std::function<void(std::string_view)>;
// Answers the text that the command prints. Each call has a thread of its own, at most
// `most_calls`.
using ControlHandler =
    std::function<Result<std::string>(const boost::json::object& call, const Progress&)>;

class ControlServer {
public:
    static constexpr std::size_t most_calls = 16;  // more are refused

    // Throws std::system_error when the socket cannot be made.
    ControlServer(const std::filesystem::path& data_dir, ControlHandler handler);
    ~ControlServer();

private:
    struct Conversation {
        std::thread thread;
        std::atomic<bool> is_over{false};
    };
    void run();
    void welcome(int connection);
    void serve(int connection);

    std::filesystem::path path_;
    ControlHandler handler_;
    int listener_ = -1;
    int stop_pipe_[2] = {-1, -1};
    std::atomic<bool> stopping_{false};
    std::list<Conversation> conversations_;  // of the listening thread
    std::thread thread_;
};

// Error `control.no_server` where no server of this data directory runs.
Result<std::string> call_server(const std::filesystem::path& data_dir,
                                const boost::json::object& call, const Progress& progress);

}  // namespace qiao::app
