// Questions whose askers watch how far they are, by an id that the asker has given.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "runtime/progress.hpp"

namespace qiao::insight {

// Thread-safe. Outlives its watches.
class Watched {
public:
    using Steady = std::chrono::steady_clock;

    // From its making to its end, what this thread works out is seen under the id. An empty id:
    // nobody watches. Of two at once with the same id the later is seen.
    class Watch {
    public:
        Watch(Watched& watched, std::string who, std::string id);
        ~Watch();
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;

    private:
        Watched& watched_;
        std::pair<std::string, std::string> key_;
        std::shared_ptr<Progress> progress_;
        ProgressScope scope_;
    };

    struct HowFar {
        double done = 0;  // from 0 to 1; never less than it was
        std::chrono::milliseconds elapsed{};
        std::optional<std::chrono::milliseconds> left;  // an estimate; nothing before it begins
    };
    // Nothing where this person asks no such question now.
    std::optional<HowFar> how_far(const std::string& who, const std::string& id);

private:
    struct Entry {
        std::shared_ptr<Progress> progress;
        Steady::time_point asked;
        double told = 0;
    };
    std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, Entry> entries_;  // by person and id
};

}  // namespace qiao::insight
