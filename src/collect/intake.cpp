#include "collect/intake.hpp"

#include <algorithm>

#include "collect/cloudevents.hpp"
#include "collect/posthog.hpp"
#include "collect/segment.hpp"
#include "collect/sensors.hpp"

namespace qiao::collect {

namespace {

std::string text_of(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value))
        return *text;
    if (const auto* number = std::get_if<Decimal>(&value))
        return number->text();
    if (const auto* time = std::get_if<Time>(&value))
        return format_time(*time);
    if (const auto* truth = std::get_if<bool>(&value))
        return *truth ? "true" : "false";
    std::string joined;
    if (const auto* set = std::get_if<StringSet>(&value))
        for (const auto& element : *set)
            joined += (joined.empty() ? "" : "\n") + element;
    return joined;
}

Rejected rejected_of(const Batch& batch, std::size_t index, Protocol protocol,
                     const dictionary::Refusal& refusal) {
    const auto& fact = batch.facts[index];
    Rejected rejected;
    rejected.record = batch.text_of(batch.record_of[index]);
    rejected.shared = batch.shared;
    rejected.name = fact.name;
    // Ids that the server gave would make a repeated delivery a new record each time.
    if (!fact.message_id.starts_with("srv-"))
        rejected.message_id = fact.message_id;
    rejected.reason = refusal.reason;
    rejected.detail = refusal.detail;
    rejected.pointer = refusal.in_properties ? pointer_of(protocol, fact, refusal.name)
                                             : name_pointer_of(protocol);
    for (const auto& identity : fact.identities)
        if (rejected.subject.kind.empty() ||
            routing_rank(identity.kind) < routing_rank(rejected.subject.kind))
            rejected.subject = identity;
    return rejected;
}

// Values of this name stay as they are, under this name.
bool is_public(const dictionary::Definition* definition) {
    return definition->data_class == dictionary::DataClass::c1 && definition->identity_kind.empty();
}

// Removes the facts whose flag is set.
void drop(Batch& batch, const std::vector<bool>& is_refused) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < batch.facts.size(); ++i) {
        if (is_refused[i])
            continue;
        if (kept != i) {
            batch.facts[kept] = std::move(batch.facts[i]);
            batch.record_of[kept] = batch.record_of[i];
        }
        ++kept;
    }
    batch.facts.resize(kept);
    batch.record_of.resize(kept);
}

}  // namespace

Intake::Intake(journal::Journal& journal, dictionary::Dictionary& dictionary,
               customer::Vault& vault, Quarantine& quarantine, const Clock& clock, Metrics& metrics)
    : journal_(journal),
      dictionary_(dictionary),
      vault_(vault),
      quarantine_(quarantine),
      clock_(clock),
      records_(metrics.counter("qiao_collect_accepted_total", "facts taken into the journal")),
      repeated_(metrics.counter("qiao_collect_repeated_total", "facts recognised as repeats")) {}

void Intake::seal(Fact& fact, const std::vector<const dictionary::Definition*>& definitions) {
    order_identities(fact);
    for (std::size_t i = 0; i < fact.identities.size(); ++i) {
        auto& identity = fact.identities[i];
        if (!customer::is_sensitive(identity.kind))
            continue;
        identity = i == 0 ? vault_.seal_identity(identity.kind, identity.value)
                          : vault_.seal_identity(fact.identities[0], identity.kind, identity.value);
    }
    if (std::all_of(definitions.begin(), definitions.end(), is_public))
        return;
    const Identity nobody{"nobody", fact.source, {}};
    const auto& subject = fact.identities.empty() ? nobody : fact.identities[0];
    for (std::size_t i = 0; i < definitions.size(); ++i) {
        auto& [name, value] = fact.properties[i];
        const auto& definition = *definitions[i];
        if (!definition.identity_kind.empty())
            name = definition.identity_kind;
        const bool is_sealed_kind = definition.data_class != dictionary::DataClass::c1 ||
                                    customer::is_sensitive(definition.identity_kind);
        if (!is_sealed_kind || type_of(value) == ValueType::sealed)
            continue;
        if (fact.kind == FactKind::profile_unset)
            continue;
        value = vault_.seal(subject, name, text_of(value));
    }
}

void Intake::check(Batch& batch, Protocol protocol) {
    auto session = dictionary_.session();
    std::vector<bool> is_refused(batch.facts.size());
    bool any = false;
    for (std::size_t i = 0; i < batch.facts.size(); ++i) {
        if (auto refusal = session.check(batch.facts[i])) {
            batch.rejected.push_back(rejected_of(batch, i, protocol, *refusal));
            is_refused[i] = any = true;
            continue;
        }
        seal(batch.facts[i], session.met());
    }
    if (any)
        drop(batch, is_refused);
}

std::vector<Intake::Refusal> Intake::prepare(std::vector<Fact>& facts) {
    auto session = dictionary_.session();
    std::vector<Refusal> refused;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < facts.size(); ++i) {
        if (auto refusal = session.check(facts[i])) {
            refused.push_back({i, std::move(*refusal)});
            continue;
        }
        seal(facts[i], session.met());
        if (kept != i)
            facts[kept] = std::move(facts[i]);
        ++kept;
    }
    facts.resize(kept);
    return refused;
}

std::vector<Rejected> Intake::judge(Batch batch, Protocol protocol) {
    auto session = dictionary_.session();
    for (std::size_t i = 0; i < batch.facts.size(); ++i)
        if (auto refusal = session.judge(batch.facts[i]))
            batch.rejected.push_back(rejected_of(batch, i, protocol, *refusal));
    return std::move(batch.rejected);
}

void Intake::take(Batch batch, Protocol protocol, const Envelope& envelope, Done done) {
    check(batch, protocol);
    const auto quarantined = static_cast<std::uint32_t>(batch.rejected.size());
    auto append = [this, quarantined, facts = std::move(batch.facts),
                   done = std::move(done)](Result<> kept) mutable {
        if (!kept)
            return done(fail(kept.error()));
        if (facts.empty())
            return done(Taken{0, 0, quarantined});
        journal_.append(std::move(facts), [this, quarantined, done = std::move(done)](
                                              Result<journal::Appended> appended) {
            if (!appended)
                return done(fail(appended.error()));
            records_.add(appended->accepted);
            repeated_.add(appended->repeated);
            done(Taken{appended->accepted, appended->repeated, quarantined});
        });
    };
    if (batch.rejected.empty())
        return append({});
    quarantine_.add(std::move(batch.rejected), protocol, envelope, std::move(append));
}

Result<Batch> parse_again(Protocol protocol, const std::string& record, const std::string& shared,
                          const Envelope& envelope) {
    switch (protocol) {
        case Protocol::segment:
            return parse_segment_again(record, shared, envelope);
        case Protocol::sensors:
            return parse_sensors_again(record, envelope);
        case Protocol::native: {
            auto body = record;
            return parse_cloudevents(body, envelope);
        }
        case Protocol::posthog:
            return parse_posthog_again(record, envelope);
    }
    return fail(ErrorCode::unsupported, "collect.protocol",
                "records of this kind cannot be replayed");
}

Result<void> Intake::replay(std::string_view quarantined, const std::optional<std::string>& mended,
                            std::string_view by) {
    auto row = quarantine_.get(quarantined);
    if (!row)
        return fail(row.error());
    if (row->status != "open")
        return fail(ErrorCode::conflict, "collect.not_open",
                    "this record was " + row->status + " already");
    if (!mended && !row->record)
        return fail(ErrorCode::unprocessable, "collect.erased",
                    "the person of this record was erased, so it cannot be read any more");
    const Envelope envelope{{row->source, row->source_name}, row->at, {}};
    auto batch = parse_again(row->protocol, mended ? *mended : *row->record, row->shared, envelope);
    if (!batch)
        return fail(batch.error());
    check(*batch, row->protocol);
    if (!batch->rejected.empty()) {
        const auto& why = batch->rejected.front();
        return fail(ErrorCode::unprocessable, why.reason, why.detail,
                    mended ? "/record" + why.pointer : why.pointer);
    }
    // A crash before close() leaves the row open; replaying it again then is a repeat, except where
    // the record has no id of its own, so it gets the row's.
    for (auto& fact : batch->facts)
        if (fact.message_id.starts_with("srv-"))
            fact.message_id = row->id;
    auto appended = journal_.append_and_wait(std::move(batch->facts));
    if (!appended)
        return fail(appended.error());
    quarantine_.close(quarantined, "replayed", by);
    return {};
}

}  // namespace qiao::collect
