// The real-time audiences and rule tags in the shards: who is in now, and facts when that changes.
//
// For every customer the projection keeps where each live subject stands and the events that some
// live rule names, up to 90 days and `most_events`. A fact, a change of tags, identities or
// consent, or a shard timer re-evaluates the subjects that it touches. A flip emits
// `$audience_entered` or `$audience_exited` (for a rule tag: a profile_set or profile_unset; for a
// stage of a model: `$stage_entered` or `$stage_exited`) with the moment of the flip as its time,
// exactly once: the standing and the fact land in one batch.
//
// A subject begins `announced`: its events are kept, nothing is evaluated. baseline() makes it live
// without entry facts (rule tags are written). Another config number of a subject begins anew.
#pragma once

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "audience/kept.hpp"
#include "customer/customers.hpp"
#include "shard/projection.hpp"

namespace qiao::audience {

enum class SubjectKind : std::uint8_t { audience, tag, stage };
std::string_view name_of(SubjectKind kind);
SubjectKind subject_kind_of_name(std::string_view name);  // audience where it is unknown

// What a control fact tells the shards about a subject.
struct Definition {
    std::string subject;  // id of the audience, name of the tag, "model:stage"
    SubjectKind kind = SubjectKind::audience;
    std::string name;  // as entry facts show it
    std::int64_t version = 1;
    std::int64_t config = 0;  // rises with every publication of any subject
    std::string frozen;       // see frozen.hpp; empty: the subject is retired
    friend bool operator==(const Definition&, const Definition&) = default;
};
// The fact's message id holds subject and config: appending it again changes nothing.
Fact control_fact(const Definition& definition, Time now);

// Events of some customers from before the subject was announced.
struct Backfill {
    std::uint64_t number = 0;                            // another one for every attempt
    std::vector<std::string> events;                     // names whose past this replaces
    std::array<journal::Offset, shard_count> covered{};  // by the index, per shard
    Names names;
    struct Person {
        ProfileId profile = ProfileId::none;
        std::vector<KeptEvent> events;
    };
    std::vector<Person> people;
};

struct Membership {
    std::string audience, name;
};

class RealtimeAudiences final : public shard::Projection {
public:
    static constexpr std::size_t most_events = 4000;  // of one customer; the oldest are left out
    static constexpr std::size_t sweep_chunk = 200;   // customers per turn at a midnight

    // `position`: the place of this projection among those of the shards.
    RealtimeAudiences(customer::Customers& customers, const Calendar& calendar,
                      std::size_t position);
    ~RealtimeAudiences() override;

    std::string_view name() const override { return "audience"; }
    void apply(shard::Applied& applied, shard::ShardContext& context) override;
    void on_timer(std::string_view key, Time due, shard::ShardContext& context) override;
    void flush(shard::ShardContext& context) override;
    void discard(ShardId shard) override;
    std::string export_state(ProfileId profile, shard::ShardContext& context) override;
    void import_state(ProfileId into, std::string_view bytes,
                      shard::ShardContext& context) override;
    void forget(ProfileId profile, shard::ShardContext& context) override;

    // For asks, on the shard's thread.
    std::vector<Membership> memberships(ProfileId profile, shard::ShardContext& context,
                                        SubjectKind kind = SubjectKind::audience);
    // Replaces the past of the named events, also that of earlier backfills. People who moved to
    // another shard meanwhile are answered, under their new profile, and are to be given to that
    // shard.
    std::vector<Backfill::Person> backfill(const Backfill& past, shard::ShardContext& context);
    // Makes the subject live, unless it is, or a newer config number has overtaken it.
    void baseline(std::string_view subject, std::int64_t config, shard::ShardContext& context);
    // Reads what the shard knows, so that count() is right after a start.
    void warm_up(shard::ShardContext& context);

    // Live members over all shards that have been used or warmed up. Any thread.
    std::int64_t count(std::string_view subject) const;

private:
    class Shard;
    Shard& shard(shard::ShardContext& context);

    customer::Customers& customers_;
    const Calendar& calendar_;
    std::size_t position_;
    std::array<std::unique_ptr<Shard>, shard_count> shards_;

    using Count = std::shared_ptr<std::atomic<std::int64_t>>;
    Count count_of(const std::string& subject);
    mutable std::mutex counts_mutex_;
    std::map<std::string, Count, std::less<>> counts_;
};

}  // namespace qiao::audience
