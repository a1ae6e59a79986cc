// What a query sees: one consistent, immutable state of the index.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "index/attributes.hpp"
#include "index/people.hpp"
#include "index/segment.hpp"
#include "index/strings.hpp"

namespace qiao::index {

namespace detail {
class ProfileMap;
}

// The next feed record to read, by shard: everything before it is in the index.
using Positions = std::array<std::uint64_t, shard_count>;

// Profile ids by dense id, in blocks that only grow at the end.
using ProfileBlocks = std::vector<std::shared_ptr<std::array<ProfileId, block_size>>>;

struct State {
    std::uint64_t version = 0;  // rises with every publication
    Dense customers = 0;        // dense ids below it have been given
    ProfileBlocks profiles;
    std::shared_ptr<const People> alive;  // neither merged away nor erased: the universe of rules
    std::shared_ptr<const AttributeMap> attributes;
    std::vector<std::shared_ptr<const Segment>> segments;  // older first
    std::shared_ptr<Strings> strings;
    Positions positions{};
    std::size_t merges = 0;  // how many entries of the merge log this state has seen
    std::shared_ptr<const detail::ProfileMap> map;  // of the index that dense ids belong to
    bool is_lost = false;  // holds nothing until the index has been rebuilt: answer no question
    // Rows before this were dropped (Index::keep_from); none: everything is kept.
    std::optional<Time> kept_from;

    ProfileId profile(Dense customer) const {
        return (*profiles[customer / block_size])[customer % block_size];
    }
    std::shared_ptr<const Attribute> attribute(Space space, std::string_view name,
                                               ValueType type) const;
    std::uint64_t rows() const;
};

using Snapshot = std::shared_ptr<const State>;

// One thing a customer did, as the index keeps it.
struct Happened {
    std::string event;
    Time time{};
    Properties properties;  // long texts are cut, sealed values are their hash
    ProfileId recorded_for =
        ProfileId::none;  // another profile, where a merge brought the row here
};
// The rows of one customer in ascending order of time, at most the last `limit` before `before`.
std::vector<Happened> history_of(const State& state, Dense customer, std::size_t limit,
                                 Time before = time_from_ms(INT64_MAX));
// Tags by name; identities by kind with all their values.
Properties tags_of(const State& state, Dense customer);
std::vector<std::pair<std::string, StringSet>> identities_of(const State& state, Dense customer);
std::vector<std::pair<std::string, bool>> consents_of(const State& state, Dense customer);

}  // namespace qiao::index
