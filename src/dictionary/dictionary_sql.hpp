// All SQL of the dictionary.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dictionary/definition.hpp"
#include "sql/database.hpp"

namespace qiao::dictionary {

std::vector<Definition> load_definitions(sql::Transaction& transaction);
// Inserts, or overwrites what is there under (kind, name).
void save_definition(sql::Transaction& transaction, const Definition& definition);
// Inserts where nothing is there; a person's definition always wins over a newly met name.
void save_new_definition(sql::Transaction& transaction, const Definition& definition);

// What flush() adds to the counts of a name.
struct UsageChange {
    std::uint64_t count = 0;
    Time first{}, last{};
    std::map<Day, std::uint64_t> by_day;
    std::map<std::string, std::uint64_t> values;
};
using NameKey = std::pair<Kind, std::string>;
struct UsageChanges {
    std::map<NameKey, UsageChange> names;
    std::map<std::pair<std::string, std::string>, std::uint64_t> presence;  // (event, property)
};
void add_usage(sql::Transaction& transaction, const UsageChanges& changes);

// What the listings show of a name.
struct NameUsage {
    std::optional<Time> first_seen_at, last_seen_at;
    std::uint64_t total = 0;
    std::uint64_t last_days[7] = {};  // the institution's days, today last
    double null_rate = 0;             // of properties, over the events that carry them
    std::vector<std::string> events;  // of properties: the events that carry them
    std::vector<std::pair<std::string, std::uint64_t>> values;  // most frequent first
};
// Of all names of the kind, or of one.
std::map<std::string, NameUsage> load_usage(sql::Transaction& transaction, Kind kind, Day today,
                                            const std::string& name = {});
// The properties that an event was seen with: (event, property).
std::vector<std::pair<std::string, std::string>> load_presence(sql::Transaction& transaction);

}  // namespace qiao::dictionary
