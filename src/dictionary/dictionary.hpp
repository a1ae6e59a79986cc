// The dictionary: every event, property and tag that facts may name, and what it means.
//
// The hot path works on an immutable snapshot in memory and never touches SQL. A name that is met
// for the first time is registered at once in memory, under a small mutex that only unknown names
// take: its first value decides its type, for every thread. flush() writes new names and usage to
// SQL; after a crash within a second of a new name, the first value after the restart decides
// again.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dictionary/definition.hpp"
#include "dictionary/usage.hpp"
#include "journal/fact.hpp"
#include "runtime/clock.hpp"
#include "sql/database.hpp"

namespace qiao::dictionary {

struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const {
        return std::hash<std::string_view>{}(name);
    }
};
using Names =
    std::unordered_map<std::string, std::shared_ptr<const Definition>, NameHash, std::equal_to<>>;

class Snapshot {
public:
    const Definition* find(Kind kind, std::string_view name) const;
    const Definition* event(std::string_view name) const { return find(Kind::event, name); }
    const Definition* property(std::string_view name) const { return find(Kind::property, name); }
    const Definition* tag(std::string_view name) const { return find(Kind::tag, name); }
    // Of one kind, sorted by name.
    std::vector<const Definition*> all(Kind kind) const;
    std::size_t size(Kind kind) const;
    bool accepts_unknown() const { return accepts_unknown_; }

private:
    friend class Dictionary;
    // Newly met names are copied into a small map at each change, and into the large one by the
    // hundred.
    struct Table {
        std::shared_ptr<const Names> settled = std::make_shared<Names>();
        Names recent;
    };
    Table tables_[3];
    bool accepts_unknown_ = true;
};

// Why a fact goes to the quarantine. `name` is the property, tag or event that broke the rule.
struct Refusal {
    std::string reason;  // dictionary.unknown_event, .unknown_property, .unknown_tag, .blocked,
                         // .type_conflict, .too_many_names, .bad_name
    std::string detail;
    std::string name;
    bool in_properties = true;  // false: the fact's own name
};

struct Limits {
    std::size_t names[3] = {2'000, 20'000, 5'000};  // events, properties, tags
};

class Dictionary {
public:
    Dictionary(sql::Database& database, const Clock& clock, const Calendar& calendar,
               Limits limits = {});
    ~Dictionary();

    std::shared_ptr<const Snapshot> snapshot() const;

    // The check of a batch: one thread, short-lived. Accepted facts count for the usage statistics.
    class Session {
    public:
        // Nothing: accepted, its values now have the types of the dictionary. Facts that carry no
        // customer data (control, shard messages, erasures) and consents pass as they are.
        std::optional<Refusal> check(Fact& fact);
        // The same without any effect: unknown names pass or not, but are not registered.
        std::optional<Refusal> judge(Fact& fact) const;
        // The definitions of the properties of the fact checked last, in their order; empty where
        // its kind is not checked. They hold while the session lives.
        const std::vector<const Definition*>& met() const { return met_; }
        const Snapshot& snapshot() const { return *snapshot_; }

    private:
        friend class Dictionary;
        explicit Session(Dictionary& dictionary);
        const Definition* known(Kind kind, std::string_view name, const Value* value,
                                std::optional<Refusal>& refusal);
        const Definition* find(Kind kind, std::string_view name, std::size_t place) const;
        std::optional<Refusal> check_values(Fact& fact, Kind kind);
        std::optional<Refusal> check_event(Fact& fact);

        Dictionary& dictionary_;
        std::shared_ptr<const Snapshot> snapshot_;
        std::vector<std::shared_ptr<const Snapshot>> held_;  // definitions in met_ lie in these
        Usage::Recorder recorder_;
        std::vector<const Definition*> met_;
        std::vector<const Definition*> met_before_;  // by the fact before
    };
    Session session() { return Session(*this); }

    // Adds a reviewed definition where the name is unknown or unreviewed; leaves a reviewed one as
    // it is. For names that Qiao and the demo bank bring along, and for the columns of an import.
    void declare(std::vector<Definition> definitions);
    // Writes the descriptive fields, type, class and status of a definition. `expected_version` 0
    // takes any. Errors: dictionary.not_found, dictionary.stale, dictionary.bad_name,
    // dictionary.type_in_use (the type of a name with data cannot change).
    Result<Definition> put(Definition definition, std::int64_t expected_version);
    // Adds a new definition by a person. Errors: dictionary.exists, dictionary.bad_name.
    Result<Definition> create(Definition definition);

    // In memory alone: `app` sets it from the setting `unknown_events` at start and at each change.
    void set_accepts_unknown(bool accepts);

    // Writes new names and usage to SQL. A periodic job (every second) and before each listing.
    void flush();
    Usage& usage() { return usage_; }

private:
    std::shared_ptr<const Definition> register_unknown(Kind kind, std::string_view name,
                                                       const Value* value,
                                                       std::optional<Refusal>& refusal);
    // Both with mutex_ held.
    std::shared_ptr<const Definition> publish(Definition definition);
    void swap_in(std::shared_ptr<const Snapshot> next);

    sql::Database& database_;
    const Clock& clock_;
    Limits limits_;
    Usage usage_;

    mutable std::mutex snapshot_mutex_;
    std::shared_ptr<const Snapshot> snapshot_;

    std::mutex mutex_;  // of changes
    std::uint32_t next_index_[3] = {};
    std::vector<std::shared_ptr<const Definition>> unsaved_;
    std::mutex flush_mutex_;
};

}  // namespace qiao::dictionary
