// Rules answered by the index: who fits now, within what the asker may see.
//
// Thread-safe; every call works on one snapshot. A principal of a branch sees the customers of its
// unit and below; everyone else does not exist for its questions, also not in totals.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/principal.hpp"
#include "audience/vocabulary.hpp"
#include "index/index.hpp"
#include "index/plan.hpp"
#include "runtime/clock.hpp"
#include "shard/shards.hpp"

namespace qiao::audience {

struct Evaluated {
    index::Snapshot snapshot;
    index::People members;
};

class Evaluation {
public:
    struct Parts {
        Vocabularies& vocabularies;
        const index::Index& index;
        shard::Shards& shards;
        const Calendar& calendar;
        const Clock& clock;
        WorkerPool* pool = nullptr;
        unsigned threads = 1;
    };
    explicit Evaluation(const Parts& parts) : parts_(parts) {}

    // The resolved rule, limited to what `who` may see. `at` is the pointer of the rule in its
    // document. Errors: rule.*, index.rebuilding: also for who goes on to read a snapshot itself.
    // Meanwhile the pool gets ready, as an evaluation mostly follows.
    Result<rule::Node> prepare(std::string_view rule_text, std::string_view at,
                               const access::Principal& who) const;
    // `rule` (resolved) limited to the scope; the condition that limits has the pointer
    // scope_pointer.
    rule::Node within_scope(rule::Node rule, const access::Principal& who) const;
    static constexpr std::string_view scope_pointer = "#scope";

    // Errors: rule.*, index.too_slow, index.rebuilding, index.not_kept, rule.mixed_currencies.
    Result<Evaluated> evaluate(std::string_view rule_text, std::string_view at, Time as_of,
                               const access::Principal& who) const;
    Result<Evaluated> evaluate(const rule::Node& prepared, Time as_of) const;
    // On a given snapshot.
    Result<index::People> evaluate(const rule::Node& prepared, const index::Snapshot& snapshot,
                                   Time as_of) const;
    Result<std::uint64_t> count(const rule::Node& prepared, const index::Snapshot& snapshot,
                                Time as_of) const;
    index::Plan plan(const rule::Node& prepared, const index::Snapshot& snapshot, Time as_of) const;
    // Ends early where the asker of this thread's work has left, and after some seconds.
    index::Execution execution() const;

    // Everyone whom `who` may see.
    Result<index::People> everyone(const index::Snapshot& snapshot,
                                   const access::Principal& who) const;

    // Waits until every fact that was acknowledged before the call is applied and indexed. Error:
    // audience.not_fresh (unavailable).
    Result<void> wait_fresh() const;

    index::Snapshot snapshot() const { return parts_.index.snapshot(); }
    std::optional<index::Dense> find(const index::State& state, ProfileId profile) const {
        return parts_.index.find(state, profile);
    }
    Time now() const { return parts_.clock.now(); }
    const Calendar& calendar() const { return parts_.calendar; }
    Vocabularies& vocabularies() const { return parts_.vocabularies; }

private:
    template <class Answer>
    Result<Answer> answer(Result<Answer> (index::Plan::*ask)(const index::Execution&) const,
                          const rule::Node& prepared, const index::Snapshot& snapshot,
                          Time as_of) const;

    Parts parts_;
};

Error not_fresh();  // audience.not_fresh

}  // namespace qiao::audience
