#include "audience/fixed_audiences.hpp"

#include <algorithm>

#include "audience/refresher.hpp"
#include "dictionary/reserved_tag.hpp"
#include "runtime/log.hpp"

namespace qiao::audience {
namespace {

using dictionary::fixed_audiences_tag;

constexpr std::size_t facts_per_append = 1000;
constexpr int appends_per_note = 20;
constexpr auto moment = std::chrono::milliseconds(800);
constexpr std::size_t most_told_of_a_question = 3000;

// Beside the stored members of the audience, which its refresh keeps.
std::string set_of(std::string_view audience) { return std::string(audience) + ".fixed"; }

std::string rule_of(std::string_view audience) {
    return R"({"tag":")" + std::string(fixed_audiences_tag) + R"(","op":"contains","value":")" +
           std::string(audience) + "\"}";
}

Fact kept_fact(const std::string& audience, ProfileId profile, Time at) {
    Fact fact;
    fact.kind = FactKind::profile_append;
    fact.time = fact.received_at = at;
    fact.source = "audience:" + audience;
    fact.message_id = audience + ":" + format_profile(profile);
    fact.profile = profile;
    fact.properties = {{std::string(fixed_audiences_tag), audience}};
    return fact;
}

MemberSet people_of(const Evaluated& found, Time at) {
    MemberSet people{1, 1, at, {}};
    found.members.each([&](index::Dense customer) {
        people.members.push_back(found.snapshot->profile(customer));
        return true;
    });
    std::sort(people.members.begin(), people.members.end());
    return people;
}

std::string told(const std::string& question, Time at) {
    auto text = question;
    if (text.size() > most_told_of_a_question) {
        text.resize(most_told_of_a_question);
        // Not in the middle of a character.
        while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80)
            text.pop_back();
        text.back() = ' ';
        text += "…";
    }
    return "Kept as of " + format_time(at) + " from " + text;
}

Result<void> check_size(std::uint64_t count, std::size_t most) {
    if (count == 0)
        return fail(ErrorCode::unprocessable, "audience.no_people",
                    "Nobody is behind this number that you may see, so there is nobody to keep.");
    if (count > most)
        return fail(ErrorCode::unprocessable, "audience.too_many_people",
                    "At most " + std::to_string(most) +
                        " people can be kept as they are now; choose a narrower number, or save "
                        "the rule as an audience.");
    return {};
}

bool is_over(const Jobs& jobs, std::string_view id) {
    const auto job = jobs.find(id);
    return !job || job->finished_at;
}

Error interrupted() {
    return {ErrorCode::conflict, "audience.interrupted",
            "Not all people of the audience have been written."};
}

}  // namespace

Result<Audience> FixedAudiences::keep(const Request& request, const Evaluated& found,
                                      const access::Principal& who) {
    const auto count = found.members.count();
    if (auto fine = check_size(count, parts_.most_people); !fine)
        return fail(fine.error());
    const Time now = parts_.clock.now();
    const auto id = new_id("aud", now);
    const FixedAudience fixed{id,
                              now,
                              request.question,
                              static_cast<std::int64_t>(count),
                              0,
                              ProfileId::none,
                              FixedStatus::filling,
                              {}};
    parts_.sets.stage(set_of(id), people_of(found, now));
    const Draft draft{
        request.name,
        request.description.empty() ? told(request.question, now) : request.description,
        rule_of(id), Refresh::manual, id};
    const auto made = parts_.audiences.create(draft, who, [&](sql::Transaction& transaction) {
        queries::insert(transaction, fixed);
        parts_.audit.add(
            transaction, who,
            {"audience.people_kept", id,
             std::to_string(count) + " people behind a number, as \"" + request.name + "\""});
    });
    if (!made) {
        parts_.sets.drop_staged(set_of(id));
        return fail(made.error());
    }
    begin(id);
    wait_a_moment(id);
    return made;
}

std::optional<FixedAudience> FixedAudiences::find(std::string_view audience) const {
    return queries::fixed(*parts_.database.read(), audience);
}

std::string FixedAudiences::job_of(std::string_view audience) const {
    const std::scoped_lock lock(desk_->mutex);
    const auto at = desk_->jobs.find(audience);
    return at == desk_->jobs.end() ? std::string() : at->second;
}

void FixedAudiences::resume() {
    for (const auto& audience : queries::filling(*parts_.database.read()))
        begin(audience);
}

void FixedAudiences::stop() {
    std::unique_lock lock(desk_->mutex);
    desk_->stopping = true;
    desk_->changed.wait(lock, [&] { return desk_->running == 0; });
}

bool FixedAudiences::is_stopping() const {
    const std::scoped_lock lock(desk_->mutex);
    return desk_->stopping;
}

void FixedAudiences::begin(const std::string& audience) {
    bool is_cancelled = false;
    {
        const std::scoped_lock lock(desk_->mutex);
        // A job that was cancelled before it began never said that it is over.
        if (const auto at = desk_->jobs.find(audience);
            at != desk_->jobs.end() && !at->second.empty() && is_over(parts_.jobs, at->second)) {
            const auto job = parts_.jobs.find(at->second);
            is_cancelled = job && job->status == JobStatus::cancelled;
            desk_->jobs.erase(at);
        }
        if (desk_->stopping || (!is_cancelled && !desk_->jobs.emplace(audience, "").second))
            return;
    }
    if (is_cancelled)
        return cancel(audience);
    const auto started =
        parts_.jobs.start("fixed_audience", [self = this, desk = desk_, audience](Job& job) {
            return carry_out(self, desk, audience, job);
        });
    const std::scoped_lock lock(desk_->mutex);
    const auto at = desk_->jobs.find(audience);
    if (at == desk_->jobs.end())
        return;  // it has ended already
    if (started) {
        at->second = started->id;
        return;
    }
    log::warn("audience: the people of " + audience +
              " are written later: " + started.error().detail);
    desk_->jobs.erase(at);
}

void FixedAudiences::wait_a_moment(const std::string& audience) {
    std::unique_lock lock(desk_->mutex);
    desk_->changed.wait_for(lock, moment, [&] { return !desk_->jobs.contains(audience); });
}

// `self` may be gone where it has been stopped, and is not while this runs.
Result<std::string> FixedAudiences::carry_out(FixedAudiences* self,
                                              const std::shared_ptr<Desk>& desk,
                                              const std::string& audience, Job& job) {
    {
        const std::scoped_lock lock(desk->mutex);
        if (desk->stopping)
            return fail(interrupted());
        ++desk->running;
    }
    // Also where something throws.
    const auto leave = [&audience](Desk* left) {
        const std::scoped_lock lock(left->mutex);
        --left->running;
        left->jobs.erase(audience);
        left->changed.notify_all();
    };
    const std::unique_ptr<Desk, decltype(leave)> at_end(desk.get(), leave);
    return self->fill(audience, job);
}

Result<std::string> FixedAudiences::fill(const std::string& audience, Job& job) {
    auto fixed = find(audience);
    if (!fixed || fixed->status != FixedStatus::filling)
        return std::string();
    const auto people = parts_.sets.staged(set_of(audience));
    if (!people) {
        finish(*fixed, FixedStatus::failed,
               "The people were lost before all were written; keep them again.");
        return fail(ErrorCode::unavailable, "audience.people_lost", fixed->message);
    }
    auto written = write_facts(*fixed, *people, job);
    if (written)
        written = count(*fixed);
    if (written) {
        finish(*fixed, FixedStatus::done, "");
        return R"({"audience":")" + audience + R"(","people":)" + std::to_string(fixed->people) +
               "}";
    }
    if (job.is_cancelled() && !is_stopping())
        cancel(audience);
    return fail(written.error());
}

void FixedAudiences::cancel(const std::string& audience) {
    auto fixed = find(audience);
    if (fixed && fixed->status == FixedStatus::filling)
        finish(*fixed, FixedStatus::cancelled,
               "Cancelled after " + std::to_string(fixed->done) + " of " +
                   std::to_string(fixed->people) + " people.");
}

Result<void> FixedAudiences::write_facts(FixedAudience& fixed, const MemberSet& people, Job& job) {
    auto next = std::upper_bound(people.members.begin(), people.members.end(), fixed.last);
    for (int appends = 1; next != people.members.end(); ++appends) {
        if (job.is_cancelled() || is_stopping()) {
            note(fixed);
            return fail(interrupted());
        }
        std::vector<Fact> facts;
        for (; next != people.members.end() && facts.size() < facts_per_append; ++next)
            facts.push_back(kept_fact(fixed.audience, *next, fixed.at));
        const auto count = static_cast<std::int64_t>(facts.size());
        if (auto appended = parts_.journal.append_and_wait(std::move(facts)); !appended) {
            note(fixed);
            return fail(appended.error());
        }
        fixed.last = *std::prev(next);
        fixed.done += count;
        job.count(static_cast<std::uint64_t>(fixed.done), static_cast<std::uint64_t>(fixed.people));
        if (appends % appends_per_note == 0)
            note(fixed);
    }
    note(fixed);
    return {};
}

// One that has been archived meanwhile counts nobody.
Result<void> FixedAudiences::count(const FixedAudience& fixed) {
    const auto counted = parts_.refresher.refresh(fixed.audience);
    if (counted || counted.error().reason == "audience.archived")
        return {};
    log::warn("audience: " + fixed.audience + " is counted later: " + counted.error().detail);
    return fail(counted.error());
}

void FixedAudiences::note(const FixedAudience& fixed) {
    auto transaction = parts_.database.begin();
    queries::update(*transaction, fixed);
    transaction->commit();
}

void FixedAudiences::finish(FixedAudience& fixed, FixedStatus status, std::string message) {
    fixed.status = status;
    fixed.message = std::move(message);
    note(fixed);
    parts_.sets.drop_staged(set_of(fixed.audience));
}

}  // namespace qiao::audience
