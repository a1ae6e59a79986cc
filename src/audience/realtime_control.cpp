#include "audience/realtime_control.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "audience/audiences_sql.hpp"
#include "audience/frozen.hpp"
#include "audience/stage_models_sql.hpp"
#include "audience/tag_definition.hpp"
#include "runtime/log.hpp"

namespace qiao::audience {
namespace {

constexpr index::Dense blocks_per_chunk = 8;
constexpr Duration apply_timeout = std::chrono::seconds(30);

tl::unexpected<Error> not_applied() {
    Error error{ErrorCode::unavailable, "audience.not_applied",
                "The change is saved, but the shards have not taken it over yet; they go on by "
                "themselves. Look again in a minute.",
                "", 30};
    return fail(std::move(error));
}

bool same_rule(const Definition& a, const Definition& b) {
    return a.kind == b.kind && a.frozen == b.frozen;
}

// Two needs of one event ask for the properties of both, as far back as the longer one.
std::vector<Need> united(const std::vector<Need>& needs) {
    std::map<std::string, Need> by_event;
    for (const auto& need : needs) {
        auto& whole = by_event[need.event];
        whole.event = need.event;
        whole.look_back = std::max(whole.look_back, need.look_back);
        for (const auto& property : need.properties)
            if (std::find(whole.properties.begin(), whole.properties.end(), property) ==
                whole.properties.end())
                whole.properties.push_back(property);
    }
    std::vector<Need> list;
    for (auto& [event, need] : by_event)
        list.push_back(std::move(need));
    return list;
}

}  // namespace

Result<void> RealtimeControl::start() {
    std::vector<std::future<bool>> answers;
    for (ShardId shard = 0; shard < shard_count; ++shard)
        answers.push_back(parts_.shards.ask<bool>(shard, [this](shard::ShardContext& context) {
            parts_.realtime.warm_up(context);
            return true;
        }));
    for (auto& answer : answers)
        answer.get();
    return reconcile();
}

// What cannot be resolved any more (a tag that was blocked) is left out, with a line in the log.
std::vector<Definition> RealtimeControl::desired() const {
    std::vector<Definition> definitions;
    const auto vocabulary = parts_.vocabularies.current();
    const auto add = [&](Definition definition, const std::string& rule) {
        auto frozen = freeze(rule, vocabulary);
        if (!frozen) {
            log::warn("audience: " + definition.subject +
                      " is not kept in real time: " + frozen.error().detail);
            return;
        }
        definition.frozen = std::move(*frozen);
        definitions.push_back(std::move(definition));
    };
    for (const auto& audience : queries::all(*parts_.database.read()))
        if (audience.refresh == Refresh::realtime && audience.state == State::active)
            add({audience.id, SubjectKind::audience, audience.name, audience.version, 0, {}},
                audience.rule);
    for (const auto* tag : vocabulary.dictionary().all(dictionary::Kind::tag))
        if (const auto rule = realtime_rule_of(*tag))
            add({tag->name, SubjectKind::tag, tag->name, tag->version, 0, {}}, *rule);
    for (const auto& model : queries::stage_models(*parts_.database.read()))
        for (std::size_t i = 0; i < model.stages.size(); ++i)
            add({subject_of(model, model.stages[i]), SubjectKind::stage, model.stages[i].name,
                 model.version, 0, {}},
                rule_of_stage(model.stages, i));
    return definitions;
}

// Writes what differs and answers everything that is not live yet.
std::vector<RealtimeControl::Pending> RealtimeControl::plan() {
    const auto wanted = desired();
    auto transaction = parts_.database.begin();
    std::map<std::string, queries::Publication> known;
    for (auto& publication : queries::publications(*transaction))
        known.emplace(publication.definition.subject, std::move(publication));
    std::vector<Pending> pending;
    const auto put = [&](Definition definition, bool needs_baseline) {
        definition.config = queries::next_config(*transaction);
        queries::put_publication(*transaction, {definition, false});
        pending.push_back({std::move(definition), needs_baseline});
    };
    for (const auto& definition : wanted) {
        const auto at = known.find(definition.subject);
        if (at == known.end()) {
            put(definition, true);
            continue;
        }
        const auto& published = at->second;
        const bool same = same_rule(published.definition, definition);
        if (!same || published.definition.name != definition.name ||
            published.definition.version != definition.version)
            put(definition, !same || !published.live);
        else if (!published.live)
            pending.push_back({published.definition, true});
        known.erase(at);
    }
    for (const auto& [subject, publication] : known) {
        auto retired = publication.definition;
        const bool is_new = !retired.frozen.empty();
        retired.frozen.clear();
        if (is_new)
            put(std::move(retired), false);
        else if (!publication.live)
            pending.push_back({std::move(retired), false});
    }
    transaction->commit();
    return pending;
}

Result<void> RealtimeControl::reconcile() {
    const std::scoped_lock lock(mutex_);
    const auto pending = plan();
    if (pending.empty())
        return {};
    if (auto announced = announce(pending); !announced)
        return announced;
    if (auto filled = fill_past(pending); !filled)
        return filled;
    take_baselines(pending);
    auto transaction = parts_.database.begin();
    for (const auto& item : pending)
        queries::put_publication(*transaction, {item.definition, true});
    transaction->commit();
    return {};
}

Result<void> RealtimeControl::announce(const std::vector<Pending>& pending) {
    std::vector<Fact> facts;
    for (const auto& item : pending)
        facts.push_back(control_fact(item.definition, parts_.clock.now()));
    if (auto appended = parts_.journal.append_and_wait(std::move(facts)); !appended)
        return fail(appended.error());
    if (!parts_.shards.wait_applied(apply_timeout))
        return not_applied();
    return {};
}

Result<void> RealtimeControl::fill_past(const std::vector<Pending>& pending) {
    std::vector<Need> new_needs, all_needs;
    for (const auto& item : pending) {
        if (!item.needs_baseline)
            continue;
        if (auto rule = thaw(item.definition.frozen))
            for (auto& need : needs_of(*rule))
                new_needs.push_back(std::move(need));
    }
    if (new_needs.empty())
        return {};
    for (const auto& publication : queries::publications(*parts_.database.read()))
        if (auto rule = thaw(publication.definition.frozen))
            for (auto& need : needs_of(*rule))
                all_needs.push_back(std::move(need));
    // The past of an event is replaced as a whole, so it is read for all who name it.
    auto needs = united(all_needs);
    std::erase_if(needs, [&](const Need& need) {
        return std::none_of(new_needs.begin(), new_needs.end(),
                            [&](const Need& other) { return other.event == need.event; });
    });
    if (!wait_indexed(parts_.shards, parts_.index, apply_timeout))
        return not_applied();
    const auto snapshot = parts_.index.snapshot();
    // A number of its own for every attempt: it replaces what an attempt that broke off left
    // behind.
    auto transaction = parts_.database.begin();
    const auto number = static_cast<std::uint64_t>(queries::next_config(*transaction));
    transaction->commit();
    const auto covered = covered_by(parts_.shards, *snapshot);
    const PastReader reader(snapshot, std::move(needs), parts_.clock.now());
    for (index::Dense block = 0; block < reader.blocks(); block += blocks_per_chunk) {
        auto chunk = reader.chunk(block, block + blocks_per_chunk);
        chunk.number = number;
        chunk.covered = covered;
        deliver(std::move(chunk));
    }
    return {};
}

// People who were merged into another shard on the way are handed on until they arrive.
void RealtimeControl::deliver(Backfill chunk) {
    auto people = std::move(chunk.people);
    while (!people.empty()) {
        std::map<ShardId, std::shared_ptr<Backfill>> by_shard;
        for (auto& person : people) {
            auto& part = by_shard[shard_of(person.profile)];
            if (!part) {
                part = std::make_shared<Backfill>(chunk);
                part->people.clear();
            }
            part->people.push_back(std::move(person));
        }
        people.clear();
        std::vector<std::future<std::vector<Backfill::Person>>> answers;
        for (auto& [shard, part] : by_shard)
            answers.push_back(parts_.shards.ask<std::vector<Backfill::Person>>(
                shard, [this, part = part](shard::ShardContext& context) {
                    return parts_.realtime.backfill(*part, context);
                }));
        for (auto& answer : answers)
            for (auto& moved : answer.get())
                people.push_back(std::move(moved));
    }
}

void RealtimeControl::take_baselines(const std::vector<Pending>& pending) {
    std::vector<std::future<bool>> answers;
    for (ShardId shard = 0; shard < shard_count; ++shard)
        answers.push_back(parts_.shards.ask<bool>(shard, [this,
                                                          pending](shard::ShardContext& context) {
            for (const auto& item : pending)
                parts_.realtime.baseline(item.definition.subject, item.definition.config, context);
            return true;
        }));
    for (auto& answer : answers)
        answer.get();
}

}  // namespace qiao::audience
