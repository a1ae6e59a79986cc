// The subjects that one shard knows, what their rules need, and how that is kept in the shard's
// state.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "audience/realtime.hpp"

namespace qiao::audience::detail {

using Count = std::shared_ptr<std::atomic<std::int64_t>>;

struct Subject {
    std::uint32_t number = 0;
    Definition definition;
    bool live = false;
    std::optional<rule::Node> rule;  // none: retired
    std::vector<Need> needs;
    std::set<std::string, std::less<>> tags;  // scores and the unit count as tags
    bool asks_identities = false;
    bool asks_consents = false;
    bool has_calendar = false;
    std::int64_t members = 0;  // of this shard
    bool members_changed = false;
    Count total;
};

// What is kept of an event by name, for all subjects together.
struct Keep {
    std::uint32_t number = 0;
    Duration look_back{};
    std::map<std::string, std::uint32_t, std::less<>> properties;
    std::vector<std::uint32_t> subjects;
};

class Subjects {
public:
    using CountOf = std::function<Count(const std::string&)>;
    explicit Subjects(CountOf count_of) : count_of_(std::move(count_of)) {}

    void load(shard::ShardContext& context);  // once; later calls do nothing
    // Forgets all; the next load() reads what is kept. Until then the live counts stand as they do.
    void discard();
    bool any() const { return !keeps_.empty() || any_live_; }

    // Announces, changes or retires; older config numbers are ignored.
    void define(const Definition& definition, shard::ShardContext& context);
    void set_live(Subject& subject, shard::ShardContext& context);
    void save_members(shard::ShardContext& context);

    Subject* find(std::string_view id);
    Subject* at(std::uint32_t number);
    const std::vector<std::unique_ptr<Subject>>& all() const { return subjects_; }
    const Keep* keep(std::string_view event) const;
    const Keep* keep(std::uint32_t event) const;
    bool has_live_calendar() const;

    Names& names() { return names_; }
    std::uint32_t give_name(std::string_view text, shard::ShardContext& context);

private:
    void read(shard::ShardContext& context);
    Subject& slot_of(const std::string& id);
    void adopt(Subject& subject);
    void rebuild(shard::ShardContext& context);
    void save(const Subject& subject, shard::ShardContext& context);

    CountOf count_of_;
    bool loaded_ = false;
    bool any_live_ = false;
    Names names_;
    std::vector<std::unique_ptr<Subject>> subjects_;  // subjects_[number - 1]
    std::vector<std::unique_ptr<Subject>> undone_;    // whose members the live counts still hold
    std::map<std::string, Keep, std::less<>> keeps_;
    std::map<std::uint32_t, const Keep*> keeps_by_number_;
};

// JSON, as control facts and the shard's state carry it.
std::string to_text(const Definition& definition);
Result<Definition> definition_of_text(std::string_view text);

// Keys of the projection in a shard's state.
std::string key_of(ProfileId profile);
std::optional<ProfileId> profile_of_key(std::string_view key);
inline constexpr std::string_view people_prefix = "ap";

}  // namespace qiao::audience::detail
