// Fixed audiences: the people that a question found at one moment, kept as an audience.
//
// Each of them gets a fact that puts the audience's id into the tag `$fixed_audiences`, and the
// rule of the audience tests that tag. So it is an audience like any other: campaigns, scopes,
// merges, erasures and questions know nothing of its origin.
//
// The people are on disk before the audience exists; the facts follow in a job, in blocks, and a
// restart goes on where it was. A fact that is written twice changes nothing. When all are there,
// the audience is refreshed once, as a baseline without entry facts. Thread-safe.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "access/audit.hpp"
#include "audience/audiences.hpp"
#include "audience/evaluation.hpp"
#include "audience/fixed_audiences_sql.hpp"
#include "audience/member_sets.hpp"
#include "journal/journal.hpp"
#include "runtime/jobs.hpp"

namespace qiao::audience {

class Refresher;

class FixedAudiences {
public:
    struct Parts {
        sql::Database& database;
        Audiences& audiences;
        Refresher& refresher;
        MemberSets& sets;
        journal::Journal& journal;
        Jobs& jobs;
        access::AuditLog& audit;
        const Clock& clock;
        std::size_t most_people = 5'000'000;
    };
    explicit FixedAudiences(const Parts& parts) : parts_(parts) {}
    ~FixedAudiences() { stop(); }

    struct Request {
        std::string name;
        std::string description;  // empty: made from the question and the moment
        std::string question;     // JSON: what found the people
    };
    // Makes the audience and begins to write; waits a moment, so that a small one is whole when it
    // is answered. Errors: those of Audiences::create, audience.no_people,
    // audience.too_many_people.
    Result<Audience> keep(const Request& request, const Evaluated& found,
                          const access::Principal& who);

    // Nothing where the audience is none of these.
    std::optional<FixedAudience> find(std::string_view audience) const;
    // The job that writes its people; empty where none does now.
    std::string job_of(std::string_view audience) const;

    // Goes on with what was interrupted or could not be written. At the start, then periodically.
    void resume();
    // Returns when no job writes any more; the rest is for the next start. Before the journal and
    // the shards stop.
    void stop();

private:
    // Outlives this object, in jobs that have not begun when it stops.
    struct Desk {
        std::mutex mutex;
        std::condition_variable changed;
        std::map<std::string, std::string, std::less<>> jobs;  // of the audiences at work
        int running = 0;
        bool stopping = false;
    };

    void begin(const std::string& audience);
    void wait_a_moment(const std::string& audience);
    static Result<std::string> carry_out(FixedAudiences* self, const std::shared_ptr<Desk>& desk,
                                         const std::string& audience, Job& job);
    Result<std::string> fill(const std::string& audience, Job& job);
    Result<void> write_facts(FixedAudience& fixed, const MemberSet& people, Job& job);
    Result<void> count(const FixedAudience& fixed);
    void note(const FixedAudience& fixed);
    void cancel(const std::string& audience);
    void finish(FixedAudience& fixed, FixedStatus status, std::string message);
    bool is_stopping() const;

    Parts parts_;
    std::shared_ptr<Desk> desk_ = std::make_shared<Desk>();
};

}  // namespace qiao::audience
