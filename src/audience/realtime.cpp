#include "audience/realtime.hpp"

#include <algorithm>
#include <deque>
#include <functional>

#include "audience/detail/subjects.hpp"
#include "audience/stage_models.hpp"
#include "base/check.hpp"
#include "journal/bytes.hpp"

namespace qiao::audience {
namespace {

using detail::Subject;
using Select = std::function<bool(const Subject&, const Standing*)>;

constexpr std::string_view control_name = "audience.define";
constexpr std::string_view sweep_key = "sweep";

class CustomerPerson final : public Person {
public:
    explicit CustomerPerson(const customer::Customer& customer) : customer_(customer) {}

    const Value* tag(std::string_view name) const override { return customer_.value_of(name); }
    const Value* score(std::string_view name) const override {
        return customer_.value_of("score:" + std::string(name));
    }
    bool has_identity(std::string_view kind) const override { return customer_.has_identity(kind); }
    bool granted(std::string_view consent) const override {
        const auto dot = consent.find('.');
        return dot != std::string_view::npos &&
               customer_.allows(consent.substr(0, dot), consent.substr(dot + 1));
    }
    std::string_view org() const override { return customer_.org(); }

private:
    const customer::Customer& customer_;
};

std::string timer_key(ProfileId profile) {
    std::string key;
    journal::put_big_endian(key, static_cast<std::uint64_t>(profile));
    return key;
}

std::uint64_t offset_of(std::uint64_t origin) { return origin >> 7; }
ShardId shard_of_origin(std::uint64_t origin) { return static_cast<ShardId>(origin & 63); }

Fact entry_fact(const Subject& subject, ProfileId profile, bool entered, Time at, Time now) {
    Fact fact;
    fact.time = at;
    fact.received_at = now;
    fact.profile = profile;
    if (subject.definition.kind == SubjectKind::tag) {
        fact.kind = entered ? FactKind::profile_set : FactKind::profile_unset;
        fact.source = "rule:" + subject.definition.subject;
        fact.properties = {{subject.definition.subject, Value(true)}};
        return fact;
    }
    fact.source = "qiao";
    if (subject.definition.kind == SubjectKind::stage) {
        const auto [model, stage] = stage_of_subject(subject.definition.subject);
        fact.name = entered ? "$stage_entered" : "$stage_exited";
        fact.properties = {{"model", std::string(model)},
                           {"stage", std::string(stage)},
                           {"stage_name", subject.definition.name},
                           {"version", *Decimal::from_int(subject.definition.version)}};
        return fact;
    }
    fact.name = entered ? "$audience_entered" : "$audience_exited";
    fact.properties = {{"audience", subject.definition.subject},
                       {"audience_name", subject.definition.name},
                       {"version", *Decimal::from_int(subject.definition.version)}};
    return fact;
}

}  // namespace

Fact control_fact(const Definition& definition, Time now) {
    Fact fact;
    fact.kind = FactKind::control;
    fact.time = fact.received_at = now;
    fact.source = "qiao";
    fact.message_id = "audience:" + definition.subject + ":" + std::to_string(definition.config);
    fact.name = control_name;
    fact.payload = detail::to_text(definition);
    return fact;
}

// One shard's part; its thread alone touches it.
class RealtimeAudiences::Shard {
public:
    Shard(customer::Customers& customers, const Calendar& calendar, std::size_t position,
          detail::Subjects::CountOf count_of)
        : customers_(customers),
          calendar_(calendar),
          position_(position),
          subjects_(std::move(count_of)) {}

    detail::Subjects& subjects() { return subjects_; }
    void discard() {
        subjects_.discard();
        sweeping_.clear();
    }

    Kept load(ProfileId profile, shard::ShardContext& context) const;
    void store(ProfileId profile, const Kept& kept, shard::ShardContext& context) const;
    void apply(const shard::Applied& applied, shard::ShardContext& context);
    void fire(ProfileId profile, shard::ShardContext& context);
    void sweep(Time due, shard::ShardContext& context);
    void add_backfill(const customer::Customer& customer, const Backfill& past,
                      const Backfill::Person& person, shard::ShardContext& context);
    void baseline(Subject& subject, shard::ShardContext& context);
    void remove(ProfileId profile, shard::ShardContext& context);
    std::string export_kept(ProfileId profile, shard::ShardContext& context);
    void import_kept(ProfileId into, std::string_view bytes, shard::ShardContext& context);

private:
    struct Moment {
        ProfileId profile;
        Time as_of;
        bool silent;
    };
    void judge_all(const Moment& moment, const customer::Customer& customer, Kept& kept,
                   const Select& select, shard::ShardContext& context);
    void catch_up(const customer::Customer& customer, Kept& kept, Time until,
                  shard::ShardContext& context);
    void set_standing(const Moment& moment, Subject& subject, const Verdict& verdict, Kept& kept,
                      shard::ShardContext& context);
    void keep_event(const shard::Applied& applied, const detail::Keep& keep, Kept& kept) const;
    void prune(Kept& kept, Time as_of) const;
    void finish(ProfileId profile, Time before, const Kept& kept, shard::ShardContext& context);
    Select touched_by(const detail::Keep* keep, const customer::Changes& changes) const;

    customer::Customers& customers_;
    const Calendar& calendar_;
    std::size_t position_;
    detail::Subjects subjects_;
    std::deque<ProfileId> sweeping_;
};

Kept RealtimeAudiences::Shard::load(ProfileId profile, shard::ShardContext& context) const {
    const auto bytes = context.get(detail::key_of(profile));
    if (!bytes)
        return {};
    auto kept = decode_kept(*bytes);
    check(kept.has_value());
    return std::move(*kept);
}

void RealtimeAudiences::Shard::store(ProfileId profile, const Kept& kept,
                                     shard::ShardContext& context) const {
    if (kept.empty())
        context.erase(detail::key_of(profile));
    else
        context.put(detail::key_of(profile), encode(kept));
}

// Which subjects a fact can change: those that name the event, or ask about what it changed.
Select RealtimeAudiences::Shard::touched_by(const detail::Keep* keep,
                                            const customer::Changes& changes) const {
    return [keep, &changes](const Subject& subject, const Standing*) {
        if (changes.created || changes.merged)
            return true;
        if (keep && std::find(keep->subjects.begin(), keep->subjects.end(), subject.number) !=
                        keep->subjects.end())
            return true;
        if (changes.identities && subject.asks_identities)
            return true;
        if (changes.consents && subject.asks_consents)
            return true;
        return std::any_of(changes.tags.begin(), changes.tags.end(),
                           [&](const std::string& tag) { return subject.tags.contains(tag); });
    };
}

void RealtimeAudiences::Shard::apply(const shard::Applied& applied, shard::ShardContext& context) {
    const auto& changes = customers_.changes(context);
    const auto* keep =
        applied.fact.kind == FactKind::event ? subjects_.keep(applied.fact.name) : nullptr;
    const bool state_changed = changes.created || changes.merged || changes.identities ||
                               changes.consents || !changes.tags.empty();
    if (!keep && !state_changed)
        return;
    const auto* customer = customers_.find(applied.profile, context);
    if (!customer || !customer->is_live())
        return;

    const auto select = touched_by(keep, changes);
    const bool any = keep || std::any_of(subjects_.all().begin(), subjects_.all().end(),
                                         [&](const auto& subject) {
                                             return subject->live && select(*subject, nullptr);
                                         });
    if (!any)
        return;
    auto kept = load(applied.profile, context);
    const Time before = kept.next_flip();
    catch_up(*customer, kept, context.now(), context);
    if (keep)
        keep_event(applied, *keep, kept);
    prune(kept, context.now());
    judge_all({applied.profile, context.now(), false}, *customer, kept, select, context);
    finish(applied.profile, before, kept, context);
}

void RealtimeAudiences::Shard::keep_event(const shard::Applied& applied, const detail::Keep& keep,
                                          Kept& kept) const {
    KeptEvent event{
        keep.number, applied.fact.time, origin_of(applied.at.shard, applied.at.offset), {}};
    for (const auto& [name, number] : keep.properties)
        if (const auto* value = find(applied.fact.properties, name))
            event.properties.emplace_back(number, *value);
    kept.add(std::move(event));
}

void RealtimeAudiences::Shard::prune(Kept& kept, Time as_of) const {
    std::erase_if(kept.events, [&](const KeptEvent& event) {
        const auto* keep = subjects_.keep(event.name);
        return !keep || event.time <= as_of - keep->look_back;
    });
    if (kept.events.size() > most_events)
        kept.events.erase(kept.events.begin(), kept.events.end() - most_events);
}

void RealtimeAudiences::Shard::judge_all(const Moment& moment, const customer::Customer& customer,
                                         Kept& kept, const Select& select,
                                         shard::ShardContext& context) {
    const CustomerPerson person(customer);
    for (const auto& subject : subjects_.all()) {
        if (!subject->live || !subject->rule)
            continue;
        if (!select(*subject, kept.find(subject->number)))
            continue;
        const auto verdict =
            judge(*subject->rule, person, kept.events, subjects_.names(), moment.as_of, calendar_);
        set_standing(moment, *subject, verdict, kept, context);
    }
}

void RealtimeAudiences::Shard::set_standing(const Moment& moment, Subject& subject,
                                            const Verdict& verdict, Kept& kept,
                                            shard::ShardContext& context) {
    const auto* before = kept.find(subject.number);
    const bool was_member = before && before->member;
    if (was_member != verdict.holds) {
        const int step = verdict.holds ? 1 : -1;
        subject.members += step;
        subject.members_changed = true;
        subject.total->fetch_add(step);
        if (!moment.silent)
            context.emit(
                entry_fact(subject, moment.profile, verdict.holds, moment.as_of, context.now()));
    }
    kept.put({subject.number, verdict.holds, verdict.flip});
}

void RealtimeAudiences::Shard::finish(ProfileId profile, Time before, const Kept& kept,
                                      shard::ShardContext& context) {
    store(profile, kept, context);
    const Time next = kept.next_flip();
    if (next == before)
        return;
    if (next == never)
        context.cancel_timer(position_, timer_key(profile));
    else
        context.set_timer(position_, timer_key(profile), next);
}

// Each flip is judged at its own moment, also where the clock has jumped over several.
void RealtimeAudiences::Shard::catch_up(const customer::Customer& customer, Kept& kept, Time until,
                                        shard::ShardContext& context) {
    const auto next = [&] { return std::min(kept.next_flip(), kept.next_midnight()); };
    for (Time at = next(); at <= until; at = next()) {
        judge_all(
            {customer.id, at, false}, customer, kept,
            [at](const Subject&, const Standing* standing) {
                return standing && standing->flip.at <= at;
            },
            context);
        // A standing of a subject that is live no more is not judged: it must not hold us here.
        for (auto& standing : kept.standings)
            if (standing.flip.at <= at)
                standing.flip = {};
    }
}

void RealtimeAudiences::Shard::fire(ProfileId profile, shard::ShardContext& context) {
    const auto* customer = customers_.find(profile, context);
    if (!customer || !customer->is_live())
        return;
    auto kept = load(profile, context);
    catch_up(*customer, kept, context.now(), context);
    prune(kept, context.now());
    finish(profile, never, kept, context);
}

// A midnight comes to everyone at once: a chunk per turn, so that facts need not wait for it.
void RealtimeAudiences::Shard::sweep(Time due, shard::ShardContext& context) {
    const Time now = context.now();
    if (sweeping_.empty()) {
        context.scan(detail::people_prefix, [&](std::string_view key, std::string_view bytes) {
            const auto profile = detail::profile_of_key(key);
            const auto kept = decode_kept(bytes);
            check(profile && kept);
            if (kept->next_midnight() <= now)
                sweeping_.push_back(*profile);
            return true;
        });
    }
    for (std::size_t i = 0; i < sweep_chunk && !sweeping_.empty(); ++i) {
        const auto profile = sweeping_.front();
        sweeping_.pop_front();
        const auto* customer = customers_.find(profile, context);
        if (!customer || !customer->is_live())
            continue;
        auto kept = load(profile, context);
        const Time before = kept.next_flip();
        catch_up(*customer, kept, now, context);
        finish(profile, before, kept, context);
    }
    if (!sweeping_.empty())
        context.set_timer(position_, sweep_key, due);
    else if (subjects_.has_live_calendar())
        context.set_timer(position_, sweep_key, calendar_.start_of(calendar_.day_of(now) + 1));
}

void RealtimeAudiences::Shard::add_backfill(const customer::Customer& customer,
                                            const Backfill& past, const Backfill::Person& person,
                                            shard::ShardContext& context) {
    const auto own = origin_of_backfill(past.number);
    const auto replaced = [&](const KeptEvent& event) {
        const auto& text = subjects_.names().text(event.name);
        if (std::find(past.events.begin(), past.events.end(), text) == past.events.end())
            return false;
        if (is_backfill(event.origin))
            return event.origin != own;
        return offset_of(event.origin) <= past.covered[shard_of_origin(event.origin)];
    };
    auto kept = load(customer.id, context);
    std::erase_if(kept.events, replaced);
    for (const auto& event : person.events) {
        KeptEvent own_event{
            subjects_.give_name(past.names.text(event.name), context), event.time, own, {}};
        for (const auto& [name, value] : event.properties)
            own_event.properties.emplace_back(subjects_.give_name(past.names.text(name), context),
                                              value);
        kept.add(std::move(own_event));
    }
    prune(kept, context.now());
    store(customer.id, kept, context);
}

void RealtimeAudiences::Shard::baseline(Subject& subject, shard::ShardContext& context) {
    subjects_.set_live(subject, context);
    const bool is_tag = subject.definition.kind == SubjectKind::tag;
    std::vector<ProfileId> everyone;
    customers_.each(context, [&](const customer::Customer& customer) {
        everyone.push_back(customer.id);
        return true;
    });
    for (const auto profile : everyone) {
        const auto& customer = customers_.at(profile, context);
        auto kept = load(customer.id, context);
        const Time before = kept.next_flip();
        const bool had_tag = is_tag && customer.value_of(subject.definition.subject);
        // A tag stands where the customer has it, so that only differences are written.
        kept.put({subject.number, had_tag, {}});
        if (had_tag) {
            subject.members += 1;
            subject.total->fetch_add(1);
        }
        judge_all(
            {customer.id, context.now(), !is_tag}, customer, kept,
            [&](const Subject& other, const Standing*) { return &other == &subject; }, context);
        finish(customer.id, before, kept, context);
    }
    if (subject.has_calendar)
        context.set_timer(position_, sweep_key,
                          calendar_.start_of(calendar_.day_of(context.now()) + 1));
}

void RealtimeAudiences::Shard::remove(ProfileId profile, shard::ShardContext& context) {
    for (const auto& standing : load(profile, context).standings) {
        auto* subject = subjects_.at(standing.subject);
        if (!subject || !subject->live || !standing.member)
            continue;
        subject->members -= 1;
        subject->members_changed = true;
        subject->total->fetch_sub(1);
    }
    context.erase(detail::key_of(profile));
    context.cancel_timer(position_, timer_key(profile));
}

// Names and subjects as texts: their numbers differ from shard to shard.
std::string RealtimeAudiences::Shard::export_kept(ProfileId profile, shard::ShardContext& context) {
    const auto kept = load(profile, context);
    if (kept.empty())
        return {};
    std::string out(1, '\1');
    std::vector<const Subject*> in;
    for (const auto& standing : kept.standings)
        if (const auto* subject = subjects_.at(standing.subject);
            subject && subject->live && standing.member)
            in.push_back(subject);
    journal::put_varint(out, in.size());
    for (const auto* subject : in) {
        journal::put_text(out, subject->definition.subject);
        journal::put_signed(out, subject->definition.config);
    }
    journal::put_varint(out, kept.events.size());
    for (const auto& event : kept.events) {
        journal::put_text(out, subjects_.names().text(event.name));
        journal::put_signed(out, to_ms(event.time));
        journal::put_varint(out, event.origin);
        journal::put_varint(out, event.properties.size());
        for (const auto& [name, value] : event.properties) {
            journal::put_text(out, subjects_.names().text(name));
            encode(value, out);
        }
    }
    remove(profile, context);
    return out;
}

// The one who was a member under either profile stays one, without a second entry, until the
// re-evaluation that follows every hand-over says otherwise.
void RealtimeAudiences::Shard::import_kept(ProfileId into, std::string_view bytes,
                                           shard::ShardContext& context) {
    if (bytes.empty())
        return;
    check(bytes.front() == '\1');
    bytes.remove_prefix(1);
    journal::ByteReader reader{bytes};
    auto kept = load(into, context);
    const Time before = kept.next_flip();
    const auto memberships = reader.count();
    for (std::size_t i = 0; i < memberships; ++i) {
        auto* subject = subjects_.find(reader.text());
        const auto config = reader.signed_int();
        if (!subject || !subject->live || subject->definition.config != config)
            continue;
        const auto* standing = kept.find(subject->number);
        if (standing && standing->member)
            continue;
        subject->members += 1;
        subject->members_changed = true;
        subject->total->fetch_add(1);
        kept.put({subject->number, true, standing ? standing->flip : Flip{}});
    }
    const auto events = reader.count();
    for (std::size_t i = 0; i < events && reader.ok; ++i) {
        KeptEvent event;
        event.name = subjects_.give_name(reader.text(), context);
        event.time = time_from_ms(reader.signed_int());
        event.origin = reader.varint();
        const auto properties = reader.count();
        for (std::size_t p = 0; p < properties && reader.ok; ++p) {
            const auto name = subjects_.give_name(reader.text(), context);
            auto value = decode_value(reader.in);
            check(value.has_value());
            event.properties.emplace_back(name, std::move(*value));
        }
        kept.add(std::move(event));
    }
    check(reader.ok);
    prune(kept, context.now());
    finish(into, before, kept, context);
}

RealtimeAudiences::RealtimeAudiences(customer::Customers& customers, const Calendar& calendar,
                                     std::size_t position)
    : customers_(customers), calendar_(calendar), position_(position) {
    for (auto& own : shards_)
        own = std::make_unique<Shard>(customers_, calendar_, position_,
                                      [this](const std::string& id) { return count_of(id); });
}

RealtimeAudiences::~RealtimeAudiences() = default;

RealtimeAudiences::Shard& RealtimeAudiences::shard(shard::ShardContext& context) {
    auto& own = *shards_[context.shard()];
    own.subjects().load(context);
    return own;
}

RealtimeAudiences::Count RealtimeAudiences::count_of(const std::string& subject) {
    const std::scoped_lock lock(counts_mutex_);
    auto& count = counts_[subject];
    if (!count)
        count = std::make_shared<std::atomic<std::int64_t>>(0);
    return count;
}

void RealtimeAudiences::apply(shard::Applied& applied, shard::ShardContext& context) {
    auto& own = shard(context);
    if (applied.fact.kind == FactKind::control && applied.fact.name == control_name) {
        if (auto definition = detail::definition_of_text(applied.fact.payload))
            own.subjects().define(*definition, context);
        return;
    }
    if (applied.profile != ProfileId::none && own.subjects().any())
        own.apply(applied, context);
}

void RealtimeAudiences::on_timer(std::string_view key, Time due, shard::ShardContext& context) {
    auto& own = shard(context);
    if (key == sweep_key)
        return own.sweep(due, context);
    if (key.size() != 8)
        return;
    own.fire(static_cast<ProfileId>(journal::big_endian<std::uint64_t>(key)), context);
}

void RealtimeAudiences::flush(shard::ShardContext& context) {
    shard(context).subjects().save_members(context);
}

void RealtimeAudiences::discard(ShardId shard) { shards_[shard]->discard(); }

std::string RealtimeAudiences::export_state(ProfileId profile, shard::ShardContext& context) {
    return shard(context).export_kept(profile, context);
}

void RealtimeAudiences::import_state(ProfileId into, std::string_view bytes,
                                     shard::ShardContext& context) {
    shard(context).import_kept(into, bytes, context);
}

void RealtimeAudiences::forget(ProfileId profile, shard::ShardContext& context) {
    shard(context).remove(profile, context);
}

std::vector<Membership> RealtimeAudiences::memberships(ProfileId profile,
                                                       shard::ShardContext& context,
                                                       SubjectKind kind) {
    auto& own = shard(context);
    std::vector<Membership> found;
    for (const auto& standing : own.load(profile, context).standings) {
        const auto* subject = own.subjects().at(standing.subject);
        if (standing.member && subject && subject->live &&
            subject->definition.kind == kind)
            found.push_back({subject->definition.subject, subject->definition.name});
    }
    return found;
}

std::vector<Backfill::Person> RealtimeAudiences::backfill(const Backfill& past,
                                                          shard::ShardContext& context) {
    auto& own = shard(context);
    std::vector<Backfill::Person> moved;
    for (const auto& person : past.people) {
        const auto* customer = customers_.find(person.profile, context);
        while (customer && customer->redirect != ProfileId::none &&
               shard_of(customer->redirect) == context.shard())
            customer = customers_.find(customer->redirect, context);
        if (!customer || customer->is_erased)
            continue;
        if (customer->redirect != ProfileId::none)
            moved.push_back({customer->redirect, person.events});
        else
            own.add_backfill(*customer, past, person, context);
    }
    return moved;
}

void RealtimeAudiences::baseline(std::string_view subject, std::int64_t config,
                                 shard::ShardContext& context) {
    auto& own = shard(context);
    auto* found = own.subjects().find(subject);
    if (!found || found->definition.config != config || !found->rule || found->live)
        return;
    own.baseline(*found, context);
}

void RealtimeAudiences::warm_up(shard::ShardContext& context) { shard(context); }

std::int64_t RealtimeAudiences::count(std::string_view subject) const {
    const std::scoped_lock lock(counts_mutex_);
    const auto at = counts_.find(subject);
    return at == counts_.end() ? 0 : at->second->load();
}

}  // namespace qiao::audience
