#include "insight/watched.hpp"

#include <algorithm>

namespace qiao::insight {

using std::chrono::milliseconds;

Watched::Watch::Watch(Watched& watched, std::string who, std::string id)
    : watched_(watched),
      key_(std::move(who), std::move(id)),
      progress_(std::make_shared<Progress>()),
      scope_(*progress_) {
    if (key_.second.empty())
        return;
    const std::lock_guard lock(watched_.mutex_);
    watched_.entries_.insert_or_assign(key_, Entry{progress_, Steady::now()});
}

Watched::Watch::~Watch() {
    const std::lock_guard lock(watched_.mutex_);
    const auto entry = watched_.entries_.find(key_);
    if (entry != watched_.entries_.end() && entry->second.progress == progress_)
        watched_.entries_.erase(entry);
}

std::optional<Watched::HowFar> Watched::how_far(const std::string& who, const std::string& id) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find({who, id});
    if (found == entries_.end())
        return std::nullopt;
    auto& entry = found->second;
    const auto share = entry.progress->share();
    entry.told = std::max(entry.told, share);
    HowFar made;
    made.done = entry.told;
    made.elapsed = std::chrono::duration_cast<milliseconds>(Steady::now() - entry.asked);
    // Who waits for a turn has done nothing yet: only the time at work tells of what is left.
    if (const auto began = entry.progress->began(); began && share > 0)
        made.left = std::chrono::duration_cast<milliseconds>((Steady::now() - *began) *
                                                             ((1 - share) / share));
    return made;
}

}  // namespace qiao::insight
