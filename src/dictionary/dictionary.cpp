#include "dictionary/dictionary.hpp"

#include <algorithm>

#include "dictionary/dictionary_sql.hpp"
#include "dictionary/reserved_tag.hpp"

namespace qiao::dictionary {

namespace {

constexpr std::size_t recent_limit = 128;

std::size_t at(Kind kind) { return static_cast<std::size_t>(kind); }

tl::unexpected<Error> stale() {
    return fail(
        ErrorCode::stale, "dictionary.stale",
        "someone changed this definition in the meantime; load it again and repeat the change");
}

// A number that stands for text: phone numbers and account numbers come as JSON numbers too.
void number_to_text(Value& value) {
    if (const auto* number = std::get_if<Decimal>(&value))
        value = number->text();
}

}  // namespace

const Definition* Snapshot::find(Kind kind, std::string_view name) const {
    const auto& table = tables_[at(kind)];
    if (auto found = table.settled->find(name); found != table.settled->end())
        if (table.recent.empty() || !table.recent.contains(name))
            return found->second.get();
    if (auto found = table.recent.find(name); found != table.recent.end())
        return found->second.get();
    return nullptr;
}

std::vector<const Definition*> Snapshot::all(Kind kind) const {
    const auto& table = tables_[at(kind)];
    std::vector<const Definition*> all;
    for (const auto& [name, definition] : *table.settled)
        if (!table.recent.contains(name))
            all.push_back(definition.get());
    for (const auto& [name, definition] : table.recent)
        all.push_back(definition.get());
    std::sort(all.begin(), all.end(), [](auto* a, auto* b) { return a->name < b->name; });
    return all;
}

std::size_t Snapshot::size(Kind kind) const {
    const auto& table = tables_[at(kind)];
    std::size_t overlaid = 0;
    for (const auto& [name, definition] : table.recent)
        overlaid += table.settled->contains(name);
    return table.settled->size() + table.recent.size() - overlaid;
}

Dictionary::Dictionary(sql::Database& database, const Clock& clock, const Calendar& calendar,
                       Limits limits)
    : database_(database), clock_(clock), limits_(limits), usage_(calendar) {
    auto transaction = database_.read();
    auto snapshot = std::make_shared<Snapshot>();
    Names names[3];
    for (auto& definition : load_definitions(*transaction)) {
        definition.index = next_index_[at(definition.kind)]++;
        auto& table = names[at(definition.kind)];
        table.emplace(definition.name, std::make_shared<const Definition>(definition));
    }
    for (std::size_t kind = 0; kind < 3; ++kind)
        snapshot->tables_[kind].settled = std::make_shared<const Names>(std::move(names[kind]));
    snapshot_ = std::move(snapshot);
}

Dictionary::~Dictionary() = default;

std::shared_ptr<const Snapshot> Dictionary::snapshot() const {
    std::lock_guard lock(snapshot_mutex_);
    return snapshot_;
}

void Dictionary::swap_in(std::shared_ptr<const Snapshot> next) {
    std::lock_guard lock(snapshot_mutex_);
    snapshot_ = std::move(next);
}

std::shared_ptr<const Definition> Dictionary::publish(Definition definition) {
    auto next = std::make_shared<Snapshot>(*snapshot());
    if (const auto* old = next->find(definition.kind, definition.name))
        definition.index = old->index;
    else
        definition.index = next_index_[at(definition.kind)]++;
    auto& table = next->tables_[at(definition.kind)];
    auto shared = std::make_shared<const Definition>(std::move(definition));
    table.recent[shared->name] = shared;
    if (table.recent.size() >= recent_limit) {
        auto settled = std::make_shared<Names>(*table.settled);
        for (auto& [name, recent] : table.recent)
            (*settled)[name] = recent;
        table.settled = std::move(settled);
        table.recent.clear();
    }
    swap_in(std::move(next));
    return shared;
}

std::shared_ptr<const Definition> Dictionary::register_unknown(Kind kind, std::string_view name,
                                                               const Value* value,
                                                               std::optional<Refusal>& refusal) {
    std::lock_guard lock(mutex_);
    const auto now_known = snapshot();
    if (const auto* known = now_known->find(kind, name))
        return std::shared_ptr<const Definition>(now_known, known);
    if (now_known->size(kind) >= limits_.names[at(kind)]) {
        refusal = Refusal{"dictionary.too_many_names",
                          "the dictionary holds its limit of " +
                              std::to_string(limits_.names[at(kind)]) + " names of the kind " +
                              std::string(name_of(kind)) + "; names must not carry values",
                          std::string(name), kind != Kind::event};
        return nullptr;
    }
    Definition definition;
    definition.kind = kind;
    definition.name = std::string(name);
    definition.type = value ? type_of(*value) : ValueType::null;
    const auto guess = guess_of(kind, name);
    if (definition.type == ValueType::string ||
        (definition.type == ValueType::number && guess.identity_kind == "phone")) {
        definition.data_class = guess.data_class;
        definition.identity_kind = std::string(guess.identity_kind);
        if (!guess.identity_kind.empty())
            definition.type = ValueType::string;
    }
    if (kind == Kind::tag)
        definition.tag_kind = "imported";
    definition.created_at = definition.updated_at = clock_.now();
    definition.created_by = "collect";
    auto published = publish(std::move(definition));
    unsaved_.push_back(published);
    return published;
}

Dictionary::Session::Session(Dictionary& dictionary)
    : dictionary_(dictionary),
      snapshot_(dictionary.snapshot()),
      recorder_(dictionary.usage_.recorder()) {}

const Definition* Dictionary::Session::known(Kind kind, std::string_view name, const Value* value,
                                             std::optional<Refusal>& refusal) {
    if (const auto* definition = snapshot_->find(kind, name))
        return definition;
    const bool is_event = kind == Kind::event;
    if (auto good = check_name(name); !good) {
        refusal = Refusal{"dictionary.bad_name", good.error().detail, std::string(name), !is_event};
        return nullptr;
    }
    if (!snapshot_->accepts_unknown()) {
        refusal = Refusal{"dictionary.unknown_" + std::string(name_of(kind)),
                          "the dictionary does not know this " + std::string(name_of(kind)) +
                              " and unknown names are refused; define it, then replay",
                          std::string(name), !is_event};
        return nullptr;
    }
    if (!dictionary_.register_unknown(kind, name, value, refusal))
        return nullptr;
    held_.push_back(std::move(snapshot_));
    snapshot_ = dictionary_.snapshot();
    return snapshot_->find(kind, name);
}

namespace {

// Nothing where the value may pass (it may have been coerced).
std::optional<Refusal> refuse_value(const Definition& definition, Value& value) {
    if (definition.status == Status::blocked)
        return Refusal{"dictionary.blocked", "this name is blocked in the dictionary",
                       definition.name};
    if (type_of(value) == definition.type || type_of(value) == ValueType::sealed ||
        type_of(value) == ValueType::null || definition.type == ValueType::null)
        return std::nullopt;
    if (!definition.identity_kind.empty())
        number_to_text(value);
    if (type_of(value) == definition.type)
        return std::nullopt;
    if (coerces(definition)) {
        if (auto coerced = coerce(value, definition.type)) {
            value = std::move(*coerced);
            return std::nullopt;
        }
    }
    return Refusal{"dictionary.type_conflict",
                   "the value is a " + std::string(name_of(type_of(value))) +
                       ", but the dictionary says " + std::string(name_of(definition.type)),
                   definition.name};
}

// Also where a tag is only to be taken away.
std::optional<Refusal> refuse_reserved(const Fact& fact) {
    if (fact.kind < FactKind::profile_set || fact.kind > FactKind::profile_unset)
        return std::nullopt;
    for (const auto& [name, value] : fact.properties)
        if (is_reserved(Kind::tag, name))
            return Refusal{"dictionary.reserved_tag",
                           "only Qiao itself sets this tag; keep people as an audience instead",
                           name};
    return std::nullopt;
}

}  // namespace

// Records of a batch mostly carry the same properties in the same order, so the definition that the
// fact before met in this place is tried first.
const Definition* Dictionary::Session::find(Kind kind, std::string_view name,
                                            std::size_t place) const {
    if (place < met_before_.size() && met_before_[place]->kind == kind &&
        met_before_[place]->name == name)
        return met_before_[place];
    return snapshot_->find(kind, name);
}

std::optional<Refusal> Dictionary::Session::check_values(Fact& fact, Kind kind) {
    // Known names are judged first, so that a fact that is refused teaches the dictionary nothing.
    met_before_.swap(met_);
    met_.clear();
    for (std::size_t i = 0; i < fact.properties.size(); ++i) {
        auto& [name, value] = fact.properties[i];
        const auto* definition = find(kind, name, i);
        if (!definition)
            continue;
        if (auto refusal = refuse_value(*definition, value)) {
            met_.clear();
            return refusal;
        }
        met_.push_back(definition);
    }
    if (met_.size() == fact.properties.size())
        return std::nullopt;
    met_.clear();
    for (auto& [name, value] : fact.properties) {
        std::optional<Refusal> refusal;
        const auto* definition = known(kind, name, &value, refusal);
        if (!definition)
            return refusal;
        if (auto judged = refuse_value(*definition, value))
            return judged;
        met_.push_back(definition);
    }
    return std::nullopt;
}

std::optional<Refusal> Dictionary::Session::check_event(Fact& fact) {
    std::optional<Refusal> refusal;
    const auto* event = snapshot_->event(fact.name);
    if (event && event->status == Status::blocked)
        return Refusal{"dictionary.blocked", "this event is blocked in the dictionary", fact.name,
                       false};
    if (!event && !snapshot_->accepts_unknown()) {
        known(Kind::event, fact.name, nullptr, refusal);
        return refusal;
    }
    if (auto refused = check_values(fact, Kind::property))
        return refused;
    if (!event)
        event = known(Kind::event, fact.name, nullptr, refusal);
    if (!event)
        return refusal;
    recorder_.event(*event, fact.received_at);
    for (std::size_t i = 0; i < met_.size(); ++i)
        recorder_.property(*event, *met_[i], fact.properties[i].second, fact.received_at);
    return std::nullopt;
}

std::optional<Refusal> Dictionary::Session::check(Fact& fact) {
    if (auto refused = refuse_reserved(fact)) {
        met_.clear();
        return refused;
    }
    switch (fact.kind) {
        case FactKind::event:
            return check_event(fact);
        case FactKind::profile_set:
        case FactKind::profile_set_once:
        case FactKind::profile_increment:
        case FactKind::profile_append: {
            if (auto refused = check_values(fact, Kind::tag))
                return refused;
            for (std::size_t i = 0; i < met_.size(); ++i)
                recorder_.tag(*met_[i], fact.properties[i].second, fact.received_at);
            return std::nullopt;
        }
        default:
            met_.clear();
            return std::nullopt;
    }
}

std::optional<Refusal> Dictionary::Session::judge(Fact& fact) const {
    if (auto refused = refuse_reserved(fact))
        return refused;
    const bool is_event = fact.kind == FactKind::event;
    const bool is_profile =
        fact.kind >= FactKind::profile_set && fact.kind <= FactKind::profile_append;
    if (!is_event && !is_profile)
        return std::nullopt;
    const auto unknown = [&](Kind kind, const std::string& name) {
        return Refusal{"dictionary.unknown_" + std::string(name_of(kind)),
                       "the dictionary does not know this name and unknown names are refused", name,
                       kind != Kind::event};
    };
    if (is_event) {
        const auto* event = snapshot_->event(fact.name);
        if (event && event->status == Status::blocked)
            return Refusal{"dictionary.blocked", "this event is blocked in the dictionary",
                           fact.name, false};
        if (!event && !snapshot_->accepts_unknown())
            return unknown(Kind::event, fact.name);
    }
    const auto kind = is_event ? Kind::property : Kind::tag;
    for (auto& [name, value] : fact.properties) {
        const auto* definition = snapshot_->find(kind, name);
        if (!definition && !snapshot_->accepts_unknown())
            return unknown(kind, name);
        if (!definition)
            continue;
        if (auto refusal = refuse_value(*definition, value))
            return refusal;
    }
    return std::nullopt;
}

void Dictionary::declare(std::vector<Definition> definitions) {
    std::lock_guard lock(mutex_);
    for (auto& definition : definitions) {
        const auto now = snapshot();
        const auto* known = now->find(definition.kind, definition.name);
        if (known && known->status != Status::unreviewed)
            continue;
        // The type of a name with data stays: what is stored already has it.
        if (known)
            definition.type = known->type;
        definition.status = Status::reviewed;
        definition.created_at = known ? known->created_at : clock_.now();
        definition.updated_at = clock_.now();
        if (definition.created_by.empty())
            definition.created_by = "qiao";
        definition.version = known ? known->version + 1 : 1;
        unsaved_.push_back(publish(std::move(definition)));
    }
}

Result<Definition> Dictionary::put(Definition definition, std::int64_t expected_version) {
    if (auto good = check_name(definition.name); !good)
        return fail(good.error());
    flush();
    std::lock_guard lock(mutex_);
    const auto now = snapshot();
    const auto* known = now->find(definition.kind, definition.name);
    if (!known)
        return fail(ErrorCode::not_found, "dictionary.not_found",
                    "the dictionary does not hold this name");
    if (expected_version != 0 && expected_version != known->version)
        return stale();
    if (is_reserved(definition.kind, definition.name))
        return fail(ErrorCode::unprocessable, "dictionary.reserved_tag",
                    "Qiao keeps people by this tag, so that its definition cannot change");
    auto transaction = database_.begin();
    if (definition.type != known->type && known->type != ValueType::null) {
        auto usage = load_usage(*transaction, definition.kind, 0, definition.name);
        if (usage[definition.name].total != 0)
            return fail(ErrorCode::unprocessable, "dictionary.type_in_use",
                        "values of this name are stored already, so its type cannot change; use a "
                        "new name for the new type",
                        "/type");
    }
    definition.created_at = known->created_at;
    definition.created_by = known->created_by;
    definition.updated_at = clock_.now();
    definition.version = known->version + 1;
    save_definition(*transaction, definition);
    transaction->commit();
    return *publish(std::move(definition));
}

Result<Definition> Dictionary::create(Definition definition) {
    if (auto good = check_name(definition.name); !good)
        return fail(good.error());
    flush();
    std::lock_guard lock(mutex_);
    const auto now = snapshot();
    if (now->find(definition.kind, definition.name))
        return fail(ErrorCode::conflict, "dictionary.exists",
                    "the dictionary holds this name already; change that definition instead",
                    "/name");
    if (now->size(definition.kind) >= limits_.names[at(definition.kind)])
        return fail(ErrorCode::unprocessable, "dictionary.too_many_names",
                    "the dictionary holds its limit of names of this kind");
    definition.created_at = definition.updated_at = clock_.now();
    definition.version = 1;
    auto transaction = database_.begin();
    save_definition(*transaction, definition);
    transaction->commit();
    return *publish(std::move(definition));
}

void Dictionary::set_accepts_unknown(bool accepts) {
    std::lock_guard lock(mutex_);
    auto next = std::make_shared<Snapshot>(*snapshot());
    next->accepts_unknown_ = accepts;
    swap_in(std::move(next));
}

namespace {

// Definitions by index, to give counts their names back.
std::vector<const Definition*> by_index(const Snapshot& snapshot, Kind kind) {
    std::vector<const Definition*> all;
    for (const auto* definition : snapshot.all(kind)) {
        if (all.size() <= definition->index)
            all.resize(definition->index + 1);
        all[definition->index] = definition;
    }
    return all;
}

void gather(UsageChanges& changes, const std::vector<const Definition*>& names, std::size_t index,
            const Tally::Name& counted, Day day) {
    if (counted.count == 0)
        return;
    const auto& definition = *names[index];
    auto& change = changes.names[{definition.kind, definition.name}];
    if (change.count == 0 || counted.first < change.first)
        change.first = counted.first;
    change.last = std::max(change.last, counted.last);
    change.count += counted.count;
    change.by_day[day] += counted.count;
}

UsageChanges changes_of(const std::vector<Tally>& tallies, const Snapshot& snapshot) {
    const std::vector<const Definition*> names[3] = {by_index(snapshot, Kind::event),
                                                     by_index(snapshot, Kind::property),
                                                     by_index(snapshot, Kind::tag)};
    UsageChanges changes;
    for (const auto& tally : tallies) {
        for (std::size_t i = 0; i < tally.events.size(); ++i) {
            gather(changes, names[0], i, tally.events[i], tally.day);
            for (const auto& presence : tally.events[i].properties)
                changes.presence[{names[0][i]->name, names[1][presence.property]->name}] +=
                    presence.count;
        }
        for (std::size_t i = 0; i < tally.properties.size(); ++i)
            gather(changes, names[1], i, tally.properties[i], tally.day);
        for (std::size_t i = 0; i < tally.tags.size(); ++i)
            gather(changes, names[2], i, tally.tags[i], tally.day);
        for (const auto& [key, values] : tally.values) {
            const auto& definition = *names[key >> 32][key & 0xFFFFFFFF];
            for (const auto& value : values)
                changes.names[{definition.kind, definition.name}].values[value.text] += value.count;
        }
    }
    return changes;
}

}  // namespace

void Dictionary::flush() {
    std::lock_guard flushing(flush_mutex_);
    const auto tallies = usage_.take();
    std::vector<std::shared_ptr<const Definition>> unsaved;
    {
        std::lock_guard lock(mutex_);
        unsaved.swap(unsaved_);
    }
    const auto changes = changes_of(tallies, *snapshot());
    if (unsaved.empty() && changes.names.empty())
        return;
    try {
        auto transaction = database_.begin();
        for (const auto& definition : unsaved) {
            if (definition->status == Status::unreviewed)
                save_new_definition(*transaction, *definition);
            else
                save_definition(*transaction, *definition);
        }
        add_usage(*transaction, changes);
        transaction->commit();
    } catch (...) {
        // New names must reach SQL; lost counts of one second do no harm.
        std::lock_guard lock(mutex_);
        unsaved_.insert(unsaved_.begin(), unsaved.begin(), unsaved.end());
        throw;
    }
}

}  // namespace qiao::dictionary
