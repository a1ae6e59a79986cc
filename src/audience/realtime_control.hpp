// Brings the shards in line with what is configured: every active real-time audience, every
// real-time rule tag and every stage of a model is live in them, and nothing else.
//
// reconcile() compares the configuration with what was published, so that it may be called after
// any change, at the start and again after a crash: publications are numbered and survive in SQL
// until all shards have their baseline.
#pragma once

#include <mutex>
#include <vector>

#include "audience/backfill.hpp"
#include "audience/publications_sql.hpp"
#include "audience/realtime.hpp"
#include "audience/vocabulary.hpp"
#include "runtime/clock.hpp"
#include "sql/database.hpp"

namespace qiao::audience {

class RealtimeControl {
public:
    struct Parts {
        sql::Database& database;
        Vocabularies& vocabularies;
        journal::Journal& journal;
        shard::Shards& shards;
        const index::Index& index;
        RealtimeAudiences& realtime;
        const Clock& clock;
    };
    explicit RealtimeControl(const Parts& parts) : parts_(parts) {}

    // Reads the counts back after a start, then reconciles. The shards run already.
    Result<void> start();
    // Returns when all shards answer by the present configuration. Waits for the index where a rule
    // needs the past. Error: audience.not_applied (unavailable): it goes on at the next call.
    Result<void> reconcile();

private:
    struct Pending {
        Definition definition;
        bool needs_baseline = true;  // not where only the name or the version changed
    };
    std::vector<Definition> desired() const;
    std::vector<Pending> plan();
    Result<void> announce(const std::vector<Pending>& pending);
    Result<void> fill_past(const std::vector<Pending>& pending);
    void deliver(Backfill chunk);
    void take_baselines(const std::vector<Pending>& pending);

    Parts parts_;
    std::mutex mutex_;
};

}  // namespace qiao::audience
