// The members of scheduled audiences as of their last run: one file each, replaced as a whole.
//
// A run first stages its result, then writes its entry and exit facts, then commits: after a crash
// the staged set is finished with the same facts. Format: docs/formats/audience.md. Thread-safe.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"

namespace qiao::audience {

struct MemberSet {
    std::int64_t run = 0;
    std::int64_t version = 0;  // of the audience
    Time at{};
    std::vector<ProfileId> members;  // ascending
    bool contains(ProfileId profile) const;
};

std::string encode(const MemberSet& set);
// Error: audience.corrupt.
Result<MemberSet> decode_member_set(std::string_view bytes);

class MemberSets {
public:
    // Makes the directory.
    explicit MemberSets(std::filesystem::path directory);

    // Null where the audience never ran. A damaged file is logged and counts as never run.
    std::shared_ptr<const MemberSet> find(std::string_view audience);
    std::optional<MemberSet> staged(std::string_view audience) const;
    // Both throw std::system_error where the disk refuses.
    void stage(std::string_view audience, const MemberSet& set);
    void commit(std::string_view audience);
    void drop_staged(std::string_view audience);
    // Takes an erased customer out of every set, staged or not.
    void forget(ProfileId profile);

private:
    std::filesystem::path path_of(std::string_view audience, bool staged) const;

    std::filesystem::path directory_;
    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<const MemberSet>, std::less<>> cache_;
};

}  // namespace qiao::audience
