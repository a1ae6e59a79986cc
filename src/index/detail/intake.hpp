// The feeder's side of the index: who has which dense id, the newest rows, and how changes apply.
#pragma once

#include <chrono>
#include <shared_mutex>
#include <unordered_map>

#include "index/index.hpp"

namespace qiao::index::detail {

// ProfileId → dense id, open addressing. Lookups from any thread, changes from the feeder.
class ProfileMap {
public:
    std::optional<Dense> find(ProfileId profile) const;  // through merges
    void put(ProfileId profile, Dense dense);
    void reserve(std::size_t profiles);
    void remove(ProfileId profile);
    // `to` none: erased, for ever.
    void redirect(ProfileId from, ProfileId to);
    // Whom a profile stands for after its merges; none: it was erased. One that was merged into an
    // erased profile stands for itself.
    ProfileId root(ProfileId profile) const;
    bool is_erased(ProfileId profile) const;
    void end_redirect(ProfileId from);
    // What the first `changes` changes of redirects amount to: a state file must not know of merges
    // that come after its positions.
    std::unordered_map<ProfileId, ProfileId> redirects(std::size_t changes) const;
    std::size_t changes() const;
    std::size_t memory() const;

private:
    static constexpr Dense none = UINT32_MAX;
    std::size_t slot_of(ProfileId profile) const;
    ProfileId root_locked(ProfileId profile) const;
    bool is_erased_locked(ProfileId profile) const;
    void resize(std::size_t slots);

    mutable std::shared_mutex mutex_;
    std::vector<std::pair<ProfileId, Dense>> slots_;
    std::size_t taken_ = 0;
    std::unordered_map<ProfileId, ProfileId> redirects_;
    std::vector<std::pair<ProfileId, ProfileId>>
        log_;  // (from, to); `from` twice: stands for itself
};

class Intake {
public:
    explicit Intake(std::shared_ptr<Strings> strings);

    using Segments = std::vector<std::shared_ptr<const Segment>>;
    // `segments` hold the rows published before; merges, splits and erasures move rows out of them.
    void apply(const IndexChange& change, const Segments& segments);
    // The rows applied since the last call as a segment; null where there are none.
    std::shared_ptr<const Segment> take_rows();
    // Everything but segments, positions and version.
    void publish(State& state);

    ProfileMap& profiles() { return *map_; }
    const ProfileMap& profiles() const { return *map_; }
    // Rows of before are not taken any more.
    void keep_from(std::int64_t from_ms) { kept_from_ms_ = from_ms; }
    // Customers erased since the last compaction began.
    std::uint64_t erased() const { return erased_; }  // people, in all

    // For load and open, before the first apply().
    void restore(const std::vector<ProfileId>& profiles, const People& alive,
                 const std::unordered_map<ProfileId, ProfileId>& redirects);
    void restore(const AttributeKey& key, Attribute attribute);
    AttributeWriter& writer(const AttributeKey& key);
    BlockMemory& block_memory() { return *block_memory_; }
    Dense new_dense(ProfileId profile);
    void add_identity(Dense customer, const std::string& kind, const Value& value);

private:
    struct Row {
        Code event;
        Dense customer;
        std::int64_t time_ms;
        std::uint32_t first_cell, cells;
    };
    std::optional<Dense> dense_of(ProfileId profile);
    void clear_attributes(Dense customer);
    void drop(Dense customer);
    void add_row(Dense customer, const IndexChange& change);
    void set_attribute(Space space, Dense customer, const std::string& name, const Value& value);
    void merge(ProfileId winner, ProfileId loser, const Segments& segments);
    void split(ProfileId other, const Segments& segments);
    void erase(ProfileId profile, const Segments& segments);
    void share_out(ProfileId root, Dense old, const Segments& segments);
    // Copies each row of `from` to the customer that `to` names by the row's origin (none: its
    // own); `nobody` drops it.
    static constexpr Dense nobody = UINT32_MAX;
    using Target = std::function<std::pair<Dense, ProfileId>(ProfileId origin)>;
    void move_rows(Dense from, const Segments& segments, const Target& to);
    void move_pending(Dense from, const Target& to);

    std::shared_ptr<Strings> strings_;
    std::shared_ptr<ProfileMap> map_ = std::make_shared<ProfileMap>();
    ProfileBlocks profiles_;
    Dense customers_ = 0;
    std::vector<std::uint64_t> alive_;
    bool alive_changed_ = true;
    std::shared_ptr<const People> published_alive_;
    std::shared_ptr<BlockMemory> block_memory_ = std::make_shared<BlockMemory>();
    std::map<AttributeKey, std::unique_ptr<AttributeWriter>> attributes_;
    std::vector<Row> rows_;
    std::vector<std::pair<ColumnKey, Cell>> cells_;
    std::chrono::steady_clock::time_point next_rows_;  // when blocks may be put in a row again
    std::uint64_t erased_ = 0;
    std::int64_t kept_from_ms_ = INT64_MIN;
};

}  // namespace qiao::index::detail
