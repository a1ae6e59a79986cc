// A question split by audiences: a group for each, and one for those who are in none of them.
//
// Who is in several audiences is in the group of each, so that groups may add up to more than all.
// An audience is the people who fit its rule at the question's `as_of`, as where it limits one.
#pragma once

#include <memory>

#include "insight/asking.hpp"

namespace qiao::insight {

inline constexpr std::size_t most_split_audiences = 10;

struct AudienceSplit {
    std::vector<std::string> audiences;                    // ids, each once
    std::vector<std::shared_ptr<const rule::Node>> rules;  // set by resolve()

    bool empty() const { return audiences.empty(); }
    // With that of no audience, the last; of no split none.
    std::size_t groups() const { return empty() ? 0 : audiences.size() + 1; }
    // The id of its audience; null for those in none.
    Group group(std::size_t number) const;
    // The number of what group() said; nothing where the question has no such group.
    std::optional<std::size_t> number_of(const Group& group) const;
};
// Reads the member where it is an object, {"audiences":["aud_1"]}.
std::optional<AudienceSplit> audience_split(Form& form, std::string_view name);
// Errors: rule.*, with the pointer below `at`, that of the object.
Result<AudienceSplit> resolve(AudienceSplit split, const rule::Vocabulary& vocabulary,
                              const std::string& at);

// Whether the events that the audiences ask for are kept. Error: index.not_kept.
Result<void> check_kept(const AudienceSplit& split, const Ground& ground);

// Who of all customers is in which group. Errors: those of a rule's evaluation.
using SplitPeople = std::vector<index::People>;
Result<SplitPeople> people_by_group(const AudienceSplit& split, const index::Snapshot& snapshot,
                                    Time as_of, const Calendar& calendar,
                                    const index::Execution& how);
Result<SplitPeople> people_by_group(const AudienceSplit& split, const Ground& ground);

}  // namespace qiao::insight
