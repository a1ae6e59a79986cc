#include "audience/refresher.hpp"

#include <algorithm>

#include "audience/audiences_sql.hpp"
#include "audience/backfill.hpp"
#include "audience/formula.hpp"
#include "index/kept.hpp"
#include "runtime/log.hpp"

namespace qiao::audience {
namespace {

constexpr std::size_t facts_per_append = 1000;

const access::Principal& qiao_itself() {
    static const access::Principal principal{"system", "Qiao", "administrator", ~0u, "", false};
    return principal;
}

Fact change_fact(const Audience& audience, ProfileId profile, bool entered, Time at) {
    Fact fact;
    fact.time = fact.received_at = at;
    fact.source = "qiao";
    fact.name = entered ? "$audience_entered" : "$audience_exited";
    fact.profile = profile;
    fact.properties = {{"audience", audience.id},
                       {"audience_name", audience.name},
                       {"version", *Decimal::from_int(audience.version)}};
    return fact;
}

Fact tag_fact(const std::string& tag, ProfileId profile, const Value& value, Time at) {
    Fact fact;
    fact.kind = type_of(value) == ValueType::null ? FactKind::profile_unset : FactKind::profile_set;
    fact.time = fact.received_at = at;
    fact.source = "rule:" + tag;
    fact.profile = profile;
    fact.properties = {{tag, value}};
    return fact;
}

std::string tag_subject(std::string_view tag) { return "tag:" + std::string(tag); }

tl::unexpected<Error> no_tag() {
    return fail(ErrorCode::not_found, "tag.not_found", "There is no computed tag of this name.");
}

}  // namespace

std::optional<Time> last_due(Refresh refresh, Time now, const Calendar& calendar) {
    constexpr Duration hour = std::chrono::hours(1);
    if (refresh == Refresh::hourly)
        return now - Duration{to_ms(now) % hour.count()};
    if (refresh != Refresh::daily)
        return std::nullopt;
    const Day today = calendar.day_of(now);
    const Time due = calendar.start_of(today) + 2 * hour;
    return due <= now ? due : calendar.start_of(today - 1) + 2 * hour;
}

bool Refresher::is_due(const std::string& subject, Refresh refresh, std::int64_t version) const {
    const auto due = last_due(refresh, parts_.evaluation.now(), parts_.evaluation.calendar());
    if (!due)
        return false;
    const auto run = queries::last_run(*parts_.database.read(), subject);
    return !run || run->finished_at < *due || run->version != version;
}

std::int64_t Refresher::next_run(const std::string& subject) const {
    const auto last = queries::last_run(*parts_.database.read(), subject);
    return last ? last->run + 1 : 1;
}

void Refresher::note_run(const std::string& subject, std::int64_t run, std::int64_t version) {
    auto transaction = parts_.database.begin();
    queries::put_run(*transaction, subject, {run, version, parts_.evaluation.now()});
    transaction->commit();
}

void Refresher::run_due() {
    for (const auto& audience : queries::all(*parts_.database.read())) {
        if (audience.state != State::active)
            continue;
        // The count of a real-time audience is noted every hour.
        const auto pace =
            audience.refresh == Refresh::realtime ? Refresh::hourly : audience.refresh;
        const auto version = audience.refresh == Refresh::realtime ? 0 : audience.version;
        const bool interrupted = parts_.sets.staged(audience.id).has_value();
        if (!interrupted && !is_due(audience.id, pace, version))
            continue;
        if (auto point = refresh(audience.id); !point)
            log::warn("audience: " + audience.id + " was not refreshed: " + point.error().detail);
    }
    const auto vocabulary = parts_.evaluation.vocabularies().current();
    for (const auto* tag : vocabulary.dictionary().all(dictionary::Kind::tag)) {
        if (!is_computed(*tag))
            continue;
        const auto pace = refresh_of_name(tag->refresh);
        if (!pace || !is_due(tag_subject(tag->name), *pace, tag->version))
            continue;
        if (auto changed = refresh_tag(tag->name); !changed)
            log::warn("audience: the tag " + tag->name +
                      " was not refreshed: " + changed.error().detail);
    }
}

Result<CountPoint> Refresher::refresh(std::string_view id) {
    const std::scoped_lock lock(mutex_);
    auto audience = parts_.audiences.get(id);
    if (!audience)
        return fail(audience.error());
    if (audience->state == State::archived)
        return fail(ErrorCode::conflict, "audience.archived",
                    "An archived audience has no members; restore it first.");
    if (audience->refresh != Refresh::realtime)
        return run(*audience);
    const auto snapshot = parts_.evaluation.snapshot();
    if (snapshot->is_lost)
        return fail(index::rebuilding());
    const CountPoint point{parts_.evaluation.now(), parts_.realtime.count(id),
                           static_cast<std::int64_t>(snapshot->alive->count())};
    note_run(audience->id, next_run(audience->id), 0);
    parts_.audiences.record_count(id, point);
    return point;
}

Result<CountPoint> Refresher::run(const Audience& audience) {
    if (const auto interrupted = parts_.sets.staged(audience.id))
        if (auto finished = finish(audience, *interrupted); !finished)
            return fail(finished.error());
    if (auto fresh = parts_.evaluation.wait_fresh(); !fresh)
        return fail(fresh.error());
    const Time now = parts_.evaluation.now();
    auto found = parts_.evaluation.evaluate(audience.rule, "/rule", now, qiao_itself());
    if (!found)
        return fail(found.error());

    const auto before = parts_.sets.find(audience.id);
    MemberSet set{before ? before->run + 1 : 1, audience.version, now, {}};
    found->members.each([&](index::Dense customer) {
        set.members.push_back(found->snapshot->profile(customer));
        return true;
    });
    std::sort(set.members.begin(), set.members.end());
    parts_.sets.stage(audience.id, set);
    if (auto finished = finish(audience, set); !finished)
        return fail(finished.error());
    const CountPoint point{now, static_cast<std::int64_t>(set.members.size()),
                           static_cast<std::int64_t>(found->snapshot->alive->count())};
    note_run(audience.id, set.run, audience.version);
    parts_.audiences.record_count(audience.id, point);
    return point;
}

// A run that belongs to an older version than the last is a baseline like the first.
Result<void> Refresher::finish(const Audience& audience, const MemberSet& set) {
    const auto before = parts_.sets.find(audience.id);
    if (before && before->version == set.version && before->run < set.run)
        if (auto appended = append_changes(audience, *before, set); !appended)
            return appended;
    parts_.sets.commit(audience.id);
    return {};
}

Result<void> Refresher::append_changes(const Audience& audience, const MemberSet& before,
                                       const MemberSet& after) {
    std::vector<ProfileId> entered, exited;
    std::set_difference(after.members.begin(), after.members.end(), before.members.begin(),
                        before.members.end(), std::back_inserter(entered));
    std::set_difference(before.members.begin(), before.members.end(), after.members.begin(),
                        after.members.end(), std::back_inserter(exited));
    std::vector<Fact> facts;
    for (const auto profile : exited)
        facts.push_back(change_fact(audience, profile, false, after.at));
    for (const auto profile : entered)
        facts.push_back(change_fact(audience, profile, true, after.at));
    return append(std::move(facts), audience.id + ":" + std::to_string(after.run));
}

// Message ids from the run and the customer: an interrupted run repeats itself without harm.
Result<void> Refresher::append(std::vector<Fact> facts, const std::string& run_name) {
    for (std::size_t begin = 0; begin < facts.size(); begin += facts_per_append) {
        const auto end = std::min(facts.size(), begin + facts_per_append);
        std::vector<Fact> part(std::make_move_iterator(facts.begin() + static_cast<long>(begin)),
                               std::make_move_iterator(facts.begin() + static_cast<long>(end)));
        for (auto& fact : part)
            fact.message_id = run_name + ":" + format_profile(fact.profile) + ":" + fact.name;
        if (auto appended = parts_.journal.append_and_wait(std::move(part)); !appended)
            return fail(appended.error());
    }
    return {};
}

Result<std::int64_t> Refresher::refresh_tag(std::string_view name) {
    const std::scoped_lock lock(mutex_);
    const auto vocabulary = parts_.evaluation.vocabularies().current();
    const auto* tag = vocabulary.dictionary().tag(name);
    if (!tag || !is_computed(*tag))
        return no_tag();
    return run_tag(*tag);
}

Result<std::int64_t> Refresher::run_tag(const dictionary::Definition& tag) {
    auto definition = parse_tag_definition(tag.definition, "/definition");
    if (!definition)
        return fail(definition.error());
    if (auto fresh = parts_.evaluation.wait_fresh(); !fresh)
        return fail(fresh.error());
    const auto* rule = std::get_if<TagRule>(&*definition);
    auto changes =
        rule ? rule_changes(tag, *rule) : formula_changes(tag, std::get<Formula>(*definition));
    if (!changes)
        return fail(changes.error());
    const auto count = static_cast<std::int64_t>(changes->size());
    const auto subject = tag_subject(tag.name);
    const auto run = next_run(subject);
    auto appended = append(std::move(*changes), subject + ":" + std::to_string(run));
    if (!appended)
        return fail(appended.error());
    note_run(subject, run, tag.version);
    return count;
}

Result<std::vector<Fact>> Refresher::rule_changes(const dictionary::Definition& tag,
                                                  const TagRule& rule) {
    const Time now = parts_.evaluation.now();
    auto found = parts_.evaluation.evaluate(rule.text, "/definition", now, qiao_itself());
    if (!found)
        return fail(found.error());
    const auto& state = *found->snapshot;
    const auto column = state.attribute(index::Space::tag, tag.name, ValueType::boolean);
    std::vector<Fact> facts;
    state.alive->each([&](index::Dense customer) {
        const bool holds = found->members.contains(customer);
        const bool has = column && column->at(customer) != index::missing;
        if (holds == has)
            return true;
        Value value;
        if (holds)
            value = true;
        facts.push_back(tag_fact(tag.name, state.profile(customer), std::move(value), now));
        return true;
    });
    return facts;
}

Result<std::vector<Fact>> Refresher::formula_changes(const dictionary::Definition& tag,
                                                     const Formula& formula) {
    const auto vocabulary = parts_.evaluation.vocabularies().current();
    auto match = rule::resolve(formula.match, vocabulary);
    if (!match)
        return fail(match.error());
    const Time now = parts_.evaluation.now();
    const auto& calendar = parts_.evaluation.calendar();
    const auto snapshot = parts_.evaluation.snapshot();
    const PastReader reader(snapshot, {need_of(formula, now, calendar)}, now);
    const auto column = snapshot->attribute(index::Space::tag, tag.name, tag.type);
    std::vector<Fact> facts;
    for (index::Dense block = 0; block < reader.blocks(); ++block) {
        Names names;
        const auto people = reader.block(block, names);
        for (index::Dense i = 0; i < index::block_size; ++i) {
            const auto customer = block * index::block_size + i;
            if (!snapshot->alive->contains(customer))
                continue;
            const auto cell = column ? column->at(customer) : index::missing;
            const Value has =
                cell == index::missing ? Value() : snapshot->strings->value(cell, tag.type);
            if (people[i].empty() && cell == index::missing)
                continue;
            const auto value = value_of(formula, *match, people[i], names, now, calendar);
            if (value != has)
                facts.push_back(tag_fact(tag.name, snapshot->profile(customer), value, now));
        }
    }
    return facts;
}

std::vector<Membership> Refresher::memberships(ProfileId profile) {
    std::vector<Membership> found;
    for (const auto& audience : queries::all(*parts_.database.read())) {
        if (audience.state != State::active || audience.refresh == Refresh::realtime)
            continue;
        const auto set = parts_.sets.find(audience.id);
        if (set && set->contains(profile))
            found.push_back({audience.id, audience.name});
    }
    return found;
}

}  // namespace qiao::audience
