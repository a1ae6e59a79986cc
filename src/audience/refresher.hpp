// Keeps scheduled audiences and computed tags fresh: on the hour, at 02:00 of the institution, or
// when asked.
//
// The first run of an audience, and the first after its rule changed, is a baseline without facts;
// later runs write `$audience_entered` and `$audience_exited` for who changed. A tag's run writes
// facts only for customers whose value changed. A run that was interrupted is finished with the
// same facts.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "audience/audiences.hpp"
#include "audience/evaluation.hpp"
#include "audience/member_sets.hpp"
#include "audience/publications_sql.hpp"
#include "audience/realtime.hpp"
#include "audience/tag_definition.hpp"
#include "journal/journal.hpp"

namespace qiao::audience {

// The latest moment at or before `now` at which something of this refresh is due; nothing for
// realtime and manual.
std::optional<Time> last_due(Refresh refresh, Time now, const Calendar& calendar);

class Refresher {
public:
    struct Parts {
        sql::Database& database;
        Audiences& audiences;
        const Evaluation& evaluation;
        MemberSets& sets;
        journal::Journal& journal;
        const RealtimeAudiences& realtime;
    };
    explicit Refresher(const Parts& parts) : parts_(parts) {}

    // All that is due at the clock's time. For a periodic job (each minute) and the test clock.
    void run_due();
    // Now. For a real-time audience only its count is noted. Errors: audience.not_found,
    // audience.archived, rule.*, index.too_slow, journal.*.
    Result<CountPoint> refresh(std::string_view audience);
    // Errors: tag.not_found, tag.definition, and the above.
    Result<std::int64_t> refresh_tag(std::string_view tag);  // how many customers changed

    // The audiences with a stored set that holds this profile.
    std::vector<Membership> memberships(ProfileId profile);

private:
    Result<CountPoint> run(const Audience& audience);
    Result<void> finish(const Audience& audience, const MemberSet& set);
    Result<void> append_changes(const Audience& audience, const MemberSet& before,
                                const MemberSet& after);
    Result<std::int64_t> run_tag(const dictionary::Definition& tag);
    Result<std::vector<Fact>> rule_changes(const dictionary::Definition& tag, const TagRule& rule);
    Result<std::vector<Fact>> formula_changes(const dictionary::Definition& tag,
                                              const Formula& formula);
    Result<void> append(std::vector<Fact> facts, const std::string& run_name);
    bool is_due(const std::string& subject, Refresh refresh, std::int64_t version) const;
    std::int64_t next_run(const std::string& subject) const;
    void note_run(const std::string& subject, std::int64_t run, std::int64_t version);

    Parts parts_;
    std::mutex mutex_;
};

}  // namespace qiao::audience
